"""Keeps the garbage collector on the screen's thread.

Python looks for unreachable cycles in whichever thread allocates; one that holds widgets, found in a
worker, would destroy Qt objects there, and the process with them.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 100
MANY = 25_000  # objects to look at in one turn
ALL_EVERY_MS = 60_000
TAKEN_DOWN_MS = 2000  # what a closed document needs for that


class GarbageClock(QObject):
    """Collects on the thread it lives in, by Python's own thresholds, while any clock is alive.

    Objects made in great numbers are what a document shows: they are set aside, for a look at a million of
    them takes a tenth of a second. Once a document was closed, or after a minute, all are looked at; what
    was frozen before, as the modules are, only where something was set aside among it.
    """

    _alive = 0
    _set_aside = False

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        GarbageClock._alive += 1
        self._young = 0  # objects that were looked at once
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
            GarbageClock._set_aside = False
            gc.unfreeze()
            gc.enable()

    @Slot()
    def _collect(self) -> None:
        """Look at the newest, or at all that have come since that was done; the others are no hurry."""
        newest, limit = gc.get_count()[0], gc.get_threshold()[0]
        if newest > MANY:
            gc.freeze()
            GarbageClock._set_aside, self._young = True, 0
        elif newest > limit > 0:
            self._young += newest
            all_young = self._young > MANY or gc.get_count()[1] > gc.get_threshold()[1]
            gc.collect(int(all_young))
            self._young = 0 if all_young else self._young

    @Slot()
    def _collect_all(self) -> None:
        if GarbageClock._set_aside:
            gc.unfreeze()
        gc.collect()
        if GarbageClock._set_aside:
            gc.freeze()
        self._all.start(ALL_EVERY_MS)
