"""Tells when the screen's thread came late to its event loop, and what kept it: `CKPT_VIEWER_WATCHDOG=1`."""

import logging
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from PySide6.QtCore import QObject, Qt, QTimer, Slot

LIMIT = 0.05  # seconds between two turns of the event loop that nobody notices
_BEAT_MS = 5
_LOOK = 0.01  # seconds between two looks at what a late thread is doing
_WORTH_A_LOOK = LIMIT / 2

Stack = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Attributes: stack: what was seen most often meanwhile, outermost call first; may be empty."""

    seconds: float
    stack: Stack

    def __str__(self) -> str:
        calls = "\n  ".join(self.stack) or "nothing was seen of what it did"
        return f"the screen waited {self.seconds * 1000:.0f} ms for\n  {calls}"


def log(gap: Gap) -> None:
    logging.getLogger(__name__).warning("%s", gap)


class Watchdog(QObject):
    """Watches the thread it is made in; `close` it before the program ends.

    A timer beats in the event loop. A thread of its own looks at the stack once a beat is overdue, so that
    the call is caught while it lasts.
    """

    def __init__(self, tell: Callable[[Gap], None] = log, limit: float = LIMIT) -> None:
        super().__init__()
        self._tell, self._limit = tell, limit
        self._watched = threading.get_ident()
        self._seen: Counter[Stack] = Counter()
        self._beaten = time.perf_counter()
        self._closing = threading.Event()
        self._timer = QTimer(self, interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        self._thread = threading.Thread(target=self._watch, name="watchdog")
        self._thread.start()

    def close(self) -> None:
        self._timer.stop()
        self._closing.set()
        self._thread.join()

    @Slot()
    def _beat(self) -> None:
        now = time.perf_counter()
        waited, seen = now - self._beaten, self._seen
        self._beaten, self._seen = now, Counter()
        if waited > self._limit:
            self._tell(Gap(waited, seen.most_common(1)[0][0] if seen else ()))
            self._beaten = time.perf_counter()  # telling is no fault of the window

    def _watch(self) -> None:
        while not self._closing.wait(_LOOK):
            seen = self._seen  # that of this beat, even if the next one comes meanwhile
            if time.perf_counter() - self._beaten > _WORTH_A_LOOK:
                seen[_stack_of(sys._current_frames().get(self._watched))] += 1


def _stack_of(frame: FrameType | None) -> Stack:
    calls = []
    while frame is not None:
        code = frame.f_code
        calls.append(f"{code.co_filename}:{frame.f_lineno} {code.co_qualname}")
        frame = frame.f_back
    return tuple(reversed(calls))
