"""Keeps on the screen what was there while another page is being prepared in its place."""

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QWidget

LONGEST_MS = 150


class Curtain(QTimer):
    """Behind it, nothing of a widget is painted; once it rises, everything is, a single time."""

    def __init__(self, stage: QWidget) -> None:
        super().__init__(stage, singleShot=True)
        self._stage, self._down = stage, QElapsedTimer()
        self.timeout.connect(self._rise)

    def fall(self) -> None:
        """If it is down already, it rises no later: somebody may click faster than pages are made."""
        if self._stage.updatesEnabled():
            self._down.start()
        self._stage.setUpdatesEnabled(False)
        self._stage.setAutoFillBackground(True)  # so that what is below it does not paint where it is
        self.start(max(0, LONGEST_MS - self._down.elapsed()))

    def rise(self) -> None:
        """In the next turn: what is in place by then has yet to be laid out, and plots work out more."""
        if self.isActive():
            self.start(0)

    def _rise(self) -> None:
        self._stage.setAutoFillBackground(False)  # else an opaque part of it could be painted twice
        self._stage.setUpdatesEnabled(True)
