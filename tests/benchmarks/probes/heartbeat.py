"""How long the event loop was away: a timer that beats as often as it is let."""

import time

from PySide6.QtCore import QObject, Qt, QTimer, Slot

EVERY_MS = 1


class Heartbeat(QObject):
    """The gaps between two turns of the event loop, in seconds, since it was last asked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def take(self) -> float:
        """The longest gap so far, the one that lasts until now included; begins anew."""
        self._beat()
        longest, self._longest = self._longest, 0.0
        return longest

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def _beat(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._last)
        self._last = now
