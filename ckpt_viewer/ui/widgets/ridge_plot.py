"""The histograms of a run as a ridge: one filled outline for each save, the newest in front."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ckpt_viewer.analysis.timeline import Ridge
from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.axes import ValueAxis
from ckpt_viewer.ui.widgets.numbers import screen_count, screen_number
from ckpt_viewer.ui.widgets.save_plot import SavePlot, mixed

_LABEL_PIXELS = 15
_OVERLAP = 1.7  # rows that the highest outline reaches up
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

    told = Signal(str)  # the bin under the pointer in words, empty outside
    back_key, on_key = Qt.Key.Key_Up, Qt.Key.Key_Down

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__((("left", RowAxis), ("bottom", ValueAxis)), parent)
        self.ridge: Ridge | None = None
        self._item = _Outlines()
        self.view.addItem(self._item, ignoreBounds=True)
        self.view.setMouseEnabled(x=True, y=False)
        self.hovered.connect(self._tell)

    def set_ridge(self, ridge: Ridge, steps: Sequence[int], one_scale: bool) -> None:
        """One row of counts for each step, oldest first; on one scale, or each as high as the others."""
        self.ridge = ridge
        axis = self.axes["left"]
        axis.labels = tuple(str(step) for step in reversed(steps))
        axis.picture = None
        axis.update()
        self.axes["bottom"].set_span(*_span(ridge.edges))
        self._item.set_rows(self._outlines(one_scale), _height(len(steps)))
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

    def dress(self) -> None:
        super().dress()
        if self._dressed:
            self._item.update()

    def _row(self, number: int) -> int:
        """Of a save, or the other way round."""
        return len(self.ridge.counts) - 1 - number if self.ridge else 0

    def _outlines(self, one_scale: bool) -> list[QPolygonF | None]:
        """In places of the view, row 0 first."""
        assert self.ridge is not None
        counts = self.ridge.counts[::-1]
        peaks = [float(row.max()) if row is not None else 0.0 for row in counts]
        highest, height = max(peaks), _height(len(counts))
        places = self.axes["bottom"].places(self.ridge.edges)
        return [
            None
            if row is None
            else _outline(places, number, row * (height / (highest if one_scale else peak)))
            for number, (row, peak) in enumerate(zip(counts, peaks, strict=True))
        ]

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
    """From the oldest, at the back, to the newest; rows without an outline have a dashed ground line."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[QPolygonF | None] = []
        self._height = 1.0
        self._highlight: int | None = None

    def set_rows(self, rows: list[QPolygonF | None], height: float) -> None:
        self.prepareGeometryChange()
        self._rows, self._height = rows, height
        self.update()

    def set_highlight(self, row: int | None) -> None:
        self._highlight = row
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(-0.1, -1, 1.2, len(self._rows) + self._height + 1)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in reversed(range(len(self._rows))):
            outline = self._rows[row]
            if outline is None:
                painter.setPen(_pen(QColor(theme.current().warning), 1.2, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(0, row), QPointF(1, row))
                continue
            line, fill = self._colours(row)
            painter.setPen(_pen(line, 2.0 if row == self._highlight else 1.0))
            painter.setBrush(fill)
            painter.drawPolygon(outline)

    def _colours(self, row: int) -> tuple[QColor, QColor]:
        """Paler with age, and the save pointed at in the accent."""
        colours = theme.current()
        newness = 1 - row / max(len(self._rows) - 1, 1)
        colour = colours.series_b if row == self._highlight else colours.series_a
        least = 0.55 if colours.dark else 0.45
        line = mixed(
            colours.surface, colour, 1.0 if row == self._highlight else least + (1 - least) * newness
        )
        return line, mixed(colours.surface, colour, 0.14 + 0.36 * newness)


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
