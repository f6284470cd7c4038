"""What all value views share: their content or a sentence in its place, reading, failing and trying again."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from ckpt_viewer.analysis.summary import Summary
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.session.wording import short_shape_text
from ckpt_viewer.ui import readout
from ckpt_viewer.ui.focus import show_in
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.loading import Loading
from ckpt_viewer.ui.widgets.numbers import screen_count, screen_number
from ckpt_viewer.ui.widgets.sentence import Choice, Sentence

CHECKS = {"ok": "verified ✓", "wrong": "✗ wrong checksum", "none": "no checksum is stored"}
NOT_YET = "not verified yet"


class ViewFrame(QWidget):
    """One way to look at a variable.

    A subclass fills `content` and overrides `load`, which starts reading; `show_summary` tells it the exact
    statistics once they are known.
    """

    summarized = Signal(object)  # a Summary that this view had to make itself
    reload_asked = Signal()  # of the whole checkpoint, whose files are others now

    def __init__(self, tasks: TaskRunner, key: str, object_name: str, lane: str = "") -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.tasks, self.key, self.lane = tasks, key, (key, lane or object_name)
        self.lanes = [self.lane]
        self.checkpoint: Checkpoint | None = None
        self.variable: Variable | None = None
        self.summary: Summary | None = None
        self.content, self._sentence = QWidget(), Sentence()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.content)
        self._stack.addWidget(self._sentence)
        self._loading = Loading(self, tasks, [self.lane])

    def show_values(self, checkpoint: Checkpoint, variable: Variable, summary: Summary | None = None) -> None:
        """Show this variable; what was there stays, dimmed, until it can be.

        Its statistics are handed over where they are known already.
        """
        self.checkpoint, self.variable, self.summary = checkpoint, variable, summary
        if variable.problem:
            self.show_problem(variable.problem)
        elif variable.element_count == 0:
            self.say(*nothing_in(variable))
        else:
            self.load(checkpoint, variable)

    def show_summary(self, summary: Summary) -> None:
        """The exact statistics of the variable that is shown."""
        self.summary = summary

    def summary_failed(self, error: BaseException) -> None:
        """There will be no statistics; for a view that waits for them."""

    def summary_cancelled(self) -> None:
        """The user does not want to wait for the statistics."""

    def step_slice(self, by: int) -> None:
        """To the next or previous slice, where a view has slices."""

    def load(self, checkpoint: Checkpoint, variable: Variable) -> None:
        """Start reading what this view needs."""

    def stop(self) -> None:
        """Forget whatever is being read."""
        for lane in self.lanes:
            self.tasks.drop(lane)

    def clear(self) -> None:
        self.stop()
        self.checkpoint = self.variable = self.summary = None
        self.say("")

    def read(self, work: Callable[[CancelToken], Any], done: Callable[[Any], None], title: str = "") -> None:
        """Run `work` in this view's lane; a failure is shown in place of the content, with Retry."""
        self.tasks.start(
            self.lane, work, done=done, failed=self.show_error, cancelled=self.tell_cancelled, title=title
        )

    def tell(self, text: str) -> None:
        """Say in the status bar what is under the pointer, and whether its bytes were checked."""
        state = _tr(CHECKS[self.summary.checksum] if self.summary else NOT_YET)
        readout.show(self, f"{text}  │  {state}" if text else "")

    def show_content(self) -> None:
        show_in(self._stack, self.content)

    def say(self, title: str, text: str = "", buttons: Sequence[Choice] = ()) -> None:
        self._sentence.set(title, text, buttons)
        self._stack.setCurrentWidget(self._sentence)

    def says(self) -> str:
        """The sentence in place of the content; empty where the content is shown."""
        return self._sentence.text() if self._stack.currentWidget() is self._sentence else ""

    def show_error(self, error: BaseException) -> None:
        if not isinstance(error, CheckpointError):
            raise error
        self.show_problem(error.problem)

    def show_problem(self, problem: Problem) -> None:
        ways: dict[str, list[Choice]] = {
            "unsupported": [],
            "changed-on-disk": [(self.tr("Reload"), self.reload_asked.emit)],
        }
        again = [(self.tr("Retry"), self.retry)]
        self.say(problem.message, problem.hint, ways.get(problem.code, again))

    def retry(self) -> None:
        if self.checkpoint and self.variable:
            self.show_values(self.checkpoint, self.variable)

    def tell_cancelled(self) -> None:
        self.say(self.tr("Reading was cancelled."), "", [(self.tr("Read again"), self.retry)])


def nothing_in(variable: Variable) -> tuple[str, str]:
    lengths = short_shape_text(variable.shape).replace("×", " × ")
    return _tr("This variable has no elements."), _tr("Its shape is {0}.").format(lengths)


def said_of(summary: Summary) -> tuple[str, str] | None:
    """What replaces a plot of values that are all alike; None where there is something to plot."""
    count = screen_count(summary.count)
    if summary.count == 1:
        return _tr("One value: {0}").format(_only_value(summary)), ""
    for name, special in (("NaN", summary.nan), ("+Inf", summary.posinf), ("−Inf", summary.neginf)):
        if special and special == summary.count:
            return _tr("All {0} elements are {1}.").format(count, name), _tr(
                "There is no finite value to draw."
            )
    if summary.count and not summary.finite:
        return _tr("None of the {0} elements is finite.").format(count), specials_text(summary)
    if summary.count and summary.finite == summary.count and summary.min == summary.max:
        return _tr("All {0} elements are {1}.").format(count, screen_number(summary.min)), _tr(
            "It is constant."
        )
    return None


def specials_text(summary: Summary) -> str:
    specials = (("NaN", summary.nan), ("+Inf", summary.posinf), ("−Inf", summary.neginf))
    return ", ".join(f"{name} {screen_count(count)}" for name, count in specials if count)


def _only_value(summary: Summary) -> str:
    return screen_number(summary.min) if summary.finite else specials_text(summary).split()[0]


def _tr(text: str) -> str:
    return QCoreApplication.translate("ViewFrame", text)
