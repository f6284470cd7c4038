"""The plots of a run: three over its steps, the ridge beside them, and notes on odd saves below."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ckpt_viewer.analysis.timeline import Point, ridge_of
from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.ui import readout
from ckpt_viewer.ui.widgets.elided_label import ElidedLabel
from ckpt_viewer.ui.widgets.fact_strip import FactStrip
from ckpt_viewer.ui.widgets.marks import warning_mark
from ckpt_viewer.ui.widgets.plain_splitter import across
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip
from ckpt_viewer.ui.widgets.ridge_plot import RidgePlot
from ckpt_viewer.ui.widgets.save_plot import SavePlot
from ckpt_viewer.ui.widgets.step_plot import Curve, Figures, Marks, StepPlot
from ckpt_viewer.ui.widgets.step_words import FACTS, facts_of, note_of, reference_of

MAX_BINS = 128
NOTES_SHOWN = 4
RIDGE_EVERY = 4  # arrivals, where there are many saves
FEW = 60

Number = int | float | None


class TimelinePlots(QWidget):
    save_opened = Signal(object)  # path of the save
    extremes_chosen = Signal(bool)
    one_scale_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values, self.norm, self.change = StepPlot(), StepPlot(), StepPlot()
        self.ridge = RidgePlot()
        self.extremes = QCheckBox(self.tr("Min, max"))
        self.one_scale = QCheckBox(self.tr("One scale"))
        self.notes = QListWidget()
        self._steps: list[int] = []
        self._order: list[Path] = []
        self._points: Mapping[Path, Point] = {}
        self.facts, self.bin = FactStrip(FACTS), ElidedLabel()
        self._titles: dict[SavePlot, ElidedLabel] = {}
        self._arrivals, self._bin = 0, ""
        self._drawn_facts: dict[SavePlot, tuple[str, ...]] = {
            self.values: ("mean", "std", "min", "max", "NaN", "±Inf"),
            self.norm: ("norm",),
            self.change: ("change",),
        }
        self.pointed: int | None = None
        self._arrange()
        self._connect()

    def set_steps(self, steps: Sequence[int]) -> None:
        """The steps of all saves, oldest first: at least one."""
        self._steps, self._order, self._points = list(steps), [], {}
        for plot in self._over_steps:
            plot.set_steps(self._steps)

    def set_points(self, points: Mapping[Path, Point], order: Sequence[Path], final: bool) -> None:
        """What is known of the saves, which are ordered as their steps; `final` where no more will come."""
        self._points, self._order = points, list(order)
        self._draw_steps()
        self._arrivals += 1
        if final:
            self._describe()
        if final or len(order) <= FEW or self._arrivals % RIDGE_EVERY == 0:
            self._draw_ridge()
        self._read_out()

    def set_notes(self, notes: Sequence[tuple[str, Point]]) -> None:
        self.notes.clear()
        for text, point in notes:
            item = QListWidgetItem(warning_mark(), text)
            item.setData(Qt.ItemDataRole.UserRole, point.path)
            item.setToolTip(plain_tooltip(point.problem.message if point.problem else text))
            self.notes.addItem(item)
        row = self.notes.sizeHintForRow(0) if notes else 0
        self.notes.setFixedHeight(row * min(len(notes), NOTES_SHOWN) + 10)
        self.notes.setVisible(bool(notes))

    def set_options(self, *, extremes: bool, one_scale: bool) -> None:
        for box, checked in ((self.extremes, extremes), (self.one_scale, one_scale)):
            if box.isChecked() != checked:
                with QSignalBlocker(box):
                    box.setChecked(checked)
        self._draw_steps()
        self._draw_ridge()

    @property
    def _over_steps(self) -> tuple[StepPlot, ...]:
        return self.values, self.norm, self.change

    def _arrange(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        titles = (self.tr("Mean ± std"), self.tr("Norm ‖A‖"), self.tr("Change ‖Δ‖ / ‖A‖"))
        for plot, title, stretch in zip(self._over_steps, titles, (5, 3, 3), strict=True):
            beside = (self.extremes,) if plot is self.values else ()
            column.addWidget(self._titled(plot, title, *beside), stretch)
        self.extremes.setToolTip(self.tr("Draw the least and the greatest value too"))
        self.one_scale.setToolTip(self.tr("Draw all histograms to one scale; else each to its own peak"))
        right = self._titled(self.ridge, self.tr("Histograms"), self.one_scale, self.bin)
        parts = across("timelinePlots", [left, right], [440, 340])
        parts.setStretchFactor(0, 440)
        self.bin.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.facts.setContentsMargins(12, 0, 12, 8)
        self.notes.setIconSize(QSize(14, 14))
        self.notes.setAccessibleName(self.tr("Notes on single saves"))
        self.notes.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.facts)
        whole.addWidget(parts, 1)
        whole.addWidget(self.notes)

    def _titled(self, plot: SavePlot, title: str, *beside: QWidget) -> QWidget:
        """A plot under its title, on the ground of the plot."""
        name = self._titles[plot] = ElidedLabel(title)
        name.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        plot.setAccessibleName(title)
        top = QHBoxLayout()
        top.setContentsMargins(12, 6, 12, 0)
        top.setSpacing(12)
        top.addWidget(name)
        for widget in beside:
            top.addWidget(widget, 1 if widget is self.bin else 0)
        top.addStretch(0 if self.bin in beside else 1)
        block = QWidget()
        block.setBackgroundRole(QPalette.ColorRole.Base)
        block.setAutoFillBackground(True)
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(plot, 1)
        return block

    def _connect(self) -> None:
        for plot in (*self._over_steps, self.ridge):
            plot.pointed.connect(self._point)
            plot.stepped.connect(self._step)
            plot.opened.connect(self._open)
        for plot in self._over_steps[1:]:
            plot.view.setXLink(self.values.view)
        self.ridge.told.connect(self._tell_bin)
        self.ridge.thinned.connect(self._tell_thinned)
        self.extremes.toggled.connect(self.extremes_chosen)
        self.one_scale.toggled.connect(self.one_scale_chosen)
        self.notes.itemActivated.connect(self._open_noted)

    def _draw_steps(self) -> None:
        if not self._order:
            return
        points = [self._points.get(path) for path in self._order]
        summaries = [point.summary if point else None for point in points]
        mean, std, low, high = (
            _array([getattr(summary, name) if summary else None for summary in summaries])
            for name in ("mean", "std", "min", "max")
        )
        marks = _marks(points)
        extremes = (Curve(low, quiet=True), Curve(high, quiet=True)) if self.extremes.isChecked() else ()
        with np.errstate(over="ignore"):
            band = mean - std, mean + std
        norms = _array([point.norm if point else None for point in points])
        changes = _array([point.change.relative if point and point.change else None for point in points])
        self.values.set_figures(Figures((*extremes, Curve(mean)), marks, band))
        self.norm.set_figures(Figures((Curve(norms),), marks))
        self.change.set_figures(Figures((Curve(changes),), marks, from_zero=True))

    def _draw_ridge(self) -> None:
        if not self._order:
            return
        points = [self._points.get(path) for path in self._order]
        histograms = [point.summary.histogram if point and point.summary else None for point in points]
        ridge = ridge_of(histograms, MAX_BINS)
        self.ridge.set_ridge(ridge, self._steps, self.one_scale.isChecked(), _marks(points).noted)

    def _describe(self) -> None:
        """Every save in words, for those who do not see the plots."""
        known = [point for path in self._order if (point := self._points.get(path))]
        for plot, names in self._drawn_facts.items():
            places = [FACTS.index(name) - 1 for name in names]
            lines = []
            for point in known:
                facts = facts_of(point)
                said = ", ".join(f"{FACTS[place + 1]} {facts[place]}" for place in places if facts[place])
                lines.append(f"step {point.step}: {said or '–'}")
            plot.setAccessibleDescription("; ".join(lines))

    def _point(self, number: int | None) -> None:
        self.pointed = number
        for plot in (*self._over_steps, self.ridge):
            plot.highlight(number)
        self._read_out()

    def _step(self, by: int) -> None:
        last = len(self._steps) - 1
        number = last if self.pointed is None else min(max(self.pointed + by, 0), last)
        if self._steps:
            self._point(number)

    def _read_out(self) -> None:
        """The save pointed at, else the newest; what is pointed at is said in the status bar too."""
        if not self._order:
            return
        number = self.pointed if self.pointed is not None else len(self._order) - 1
        step, point = self._steps[number], self._points.get(self._order[number])
        facts = facts_of(point) if point else [""] * (len(FACTS) - 1)
        self.facts.show_facts([str(step), *facts])
        if self.pointed is None:
            self.bin.setText("")
            return
        self.bin.setText(self._bin)
        note = note_of(point, reference_of(list(self._points.values()))) if point else ""
        said = [f"{name} {fact}" for name, fact in zip(FACTS, [str(step), *facts], strict=True) if fact]
        readout.show(self, "   ".join(filter(None, [*said, note])))

    def _tell_bin(self, text: str) -> None:
        self._bin = text
        self._read_out()

    def _tell_thinned(self, every: int) -> None:
        text = self.tr("Histograms") if every == 1 else self.tr("Histograms of one save in {0}").format(every)
        self._titles[self.ridge].setText(text)

    def _open(self, number: int) -> None:
        if number < len(self._order):
            self.save_opened.emit(self._order[number])

    def _open_noted(self, item: QListWidgetItem) -> None:
        self.save_opened.emit(item.data(Qt.ItemDataRole.UserRole))


def _array(numbers: Sequence[Number]) -> Array:
    """float64, NaN for what is not there or infinite."""
    values = np.array([np.nan if number is None else float(number) for number in numbers], np.float64)
    return np.where(np.isfinite(values), values, np.nan)


def _marks(points: Sequence[Point | None]) -> Marks:
    reference = reference_of([point for point in points if point])

    def where(is_so: Callable[[Point], object]) -> tuple[int, ...]:
        return tuple(number for number, point in enumerate(points) if point and is_so(point))

    return Marks(
        nan=where(lambda point: point.summary and point.summary.nan),
        inf=where(lambda point: point.summary and point.summary.posinf + point.summary.neginf),
        noted=where(lambda point: note_of(point, reference)),
    )
