"""All finite elements counted into bins, what is not finite beside them."""

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QVBoxLayout

from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.analysis.summary import Summary
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Variable
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.drawable import is_complex
from ckpt_viewer.ui.widgets.fact_strip import FactStrip
from ckpt_viewer.ui.widgets.histogram_plot import HistogramPlot
from ckpt_viewer.ui.widgets.numbers import screen_count, statistic
from ckpt_viewer.ui.widgets.view_frame import ViewFrame, said_of

BINS = (32, 64, 128, 256, 512, 1024)
NAMES = ("count", "min", "mean", "max", "std", "zeros", "NaN", "+Inf", "−Inf")


class HistogramView(ViewFrame):
    """Exact over all elements: the counts, NaN and ±Inf together are the number of elements."""

    def __init__(self, session: Session, tasks: TaskRunner, key: str) -> None:
        super().__init__(tasks, key, "histogram", lane="summary")
        self.plot = HistogramPlot()
        self._facts = FactStrip(NAMES)
        self._bins, self._log = QComboBox(), QCheckBox(self.tr("Logarithmic counts"))
        self._note = QLabel(self.tr("magnitude of complex numbers"))
        self._lay_out()
        self._bins.activated.connect(self._draw)
        self._log.toggled.connect(self._draw)
        self.plot.told.connect(self.tell)

    @property
    def counts(self) -> Array:
        """int64 counts of the finite elements, one for each bin drawn."""
        histogram = self.summary.histogram if self.summary else None
        return histogram.coarsened(self._bins.currentData()).counts if histogram else np.zeros(0, np.int64)

    def load(self, checkpoint: Checkpoint, variable: Variable) -> None:
        """Count, unless whoever shows this view is doing so already and will hand the summary over."""
        if self.summary:
            self.show_summary(self.summary)
        if self.summary or self.tasks.busy(self.lane):
            return

        def work(cancel: CancelToken) -> Summary:
            return summarize(checkpoint, variable, cancel)

        self.read(
            work, self._take_own, self.tr("Counting the values of {0}").format(printable(variable.name))
        )

    def show_summary(self, summary: Summary) -> None:
        super().show_summary(summary)
        self._facts.show_facts(facts_of(summary))
        self._draw()
        if said := said_of(summary):
            self.say(*said)
        elif summary.count:
            self.show_content()

    def summary_failed(self, error: BaseException) -> None:
        self.show_error(error)

    def summary_cancelled(self) -> None:
        self.tell_cancelled()

    def clear(self) -> None:
        super().clear()
        self.plot.clear()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.summary:
            self._draw()

    def _take_own(self, summary: Summary) -> None:
        self.show_summary(summary)
        self.summarized.emit(summary)

    def _lay_out(self) -> None:
        for number in BINS:
            self._bins.addItem(screen_count(number), number)
        self._bins.setCurrentIndex(BINS.index(256))
        self._bins.setAccessibleName(self.tr("Most bins"))
        controls = QHBoxLayout()
        controls.addWidget(QLabel(self.tr("At most")))
        controls.addWidget(self._bins)
        controls.addWidget(QLabel(self.tr("bins")))
        controls.addSpacing(8)
        controls.addWidget(self._log)
        controls.addStretch(1)
        controls.addWidget(self._note)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(controls)
        column.addWidget(self.plot, 1)
        column.addWidget(self._facts)

    def _draw(self) -> None:
        if self.variable is None or self.summary is None or self.summary.histogram is None:
            self.plot.clear()
            return
        self._note.setVisible(is_complex(self.variable.dtype))
        entry = ("", self.summary.histogram, theme.current().series_a)
        self.plot.set_histograms([entry], self._log.isChecked(), self._bins.currentData())


def facts_of(summary: Summary) -> list[str]:
    """The texts for `NAMES`."""
    numbers = (summary.min, summary.mean, summary.max, summary.std)
    counts = (summary.zeros, summary.nan, summary.posinf, summary.neginf)
    return [
        screen_count(summary.count),
        *(statistic(number) for number in numbers),
        *(screen_count(count) for count in counts),
    ]
