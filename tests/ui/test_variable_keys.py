import pytest
from PySide6.QtCore import Qt

from ckpt_viewer.resources import sample_run
from ckpt_viewer.ui.export_dialog import ExportDialog
from tests.ui.conftest import settle


@pytest.fixture
def window(open_quiet):
    return open_quiet(sample_run() / "digits-2000")


def choose(window, qtbot, **fields):
    window.session.update(window.session.state.current, **fields)
    settle(qtbot, window)


def press_export(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    return window.findChild(ExportDialog)


def test_the_number_of_a_view_shows_it(window, qtbot):
    choose(window, qtbot, variable="conv1/kernel", view="Histogram", page="summary")
    qtbot.keyClick(window, Qt.Key.Key_4)
    assert window.session.state.document.view == "Kernels"
    assert window.session.state.document.page == "variables"


@pytest.mark.parametrize("key", [Qt.Key.Key_4, Qt.Key.Key_6])  # Kernels, Text
def test_the_number_of_a_view_that_is_not_offered_does_nothing(window, qtbot, key):
    choose(window, qtbot, variable="conv1/beta", view="Histogram")
    before = window.session.state
    qtbot.keyClick(window, key)
    assert window.session.state == before
    assert window.documents.page().values.tabs.currentIndex() == 1


def test_a_selected_row_is_exported(window, qtbot):
    choose(window, qtbot, variable="conv1/kernel", filter="conv1")
    dialog = press_export(window, qtbot)
    assert dialog is not None
    dialog.close()


@pytest.mark.parametrize("text", ["conv2", "no such name"])
def test_a_variable_the_filter_hides_is_not_exported(window, qtbot, text):
    choose(window, qtbot, variable="conv1/kernel")
    choose(window, qtbot, filter=text)
    assert press_export(window, qtbot) is None
    assert window.statusBar().currentMessage() == "Choose a row of the table to export it."
