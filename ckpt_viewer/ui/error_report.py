"""A bug of ours, told calmly: what happened can be copied, and the window lives on."""

import platform
import sys
import traceback
from types import TracebackType

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from ckpt_viewer.ui.focus import present
from ckpt_viewer.ui.widgets.dialog_buttons import DialogButtons
from ckpt_viewer.ui.widgets.plain_text import plain_label


class ErrorReport(QDialog):
    """Shows one report at a time; further errors are added to its text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("errorReport")
        self.setWindowTitle(self.tr("Something went wrong"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._words: QLabel = plain_label(
            self.tr(
                "This is a fault of the program, not of your files. Nothing was written to them, and you "
                "can go on working. The report below helps to mend it."
            )
        )
        self._words.setWordWrap(True)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setAccessibleName(self.tr("Report"))
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        buttons = DialogButtons(DialogButtons.StandardButton.Close)
        copy = buttons.addButton(self.tr("Copy report"), DialogButtons.ButtonRole.ActionRole)
        copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        for widget in (self._words, self._text, buttons):
            column.addWidget(widget)
        self.resize(680, 400)

    def add(self, report: str) -> None:
        self._text.appendPlainText(report)

    def text(self) -> str:
        return self._text.toPlainText()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())


def report_of(error: BaseException) -> str:
    """The error and where it came from, with the versions that matter."""
    versions = f"Python {platform.python_version()}, PySide6 {pyside_version}, {platform.platform()}"
    return f"{versions}\n" + "".join(traceback.format_exception(error))


def show(error: BaseException) -> None:
    """Tell the user of an unforeseen error, in the window if there is one."""
    windows = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    parent = next((window for window in windows if not isinstance(window, QDialog)), None)
    open_report = next((window for window in windows if isinstance(window, ErrorReport)), None)
    report = open_report or ErrorReport(parent)
    report.add(report_of(error))
    present(report)


def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Stands in for `sys.excepthook` while the window is open; Ctrl-C ends the program as usual."""
    sys.__excepthook__(kind, error, trace)
    if issubclass(kind, KeyboardInterrupt):
        QCoreApplication.exit(130)
    elif QCoreApplication.instance() is not None:
        show(error)
