"""Cycles that hold Qt objects are only ever taken apart on the screen's thread."""

import gc
import threading

import pytest
from PySide6.QtCore import QObject

from ckpt_viewer.ui import garbage
from ckpt_viewer.ui.task_runner import TaskRunner


class Cycle:
    """Refers to itself; notes the thread that frees it."""

    def __init__(self, freed_in: list[threading.Thread]) -> None:
        self.itself, self.freed_in = self, freed_in

    def __del__(self) -> None:
        self.freed_in.append(threading.current_thread())


def leave_cycles(freed_in, count=20_000):
    def work(cancel):
        for _ in range(count):
            Cycle(freed_in)

    return work


def test_cycles_made_by_a_worker_are_freed_on_the_main_thread(qtbot):
    tasks, freed_in, done = TaskRunner(), [], []
    tasks.start("cycles", leave_cycles(freed_in), done=done.append, failed=pytest.fail)
    qtbot.waitUntil(lambda: bool(done) and bool(freed_in))
    tasks.close()
    assert set(freed_in) == {threading.main_thread()}


def test_python_collects_by_itself_again_once_no_runner_is_left(qtbot):
    first, second = TaskRunner(), TaskRunner()
    assert not gc.isenabled()
    first.close()
    first.close()
    assert not gc.isenabled()
    second.close()
    assert gc.isenabled()
    assert isinstance(second, QObject)


def test_what_was_set_aside_is_freed_after_a_document_was_closed(qtbot):
    tasks, freed_in, kept = TaskRunner(), [], [Cycle([]) for _ in range(garbage.MANY)]
    kept[0].freed_in = freed_in
    qtbot.waitUntil(lambda: gc.get_freeze_count() > garbage.MANY)
    kept.clear()
    gc.collect()
    assert not freed_in
    tasks.drop_all("document")
    qtbot.waitUntil(lambda: bool(freed_in))
    tasks.close()
    assert gc.get_freeze_count() == 0


def test_all_are_looked_at_now_and_then(qtbot, monkeypatch):
    monkeypatch.setattr(garbage, "ALL_EVERY_MS", 50)
    tasks, freed_in = TaskRunner(), []
    for _ in range(2):  # the first look sets aside what the second one is to find
        kept = Cycle(freed_in)
        gc.freeze()
        garbage.GarbageClock._set_aside = True
        del kept
        qtbot.waitUntil(lambda: bool(freed_in))
        freed_in.clear()
    tasks.close()


def test_what_comes_little_by_little_is_looked_at_before_it_is_too_much(qtbot):
    tasks, kept, looks = TaskRunner(), [], []

    def note(phase, about):
        looks.append(about["generation"])

    gc.collect()
    gc.callbacks.append(note)
    while 1 not in looks:
        kept.append([[] for _ in range(garbage.MANY // 5)])
        qtbot.wait(2 * garbage.EVERY_MS)
    gc.callbacks.remove(note)
    tasks.close()
    assert len(kept) <= 6
    assert 2 not in looks


def test_what_was_there_before_is_not_looked_at_for_a_document_that_was_closed(qtbot, monkeypatch):
    monkeypatch.setattr(garbage, "TAKEN_DOWN_MS", 10)
    gc.collect()
    gc.freeze()
    there, freed_in, looks = gc.get_freeze_count(), [], []
    tasks = TaskRunner()
    gc.callbacks.append(lambda phase, about: looks.append(about["generation"]))
    Cycle(freed_in)
    tasks.drop_all("document")
    qtbot.waitUntil(lambda: 2 in looks)
    gc.callbacks.pop()
    assert freed_in
    assert gc.get_freeze_count() > there / 2  # what is not needed any more leaves it
    tasks.close()
