"""Keeps the garbage collector on the screen's thread.

Python looks for unreachable cycles in whichever thread allocates; one that holds widgets, found in a
worker, would destroy Qt objects there, and the process with them.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 100


class GarbageClock(QObject):
    """Collects on the thread it lives in, by Python's own thresholds, while any clock is alive."""

    _alive = 0

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        GarbageClock._alive += 1
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def close(self) -> None:
        """Hand collection back to Python; call once no worker is left."""
        self._timer.stop()
        GarbageClock._alive -= 1
        if not GarbageClock._alive:
            gc.enable()

    @Slot()
    def _collect(self) -> None:
        due = [count > limit > 0 for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if any(due):
            gc.collect(max(generation for generation, is_due in enumerate(due) if is_due))
