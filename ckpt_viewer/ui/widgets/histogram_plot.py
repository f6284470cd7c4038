"""Exact histograms, one or several over each other, as filled steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ckpt_viewer.analysis.histogram import Histogram
from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.ui.widgets.axes import CountAxis, ValueAxis
from ckpt_viewer.ui.widgets.numbers import screen_count, screen_number
from ckpt_viewer.ui.widgets.plots import Plot

_LOG_FLOOR = log10(0.5)  # so that a bin with one element still stands above the ground
_LEAST_PIXELS = 2.0
END_ROOM = 34  # pixels in which the name of the last value may end


@dataclass(frozen=True, slots=True)
class Bins:
    """What one histogram draws: float64 edges, one more than there are int64 counts."""

    label: str
    edges: Array
    counts: Array
    colour: str


class HistogramPlot(Plot):
    """Counts over values; every bin that holds anything stays visible, however small beside the largest."""

    told = Signal(str)  # the bins under the pointer in words, empty outside

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__((("left", CountAxis), ("bottom", ValueAxis)), parent)
        self._bins: list[Bins] = []
        self._steps: list[_Steps] = []
        self._log = False
        self.view.setMouseEnabled(x=True, y=False)
        self.axes["left"].setLabel(self.tr("elements"))
        self.axes["left"].setWidth(84)
        self.axes["bottom"].setStyle(hideOverlappingLabels=END_ROOM)
        self.centralLayout.setContentsMargins(4, 4, END_ROOM, 4)
        self.hovered.connect(self._tell)
        self.setAccessibleName(self.tr("Histogram"))

    def set_histograms(
        self, histograms: Sequence[tuple[str, Histogram, str]], log: bool = False, max_bins: int = 256
    ) -> None:
        """Show these, the first lowest; each is a label, a histogram and a colour.

        Heights are counts, or their logarithms; bins are joined in pairs down to `max_bins`.
        """
        filled = [(label, shown, colour) for label, shown, colour in histograms if shown.total]
        self.set_bins(
            [_bins(label, shown.coarsened(max_bins), colour) for label, shown, colour in filled], log
        )

    def set_bins(self, bins: Sequence[Bins], log: bool = False) -> None:
        """The same for counts made elsewhere, on edges of any width."""
        self.clear()
        self._bins, self._log = list(bins), log
        self.axes["left"].setLogMode(y=log)
        if bins:
            low, high = min(entry.edges[0] for entry in bins), max(entry.edges[-1] for entry in bins)
            self.axes["bottom"].set_span(float(low), float(high))
        for number, entry in enumerate(self._bins):
            self._add_steps(entry, number)
        self._describe()
        self.reset_view()

    def clear(self) -> None:
        for steps in self._steps:
            self.view.removeItem(steps)
        self._bins, self._steps = [], []
        self.setAccessibleDescription("")

    def reset_view(self) -> None:
        if self._bins:
            top = max(float(_heights(entry.counts, self._log).max()) for entry in self._bins)
            self.view.setRange(xRange=(0, 1), padding=0.02)
            self.view.setYRange(self._ground, top + (top - self._ground) * 0.05, padding=0)

    @property
    def _ground(self) -> float:
        return _LOG_FLOOR if self._log else 0.0

    def _add_steps(self, entry: Bins, number: int) -> None:
        places = self.axes["bottom"].places(entry.edges)
        steps = _Steps(
            places, _heights(entry.counts, self._log), self._ground, entry.colour, len(self._bins) > 1
        )
        steps.setZValue(number)
        self._steps.append(steps)
        self.view.addItem(steps, ignoreBounds=True)

    def _tell(self, place: tuple[float, float] | None) -> None:
        value = None if place is None else self.axes["bottom"].value(place[0])
        said = [] if value is None else [self._bin_text(entry, value) for entry in self._bins]
        self.told.emit("   ".join(filter(None, said)))

    def _bin_text(self, entry: Bins, value: float) -> str:
        place = int(np.searchsorted(entry.edges, value, "right")) - 1
        if not 0 <= place < len(entry.counts):
            return ""
        low, high = screen_number(entry.edges[place]), screen_number(entry.edges[place + 1])
        text = self.tr("{0} ≤ value < {1}: {2}").format(low, high, screen_count(int(entry.counts[place])))
        return f"{entry.label}: {text}" if entry.label else text

    def _describe(self) -> None:
        sentence = self.tr("{0} {1} finite elements in {2} bins from {3} to {4}, at most {5} in one bin.")
        texts = [
            sentence.format(
                entry.label,
                screen_count(int(entry.counts.sum())),
                len(entry.counts),
                screen_number(entry.edges[0]),
                screen_number(entry.edges[-1]),
                screen_count(int(entry.counts.max())),
            ).strip()
            for entry in self._bins
        ]
        self.setAccessibleDescription(" ".join(texts))


class _Steps(QGraphicsItem):
    """Filled steps in pixels of the screen, so that no filled bin is lower than a pixel or two."""

    def __init__(self, places: Array, heights: Array, ground: float, colour: str, overlaid: bool) -> None:
        super().__init__()
        self._places, self._heights, self._ground = places, heights, ground
        self._line, self._fill = QColor(colour), QColor(colour)
        self._fill.setAlpha(90 if overlaid else 190)

    def boundingRect(self) -> QRectF:
        top = max(float(self._heights.max()), self._ground + 1e-9)
        return QRectF(0, self._ground, 1, (top - self._ground) * 1.1)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        outline = self._outline(painter)
        painter.save()
        painter.resetTransform()
        painter.setBrush(self._fill)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(outline)
        painter.setPen(QPen(self._line, 1))
        painter.drawPolyline(outline)
        painter.restore()

    def _outline(self, painter: QPainter) -> QPolygonF:
        to_screen = painter.transform()
        ground = to_screen.map(QPointF(0, self._ground)).y()
        xs = self._places * to_screen.m11() + to_screen.dx()
        ys = np.where(
            self._heights > self._ground,
            np.minimum(self._heights * to_screen.m22() + to_screen.dy(), ground - _LEAST_PIXELS),
            ground,
        )
        points = [QPointF(xs[0], ground)]
        for left, right, y in zip(xs[:-1].tolist(), xs[1:].tolist(), ys.tolist(), strict=True):
            points += (QPointF(left, y), QPointF(right, y))
        return QPolygonF([*points, QPointF(xs[-1], ground)])


def _bins(label: str, histogram: Histogram, colour: str) -> Bins:
    largest = np.finfo(np.float64).max
    with np.errstate(over="ignore"):
        edges = np.clip(histogram.edges, -largest, largest)
    return Bins(label, edges, histogram.counts, colour)


def _heights(counts: Array, log: bool) -> Array:
    return np.log10(np.maximum(counts, 0.5)) if log else counts.astype(np.float64)
