"""A few rows are copied at once, many in turns, and what was asked for last is what is there."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session import scopes
from ckpt_viewer.ui import copying as module
from ckpt_viewer.ui.copying import LINES, Copying
from ckpt_viewer.ui.widgets.numbers import screen_count


@pytest.fixture
def copying(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    QGuiApplication.clipboard().setText("before")
    copying = Copying(widget)
    yield copying
    copying.stop()


def clipboard():
    return QGuiApplication.clipboard().text()


def lines(count, word="row"):
    return iter(["title", *(f"{word} {number}" for number in range(count))])


def test_a_few_rows_are_there_at_once(copying, said):
    copying.copy(lines(3))
    assert clipboard() == "title\nrow 0\nrow 1\nrow 2"
    assert not said


@pytest.mark.parametrize("count", [LINES - 1, LINES, 3 * LINES])
def test_many_rows_are_there_after_some_turns_and_it_is_said(qtbot, copying, said, count):
    copying.copy(lines(count))
    assert clipboard() == "before"
    qtbot.waitUntil(lambda: not copying.isActive())
    assert clipboard() == "\n".join(lines(count))
    assert said[0] == "Copying the rows…"
    assert said[-1] == f"{screen_count(count)} rows copied"


def test_what_was_asked_for_last_counts(qtbot, copying, said):
    copying.copy(lines(3 * LINES))
    copying.copy(lines(2, "other"))
    qtbot.wait(50)
    assert clipboard() == "title\nother 0\nother 1"
    assert not copying.isActive()


def test_a_closed_table_copies_no_further(qtbot, copying, said):
    copying.copy(lines(3 * LINES))
    copying.stop()
    qtbot.wait(50)
    assert clipboard() == "before"


def test_a_tab_may_be_closed_while_its_rows_are_copied_and_put_in_scopes(qtbot, open_quiet, monkeypatch):
    monkeypatch.setattr(module, "LINES", 1)
    monkeypatch.setattr(scopes, "_AT_ONCE", 1)
    window = open_quiet(sample_run() / "digits-2000")
    QGuiApplication.clipboard().setText("before")
    panel = window.documents.page().variables
    panel.table.selectAll()
    panel.table.copy_rows()
    panel._by_scope.click()
    assert panel.tree.tree.rowCount() == 0
    window.actions_by_name["close_tab"].trigger()
    qtbot.wait(100)
    assert clipboard() == "before"
