"""Panes side by side whose widths the user keeps."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
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
    """Two panes side by side; in a window that becomes narrow the first gives way first.

    Args:
        wanted: Pixels that the second has as long as the first is wider than it must be.
    """

    def __init__(self, wanted: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._wanted = wanted

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        first, second = self.sizes()
        giver = self.widget(0)
        if giver is not None and second < self._wanted:
            given = min(self._wanted - second, max(first - giver.minimumWidth(), 0))
            self.setSizes([first - given, second + given])
