"""A 1-D variable, or one row of a longer one, as a line over the index."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QVBoxLayout

from ckpt_viewer.analysis.summary import Summary
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.axis_bar import AxisBar, AxisChoice
from ckpt_viewer.ui.widgets.drawable import is_complex
from ckpt_viewer.ui.widgets.envelope import Envelope, envelope
from ckpt_viewer.ui.widgets.line_plot import LinePlot
from ckpt_viewer.ui.widgets.numbers import element_count_text, screen_count, screen_number
from ckpt_viewer.ui.widgets.view_frame import ViewFrame, said_of

MOST_STRETCHES = 2000
DETAIL_MS = 150


class LineView(ViewFrame):
    """Longer lines show the least and greatest of each stretch, and are read again where one looks closer."""

    def __init__(self, session: Session, tasks: TaskRunner, key: str) -> None:
        super().__init__(tasks, key, "line")
        self.axes, self.plot = AxisBar(lines=True), LinePlot()
        self.envelope: Envelope | None = None
        self._detail_lane = (key, "line detail")
        self.lanes.append(self._detail_lane)
        self._badge = QLabel()
        self._rest = QTimer(self, singleShot=True, interval=DETAIL_MS)
        self._lay_out()
        self.axes.chosen.connect(self._read_line)
        self.plot.pointed.connect(self._tell_element)
        self.plot.moved.connect(self._rest.start)
        self._rest.timeout.connect(self._read_detail)

    def load(self, checkpoint: Checkpoint, variable: Variable) -> None:
        if variable.shape != self.axes.shape:
            self.axes.set_shape(variable.shape, AxisChoice.along_last(variable.shape))
        if self.summary and said_of(self.summary):
            self.show_summary(self.summary)
        else:
            self._read_line()

    def show_summary(self, summary: Summary) -> None:
        super().show_summary(summary)
        if said := said_of(summary):
            self.stop()
            self.say(*said)

    def clear(self) -> None:
        super().clear()
        self._rest.stop()
        self.envelope = None
        self.plot.clear()

    def step_slice(self, by: int) -> None:
        """To the next or previous line."""
        self.axes.step(by)

    @property
    def length(self) -> int:
        return self.axes.choice.lengths(self.variable.shape)[1] if self.variable else 0

    def _lay_out(self) -> None:
        column = QVBoxLayout(self.content)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addWidget(self.axes)
        column.addWidget(self.plot, 1)
        column.addWidget(self._badge)

    def _read_line(self, *_: object) -> None:
        self.stop()
        if work := self._work(0, self.length):
            self.read(work, self._show_line)

    def _work(self, start: int, stop: int) -> Callable[[CancelToken], Envelope] | None:
        checkpoint, variable, choice = self.checkpoint, self.variable, self.axes.choice
        if checkpoint is None or variable is None:
            return None

        def work(cancel: CancelToken) -> Envelope:
            return envelope(checkpoint, variable, choice, start, stop, MOST_STRETCHES, cancel)

        return work

    def _show_line(self, line: Envelope) -> None:
        self.envelope = line
        self.plot.set_line(line)
        self._describe(line)
        self.show_content()

    def _describe(self, line: Envelope) -> None:
        parts = [element_count_text(line.count)]
        if not line.is_exact:
            parts.append(self.tr("least and greatest of each {0}").format(screen_count(line.step)))
        if self.variable and is_complex(self.variable.dtype):
            parts.append(self.tr("magnitude of complex numbers"))
        names = ("NaN", "+Inf", "−Inf")
        marked = [name for name, special in zip(names, line.specials, strict=True) if special.any()]
        if marked:
            parts.append(self.tr("marks at the edge: {0}").format(", ".join(marked)))
        self._badge.setText(" · ".join(parts))
        low, high = line.extent or (None, None)
        self.plot.setAccessibleDescription(
            self.tr("{0}. {1}. Finite values from {2} to {3}.").format(
                printable(self.variable.name if self.variable else ""),
                self._badge.text(),
                screen_number(low),
                screen_number(high),
            )
        )

    def _read_detail(self) -> None:
        """Read what is in sight again where the line is too rough for it."""
        if self.envelope is None or self.envelope.is_exact:
            return
        start, stop = self.plot.in_sight()
        if stop - start >= self.length or stop <= start:
            self.plot.set_detail(None)
        elif work := self._work(start, stop):
            self.tasks.start(self._detail_lane, work, done=self.plot.set_detail, failed=self.show_error)

    def _tell_element(self, place: int | None) -> None:
        text = ""
        if place is not None and self.variable is not None:
            first, last, low, high = self.plot.at(place)
            name = printable(self.variable.name)
            index = ",".join(map(str, self.axes.choice.element(0, place)))
            text = f"{name} [{index}] = {low}"
            if first != last:
                text = self.tr("{0} elements {1}–{2}: {3} … {4}").format(name, first, last, low, high)
        self.tell(text)
