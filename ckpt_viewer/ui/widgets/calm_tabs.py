"""Tabs that stay as they are painted while something in them asks for another size."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QTabWidget, QWidget

from ckpt_viewer.ui.icons import icon


class CalmTabs(QTabWidget):
    """Qt's own paints all that is in it anew at each such request, even a label's with a longer text.

    A request goes from one container to the next, a turn of the event loop for each: a page inside three
    of Qt's own was painted six times.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons: Sequence[str] = ()
        self._laid_out_for: QSize | None = None  # of the bar: nothing else moves what is in it

    def set_icons(self, names: Sequence[str]) -> None:
        """One for each tab, drawn again whenever the colours change."""
        self._icons = names
        for number, name in enumerate(names):
            self.setTabIcon(number, icon(name))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_icons"):
            self.set_icons(self._icons)

    def event(self, event: QEvent) -> bool:
        if event.type() != QEvent.Type.LayoutRequest or not self.isVisible():
            return super().event(event)
        bar = self.tabBar().sizeHint()
        if bar == self._laid_out_for:
            self.updateGeometry()
            return True
        self._laid_out_for = bar
        return super().event(event)
