"""Enter in a filter takes what it has found."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import RunDocument
from ckpt_viewer.ui.focus import holds
from tests.ui.conftest import settle

RUN = sample_run()


@pytest.fixture
def window(open_quiet, qtbot):
    window = open_quiet(RUN / "digits-2000")
    window.session.update(window.session.state.current, variable="conv1/kernel")
    settle(qtbot, window)
    return window


def enter(window, qtbot, text):
    """Type into the filter of the page in front, then Enter."""
    field = window.documents.page().filter_field()
    field.setFocus()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    settle(qtbot, window)


def focus_is_in(widget):
    return holds(widget, QApplication.focusWidget())


@pytest.mark.parametrize("by_scope", [False, True])
def test_the_first_match_is_chosen_and_has_the_keys(window, qtbot, by_scope):
    page = window.documents.page()
    page.variables._by_scope.setChecked(by_scope)
    enter(window, qtbot, "dense")
    assert page.document.variable == page.variables.model.variable(0).name
    assert page.values.variable.name == page.document.variable
    assert focus_is_in(page.variables.tree if by_scope else page.variables.table)


def test_the_run_over_time_follows_it(window, qtbot):
    enter(window, qtbot, "dense/bias")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    assert isinstance(window.session.state.document, RunDocument)
    assert window.session.state.document.variable == "dense/bias"


def test_a_chosen_row_that_fits_stays_chosen(window, qtbot):
    enter(window, qtbot, "conv1")
    page = window.documents.page()
    assert page.document.variable == "conv1/kernel" != page.variables.model.variable(0).name
    assert focus_is_in(page.variables.table)


def test_what_matches_nothing_chooses_nothing(window, qtbot):
    enter(window, qtbot, "nothing like that")
    assert window.documents.page().document.variable == "conv1/kernel"


def test_in_a_comparison_too(window, qtbot):
    window.session.compare(RUN / "digits-1750", RUN / "digits-2000")
    settle(qtbot, window)
    enter(window, qtbot, "dense/bias")
    page = window.documents.page()
    assert page.document.pair[0].startswith("dense/bias")
    assert focus_is_in(page.comparison.table)


def test_in_a_graph_too(window, qtbot):
    window.session.update(window.session.state.current, page="graph")
    settle(qtbot, window)
    lists = window.documents.page().graph.lists
    enter(window, qtbot, "type:VariableV2 dense/bias")
    first = lists.ops.node(lists.ops.index(0, 0, lists.ops.index(0, 0)))
    assert window.session.state.document.node == first
    assert "dense/bias" in first
    assert focus_is_in(lists)


def test_in_a_run_over_time_too(window, qtbot):
    window.session.show(RunDocument(RUN, "digits", variable="conv1/kernel"))
    settle(qtbot, window)
    enter(window, qtbot, "dense/bias")
    assert window.session.state.document.variable == "dense/bias"
    assert focus_is_in(window.documents.page().timeline.chooser.list)
