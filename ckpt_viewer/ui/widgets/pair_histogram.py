"""The histograms of A and B over each other, from their exact summaries."""

from functools import partial

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from ckpt_viewer.analysis.common_grid import on_common_grid
from ckpt_viewer.analysis.histogram import Histogram
from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.analysis.summary import Summary
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.formats.values.dtypes import is_numeric
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.elided_label import ElidedLabel
from ckpt_viewer.ui.widgets.histogram_plot import HistogramPlot
from ckpt_viewer.ui.widgets.loading import Loading
from ckpt_viewer.ui.widgets.numbers import screen_count, screen_number
from ckpt_viewer.ui.widgets.pair_reading import Sides
from ckpt_viewer.ui.widgets.plain_text import plain_label
from ckpt_viewer.ui.widgets.sentence import Sentence

MAX_BINS = 256
Summaries = dict[str, Summary]


class PairHistogram(QWidget):
    """Both distributions on one grid of bins, with counts as heights or their logarithms."""

    def __init__(self, tasks: TaskRunner, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareHistogram")
        self.setAccessibleName(self.tr("Histograms of A and B"))
        self._tasks, self._lane = tasks, (key, "histogram")
        self._summaries: Summaries = {}
        self.plot = HistogramPlot()
        self.log = QCheckBox(self.tr("Log"))
        self._facts = {side: ElidedLabel() for side in ("a", "b")}
        self._told = plain_label()
        self._nothing = Sentence()
        self._arrange()
        self._connect()

    def show_pair(self, sides: Sides | None) -> None:
        """Summarize and show a pair, or nothing."""
        self._tasks.drop(self._lane)
        countable = sides is not None and _can_be_counted(sides)
        self.setVisible(countable)
        if sides is None or not countable:
            self._say("")
            return
        self._tasks.start(
            self._lane,
            partial(_summaries, sides),
            done=self._done,
            failed=self._failed,
            title=self.tr("Counting {0}…").format(sides.title),
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_pages"):
            self._draw()

    def _arrange(self) -> None:
        self.log.setToolTip(self.tr("Logarithmic counts"))
        self.log.setAccessibleName(self.log.toolTip())
        facts = QVBoxLayout()
        facts.setSpacing(0)
        for label in self._facts.values():
            facts.addWidget(label)
        top = QHBoxLayout()
        top.setContentsMargins(8, 6, 8, 2)
        top.addLayout(facts, 1)
        top.addWidget(self.log)
        self._body = QWidget()
        self._pages = QStackedLayout(self._body)
        self._pages.addWidget(self._nothing)
        self._pages.addWidget(self.plot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._body, 1)
        column.addWidget(self._told)

    def _connect(self) -> None:
        Loading(self._body, self._tasks, [self._lane])
        self.log.toggled.connect(self._draw)
        self.plot.told.connect(self._told.setText)
        self._told.setContentsMargins(8, 0, 8, 4)
        self._told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(220)

    def _done(self, summaries: Summaries) -> None:
        self._summaries = summaries
        self._draw()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, CheckpointError):
            raise error
        self._say(error.problem.message, error.problem.hint)

    def _say(self, title: str, text: str = "") -> None:
        self._summaries = {}
        self._show_facts()
        self._nothing.set(title, text)
        self._pages.setCurrentIndex(0)

    def _draw(self) -> None:
        if not self._summaries:
            return
        histograms = {
            side: summary.histogram
            for side, summary in self._summaries.items()
            if summary.histogram is not None and summary.histogram.total
        }
        self._show_facts()
        if not histograms:
            self._nothing.set(self.tr("No finite values"), self.tr("There is nothing to count."))
            self._pages.setCurrentIndex(0)
            return
        self.plot.set_histograms(_entries(histograms), log=self.log.isChecked(), max_bins=MAX_BINS)
        self._pages.setCurrentIndex(1)

    def _show_facts(self) -> None:
        """In the colours of the plot, which they explain."""
        self.log.setVisible(bool(self._summaries))
        inks = {"a": theme.current().series_a, "b": theme.current().series_b}
        for side, label in self._facts.items():
            summary = self._summaries.get(side)
            label.setVisible(summary is not None)
            label.setText(_facts(side, summary) if summary else "")
            label.setStyleSheet(f"color: {inks[side]};")

    def facts(self) -> str:
        """What is said of each side."""
        return "\n".join(label.text() for label in self._facts.values() if label.text())


def _can_be_counted(sides: Sides) -> bool:
    """Numbers, and more than one on some side."""
    variables = [variable for _, variable in sides.there.values()]
    return all(is_numeric(variable.dtype) for variable in variables) and any(
        variable.element_count > 1 for variable in variables
    )


def _summaries(sides: Sides, cancel: CancelToken) -> Summaries:
    return {
        side: summarize(checkpoint, variable, cancel) for side, (checkpoint, variable) in sides.there.items()
    }


def _entries(histograms: dict[str, Histogram]) -> list[tuple[str, Histogram, str]]:
    colours = {"a": theme.current().series_a, "b": theme.current().series_b}
    aligned = on_common_grid(list(histograms.values()), MAX_BINS)
    return [(side.upper(), shown, colours[side]) for side, shown in zip(histograms, aligned, strict=True)]


def _facts(side: str, summary: Summary) -> str:
    special = [
        f"{screen_count(count)} {name}"
        for name, count in (("NaN", summary.nan), ("+Inf", summary.posinf), ("−Inf", summary.neginf))
        if count
    ]
    mean = f"{screen_number(summary.mean, 4)} ± {screen_number(summary.std, 4)}"
    return " · ".join([f"{side.upper()}  {mean}", *special])
