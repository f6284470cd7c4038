"""The three things the program is for, done as a user does them, on the sample run."""

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QTableView, QTreeView

import ckpt_viewer
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument
from ckpt_viewer.ui.export_dialog import ExportDialog
from tests.ui.conftest import settle


def tree_of(window):
    return window.findChild(QTreeView, "checkpointTree")


def pick(window, *steps):
    """Ctrl+click the saves of these steps in the tree."""
    tree = tree_of(window)
    tree.clearSelection()
    for step in steps:
        index = tree.model().index_of(tree.model().find(sample_run() / f"digits-{step}"))
        tree.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Select)


def test_opening_a_folder_shows_its_newest_checkpoint_with_a_filled_table(open_quiet):
    window = open_quiet(sample_run())
    document = window.session.state.document
    assert isinstance(document, CheckpointDocument)
    assert document.path == sample_run() / "digits-2000"
    table = window.findChild(QTableView, "variableTable")
    with ckpt_viewer.open_checkpoint(sample_run()) as checkpoint:
        assert table.model().rowCount() == len(checkpoint.variables)
    assert table.isVisible()


def test_the_first_rows_of_the_sample_are_in_sight_and_so_is_the_chosen_one(open_quiet):
    window = open_quiet(sample_run())
    tree, table = tree_of(window), window.findChild(QTableView, "variableTable")
    for view, first in ((tree, tree.model().index(0, 0)), (table, table.model().index(0, 0))):
        for index in (first, view.currentIndex()):
            assert view.viewport().rect().contains(view.visualRect(index).center())
            assert view.visualRect(index).top() >= 0


def test_double_clicking_another_save_opens_it_in_a_tab_of_its_own(open_quiet, qtbot):
    window = open_quiet(sample_run())
    tree = tree_of(window)
    tree.activated.emit(tree.model().index_of(tree.model().find(sample_run() / "digits-1000")))
    settle(qtbot, window)
    assert window.documents.count() == 2
    assert window.session.state.document.path.name == "digits-1000"


def test_two_picked_saves_are_compared_by_ctrl_d(open_quiet, qtbot):
    window = open_quiet(sample_run())
    pick(window, 1750, 2000)
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    expected = ComparisonDocument(sample_run() / "digits-1750", sample_run() / "digits-2000")
    assert window.session.state.document.key == expected.key
    assert window.documents.page().status == "A 65 variables · B 65"


def test_one_save_dragged_on_another_is_compared_with_it(open_quiet, qtbot):
    window = open_quiet(sample_run())
    tree = tree_of(window)
    target = tree.model().index_of(tree.model().find(sample_run() / "digits-1500"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(sample_run() / "digits-1000"))])
    place = QPointF(tree.visualRect(target).center())
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    tree.dropEvent(QDropEvent(place, Qt.DropAction.CopyAction, data, *none))
    document = window.session.state.document
    assert (document.a.name, document.b.name) == ("digits-1000", "digits-1500")


def test_a_save_is_compared_with_the_one_before(open_quiet, qtbot):
    window = open_quiet(sample_run())
    pick(window, 1500)
    window.actions_by_name["compare_previous"].trigger()
    settle(qtbot, window)
    document = window.session.state.document
    assert (document.a.name, document.b.name) == ("digits-1250", "digits-1500")


def test_a_chosen_variable_becomes_an_npy_file_by_ctrl_e_and_enter(open_quiet, qtbot, tmp_path):
    window = open_quiet(sample_run())
    window.session.settings.change(export_folder=str(tmp_path))
    window.session.update(window.session.state.current, variable="conv1/kernel")
    settle(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(ExportDialog)
    assert dialog.target.text() == str(tmp_path / "conv1_kernel.npy")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.findChild(ExportDialog) is None)
    with ckpt_viewer.open_checkpoint(sample_run()) as checkpoint:
        np.testing.assert_array_equal(np.load(tmp_path / "conv1_kernel.npy"), checkpoint.read("conv1/kernel"))
    assert "conv1_kernel.npy" in window.statusBar().currentMessage()


def test_a_folder_dropped_on_the_window_opens(open_quiet, qtbot):
    window = open_quiet()
    assert window.session.state.document is None
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(sample_run()))])
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, *none))
    settle(qtbot, window)
    assert window.session.state.document.path == sample_run() / "digits-2000"


@pytest.mark.parametrize(("key", "step"), [("[", 1250), ("]", 1750)])
def test_brackets_step_through_the_run_with_the_same_variable(open_quiet, qtbot, key, step):
    window = open_quiet(sample_run() / "digits-1500")
    window.session.update(window.session.state.current, variable="conv1/kernel")
    qtbot.keyClick(window, key)
    settle(qtbot, window)
    document = window.session.state.document
    assert (document.path.name, document.variable) == (f"digits-{step}", "conv1/kernel")
    assert window.documents.count() == 1


def test_stepping_ends_with_a_word(open_quiet, qtbot):
    window = open_quiet(sample_run() / "digits-2000")
    qtbot.keyClick(window, "]")
    settle(qtbot, window)
    assert window.statusBar().currentMessage() == "This is the last save of its run."
