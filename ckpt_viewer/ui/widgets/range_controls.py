"""How values become colours, as the user chooses it: map, range, aggregate, shape of the cells."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from PySide6.QtCore import QCoreApplication, QSignalBlocker, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QWidget

from ckpt_viewer.analysis.blocks import Aggregate
from ckpt_viewer.analysis.histogram import Histogram
from ckpt_viewer.analysis.summary import LARGEST, Summary
from ckpt_viewer.ui.widgets.colour_scale import COLOUR_MAPS, ColourScale
from ckpt_viewer.ui.widgets.flow_layout import FlowLayout, beside

RANGES = (
    ("slice", "This slice"),
    ("variable", "Whole variable"),
    ("symmetric", "Symmetric"),
    ("percent", "1 – 99 %"),
    ("manual", "By hand"),
)
AGGREGATES: tuple[tuple[Aggregate, str], ...] = (
    ("absmax", "largest magnitude"),
    ("max", "maximum"),
    ("min", "minimum"),
    ("mean", "mean"),
)
_PERCENT = 0.01


@dataclass(frozen=True, slots=True)
class Extent:
    """The finite values there are: least and greatest, both None where there are none."""

    low: float | None = None
    high: float | None = None


class RangeControls(QWidget):
    """Emits `changed` when the colours change, `aggregate_chosen` when the picture must be made again."""

    changed = Signal()
    aggregate_chosen = Signal(str)
    cells_squared = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary: Summary | None = None
        self._map, self._range, self._aggregate = QComboBox(), QComboBox(), QComboBox()
        self._low, self._high = QLineEdit(), QLineEdit()
        self._square = QCheckBox(self.tr("Square cells"))
        self._fill()
        self._range.setAccessibleName(self.tr("Range"))
        self._map.setAccessibleName(self.tr("Map"))
        flow = FlowLayout(self)
        flow.addWidget(beside(QLabel(self.tr("Range")), self._range, self._low, self._high))
        flow.addWidget(beside(QLabel(self.tr("Map")), self._map))
        flow.addWidget(self._aggregate)
        flow.addWidget(self._square)
        self._connect()
        self._show_fields()

    @property
    def aggregate(self) -> Aggregate:
        return cast(Aggregate, self._aggregate.currentData())

    def set_reduced(self, reduced: bool) -> None:
        """Offer the aggregate only where a pixel stands for several elements."""
        self._aggregate.setVisible(reduced)

    def set_square(self, square: bool) -> None:
        with QSignalBlocker(self._square):
            self._square.setChecked(square)

    def set_summary(self, summary: Summary | None) -> None:
        """The statistics of the whole variable, which some ranges need."""
        self.summary = summary
        if self._range.currentData() in ("variable", "percent"):
            self.changed.emit()

    def scale(self, extent: Extent) -> ColourScale:
        """The colours for a slice whose finite values have this extent."""
        name, kind = self._map.currentData(), self._range.currentData()
        whole = _drawable(self.summary) if self.summary else extent
        if kind == "manual":
            low, high = sorted((_number(self._low, extent.low), _number(self._high, extent.high)))
            chosen = name or ColourScale.fitting(low, high).name
            return ColourScale(chosen, low, high)
        if kind == "symmetric":
            most = max(abs(extent.low or 0.0), abs(extent.high or 0.0))
            return ColourScale.fitting(-most, most, name)
        if kind == "percent" and self.summary and self.summary.histogram:
            whole = _middle(self.summary.histogram)
        used = extent if kind == "slice" else whole
        return ColourScale.fitting(used.low, used.high, name)

    def _fill(self) -> None:
        self._map.addItem(self.tr("Automatic"), "")
        for entry in COLOUR_MAPS:
            self._map.addItem(_tr(entry.title), entry.title)
        for data, title in RANGES:
            self._range.addItem(_tr(title), data)
        for data, title in AGGREGATES:
            self._aggregate.addItem(_tr(title), data)
        self._aggregate.setAccessibleName(self.tr("What one pixel shows of its elements"))
        self._aggregate.setToolTip(self._aggregate.accessibleName())
        for field, name in (
            (self._low, self.tr("Lowest colour at")),
            (self._high, self.tr("Highest colour at")),
        ):
            field.setAccessibleName(name)
            field.setToolTip(name)
            field.setValidator(QDoubleValidator(field))
            field.setMaximumWidth(90)

    def _connect(self) -> None:
        self._map.activated.connect(self._change)
        self._range.activated.connect(self._change)
        self._low.editingFinished.connect(self.changed)
        self._high.editingFinished.connect(self.changed)
        self._aggregate.activated.connect(self._choose_aggregate)
        self._square.toggled.connect(self.cells_squared)

    def _change(self) -> None:
        self._show_fields()
        self.changed.emit()

    def _show_fields(self) -> None:
        manual = self._range.currentData() == "manual"
        self._low.setVisible(manual)
        self._high.setVisible(manual)

    def _choose_aggregate(self) -> None:
        self.aggregate_chosen.emit(self.aggregate)


def _number(field: QLineEdit, otherwise: float | None) -> float:
    value, fine = field.locale().toDouble(field.text())
    return value if fine and np.isfinite(value) else float(otherwise or 0.0)


def _middle(histogram: Histogram) -> Extent:
    """Between the bins that hold the first and the last percent of the values, to the width of a bin."""
    below = np.cumsum(histogram.counts)
    first = int(np.searchsorted(below, histogram.total * _PERCENT, "right"))
    last = int(np.searchsorted(below, histogram.total * (1 - _PERCENT), "left"))
    return Extent(float(histogram.edges[first]), float(histogram.edges[last + 1]))


def _drawable(summary: Summary) -> Extent:
    """Pictures show magnitudes beyond the largest float64 as that."""
    ends = (None if end is None else min(end, LARGEST) for end in (summary.min, summary.max))
    return Extent(*ends)


def _tr(text: str) -> str:
    return QCoreApplication.translate("RangeControls", text)
