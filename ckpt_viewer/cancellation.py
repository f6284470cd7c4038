"""How long work is told to stop, and how it tells how far it is."""

from threading import Event


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
