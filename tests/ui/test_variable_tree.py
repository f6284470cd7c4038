import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTreeView

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.session import scopes
from ckpt_viewer.session.filters import Filter
from ckpt_viewer.ui.item_models import variable_tree
from ckpt_viewer.ui.item_models.variable_columns import TITLES
from ckpt_viewer.ui.item_models.variable_table import VariableTableModel
from ckpt_viewer.ui.item_models.variable_tree import VariableTreeModel
from ckpt_viewer.ui.panels.variables import VariablesPanel
from tests.memory_checkpoint import MemoryCheckpoint
from tests.ui.value_parts import KEY, open_session

NAMES = ("a/b/c/deep", "conv/bias", "conv/kernel", "conv/kernel/Adam", "step")


@pytest.fixture
def table(qapp):
    table = VariableTableModel()
    table.set_variables(
        [Variable(name, "float32", (number + 1,), 4 * number + 4) for number, name in enumerate(NAMES)]
    )
    return table


@pytest.fixture
def tree(table):
    tree = VariableTreeModel(table)
    all_of(tree.rebuild())
    return tree


def all_of(steps):
    for _ in steps:
        pass


def rows(tree, column=0, parent=None):
    parent = parent or QModelIndex()
    return [tree.index(row, column, parent).data() for row in range(tree.rowCount(parent))]


def test_it_is_a_proper_model(tree, table):
    QAbstractItemModelTester(tree, QAbstractItemModelTester.FailureReportingMode.Fatal, tree)
    table.show_only(Filter.parse("conv"), None)
    all_of(tree.rebuild())


def test_scopes_hold_their_variables_and_a_lonely_scope_joins_its_parent(tree):
    assert rows(tree) == ["a/b/c/deep", "conv", "step"]
    assert rows(tree, parent=tree.index(1, 0)) == ["bias", "kernel"]


def test_a_variable_may_be_a_scope_too(tree):
    kernel = tree.index(1, 0, tree.index(1, 0))
    assert tree.variable(kernel).name == "conv/kernel"
    assert rows(tree, parent=kernel) == ["Adam"]


def test_a_scope_shows_how_much_is_in_it(tree):
    conv = tree.index(1, 0)
    shown = [conv.siblingAtColumn(TITLES[title]).data() for title in ("Shape", "Params", "Bytes")]
    assert shown == ["3 variables", "9", "36 B"]


def test_every_variable_can_be_found_by_its_name(tree):
    assert [tree.variable(tree.index_of(name)).name for name in NAMES] == list(NAMES)
    assert not tree.index_of("conv").isValid()


def test_names_of_any_depth_are_no_trouble(qapp):
    table = VariableTableModel()
    table.set_variables([Variable(name, "int8", (1,), 1) for name in ("/", "/".join("x" * 5000))])
    tree = VariableTreeModel(table)
    all_of(tree.rebuild())
    assert rows(tree) == ["/", "/".join("x" * 5000)]


def test_names_that_only_begin_alike_are_kept_apart(qapp):
    table = VariableTableModel()
    table.set_variables([Variable(f"a/{name}", "int8", (1,), 1) for name in ("b-c", "b/d", "bb", "b")])
    tree = VariableTreeModel(table)
    all_of(tree.rebuild())
    top = tree.index(0, 0)
    assert rows(tree) == ["a"]
    assert rows(tree, parent=top) == ["b-c", "b", "bb"]
    assert rows(tree, parent=tree.index(1, 0, top)) == ["d"]


def test_a_scope_of_very_many_is_divided_into_parts(qapp, monkeypatch):
    monkeypatch.setattr(variable_tree, "MOST_ROWS", 3)
    table = VariableTableModel()
    table.set_variables([Variable(f"all/{letter}", "int8", (2,), 2) for letter in "abcdefgh"])
    tree = VariableTreeModel(table)
    all_of(tree.rebuild())
    whole = tree.index(0, 0)
    parts = [tree.index(row, 0, whole) for row in range(3)]
    assert rows(tree, parent=whole) == ["a … c", "d … f", "g … h"]
    assert [rows(tree, parent=part) for part in parts] == [list("abc"), list("def"), list("gh")]
    assert rows(tree, TITLES["Params"], whole) == ["6", "6", "4"]
    assert tree.scope(parts[2]).members == [6, 7]
    found = tree.index_of("all/e")
    assert (found.data(), tree.parent(found)) == ("e", parts[1])
    assert tree.variable(parts[1]) is None


def test_variables_that_come_while_others_are_put_in_scopes_take_their_place(table, monkeypatch):
    monkeypatch.setattr(scopes, "_AT_ONCE", 2)
    tree = VariableTreeModel(table)
    steps = tree.rebuild()
    next(steps)
    table.set_variables([Variable("late", "int8", (1,), 1)])
    all_of(steps)
    assert rows(tree) == ["late"]


def test_very_many_names_are_put_in_scopes_in_turns(qtbot, panel, monkeypatch):
    monkeypatch.setattr(scopes, "_AT_ONCE", 2)
    panel._session.update(KEY, variable="step")
    panel.set_checkpoint(MemoryCheckpoint({f"new/{name}": np.zeros(3, np.float32) for name in NAMES}))
    assert rows(panel.tree.tree) == []
    qtbot.waitSignal(panel.tree.rebuilt).wait()
    assert rows(panel.tree.tree) == ["new"]


@pytest.fixture
def panel(qtbot, tasks):
    session = open_session()
    panel = VariablesPanel(session, tasks, KEY)
    qtbot.addWidget(panel)
    panel.resize(900, 500)
    panel.set_checkpoint(MemoryCheckpoint({name: np.zeros(3, np.float32) for name in NAMES}))
    panel.show()
    panel._by_scope.click()
    yield panel
    panel.leave()


def test_how_many_variables_a_scope_has_is_never_cut(panel):
    panel.set_checkpoint(MemoryCheckpoint({f"a/{n}": np.zeros(3, np.float32) for n in range(1200)}))
    shape = TITLES["Shape"]
    assert panel.tree.tree.index(0, shape).data() == "1,200 variables"
    assert panel.tree.columnWidth(shape) >= panel.tree.sizeHintForColumn(shape)


def names(variables):
    return [variable.name for variable in variables]


def test_the_panel_shows_the_tree_and_keeps_the_choice(panel, qtbot):
    view = panel.findChild(QTreeView, "variableTree")
    assert view.isVisible()
    panel._session.update(KEY, variable="conv/kernel")
    assert names(panel.selected_variables()) == ["conv/kernel"]
    panel._session.update(KEY, filter="conv")
    assert panel._session.state.find(KEY).variable == "conv/kernel"
    assert names(panel.selected_variables()) == ["conv/kernel"]
    panel._by_scope.click()
    assert panel.table.isVisible()
    assert names(panel.selected_variables()) == ["conv/kernel"]


def test_choosing_a_scope_selects_all_that_is_in_it(panel):
    tree = panel.tree.tree
    index = next(tree.index(row, 0) for row in range(3) if tree.index(row, 0).data() == "conv")
    flags = QItemSelectionModel.SelectionFlag
    panel.tree.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
    assert names(panel.selected_variables()) == ["conv/bias", "conv/kernel", "conv/kernel/Adam"]


def test_choosing_a_row_chooses_the_variable(panel):
    panel.tree.setCurrentIndex(panel.tree.tree.index_of("step"))
    assert panel._session.state.find(KEY).variable == "step"


def test_the_tree_follows_the_order_of_the_table(panel):
    panel.table.sortByColumn(TITLES["Name"], Qt.SortOrder.DescendingOrder)
    assert rows(panel.tree.tree) == ["step", "conv", "a/b/c/deep"]
