"""What the plots of a run share: a save is pointed at, by pointer or arrow keys, and can be opened."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from ckpt_viewer.ui.widgets.plots import Plot

STILL = 4  # pixels the pointer may move between press and release of a click
_OPEN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SavePlot(Plot):
    """Saves are numbered from 0, oldest first."""

    pointed = Signal(object)  # number of the save under the pointer, None outside
    opened = Signal(int)  # number of the save that was clicked
    stepped = Signal(int)  # an arrow key: so many saves further

    back_key, on_key = Qt.Key.Key_Left, Qt.Key.Key_Right

    def __init__(self, axes: Sequence[tuple[str, type[pg.AxisItem]]], parent: QWidget | None = None) -> None:
        super().__init__(axes, parent)
        self.highlighted: int | None = None
        self._pressed: QPoint | None = None
        self.hovered.connect(self._point)

    def highlight(self, number: int | None) -> None:
        self.highlighted = number

    def save_at(self, x: float, y: float) -> int | None:
        """The save meant by a place of the view."""
        return None

    def can_open(self, x: float, y: float) -> bool:
        """Whether a click there is near enough to mean that save."""
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = event.position().toPoint() if left else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place, pressed = event.position().toPoint(), self._pressed
        self._pressed = None
        if pressed is None or (place - pressed).manhattanLength() > STILL:
            return
        scene = self.mapToScene(place)
        if not self.view.sceneBoundingRect().contains(scene):
            return
        there = self.view.mapSceneToView(scene)
        number = self.save_at(there.x(), there.y())
        if number is not None and self.can_open(there.x(), there.y()):
            self.opened.emit(number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The first click of the two has opened what is there, if anything; the rest shows everything."""
        self._pressed = None
        super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (self.back_key, self.on_key) and not event.modifiers():
            self.stepped.emit(1 if event.key() == self.on_key else -1)
        elif event.key() in _OPEN and self.highlighted is not None:
            self.opened.emit(self.highlighted)
        else:
            super().keyPressEvent(event)

    def _point(self, place: tuple[float, float] | None) -> None:
        number = None if place is None else self.save_at(*place)
        near = place is not None and number is not None and self.can_open(*place)
        self.setCursor(Qt.CursorShape.PointingHandCursor if near else Qt.CursorShape.ArrowCursor)
        self.pointed.emit(number)


def mixed(ground: str, colour: str, part: float) -> QColor:
    """So much of the colour on the ground, opaque."""
    a, b = QColor(ground), QColor(colour)
    pairs = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(low + (high - low) * part) for low, high in pairs))
