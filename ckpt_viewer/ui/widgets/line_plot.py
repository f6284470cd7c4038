"""A line over the index, or the band between least and greatest where it is too long for single points."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.axes import IndexAxis, ValueAxis
from ckpt_viewer.ui.widgets.envelope import Envelope
from ckpt_viewer.ui.widgets.numbers import screen_number
from ckpt_viewer.ui.widgets.plots import Plot

_FEW = 200  # points up to which each gets a dot


class LinePlot(Plot):
    """NaN and ±Inf are ticks in their own colours along the lower and upper edge."""

    pointed = Signal(object)  # index of the element under the pointer, None outside
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__((("left", ValueAxis), ("bottom", IndexAxis)), parent)
        self._line: Envelope | None = None
        self._detail: Envelope | None = None
        self._curve = _Curve(self.axes["left"])
        self.view.addItem(self._curve, ignoreBounds=True)
        self.view.setMouseEnabled(x=True, y=False)
        self.axes["left"].setWidth(84)
        self.view.sigXRangeChanged.connect(self._move)
        self.hovered.connect(self._follow_pointer)
        self.setAccessibleName(self.tr("Line of the values"))

    def set_line(self, line: Envelope) -> None:
        self._line, self._detail = line, None
        self.axes["left"].set_span(*(line.extent or (0.0, 1.0)))
        self.axes["bottom"].length = line.count
        self.view.setLimits(minXRange=min(1, line.count))
        self._curve.set_line(line)
        self.reset_view()

    def set_detail(self, detail: Envelope | None) -> None:
        """Draw this part instead; None draws the whole line again."""
        self._detail = detail
        if line := detail or self._line:
            self._curve.set_line(line)

    def clear(self) -> None:
        self._line = self._detail = None
        self._curve.set_line(None)

    def in_sight(self) -> tuple[int, int]:
        """First element that is visible, and the one after the last."""
        (left, right), _ = self.view.viewRange()
        count = self._line.count if self._line else 0
        return max(int(left), 0), min(int(right) + 1, count)

    def at(self, place: int) -> tuple[int, int, str, str]:
        """First and last element of the stretch drawn there, its least and greatest value as texts."""
        line = self._detail if self._detail and _covers(self._detail, place) else self._line
        assert line is not None
        number = (place - line.start) // line.step
        first = line.start + number * line.step
        last = min(first + line.step, line.start + line.count) - 1
        named = [
            name
            for name, special in zip(("NaN", "+Inf", "−Inf"), line.specials, strict=True)
            if special[number]
        ]
        if line.is_exact and named:
            return first, last, named[0], named[0]
        marks = "".join(f" ({name})" for name in named)
        return first, last, screen_number(line.low[number]), screen_number(line.high[number]) + marks

    def reset_view(self) -> None:
        if self._line:
            self.view.setRange(xRange=(0, self._line.count), yRange=(0, 1), padding=0.03)

    def dress(self) -> None:
        super().dress()
        if self._dressed:
            self._curve.update()

    def _move(self, *_: object) -> None:
        self.moved.emit()

    def _follow_pointer(self, place: tuple[float, float] | None) -> None:
        inside = place is not None and self._line is not None and 0 <= place[0] < self._line.count
        self.pointed.emit(int(place[0]) if place is not None and inside else None)


class _Curve(QGraphicsItem):
    """Draws in pixels of the screen; gaps stay gaps."""

    def __init__(self, axis: ValueAxis) -> None:
        super().__init__()
        self._axis = axis
        self._line: Envelope | None = None

    def set_line(self, line: Envelope | None) -> None:
        self.prepareGeometryChange()
        self._line = line
        self.update()

    def boundingRect(self) -> QRectF:
        count = self._line.start + self._line.count if self._line else 0
        return QRectF(0, -0.1, max(count, 1), 1.2)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        line = self._line
        if line is None:
            return
        to_screen = painter.transform()
        middles = np.minimum(
            line.start + (np.arange(len(line.low)) + 0.5) * line.step, line.start + line.count
        )
        xs = middles * to_screen.m11() + to_screen.dx()
        low = self._axis.places(line.low) * to_screen.m22() + to_screen.dy()
        high = self._axis.places(line.high) * to_screen.m22() + to_screen.dy()
        edges = to_screen.map(QPointF(0, -0.02)).y(), to_screen.map(QPointF(0, 1.02)).y()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, line.is_exact)
        self._draw_values(painter, xs, low, high)
        self._draw_specials(painter, xs, edges)
        painter.restore()

    def _draw_values(self, painter: QPainter, xs: Array, low: Array, high: Array) -> None:
        colour = QColor(theme.current().series_a)
        known = np.isfinite(low)
        for run in np.split(np.arange(len(xs)), np.flatnonzero(np.diff(known)) + 1):
            if not (run.size and known[run[0]]):
                continue
            if self._line and not self._line.is_exact:
                _draw_bars(painter, xs[run], high[run], low[run], colour)
                continue
            points = [QPointF(x, y) for x, y in zip(xs[run].tolist(), high[run].tolist(), strict=True)]
            painter.setPen(QPen(colour, 1.2))
            painter.drawPolyline(QPolygonF(points))
            self._draw_dots(painter, points, colour)

    def _draw_dots(self, painter: QPainter, points: list[QPointF], colour: QColor) -> None:
        if len(points) <= _FEW:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            for point in points:
                painter.drawEllipse(point, 2.5, 2.5)

    def _draw_specials(self, painter: QPainter, xs: Array, edges: tuple[float, float]) -> None:
        """NaN and −Inf stand at the lower edge, +Inf at the upper."""
        assert self._line is not None
        bottom, top = edges
        colours = theme.current()
        marks = (
            (colours.nan_colour, bottom, -12),
            (colours.posinf_colour, top, 12),
            (colours.neginf_colour, bottom, -6),
        )
        for (colour, y, height), special in zip(marks, self._line.specials, strict=True):
            painter.setPen(QPen(QColor(colour), 2))
            for x in xs[special].tolist():
                painter.drawLine(QPointF(x, y), QPointF(x, y + height))


def _draw_bars(painter: QPainter, xs: Array, top: Array, bottom: Array, colour: QColor) -> None:
    """One for each stretch, on to where its neighbour ends: a polygon of as many corners takes far longer."""
    reach = np.concatenate((top[:1], np.minimum(top[1:], bottom[:-1])))
    depth = np.concatenate((bottom[:1], np.maximum(bottom[1:], top[:-1])))
    painter.setPen(QPen(colour, max(float(np.diff(xs).max(initial=0.0)), 1.2)))
    ends = zip(xs.tolist(), reach.tolist(), depth.tolist(), strict=True)
    painter.drawLines([QLineF(x, high, x, low) for x, high, low in ends])


def _covers(line: Envelope, place: int) -> bool:
    return line.start <= place < line.start + line.count
