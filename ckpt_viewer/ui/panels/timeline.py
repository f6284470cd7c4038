"""One variable through a run: its figures over the steps, and a ridge of its histograms."""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from ckpt_viewer.analysis.timeline import Point, follow
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.session.provider import Provider
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, RunDocument, State
from ckpt_viewer.ui import layouts
from ckpt_viewer.ui.panels.timeline_plots import TimelinePlots
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.plain_splitter import across
from ckpt_viewer.ui.widgets.sentence import Sentence
from ckpt_viewer.ui.widgets.step_words import finding, notes_of
from ckpt_viewer.ui.widgets.timeline_head import TimelineHead
from ckpt_viewer.ui.widgets.variable_chooser import VariableChooser

ARRIVAL_MS = 150

Saves = Sequence[tuple[int, Path]]


class TimelinePanel(QWidget):
    """Reads one save after another, newest first, and draws what has arrived."""

    def __init__(self, session: Session, tasks: TaskRunner, key: str, plots: TimelinePlots) -> None:
        super().__init__()
        self.setObjectName("timeline")
        self.setAccessibleName(self.tr("Run over time"))
        self._session, self._tasks, self._key = session, tasks, key
        self._saves: Saves = ()
        self._variables: dict[str, Variable] = {}
        self._points: dict[Path, Point] = {}
        self._arrived: deque[Point] = deque()
        self._clock = QTimer(self, interval=ARRIVAL_MS)
        self.chooser, self.head, self.plots = VariableChooser(), TimelineHead(), plots
        self.nothing = Sentence()
        self._arrange()
        self._connect()

    @property
    def points(self) -> list[Point]:
        """What is known by now, oldest first."""
        return [self._points[path] for _, path in reversed(self._saves) if path in self._points]

    def set_run(self, saves: Saves, variables: Sequence[Variable]) -> None:
        """Saves with their steps, newest first, and the variables to choose from."""
        self._saves = saves
        self._variables = {variable.name: variable for variable in variables}
        self.chooser.set_variables(variables)
        self.plots.set_steps([step for step, _ in reversed(saves)])
        if self._document.variable is None and variables:
            self._update(variable=_first_choice(variables).name)  # which starts to follow it
        else:
            self._follow()

    def leave(self) -> None:
        """The tab is closing: no timer, listener or task of it stays."""
        layouts.keep(self._session.settings, self._parts)
        self._clock.stop()
        self._tasks.drop_all(self._key)
        self._session.forget(self._session_changed)

    @property
    def _lane(self) -> tuple[str, str]:
        return self._key, "follow"

    @property
    def _document(self) -> RunDocument:
        document = self._session.state.find(self._key)
        assert isinstance(document, RunDocument)
        return document

    def _update(self, **fields: object) -> None:
        self._session.update(self._key, **fields)

    def _arrange(self) -> None:
        body = QWidget()
        self._pages = QStackedLayout(body)
        self._pages.addWidget(self.plots)
        self._pages.addWidget(self.nothing)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(body, 1)
        self._parts = across("timelineParts", [self.chooser, right], [230, 760])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._parts)
        layouts.put_back(self._session.settings, self._parts)

    def _connect(self) -> None:
        self._clock.timeout.connect(self._take_arrivals)
        self.chooser.chosen.connect(self._choose)
        self.chooser.filtered.connect(self._filter)
        self.head.cancelled.connect(self._cancel)
        self.head.again.connect(self._follow)
        self.plots.save_opened.connect(self._open_save)
        self.plots.extremes_chosen.connect(self._show_extremes)
        self.plots.one_scale_chosen.connect(self._use_one_scale)
        self._tasks.changed.connect(self._show_progress)
        self._session.listen(self._session_changed)
        self._follow_document(None, self._document)

    def _session_changed(self, before: State, after: State) -> None:
        old, new = before.find(self._key), after.find(self._key)
        if isinstance(new, RunDocument) and old != new:
            self._follow_document(old if isinstance(old, RunDocument) else None, new)

    def _follow_document(self, old: RunDocument | None, new: RunDocument) -> None:
        self.chooser.set_filter(new.filter)
        self.plots.set_options(extremes=new.extremes, one_scale=new.one_scale)
        if old is None or old.variable != new.variable:
            self.chooser.set_chosen(new.variable)
            self._follow()

    def _follow(self) -> None:
        """Read the chosen variable of every save; what another request still finds goes nowhere."""
        name, self._points, self._arrived = self._document.variable, {}, deque()
        self._tasks.drop(self._lane)
        self._clock.stop()
        if not self._saves:
            return
        if name is None:
            self._say(self.tr("There is no variable to follow."), self.tr("The newest save has none."))
            return
        self.head.show_variable(name, self._variables.get(name))
        self._pages.setCurrentWidget(self.plots)
        self._clock.start()
        self._tasks.start(
            self._lane,
            partial(
                _follow,
                self._session.provider,
                self._saves,
                name,
                frozenset(self._variables),
                self._arrived.append,
            ),
            done=self._done,
            failed=self._failed,
            cancelled=self._stopped,
            title=self.tr("Reading the run"),
        )

    def _take_arrivals(self) -> None:
        arrived = [self._arrived.popleft() for _ in range(len(self._arrived))]
        if arrived:
            self._points.update((point.path, point) for point in arrived)
            self._draw()

    def _done(self, lacking: frozenset[str]) -> None:
        self._finish()
        self.chooser.set_lacking(lacking)
        if any(point.summary and point.summary.count for point in self.points):
            self._draw(final=True, complete=True)
            self.head.finished()
        else:
            self._say_nothing()

    def _stopped(self) -> None:
        self._finish()
        self._draw(final=True)
        self.head.stopped(len(self._points), len(self._saves))

    def _failed(self, error: BaseException) -> None:
        self._finish()
        raise error

    def _finish(self) -> None:
        self._clock.stop()
        self._take_arrivals()

    def _draw(self, final: bool = False, complete: bool = False) -> None:
        points = self.points
        self.head.show_finding(finding(points, complete))
        self.plots.set_points(self._points, [path for _, path in reversed(self._saves)], final)
        self.plots.set_notes(notes_of(points))

    def _say_nothing(self) -> None:
        """No save has a figure: the notes say why, never an empty plot."""
        self.head.show_finding("")
        self.head.finished()
        notes = [note for note, _ in notes_of(self.points)]
        self._say(
            self.tr("No save has figures of this variable."),
            "\n".join(notes) or self.tr("It has no elements."),
        )

    def _say(self, title: str, text: str) -> None:
        self.nothing.set(title, text)
        self._pages.setCurrentWidget(self.nothing)

    def _show_progress(self) -> None:
        if (task := self._tasks.find(self._lane)) and task.is_slow:
            self.head.show_progress(task.cancel.progress, len(self._points), len(self._saves))

    def _cancel(self) -> None:
        self._tasks.cancel(self._lane)

    def _choose(self, name: str) -> None:
        self._update(variable=name)

    def _filter(self, text: str) -> None:
        self._update(filter=text)

    def _show_extremes(self, shown: bool) -> None:
        self._update(extremes=shown)

    def _use_one_scale(self, one: bool) -> None:
        self._update(one_scale=one)

    def _open_save(self, path: Path) -> None:
        """The checkpoint as a tab, with this variable where it has it."""
        point, document = self._points.get(path), CheckpointDocument(path)
        self._session.show(document)
        if point is not None and point.variable is not None:
            self._session.update(document.key, variable=point.variable.name, page="variables")


def _first_choice(variables: Sequence[Variable]) -> Variable:
    """The first weight, else whatever comes first."""
    return next((variable for variable in variables if variable.role == "weight"), variables[0])


def _follow(
    provider: Provider,
    saves: Saves,
    name: str,
    names: frozenset[str],
    found: Callable[[Point], None],
    cancel: CancelToken,
) -> frozenset[str]:
    """Hand out the points as they come; which of the names some save that opens does not have."""
    lacking: set[str] = set()

    def open_one(path: Path, token: CancelToken) -> Checkpoint:
        checkpoint = provider.open_checkpoint(path, token)
        lacking.update(names.difference(variable.name for variable in checkpoint.variables))
        return checkpoint

    with closing(follow(open_one, saves, name, cancel)) as points:
        for point in points:
            found(point)
    return frozenset(lacking)
