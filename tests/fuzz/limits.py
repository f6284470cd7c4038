"""How long a question to an input may take, and how much memory."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

SECONDS = 2.0
MEMORY = 256 << 20
_ROOM = 2 << 30  # of addresses, so that no input takes all that the machine has
_PEAK = Path("/proc/self/clear_refs")


class TooSlow(BaseException):
    """Not an `Exception`: no reader may take it for a fault of the file."""


class TooMuchMemory(BaseException):
    """Told after the input that took it."""


@contextmanager
def time_limit(seconds: float = SECONDS) -> Iterator[None]:
    """Raise `TooSlow` once this process has worked so long; who watches it ends what hangs, or stays in C.

    Time that other processes take on a busy machine does not count.
    """

    def over(number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"more than {seconds:g} seconds")

    before = signal.signal(signal.SIGPROF, over)
    restart(seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def restart(seconds: float = SECONDS) -> None:
    """Count anew: the limit is for one question to an input, not for all of them."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


class MemoryWatch:
    """The most memory this process held at once, above what it held at the beginning."""

    def __init__(self) -> None:
        self._baseline = self._forget()

    def check(self) -> None:
        """Raise `TooMuchMemory`, and begin anew, where the limit was passed."""
        grown = _most_held() - self._baseline
        if grown > MEMORY:
            self._baseline = self._forget()
            raise TooMuchMemory(f"{grown >> 20} MiB above what was there before")

    def renew(self) -> None:
        """Count from what is held now: many inputs together may leave a little behind."""
        self._baseline = self._forget()

    def _forget(self) -> int:
        try:
            _PEAK.write_text("5")
        except OSError:
            return getattr(self, "_baseline", _most_held())
        return _most_held()


def bound_addresses() -> None:
    """No input may take so much that the machine suffers."""
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (held + _ROOM, hard))


def _most_held() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
