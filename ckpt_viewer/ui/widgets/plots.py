"""What every plot here is built from: one view, its axes, the theme's colours, the keyboard."""

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from ckpt_viewer.ui import theme

_PLACES = {"left": (1, 0), "top": (0, 1), "bottom": (2, 1)}
_PAN = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
_ZOOM = {Qt.Key.Key_Plus: 0.8, Qt.Key.Key_Equal: 0.8, Qt.Key.Key_Minus: 1.25}
_PAN_PART = 0.1


class Plot(pg.GraphicsView):  # type: ignore[misc]
    """One view between axes, without pyqtgraph's menus and buttons.

    Arrow keys move it, + and − zoom, Home or a double click shows everything again.
    """

    hovered = Signal(object)  # (x, y) in the view's coordinates, None once the pointer has left
    _dressed = False

    def __init__(
        self,
        axes: Sequence[tuple[str, type[pg.AxisItem]]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, background=None)
        self.view = pg.ViewBox(enableMenu=False)
        self.axes: dict[str, Any] = {}
        layout = self.centralLayout
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(0)
        layout.addItem(self.view, 1, 1)
        for edge, make in axes:
            self.axes[edge] = axis = make(edge)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(autoReduceTextSpace=edge == "left")  # the others keep room for a line when empty
            axis.linkToView(self.view)
            layout.addItem(axis, *_PLACES[edge])
        self.setAccessibleName(self.tr("Plot"))
        self.dress()
        self._dressed = True

    def dress(self) -> None:
        """Put on the colours of the theme in use; called again when it changes."""
        colours = theme.current()
        self.setBackground(colours.surface)
        for axis in self.axes.values():
            axis.setPen(colours.line)
            axis.setTextPen(colours.muted)

    def reset_view(self) -> None:
        """Show everything."""
        self.view.autoRange(padding=0.02)

    def close(self) -> bool:
        """As any widget; pyqtgraph's own empties the scene under the items that are still held here."""
        return bool(QGraphicsView.close(self))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._dressed:
            self.dress()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        scene = self.mapToScene(event.position().toPoint())
        inside = self.view.sceneBoundingRect().contains(scene)
        self.hovered.emit(_pair(self.view.mapSceneToView(scene)) if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_view()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif key in _PAN:
            self._pan(*_PAN[key])
        elif key in _ZOOM:
            self.view.scaleBy((_ZOOM[key], _ZOOM[key]))
        elif key == Qt.Key.Key_Home:
            self.reset_view()
        else:
            event.ignore()

    def _pan(self, right: int, up: int) -> None:
        (left, right_edge), (bottom, top) = self.view.viewRange()
        x, y = self.view.state["mouseEnabled"]
        down = -1 if self.view.yInverted() else 1
        self.view.translateBy(
            x=right * x * (right_edge - left) * _PAN_PART, y=up * down * y * (top - bottom) * _PAN_PART
        )


def _pair(point: QPointF) -> tuple[float, float]:
    return point.x(), point.y()
