"""What outside checks and screen readers find the parts of the window by: one widget each, with words."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

from ckpt_viewer.resources import sample_run
from ckpt_viewer.ui.value_views import VALUE_VIEWS
from tests.ui.conftest import settle

EVERYWHERE = ["checkpointTree", "details", "documents"]
OF_THE_CHECKPOINT = ["pages", "variableTable", "variableFilter", "roleChips", "valueViews"]
OF_THE_GRAPH = ["graphOps", "graphCollections", "graphNode"]
OF_A_COMPARISON = ["compareTable", "compareCounters", "comparePicture", "compareHistogram"]


def nameless(window, names):
    """Those that are not there exactly once, or say nothing of themselves."""
    found = {name: window.findChildren(QWidget, name) for name in names}
    return [name for name, parts in found.items() if len(parts) != 1 or not parts[0].accessibleName()]


def test_the_parts_of_a_checkpoint(open_quiet, qtbot):
    window = open_quiet(sample_run())
    assert nameless(window, [*EVERYWHERE, *OF_THE_CHECKPOINT]) == []
    for page, names in (("graph", OF_THE_GRAPH), ("summary", ["summary"])):
        window.session.update(window.session.state.current, page=page)
        settle(qtbot, window)
        assert nameless(window, names) == []


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6, 7])
def test_a_view_is_found_once_and_is_the_one_that_shows_something(open_quiet, qtbot, number):
    view = VALUE_VIEWS[number - 1]
    window = open_quiet(sample_run())
    assert len(window.findChildren(QWidget, view.object_name)) == 1
    document = window.session.state.document
    columns = window.documents.page().variables.model.variables
    fitting = next((variable for variable in columns if view.supports(variable)), None)
    if fitting is None:
        pytest.skip("the sample has no such variable")
    window.session.update(document.key, variable=fitting.name)
    settle(qtbot, window)
    qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number))
    settle(qtbot, window)
    assert nameless(window, [view.object_name]) == []
    assert window.findChild(QWidget, view.object_name) in window.documents.page().values.views.values()


def test_the_parts_of_a_comparison(open_quiet, qtbot):
    window = open_quiet()
    window.session.compare(sample_run() / "digits-1000", sample_run() / "digits-2000")
    settle(qtbot, window)
    assert nameless(window, OF_A_COMPARISON) == []
    boxes = window.documents.page().findChildren(QComboBox)
    assert [box for box in boxes if box.isEditable() and not box.lineEdit().accessibleName()] == []


def test_each_page_has_one_message_and_the_window_none_of_its_own(open_quiet, qtbot):
    window = open_quiet(sample_run())
    window.session.compare(sample_run() / "digits-1000", sample_run() / "digits-2000")
    settle(qtbot, window)
    assert len(window.findChildren(QWidget, "message")) == window.documents.count() == 2
