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
        first: Pixels of the first, until somebody chooses others.
        wanted: Pixels that the second has as long as the first is wider than it must be.
    """

    def __init__(self, first: int, wanted: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._first, self._wanted = first, wanted
        self._chosen: list[int] | None = (
            None  # the widths somebody chose, not those that a window left room for
        )
        self.splitterMoved.connect(self._choose)

    def saveState(self) -> QByteArray:
        """What was chosen; nothing where nobody did."""
        return QByteArray(" ".join(map(str, self._chosen or ())).encode())

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:
        widths = bytes(QByteArray(state).data()).split()
        if len(widths) != 2 or not all(width.isdigit() for width in widths):
            return False
        self._chosen = [int(width) for width in widths]
        self._share()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        giver, room = self.widget(0), sum(self.sizes())
        if giver is not None:
            chosen, beside = self._chosen or (self._first, self._wanted)
            first = min(chosen, max(room - min(beside, self._wanted), giver.minimumWidth()))
            self.setSizes([first, room - first])

    def _choose(self) -> None:
        self._chosen = self.sizes()
