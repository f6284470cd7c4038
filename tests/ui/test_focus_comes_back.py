"""Where the keys go after a button that goes away with what it did: back to what it was about."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QTableView

from ckpt_viewer.resources import sample_run
from ckpt_viewer.ui.focus import target_in
from tests.ui.conftest import settle

NAME = "digits-1000"


@pytest.fixture
def folder(tmp_path):
    for file in sample_run().glob(f"{NAME}.*"):
        shutil.copy2(file, tmp_path)
    return tmp_path


def by_mouse(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def by_key(qtbot, button):
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)


def button_of(where, text):
    return next(each for each in where.findChildren(QPushButton) if each.text() == text and each.isVisible())


def open_with_focus(open_quiet, qtbot, folder, **fields):
    """The window with the focus in its table, its files looked at only when it is told to."""
    window = open_quiet(folder)
    page = window.documents.page()
    page._watch.stop()
    window.session.update(page.key, **fields)
    settle(qtbot, window)
    window.findChild(QTableView, "variableTable").setFocus()
    return window, page


@pytest.mark.parametrize("press", [by_mouse, by_key])
def test_after_reload_in_the_table(open_quiet, qtbot, folder, press):
    window, page = open_with_focus(open_quiet, qtbot, folder)
    (folder / f"{NAME}.index").touch()
    page._watch.look()
    settle(qtbot, window)
    press(qtbot, button_of(page.message, "Reload"))
    settle(qtbot, window)
    assert not page.message.isVisible()
    assert QApplication.focusWidget().objectName() == "variableTable"


@pytest.mark.parametrize("press", [by_mouse, by_key])
def test_after_closing_the_bar_in_the_table(open_quiet, qtbot, folder, press):
    window, page = open_with_focus(open_quiet, qtbot, folder)
    page.message.show_text("Something is odd.")
    close = next(each for each in page.message._group.buttons() if each.text() == "✕")
    press(qtbot, close)
    settle(qtbot, window)
    assert QApplication.focusWidget().objectName() == "variableTable"


@pytest.mark.parametrize("press", [by_mouse, by_key])
@pytest.mark.parametrize("where", ["banner", "view"])
def test_after_showing_doubtful_values_in_their_picture(open_quiet, qtbot, folder, press, where):
    [data] = folder.glob("*.data-*")
    content = bytearray(data.read_bytes())
    content[:] = (byte ^ 1 for byte in content)
    data.write_bytes(content)
    window, page = open_with_focus(open_quiet, qtbot, folder, variable="conv2/kernel", view="Heatmap")
    view = page.values.views[page.values.tabs.currentIndex()]
    press(qtbot, button_of(page.values._banner if where == "banner" else view, "Show anyway"))
    settle(qtbot, window)
    focus = QApplication.focusWidget()
    assert focus is target_in(view)
    assert focus.height() > 100


@pytest.mark.parametrize("press", [by_mouse, by_key])
def test_after_trying_again_in_the_table(open_quiet, qtbot, folder, press):
    index, elsewhere = folder / f"{NAME}.index", folder / "elsewhere"
    window, page = open_with_focus(open_quiet, qtbot, folder)
    index.rename(elsewhere)
    page.reload()
    settle(qtbot, window)
    elsewhere.rename(index)
    press(qtbot, button_of(page.failure, "Retry"))
    settle(qtbot, window)
    assert QApplication.focusWidget().objectName() == "variableTable"
