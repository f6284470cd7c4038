"""Panes side by side whose widths the user keeps."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget


def across(name: str, widgets: Sequence[QWidget], widths: Sequence[int]) -> QSplitter:
    """From left to right, none of them can be folded away; all but the first share what room is left."""
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.setObjectName(name)
    splitter.setChildrenCollapsible(False)
    for number, (widget, width) in enumerate(zip(widgets, widths, strict=True)):
        splitter.addWidget(widget)
        splitter.setStretchFactor(number, width if number else 0)
    splitter.setSizes(list(widths))
    return splitter


class GivingSplitter(QSplitter):
    """Two panes side by side; in a window that becomes narrow the first gives way, until there is room again.

    Args:
        wanted: Pixels that the second has as long as the first is wider than it must be.
    """

    def __init__(self, wanted: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._wanted = wanted
        self._lent = 0  # pixels that the first is to have back
        self.splitterMoved.connect(self._settle)

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:
        self._settle()
        return super().restoreState(state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        first, second = self.sizes()
        giver, spare = self.widget(0), second - self._wanted
        if giver is None:
            return
        moved = min(spare, self._lent) if spare > 0 else -min(-spare, max(first - giver.minimumWidth(), 0))
        if moved:
            self._lent -= moved
            self.setSizes([first + moved, second - moved])

    def _settle(self) -> None:
        """Widths that somebody chose are to stay."""
        self._lent = 0
