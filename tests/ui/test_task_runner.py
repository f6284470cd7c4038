from threading import Event

import pytest

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.ui.task_runner import TaskRunner


def endless(started: Event):
    def work(cancel: CancelToken) -> None:
        started.set()
        while True:
            cancel.check()

    return work


def test_a_result_is_delivered_on_the_main_thread(tasks, qtbot):
    from threading import current_thread

    answers = []
    tasks.start(
        "lane",
        lambda cancel: current_thread().name,
        done=lambda worker: answers.append((worker, current_thread().name)),
        failed=pytest.fail,
    )
    qtbot.waitUntil(lambda: bool(answers))
    worker, deliverer = answers[0]
    assert worker.startswith("task")
    assert deliverer == "MainThread"


def test_a_newer_request_silences_the_older_one(tasks, qtbot):
    answers, started = [], Event()
    tasks.start("preview", endless(started), done=answers.append, failed=pytest.fail)
    started.wait()
    tasks.start("preview", lambda cancel: "new", done=answers.append, failed=pytest.fail)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == ["new"]


def test_an_error_reaches_whoever_asked(tasks, qtbot):
    errors = []

    def work(cancel: CancelToken) -> None:
        raise ValueError("no")

    tasks.start("lane", work, done=pytest.fail, failed=errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], ValueError)


def test_cancelling_is_told_but_being_replaced_is_not(tasks, qtbot):
    told, started = [], Event()
    for number in (1, 2):
        started.clear()
        tasks.start(
            "lane",
            endless(started),
            done=pytest.fail,
            failed=pytest.fail,
            cancelled=lambda number=number: told.append(number),
        )
        started.wait()
    tasks.cancel("lane")
    assert told == [2]


def test_closing_a_document_drops_its_lanes_only(tasks, qtbot):
    started = Event()
    for lane in (("a", "open"), ("a", "graph"), ("b", "open")):
        tasks.start(lane, endless(started), done=pytest.fail, failed=pytest.fail)
    tasks.drop_all("a")
    assert [tasks.busy(lane) for lane in (("a", "open"), ("a", "graph"), ("b", "open"))] == [
        False,
        False,
        True,
    ]


def test_only_slow_work_with_a_title_is_shown(tasks, qtbot):
    started = Event()
    tasks.start("quiet", endless(started), done=pytest.fail, failed=pytest.fail)
    tasks.start("named", endless(started), done=pytest.fail, failed=pytest.fail, title="Scanning")
    assert tasks.visible() == []
    qtbot.waitUntil(lambda: len(tasks.visible()) == 1)
    assert tasks.visible()[0].title == "Scanning"


def test_escape_stops_all_titled_work(tasks, qtbot):
    stopped, started = [], Event()
    tasks.start("quiet", endless(started), done=pytest.fail, failed=pytest.fail)
    tasks.start(
        "named",
        endless(started),
        done=pytest.fail,
        failed=pytest.fail,
        cancelled=lambda: stopped.append("named"),
        title="Scanning",
    )
    tasks.cancel_titled()
    assert stopped == ["named"]
    assert tasks.busy("quiet")


def test_after_closing_nothing_runs_and_nothing_starts(qtbot):
    tasks, started = TaskRunner(), Event()
    tasks.start("lane", endless(started), done=pytest.fail, failed=pytest.fail)
    started.wait()
    tasks.close()
    tasks.start("lane", endless(started), done=pytest.fail, failed=pytest.fail)
    assert not tasks.any_busy()
    tasks.deleteLater()
