"""The histograms of a run as a ridge: one filled outline for each save, the newest in front."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ckpt_viewer.analysis.timeline import Ridge
from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.axes import ValueAxis
from ckpt_viewer.ui.widgets.numbers import screen_count, screen_number
from ckpt_viewer.ui.widgets.save_plot import SavePlot, mixed

_LABEL_PIXELS = 15
_OVERLAP = 1.7  # rows that the highest outline reaches up
_LEAST_PIXELS = 5.0  # between the ground lines of two outlines
_PART = 0.16  # of all rows, where there are many


class RowAxis(pg.AxisItem):  # type: ignore[misc]
    """The steps at the ground lines of their outlines; where they stand close, only some."""

    labels: tuple[str, ...] = ()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        apart = max(1, int(np.ceil((maxVal - minVal) * _LABEL_PIXELS / max(size, 1.0))))
        return [(apart, [float(row) for row in range(0, len(self.labels), apart) if minVal <= row <= maxVal])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [self.labels[round(row)] for row in values]


class RidgePlot(SavePlot):
    """Row 0, at the bottom and in front, is the newest save; saves are numbered from the oldest."""

    thinned = Signal(int)  # every which save is drawn: 1 where there is room for all
    told = Signal(str)  # the bin under the pointer in words, empty outside
    back_key, on_key = Qt.Key.Key_Up, Qt.Key.Key_Down

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__((("left", RowAxis), ("bottom", ValueAxis)), parent)
        self.ridge: Ridge | None = None
        self._item = _Outlines()
        self.view.addItem(self._item, ignoreBounds=True)
        self.view.setMouseEnabled(x=True, y=False)
        self.hovered.connect(self._tell)

    def set_ridge(self, ridge: Ridge, steps: Sequence[int], one_scale: bool, noted: Sequence[int]) -> None:
        """One row of counts for each step, oldest first; on one scale, or each as high as the others.

        `noted` are the numbers of the saves whose gap is marked; others without counts were not read yet.
        """
        self.ridge = ridge
        axis = self.axes["left"]
        axis.labels = tuple(str(step) for step in reversed(steps))
        axis.picture = None
        axis.update()
        self.axes["bottom"].set_span(*_span(ridge.edges))
        self._item.set_shape(self._shape(ridge, one_scale, noted), _height(len(steps)))
        self.reset_view()

    def highlight(self, number: int | None) -> None:
        super().highlight(number)
        self._item.set_highlight(None if number is None else self._row(number))

    def save_at(self, x: float, y: float) -> int | None:
        row = int(np.floor(y))
        return self._row(row) if self.ridge and 0 <= row < len(self.ridge.counts) else None

    def reset_view(self) -> None:
        if self.ridge:
            rows = len(self.ridge.counts)
            self.view.setRange(xRange=(0, 1), padding=0.02)
            self.view.setYRange(-0.02 * rows - 0.1, rows - 1 + _height(rows) * 1.05, padding=0)
            self._tell_thinned()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._dressed:
            self._tell_thinned()

    def dress(self) -> None:
        super().dress()
        if self._dressed:
            self._item.update()

    def _row(self, number: int) -> int:
        """Of a save, or the other way round."""
        return len(self.ridge.counts) - 1 - number if self.ridge else 0

    def _shape(self, ridge: Ridge, one_scale: bool, noted: Sequence[int]) -> "_Shape":
        """In places of the view, row 0 first."""
        counts = ridge.counts[::-1]
        peaks = [float(row.max()) if row is not None else 0.0 for row in counts]
        highest, height = max(peaks), _height(len(counts))
        rows = (
            None if row is None else row * (height / (highest if one_scale else peak))
            for row, peak in zip(counts, peaks, strict=True)
        )
        return _Shape(tuple(rows), self.axes["bottom"].places(ridge.edges), tuple(map(self._row, noted)))

    def _tell_thinned(self) -> None:
        self.thinned.emit(every(1 / max(self.view.viewPixelSize()[1], 1e-9)) if self.ridge else 1)

    def _tell(self, place: tuple[float, float] | None) -> None:
        number = None if place is None else self.save_at(*place)
        counts = self.ridge.counts[number] if self.ridge and number is not None else None
        if place is None or self.ridge is None or counts is None:
            self.told.emit("")
            return
        edges = self.ridge.edges
        bin_number = int(np.searchsorted(edges, self.axes["bottom"].value(place[0]), "right")) - 1
        if 0 <= bin_number < len(counts):
            low, high = (screen_number(edge, 4) for edge in edges[bin_number : bin_number + 2])
            self.told.emit(f"{low} ≤ value < {high}: {screen_count(int(counts[bin_number]))}")
        else:
            self.told.emit("")


class _Outlines(QGraphicsItem):
    """From the oldest, at the back, to the newest; noted rows without an outline are dashed lines."""

    def __init__(self) -> None:
        super().__init__()
        self._shape = _Shape((), np.zeros(1), ())
        self._made: dict[int, QPolygonF] = {}
        self._height = 1.0
        self._highlight: int | None = None

    def set_shape(self, shape: "_Shape", height: float) -> None:
        self.prepareGeometryChange()
        self._shape, self._height, self._made = shape, height, {}
        self.update()

    def set_highlight(self, row: int | None) -> None:
        self._highlight = row
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(-0.1, -1, 1.2, len(self._shape.rows) + self._height + 1)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        apart = every(abs(painter.transform().m22()))
        for row in reversed(range(len(self._shape.rows))):
            if self._shape.rows[row] is None:
                self._draw_gap(painter, row)
            elif row % apart == 0:
                painter.setPen(_pen(self._colour(row, 0.55 if theme.current().dark else 0.45, 1.0), 1.0))
                painter.setBrush(self._colour(row, 0.14, 0.5))
                painter.drawPolygon(self._polygon(row))
        self._draw_highlight(painter)

    def _draw_gap(self, painter: QPainter, row: int) -> None:
        if row in self._shape.noted:
            painter.setPen(_pen(QColor(theme.current().warning), 1.2, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(0, row), QPointF(1, row))

    def _draw_highlight(self, painter: QPainter) -> None:
        """In front of everything, but with nothing hidden behind it."""
        row = self._highlight
        if row is not None and row < len(self._shape.rows) and self._shape.rows[row] is not None:
            painter.setPen(_pen(QColor(theme.current().series_b), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolygon(self._polygon(row))

    def _polygon(self, row: int) -> QPolygonF:
        """Made when it is first drawn: of a long run few are."""
        if row not in self._made:
            heights = self._shape.rows[row]
            assert heights is not None
            self._made[row] = _outline(self._shape.places, row, heights)
        return self._made[row]

    def _colour(self, row: int, oldest: float, newest: float) -> QColor:
        """Paler with age: so much of the series' colour on the ground of the plot."""
        colours = theme.current()
        age = row / max(len(self._shape.rows) - 1, 1)
        return mixed(colours.surface, colours.series_a, newest + (oldest - newest) * age)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Heights over the bins of each row, the edges of the bins in the view, the rows there is a note on."""

    rows: tuple[Array | None, ...]
    places: Array
    noted: tuple[int, ...]


def every(row_pixels: float) -> int:
    """Of rows so high every which is drawn, so that outlines can be told apart."""
    return max(1, ceil(_LEAST_PIXELS / max(row_pixels, 1e-9)))


def _outline(places: Array, ground: int, heights: Array) -> QPolygonF:
    """Steps over the bins, closed along the ground line."""
    xs = np.repeat(places, 2).tolist()
    ys = [ground, *np.repeat(ground + heights, 2).tolist(), ground]
    return QPolygonF([QPointF(x, y) for x, y in zip(xs, ys, strict=True)])


def _span(edges: Array) -> tuple[float, float]:
    """Of all bins; a single one, which may be as narrow as floats are, gets room on both sides."""
    low, high = float(edges[0]), float(edges[-1])
    return (low, low) if len(edges) <= 2 else (low, high)


def _height(rows: int) -> float:
    return 1.0 if rows == 1 else max(_OVERLAP, rows * _PART)


def _pen(colour: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(colour, width, style)
    pen.setCosmetic(True)
    return pen
