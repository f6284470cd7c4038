import pytest
from PySide6.QtWidgets import QDialogButtonBox, QProxyStyle, QPushButton, QStyle

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.watching import OpenedFiles
from ckpt_viewer.ui.error_report import ErrorReport
from ckpt_viewer.ui.export_dialog import ExportDialog
from ckpt_viewer.ui.text_dialog import TextDialog


class WithIcons(QProxyStyle):
    """As on desktops whose dialogs have icons on their buttons."""

    def styleHint(self, hint, option=None, widget=None, returnData=None):
        if hint == QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons:
            return 1
        return super().styleHint(hint, option, widget, returnData)


@pytest.fixture
def with_icons(qapp):
    qapp.setStyle(WithIcons("Fusion"))
    yield
    qapp.setStyle("Fusion")


def text(tasks):
    return TextDialog("Keys", "F1")


def export(tasks):
    nothing = OpenedFiles(sample_run() / "digits-2000", (), ())
    return ExportDialog(Session(), tasks, nothing, [Variable("w", "float32", (2,), 8)])


def report(tasks):
    return ErrorReport()


@pytest.mark.parametrize("make", [text, export, report])
def test_buttons_of_dialogs_have_words_alone(qtbot, tasks, with_icons, make):
    close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    qtbot.addWidget(close)
    assert not close.buttons()[0].icon().isNull()
    dialog = make(tasks)
    qtbot.addWidget(dialog)
    dialog.show()
    buttons = dialog.findChildren(QPushButton)
    assert buttons
    assert all(button.icon().isNull() for button in buttons)
