"""Steps come one in each turn of the event loop, until they are over or not wanted any more."""

from concurrent.futures import ThreadPoolExecutor
from weakref import ref

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.ui import turns as turns_module
from ckpt_viewer.ui.turns import BREATH_MS, Turns, once_painted, painting


@pytest.fixture
def done():
    return []


@pytest.fixture
def turns(qtbot):
    owner = QObject()
    turns = Turns(owner)
    yield turns
    turns.stop()


def steps(done, *names):
    for name in names:
        done.append(name)
        yield


def test_other_things_happen_between_two_steps(qtbot, turns, done):
    QTimer.singleShot(0, lambda: done.append("typed"))
    turns.add(steps(done, "first"))
    turns.add(steps(done, "second"))
    assert not done
    qtbot.waitUntil(lambda: not turns.isActive())
    assert done == ["typed", "first", "second"]


def test_nothing_comes_after_a_stop(qtbot, turns, done):
    turns.add(steps(done, "first"))
    turns.stop()
    qtbot.wait(30)
    assert not done


def test_a_step_may_put_an_end_to_it(qtbot, turns, done):
    def last_step():
        turns.stop()
        yield
        done.append("after the last")

    turns.add(last_step())
    qtbot.wait(30)
    assert not done
    assert not turns.isActive()


def test_a_step_may_add_others(qtbot, turns, done):
    def first_step():
        turns.add(steps(done, "added"))
        yield
        done.append("own")

    turns.add(first_step())
    qtbot.waitUntil(lambda: not turns.isActive())
    assert done == ["own", "added"]


def test_steps_that_fail_do_not_keep_the_others_from_coming(qtbot, turns, done):
    def failing():
        raise ValueError("a bug")
        yield

    with qtbot.captureExceptions() as caught:
        turns.add(failing())
        turns.add(steps(done, "next"))
        qtbot.waitUntil(lambda: not turns.isActive())
    assert [str(error) for _, error, _ in caught] == ["a bug"]
    assert done == ["next"]


def test_what_steps_hold_is_let_go_of(qtbot, turns):
    closed = []

    def holding():
        try:
            yield
        finally:
            closed.append(True)

    turns.add(holding())
    qtbot.wait(10)
    turns.stop()
    assert closed


def test_the_screen_holds_what_a_worker_may_let_go_of_first(qtbot):
    """Else its end, in the worker, would take Qt's connection down there."""
    painted = ref(painting())
    assert painted() is not None
    qtbot.waitUntil(lambda: painted() is None)


def test_nobody_waits_for_the_painting_in_vain(qtbot):
    painted = painting()
    assert not painted.is_set()
    qtbot.waitUntil(painted.is_set)


def test_work_for_a_worker_begins_once_what_is_ready_is_painted(qtbot, done):
    class Painted(QWidget):
        def paintEvent(self, event):
            done.append("painted")

    widget = Painted()
    qtbot.addWidget(widget)
    with ThreadPoolExecutor(1) as pool:
        widget.show()
        result = pool.submit(once_painted(lambda cancel: done.append("worked") or "result"), CancelToken())
        qtbot.waitUntil(result.done)
    assert result.result() == "result"
    assert done[0] == "painted"
    assert done[-1] == "worked"


def test_work_that_nobody_wants_any_more_does_not_begin(qtbot, done):
    token = CancelToken()
    work = once_painted(lambda cancel: done.append("worked"))
    token.cancel()
    with pytest.raises(Cancelled):
        work(token)
    qtbot.wait(3 * BREATH_MS)
    assert done == []


def test_work_does_not_wait_for_ever_where_nothing_is_painted(qtbot, monkeypatch):
    monkeypatch.setattr(turns_module, "PAINT_SECONDS", 0.01)
    assert once_painted(lambda cancel: "result")(CancelToken()) == "result"
    qtbot.wait(3 * BREATH_MS)
