"""The focus is never lost, nor taken away, while pages are made, replaced and taken down."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument, GraphDocument, RunDocument
from tests.ui.conftest import settle

RUN = sample_run()
FIRST = CheckpointDocument(RUN / "digits-2000")
OTHERS = {
    "checkpoint": CheckpointDocument(RUN / "digits-1000"),
    "comparison": ComparisonDocument(RUN / "digits-1000", RUN / "digits-1500"),
    "graph": GraphDocument(RUN / "digits-2000.meta"),
    "run": RunDocument(RUN, "digits"),
}
TURNS = range(0, 32, 8)  # some before the page is in its place, some while it opens, some afterwards

others = pytest.mark.parametrize("kind", OTHERS)


@pytest.fixture
def window(open_quiet, qtbot):
    """A checkpoint in front, the focus in its table."""
    window = open_quiet(FIRST.path)
    window.activateWindow()
    return window


def focus_table(window):
    window.documents.page().findChild(QTableView, "variableTable").setFocus()


def go_on(turns):
    for _ in range(turns):
        QApplication.processEvents()
        QTest.qWait(1)


def focused():
    """Where keys go; what is out of sight would swallow them."""
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.isVisible()
    assert focus.isEnabled()
    return focus


@others
def test_back_to_the_first_tab_before_the_other_is_made(window, qtbot, kind):
    for turns in TURNS:
        focus_table(window)
        window.session.show(OTHERS[kind])
        go_on(turns)
        focused()
        window.session.change(current=FIRST.key)
        settle(qtbot, window)
        assert window.documents.page().isAncestorOf(focused()), turns
        window.session.close(OTHERS[kind].key)
        settle(qtbot, window)
        assert window.documents.page().isAncestorOf(focused()), turns


@others
def test_closing_a_page_before_it_is_made(window, qtbot, kind):
    for turns in TURNS:
        focus_table(window)
        window.session.show(OTHERS[kind])
        go_on(turns)
        window.session.close(OTHERS[kind].key)
        focused()
        settle(qtbot, window)
        assert window.documents.page().isAncestorOf(focused()), turns


@others
def test_closing_the_page_that_had_the_focus_while_another_is_made(window, qtbot, kind):
    for turns in TURNS:
        focus_table(window)
        window.session.show(OTHERS[kind])
        go_on(turns)
        window.session.close(FIRST.key)
        focused()
        settle(qtbot, window)
        assert window.documents.page().isAncestorOf(focused()), turns
        window.session.show(FIRST)
        settle(qtbot, window)
        window.session.close(OTHERS[kind].key)
        settle(qtbot, window)


@others
def test_whoever_has_gone_elsewhere_meanwhile_stays_there(window, qtbot, kind):
    for turns in TURNS:
        focus_table(window)
        window.session.show(OTHERS[kind])
        go_on(turns)
        window.tree.setFocus()
        settle(qtbot, window)
        assert focused() is window.tree, turns
        window.session.close(OTHERS[kind].key)
        settle(qtbot, window)


@others
def test_closing_the_last_page_at_any_time(window, qtbot, kind):
    for turns in TURNS:
        window.session.show(OTHERS[kind])
        go_on(turns)
        if page := window.documents.page():
            page.focus_pane(0)
        window.session.close(FIRST.key)
        window.session.close(OTHERS[kind].key)
        focused()
        settle(qtbot, window)
        focused()
        window.session.show(FIRST)
        settle(qtbot, window)
