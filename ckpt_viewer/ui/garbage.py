"""Keeps the garbage collector on the screen's thread.

Python looks for unreachable cycles in whichever thread allocates; one that holds widgets, found in a
worker, would destroy Qt objects there, and the process with them.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 100
MANY = 25_000  # objects that one look at the younger ones may find
ALL_EVERY_MS = 60_000
TAKEN_DOWN_MS = 2000  # what a closed document needs for that


class GarbageClock(QObject):
    """Collects on the thread it lives in, by Python's own thresholds, while any clock is alive.

    Objects made in great numbers are what a document shows, and what has been found alive often enough is,
    too: they are set aside, for a look at a million of them takes a tenth of a second. Once a document was
    closed, or after a minute, all are looked at.
    """

    _alive = 0

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        GarbageClock._alive += 1
        self._young = 0  # objects that were looked at once, in several looks
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()
        self._all = QTimer(self, singleShot=True)
        self._all.timeout.connect(self._collect_all)
        self._all.start(ALL_EVERY_MS)

    def document_closed(self) -> None:
        """Look at everything soon."""
        self._all.start(TAKEN_DOWN_MS)

    def close(self) -> None:
        """Hand collection back to Python; call once no worker is left."""
        self._timer.stop()
        self._all.stop()
        GarbageClock._alive -= 1
        if not GarbageClock._alive:
            gc.unfreeze()
            gc.enable()

    @Slot()
    def _collect(self) -> None:
        young = self._young + gc.get_count()[0]
        if young > MANY:
            gc.freeze()
            self._young = 0
            return
        due = [count > limit > 0 for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if not any(due):
            return
        oldest = max(generation for generation, is_due in enumerate(due) if is_due)
        gc.collect(oldest)
        self._young = 0 if oldest else young
        if due[-1]:
            gc.freeze()

    @Slot()
    def _collect_all(self) -> None:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._all.start(ALL_EVERY_MS)
