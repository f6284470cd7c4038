"""How long loops look at their token and give way."""

import threading
import time

import pytest

from ckpt_viewer import cancellation
from ckpt_viewer.cancellation import BREATH, STRETCH, Cancelled, CancelToken, in_breaths, right_of_way


def test_a_long_loop_gets_every_item():
    assert list(in_breaths(range(1000))) == list(range(1000))


def test_a_long_loop_stops_where_it_is_cancelled():
    cancel, done = CancelToken(), list[int]()

    def loop() -> None:
        for item in in_breaths(range(1000), cancel):
            cancel.cancel()
            done.append(item)
            time.sleep(STRETCH / 16)

    with pytest.raises(Cancelled):
        loop()
    assert 0 < len(done) < 1000


def test_only_a_worker_rests(monkeypatch):
    rests: list[float] = []
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", rests.append)

    def loop() -> None:
        for _ in in_breaths(range(200)):
            sleep(STRETCH / 16)

    loop()
    assert rests == []
    worker = threading.Thread(target=loop)
    worker.start()
    worker.join()
    assert set(rests) == {BREATH}


@pytest.fixture
def looping():
    """A worker in a long loop: what it has done so far."""
    done, enough = list[int](), threading.Event()

    def loop() -> None:
        for item in in_breaths(range(1_000_000)):
            done.append(item)
            time.sleep(STRETCH / 16)
            if enough.is_set():
                return

    worker = threading.Thread(target=loop)
    worker.start()
    yield done
    enough.set()
    worker.join()


def test_a_long_loop_rests_while_the_screen_has_the_right_of_way(looping, monkeypatch):
    monkeypatch.setattr(cancellation, "LONGEST_REST", 60)
    with right_of_way():
        with right_of_way():
            pass  # what is around it has it still
        until(lambda: waits(looping))
    before = len(looping)
    until(lambda: len(looping) > before)


def test_whoever_keeps_the_right_of_way_too_long_has_lost_it(looping):
    with right_of_way():
        until(lambda: len(looping) > 1000)


def waits(done: list[int]) -> bool:
    """Whether nothing is done for much longer than one stretch and one breath."""
    before = len(done)
    time.sleep(0.2)
    return len(done) == before


def until(happened) -> None:
    end = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.001)
