"""How long loops look at their token and give way."""

import threading
import time

import pytest

from ckpt_viewer.cancellation import BREATH, STRETCH, Cancelled, CancelToken, in_breaths


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
