"""A few rows are copied at once, many in turns, and what was asked for last is what is there."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

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
