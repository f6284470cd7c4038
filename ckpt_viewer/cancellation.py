"""How long work is told to stop, and how it tells how far it is."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from typing import TypeVar

STRETCH, BREATH = 0.0005, 0.0005  # seconds of work and of rest
LONGEST_REST = 0.05  # after which somebody who has the right of way has lost it
_LOOK_EVERY = 32
_way_is_free = Event()
_way_is_free.set()
_Item = TypeVar("_Item")


class Cancelled(Exception):
    """Raised inside work whose token was cancelled."""


class CancelToken:
    """Handed to every function that may take long; any thread may use it.

    Work calls `check` at least every 50 ms and `report` when it knows how far it is. Whoever waits
    reads `progress` at its own pace, so work never calls back into another thread.
    """

    def __init__(self) -> None:
        self._cancelled = Event()
        self._progress: tuple[int, int] = (0, 0)

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    @property
    def progress(self) -> float | None:
        """The part done, 0 to 1; None until work has said how much there is."""
        done, total = self._progress
        return min(done / total, 1.0) if total else None

    def cancel(self) -> None:
        self._cancelled.set()

    def check(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled

    def report(self, done: int, total: int) -> None:
        """Say how far the work is, in any unit; also a `check`."""
        self._progress = (done, total)
        self.check()


class Share(CancelToken):
    """The token of one step of larger work: cancelled with the whole, and what it reports is its part.

    Args:
        before: What is done of the whole when the step begins, in any unit.
        own: How much of it the step is.
        total: How much the whole is.
    """

    def __init__(self, whole: CancelToken, before: int, own: int, total: int) -> None:
        super().__init__()
        self._whole, self._before, self._own, self._total = whole, before, own, total

    @property
    def cancelled(self) -> bool:
        return self._whole.cancelled

    def check(self) -> None:
        self._whole.check()

    def report(self, done: int, total: int) -> None:
        part = self._own * min(done, total) // total if total else 0
        self._whole.report(self._before + part, self._total)


def in_breaths(
    items: Iterable[_Item], cancel: CancelToken | None = None, look_every: int = _LOOK_EVERY
) -> Iterator[_Item]:
    """What a long loop in a worker goes through: now and then it looks at its token and sleeps for a moment.

    A loop of Python holds the interpreter, and painting needs it hundreds of times: a thread that only offers
    it takes it back before the screen's thread has woken up. That thread itself has nobody to wait for, and
    while it has the right of way the rest lasts longer.
    """
    is_worker = current_thread() is not main_thread()
    begun = time.perf_counter()
    for count, item in enumerate(items, 1):
        yield item
        if count % look_every == 0 and time.perf_counter() - begun > STRETCH:
            if cancel is not None:
                cancel.check()
            if is_worker:
                time.sleep(BREATH)
                if not _way_is_free.wait(LONGEST_REST):
                    _way_is_free.set()
            begun = time.perf_counter()


@contextmanager
def right_of_way() -> Iterator[None]:
    """Around what somebody waits for in front of the screen: long loops in workers rest until it is done.

    Its thread would get the interpreter back only now and then, as long as a worker wants it, too.
    """
    outermost = _way_is_free.is_set()
    _way_is_free.clear()
    try:
        yield
    finally:
        if outermost:
            _way_is_free.set()
