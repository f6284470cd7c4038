"""Which pair a comparison shows first, wherever the keyboard was when it was asked for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView

from ckpt_viewer.resources import sample_run
from ckpt_viewer.ui.item_models.pair_table import RELATIVE
from tests.ui.conftest import settle

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("where", ["variableTable", "checkpointTree"])
def test_the_most_telling_pair_is_chosen_and_in_sight(open_quiet, qtbot, where):
    window = open_quiet(sample_run())
    window.findChild(object, where).setFocus()
    window.actions_by_name["compare_previous"].trigger()
    settle(qtbot, window)
    table = window.findChild(QTableView, "compareTable")
    current, pairs = table.currentIndex(), table.model().columns.pairs
    with_pictures = [pair.difference.relative for pair in pairs if pair.difference and pair.a.shape]
    assert table.model().pair(current.row()).difference.relative == max(filter(None, with_pictures))
    assert window.session.state.document.pair[0] == table.model().pair(current.row()).name
    assert table.viewport().rect().contains(table.visualRect(current.siblingAtColumn(RELATIVE)))


def test_keys_go_on_from_it(open_quiet, qtbot):
    window = open_quiet(sample_run())
    window.findChild(QTableView, "variableTable").setFocus()
    window.actions_by_name["compare_previous"].trigger()
    settle(qtbot, window)
    table = window.findChild(QTableView, "compareTable")
    row = table.currentIndex().row()
    qtbot.keyClick(table, Qt.Key.Key_Down, CONTROL)
    assert table.currentIndex().row() == row + 1
