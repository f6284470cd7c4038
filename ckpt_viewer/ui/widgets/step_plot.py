"""Figures over the steps of a run: lines with a dot for each save, a band, marks where something is odd."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.axes import ValueAxis
from ckpt_viewer.ui.widgets.save_plot import SavePlot, mixed

AXIS_WIDTH = 76
_NEAR = 14  # pixels around a save within which a click means it
_FEW = 120  # saves up to which each gets a dot
_TICK_PIXELS = 60
_MARK = 5.0  # pixels from the middle of a mark to its edge


class StepAxis(ValueAxis):
    """Steps in full: those of the saves where they stand far enough apart, else round ones."""

    saves: tuple[float, ...] = ()  # their places

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        seen = [place for place in self.saves if minVal <= place <= maxVal]
        apart = min(np.diff(seen), default=1.0) * size / max(maxVal - minVal, 1e-12)
        if seen and apart >= _TICK_PIXELS:
            return [(1.0, seen)]
        (step, places), *_ = super().tickValues(minVal, maxVal, size)
        return [(step, [place for place in places if _is_whole(self.value(place))])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [str(round(self.value(place))) for place in values]


@dataclass(frozen=True, slots=True)
class Curve:
    """One figure of every save.

    Attributes:
        values: float64, NaN where there is none.
        colour: The name of a colour of the theme.
        quiet: Thin and dashed, without dots.
    """

    values: Array
    colour: str = "series_a"
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """The numbers of the saves that have NaN, that have ±Inf, and about which there is a note."""

    nan: tuple[int, ...] = ()
    inf: tuple[int, ...] = ()
    noted: tuple[int, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.nan or self.inf or self.noted)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything one plot draws; arrays have one element for each save, oldest first.

    Attributes:
        band: Lower and upper edge of what is shaded.
        from_zero: Whether zero is in sight, however far the figures are from it.
    """

    curves: tuple[Curve, ...] = ()
    marks: Marks = Marks()
    band: tuple[Array, Array] | None = None
    from_zero: bool = False

    @property
    def span(self) -> tuple[float, float]:
        """Least and greatest of all that is drawn."""
        drawn = [curve.values for curve in self.curves] + list(self.band or ())
        values = np.concatenate([*drawn, [0.0] if self.from_zero else []])
        values = values[np.isfinite(values)]
        return (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)


class StepPlot(SavePlot):
    """The places of the saves are their steps; plots over the same steps can be linked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__((("left", ValueAxis), ("bottom", StepAxis)), parent)
        self._steps: Array = np.zeros(0)
        self._item = _Figures(self.axes["left"])
        self.view.addItem(self._item, ignoreBounds=True)
        self.view.setMouseEnabled(x=True, y=False)
        self.axes["left"].setWidth(AXIS_WIDTH)

    @property
    def figures(self) -> Figures:
        """What is drawn now."""
        return self._item.figures

    def set_steps(self, steps: Sequence[int]) -> None:
        """At least one, oldest first."""
        self._steps = np.array(steps, np.float64)
        self.axes["bottom"].set_span(float(self._steps[0]), float(self._steps[-1]))
        self.axes["bottom"].saves = tuple(self.axes["bottom"].places(self._steps).tolist())
        self._item.set_figures(Figures(), self.axes["bottom"].places(self._steps))
        self.reset_view()

    def set_figures(self, figures: Figures) -> None:
        marked = figures.marks.any != self.figures.marks.any
        self.axes["left"].set_span(*figures.span)
        self._item.set_figures(figures, self.axes["bottom"].places(self._steps))
        if marked:
            self.reset_view()

    def highlight(self, number: int | None) -> None:
        super().highlight(number)
        self._item.set_highlight(number)

    def save_at(self, x: float, y: float) -> int | None:
        if not len(self._steps):
            return None
        return int(np.argmin(np.abs(self.axes["bottom"].places(self._steps) - x)))

    def can_open(self, x: float, y: float) -> bool:
        number = self.save_at(x, y)
        if number is None:
            return False
        pixel = self.view.viewPixelSize()[0]
        return bool(abs(self.axes["bottom"].places(self._steps[number]) - x) <= _NEAR * pixel)

    def reset_view(self) -> None:
        self.view.setRange(xRange=(0, 1), padding=0.08)
        self.view.setYRange(-0.25 if self.figures.marks.any else -0.12, 1.1, padding=0)

    def dress(self) -> None:
        super().dress()
        if self._dressed:
            self._item.update()


class _Figures(QGraphicsItem):
    """Draws in pixels of the screen; saves without a figure are gaps."""

    def __init__(self, axis: ValueAxis) -> None:
        super().__init__()
        self._axis = axis
        self.figures, self._places = Figures(), np.zeros(0)
        self._highlight: int | None = None

    def set_figures(self, figures: Figures, places: Array) -> None:
        self.prepareGeometryChange()
        self.figures, self._places = figures, places
        self.update()

    def set_highlight(self, number: int | None) -> None:
        self._highlight = number
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(-1, -1, 3, 3)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        to_screen = painter.transform()
        xs = self._places * to_screen.m11() + to_screen.dx()
        edges = to_screen.map(QPointF(0, -0.22)).y(), to_screen.map(QPointF(0, 1.1)).y()
        scale = to_screen.m22(), to_screen.dy()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_highlight(painter, xs, edges)
        self._draw_band(painter, xs, scale)
        for curve in self.figures.curves:
            self._draw_curve(painter, xs, self._on_screen(curve.values, scale), curve)
        self._draw_marks(painter, xs, edges)
        painter.restore()

    def _on_screen(self, values: Array, scale: tuple[float, float]) -> Array:
        return np.asarray(self._axis.places(values) * scale[0] + scale[1])

    def _draw_highlight(self, painter: QPainter, xs: Array, edges: tuple[float, float]) -> None:
        if self._highlight is not None and self._highlight < len(xs):
            x = float(xs[self._highlight])
            painter.setPen(QPen(QColor(theme.current().muted), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, edges[0] + 100), QPointF(x, edges[1]))

    def _draw_band(self, painter: QPainter, xs: Array, scale: tuple[float, float]) -> None:
        if self.figures.band is None:
            return
        colours = theme.current()
        low, high = (self._on_screen(edge, scale) for edge in self.figures.band)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(colours.surface, colours.series_a, 0.26))
        for run in _known(low):
            if len(run) == 1:
                painter.drawRect(QRectF(xs[run[0]] - 4, high[run[0]], 8, low[run[0]] - high[run[0]]))
            painter.drawPolygon(QPolygonF(_points(xs, high, run) + _points(xs, low, run[::-1])))

    def _draw_curve(self, painter: QPainter, xs: Array, ys: Array, curve: Curve) -> None:
        colour = QColor(getattr(theme.current(), curve.colour))
        style = Qt.PenStyle.DashLine if curve.quiet else Qt.PenStyle.SolidLine
        painter.setBrush(Qt.BrushStyle.NoBrush)
        dots = len(xs) <= _FEW
        for run in _known(ys):
            painter.setPen(QPen(colour, 1.0 if curve.quiet else 1.8, style))
            painter.drawPolyline(QPolygonF(_points(xs, ys, run)))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            for number in run.tolist():
                if dots or len(run) == 1:
                    size = 1.6 if curve.quiet else 3.0
                    painter.drawEllipse(QPointF(xs[number], ys[number]), size, size)
        self._draw_dot(painter, xs, ys)

    def _draw_dot(self, painter: QPainter, xs: Array, ys: Array) -> None:
        """On the save that is pointed at."""
        number = self._highlight
        if number is not None and number < len(ys) and np.isfinite(ys[number]):
            painter.setBrush(QColor(theme.current().series_b))
            painter.drawEllipse(QPointF(xs[number], ys[number]), 4.5, 4.5)

    def _draw_marks(self, painter: QPainter, xs: Array, edges: tuple[float, float]) -> None:
        """NaN: a diamond; ±Inf: a bar; what could not be read: a triangle. All along the lower edge."""
        colours, marks = theme.current(), self.figures.marks
        painter.setPen(Qt.PenStyle.NoPen)
        y = edges[0] - _MARK - 1
        for there, colour, shape in (
            (marks.noted, colours.warning, ((0, -1), (1.1, 0.9), (-1.1, 0.9))),
            (marks.nan, colours.nan_colour, ((0, -1), (1, 0), (0, 1), (-1, 0))),
            (marks.inf, colours.posinf_colour, ((-0.4, -3.2), (0.4, -3.2), (0.4, -1.4), (-0.4, -1.4))),
        ):
            painter.setBrush(QColor(colour))
            for x in xs[list(there)].tolist():
                painter.drawPolygon(QPolygonF([QPointF(x + _MARK * a, y + _MARK * b) for a, b in shape]))


def _known(values: Array) -> Iterator[Array]:
    """The numbers of values that are there, in runs without a gap."""
    there = np.flatnonzero(np.isfinite(values))
    if len(there):
        yield from np.split(there, np.flatnonzero(np.diff(there) > 1) + 1)


def _points(xs: Array, ys: Array, run: Array) -> list[QPointF]:
    return [QPointF(x, y) for x, y in zip(xs[run].tolist(), ys[run].tolist(), strict=True)]


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) <= 1e-6 * max(abs(value), 1.0)
