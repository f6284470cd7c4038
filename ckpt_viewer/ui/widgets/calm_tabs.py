"""Tabs that stay as they are painted while something in them asks for another size."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QTabWidget, QWidget


class CalmTabs(QTabWidget):
    """Qt's own paints all that is in it anew at each such request, even a label's with a longer text.

    A request goes from one container to the next, a turn of the event loop for each: a page inside three
    of Qt's own was painted six times.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._laid_out_for: QSize | None = None  # of the bar: nothing else moves what is in it

    def event(self, event: QEvent) -> bool:
        if event.type() != QEvent.Type.LayoutRequest or not self.isVisible():
            return super().event(event)
        bar = self.tabBar().sizeHint()
        if bar == self._laid_out_for:
            self.updateGeometry()
            return True
        self._laid_out_for = bar
        return super().event(event)
