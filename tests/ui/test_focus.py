"""Where the keys go: through panes, tabs, filters and dialogs."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, GraphDocument
from ckpt_viewer.ui.command_search import CommandSearch
from ckpt_viewer.ui.export_dialog import ExportDialog
from ckpt_viewer.ui.focus import FocusMark, holds
from tests.memory_checkpoint import MemoryCheckpoint
from tests.memory_provider import MemoryProvider
from tests.ui.conftest import settle

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def window(open_quiet, qtbot):
    window = open_quiet(sample_run())
    window.session.update(window.session.state.current, variable="conv1/kernel")
    settle(qtbot, window)
    return window


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    """A key for whatever has the focus."""
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)
    settle(qtbot, window)


def focused():
    return QApplication.focusWidget()


def part(window, name):
    page = window.documents.page()
    return page.findChild(QWidget, name)


def step_of(window):
    return window.session.state.document.path.name.rpartition("-")[2]


@pytest.mark.parametrize("name", ["variableTable", "heatmap"])
def test_the_next_checkpoint_leaves_the_focus_where_it_was(window, qtbot, name):
    window.documents.page().focus_pane(["variableTable", "heatmap"].index(name))
    for key, step in (("[", "1750"), ("[", "1500"), ("]", "1750")):
        press(qtbot, window, key)
        assert step_of(window) == step
        qtbot.waitUntil(lambda: holds(part(window, name), focused()))


def test_the_arrows_go_on_in_the_table_of_the_next_checkpoint(window, qtbot):
    window.documents.page().focus_pane(0)
    press(qtbot, window, "[")
    before = window.session.state.document.variable
    press(qtbot, window, Qt.Key.Key_Down)
    assert step_of(window) == "1750"
    assert window.session.state.document.variable > before == "conv1/kernel"


def test_a_comparison_keeps_the_focus_in_its_table(window, qtbot):
    window.session.compare(sample_run() / "digits-1000", sample_run() / "digits-1500")
    settle(qtbot, window)
    part(window, "compareTable").setFocus()
    press(qtbot, window, "]")
    assert window.session.state.document.b.name == "digits-1750"
    qtbot.waitUntil(lambda: focused() is part(window, "compareTable"))


def test_the_focus_of_a_closed_tab_goes_to_the_same_pane_of_the_next(window, qtbot):
    window.session.show(CheckpointDocument(sample_run() / "digits-1000"))
    settle(qtbot, window)
    part(window, "variableTable").setFocus()
    press(qtbot, window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert step_of(window) == "2000"
    assert focused() is part(window, "variableTable")


def test_details_are_about_the_tab_in_front_also_where_several_saves_are_selected(window, qtbot):
    run = sample_run()
    for step in ("1000", "1750"):
        window.session.show(CheckpointDocument(run / f"digits-{step}"))
        settle(qtbot, window)
    window.tree.selectAll()
    for step in ("1000", "2000", "1750"):
        window.session.change(current=f"checkpoint {run / f'digits-{step}'}")
        settle(qtbot, window)
        assert window.details.toPlainText().startswith(f"digits-{step}")


def test_details_follow_to_a_save_that_is_not_in_the_tree(window, qtbot, tmp_path):
    window.session.remove_root(sample_run())
    press(qtbot, window, "[")
    assert window.details.toPlainText().startswith("digits-1750")


def test_f6_goes_through_tree_details_table_and_values_and_shift_f6_back(window, qtbot):
    window.tree.setFocus()
    order = []
    for _ in range(4):
        press(qtbot, window, Qt.Key.Key_F6)
        order.append(focused())
        assert focused().accessibleName()
        assert len(window.findChildren(FocusMark)) == 1
        assert focused().findChild(FocusMark).isVisible()
    assert order[0] is window.details
    assert order[1] is part(window, "variableTable")
    assert part(window, "heatmap").isAncestorOf(order[2])
    assert order[3] is window.tree
    for expected in (*order[2::-1], window.tree):
        press(qtbot, window, Qt.Key.Key_F6, SHIFT)
        assert focused() is expected


def test_f6_goes_to_the_main_view_of_other_pages(window, qtbot):
    window.session.update(window.session.state.current, page="graph")
    settle(qtbot, window)
    window.details.setFocus()
    press(qtbot, window, Qt.Key.Key_F6)
    assert focused() is part(window, "graphOps")
    window.session.compare(sample_run() / "digits-1750", sample_run() / "digits-2000")
    settle(qtbot, window)
    window.details.setFocus()
    press(qtbot, window, Qt.Key.Key_F6)
    assert focused() is part(window, "compareTable")


def test_the_mark_of_the_focus_leaves_with_it(window, qtbot):
    window.tree.setFocus()
    press(qtbot, window, Qt.Key.Key_F6)
    window.tree.setFocus()
    qtbot.wait(1)
    assert window.findChildren(FocusMark) == []


def test_back_steps_through_the_nodes_of_a_graph_first(window, qtbot):
    session = window.session
    session.update(session.state.current, page="graph", node="conv1/Conv2D")
    settle(qtbot, window)
    session.update(session.state.current, node="conv1/kernel")
    settle(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Left, ALT)
    assert session.state.document.node == "conv1/Conv2D"
    press(qtbot, window, Qt.Key.Key_Right, ALT)
    assert session.state.document.node == "conv1/kernel"


def test_back_works_in_a_lone_graph_where_no_tab_was_looked_at_before(open_quiet, qtbot):
    session = Session()
    session.show(GraphDocument(sample_run() / "digits-2000.meta"))
    window = open_quiet(session=session)
    for node in ("conv1/kernel", "conv1/Conv2D"):
        session.update(session.state.current, node=node)
        settle(qtbot, window)
    window.actions_by_name["back"].trigger()
    settle(qtbot, window)
    assert session.state.document.node == "conv1/kernel"
    assert not window.actions_by_name["back"].isEnabled()
    assert window.actions_by_name["forward"].isEnabled()


def test_escape_clears_the_filter_then_leaves_it_for_the_table(window, qtbot):
    press(qtbot, window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    field = window.findChild(QLineEdit, "variableFilter")
    assert focused() is field
    qtbot.keyClicks(field, "conv")
    press(qtbot, window, Qt.Key.Key_Escape)
    assert (field.text(), focused()) == ("", field)
    press(qtbot, window, Qt.Key.Key_Escape)
    assert focused() is part(window, "variableTable")


def test_down_leads_from_the_filter_to_what_it_filters(window, qtbot):
    press(qtbot, window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    press(qtbot, window, Qt.Key.Key_Down)
    assert focused() is part(window, "variableTable")
    window.session.compare(sample_run() / "digits-1750", sample_run() / "digits-2000")
    settle(qtbot, window)
    press(qtbot, window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    press(qtbot, window, Qt.Key.Key_Down)
    assert focused() is part(window, "compareTable")


@pytest.mark.parametrize("name", ["export", "search", "keys", "about", "verify"])
def test_dialogs_take_the_keyboard_and_give_it_back(window, qtbot, name):
    table = part(window, "variableTable")
    table.setFocus()
    window.actions_by_name[name].trigger()
    settle(qtbot, window)
    dialog = window.findChild(QDialog)
    assert QApplication.activeWindow() is dialog
    assert dialog.isAncestorOf(focused())
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    qtbot.wait(1)
    assert QApplication.activeWindow() is window
    assert focused() is table


def test_the_export_dialog_begins_with_the_name_so_that_it_can_be_typed(window, qtbot):
    window.actions_by_name["export"].trigger()
    settle(qtbot, window)
    dialog = window.findChild(ExportDialog)
    assert focused() is dialog.target
    assert dialog.target.selectedText() == "conv1_kernel.npy"


def test_shortcuts_in_the_command_search_stand_at_the_right(window):
    window.actions_by_name["search"].trigger()
    item = window.findChild(CommandSearch)._list.topLevelItem(0)
    assert item.text(1) == "Ctrl+O"
    assert item.textAlignment(1) & Qt.AlignmentFlag.AlignRight


def test_a_word_in_the_status_bar_is_gone_when_something_else_is_looked_at(window, qtbot):
    window.session.show(CheckpointDocument(sample_run() / "digits-1000"))
    settle(qtbot, window)
    press(qtbot, window, "[")
    assert window.statusBar().currentMessage() == "This is the first save of its run."
    press(qtbot, window, "]")
    assert window.statusBar().currentMessage() == ""


def test_a_message_goes_when_it_is_closed_or_something_opens(open_quiet, qtbot, tmp_path):
    window = open_quiet(sample_run())
    nothing = tmp_path / "no.index"
    for _ in range(2):
        window.open_paths([nothing])
        settle(qtbot, window)
        assert window.message.isVisible()
        window.message._press(-3)  # its ✕
        assert (window.message.isVisible(), window.session.state.message) == (False, "")
    window.open_paths([nothing])
    settle(qtbot, window)
    window.session.show(CheckpointDocument(sample_run() / "digits-1000"))
    assert not window.message.isVisible()


def test_a_filter_that_matches_nothing_keeps_the_focus_within_the_page(open_quiet, qtbot, tmp_path):
    session = Session(MemoryProvider([], lambda path: MemoryCheckpoint({"w": np.ones(2)}, path=path)))
    session.show(CheckpointDocument(tmp_path / "m-1"))
    window = open_quiet(session=session)
    field = window.findChild(QLineEdit, "variableFilter")
    field.setFocus()
    qtbot.keyClicks(field, "nothing")
    press(qtbot, window, Qt.Key.Key_Down)
    assert window.documents.page().isAncestorOf(focused())


def test_from_the_filter_down_the_row_that_keys_start_from_is_selected(open_quiet, qtbot):
    """What was chosen before is not among those that fit, so nothing else is."""
    window = open_quiet(sample_run() / "digits-2000")
    page = window.documents.page()
    window.session.update(page.key, variable="conv1/kernel")
    field = page.filter_field()
    field.setFocus()
    QTest.keyClicks(field, "dense")
    assert page.variables.table.selected_rows() == []
    QTest.keyClick(field, Qt.Key.Key_Down)
    settle(qtbot, window)
    assert page.variables.table.selected_rows() == [0]
    [chosen] = page.chosen()
    assert chosen.name == page.variables.model.variable(0).name
    assert window.session.state.document.variable == chosen.name
