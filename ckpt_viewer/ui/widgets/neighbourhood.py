"""A node and what is one or two steps around it, drawn in columns: inputs left, consumers right."""

from collections.abc import Mapping
from math import inf

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene, QGraphicsView, QWidget

from ckpt_viewer.analysis.neighbourhood import Edge, Neighbour, Neighbourhood
from ckpt_viewer.session.wording import plural, printable
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.name_elision import elided_name
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip

BOX = QRectF(0, 0, 190, 40)
COLUMN_STEP, ROW_STEP, MARGIN = 256.0, 48.0, 16.0
SMALLEST_SCALE = 0.8
NAME = 0  # the key under which a box keeps the name of its node


class NeighbourhoodView(QGraphicsView):
    """Clicking a box chooses its node; dragging moves the drawing, Ctrl+wheel zooms."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setAccessibleName(self.tr("Drawing of the neighbouring nodes"))
        self._shown: Neighbourhood | None = None
        self._pressed: QPointF | None = None

    def show_neighbourhood(self, around: Neighbourhood | None) -> None:
        self._shown = around
        self._frame()
        if around:
            self.setAccessibleDescription(_summary(around))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_shown"):
            self._frame()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._frame()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is None or (event.position() - pressed).manhattanLength() > 4:
            return
        item = self.itemAt(event.position().toPoint())
        while item is not None and item.data(NAME) is None:
            item = item.parentItem()
        if item is not None:
            self.chosen.emit(item.data(NAME))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        factor = 1.0015 ** event.angleDelta().y()
        if 0.1 < self.transform().m11() * factor < 4:
            self.scale(factor, factor)

    def _draw(self, top: float) -> None:
        """With no column beginning above `top`, so that reading begins where the view does."""
        scene = self.scene()
        scene.clear()
        self.setBackgroundBrush(QColor(theme.current().surface))
        if self._shown is None:
            return
        places = _places(self._shown, top)
        for edge in self._shown.edges:
            _draw_edge(scene, edge, places)
        for name, place in places.items():
            _draw_box(scene, self._shown.nodes[name], place, name == self._shown.centre)
        for column, count in self._shown.hidden.items():
            _draw_more(scene, self._shown, column, count, places)
        scene.setSceneRect(scene.itemsBoundingRect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))

    def _frame(self) -> None:
        """All of it where it stays legible, else from the top of the longest column."""
        self._draw(-inf)
        if self._shown is None:
            return
        area, room = self.scene().sceneRect(), self.maximumViewportSize()
        fits = min(room.width() / max(area.width(), 1), room.height() / max(area.height(), 1))
        scale = min(max(fits, SMALLEST_SCALE), 1.0)
        self.resetTransform()
        self.scale(scale, scale)
        if area.height() * scale > room.height():
            self._draw(BOX.center().y() - room.height() / scale / 2 + MARGIN)
        self.centerOn(BOX.center())
        self.verticalScrollBar().setValue(self.verticalScrollBar().minimum())


def _summary(around: Neighbourhood) -> str:
    inputs = sum(node.column < 0 for node in around.nodes.values())
    takers = sum(node.column > 0 for node in around.nodes.values())
    name = printable(around.centre)
    return f"{name}: {plural(inputs, 'node')} before it, {plural(takers, 'node')} after it."


def _places(around: Neighbourhood, highest: float) -> dict[str, QPointF]:
    """The upper left corner of each box; columns are centred on the middle node, as far as `highest` lets."""
    places = {}
    for column in sorted({node.column for node in around.nodes.values()}):
        members = around.column(column)
        top = max(-(len(members) - 1) * ROW_STEP / 2, min(highest, 0.0))
        for row, node in enumerate(members):
            places[node.name] = QPointF(column * COLUMN_STEP, top + row * ROW_STEP)
    return places


def _draw_box(scene: QGraphicsScene, node: Neighbour, place: QPointF, centre: bool) -> None:
    colours = theme.current()
    path = QPainterPath()
    path.addRoundedRect(BOX, 5, 5)
    edge = QPen(QColor(colours.accent if centre else colours.line), 2 if centre else 1)
    box = scene.addPath(path, edge, QColor(colours.raised))
    box.setPos(place)
    box.setData(NAME, node.name)
    box.setCursor(Qt.CursorShape.PointingHandCursor)
    box.setToolTip(plain_tooltip(f"{printable(node.name)}\n{printable(node.op)}"))
    _add_text(box, printable(node.op) or "not in this graph", colours.muted, 3)
    _add_text(box, printable(node.name), colours.text, 19)


def _add_text(box: QGraphicsPathItem, text: str, colour: str, top: float) -> None:
    scene = box.scene()
    item = scene.addSimpleText("")
    item.setParentItem(box)
    font = item.font()
    font.setPointSizeF(8.5)
    item.setFont(font)
    item.setText(elided_name(text, QFontMetricsF(font), BOX.width() - 16))
    item.setBrush(QColor(colour))
    item.setPos(8, top)


def _draw_edge(scene: QGraphicsScene, edge: Edge, places: Mapping[str, QPointF]) -> None:
    start = places[edge.source] + QPointF(BOX.width(), BOX.height() / 2)
    end = places[edge.target] + QPointF(0, BOX.height() / 2)
    bend = max(abs(end.x() - start.x()) / 2, 40)
    path = QPainterPath(start)
    path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
    style = Qt.PenStyle.DashLine if edge.output is None else Qt.PenStyle.SolidLine
    line = scene.addPath(path, QPen(QColor(theme.current().muted), 1.2, style))
    tensor = f"^{edge.source}" if edge.output is None else f"{edge.source}:{edge.output}"
    line.setToolTip(plain_tooltip(printable(tensor)))
    line.setZValue(-1)
    _draw_arrow(scene, end)


def _draw_arrow(scene: QGraphicsScene, tip: QPointF) -> None:
    head = QPainterPath(tip)
    head.lineTo(tip + QPointF(-7, -3.5))
    head.lineTo(tip + QPointF(-7, 3.5))
    head.closeSubpath()
    colour = QColor(theme.current().muted)
    scene.addPath(head, QPen(colour), colour)


def _draw_more(
    scene: QGraphicsScene, around: Neighbourhood, column: int, count: int, places: Mapping[str, QPointF]
) -> None:
    bottom = max(places[node.name].y() for node in around.column(column)) + ROW_STEP
    text = scene.addSimpleText(f"+{count:,} more")
    text.setBrush(QColor(theme.current().muted))
    text.setPos(column * COLUMN_STEP + 8, bottom - 4)
