"""The chosen variable, looked at in one of several ways."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from ckpt_viewer.analysis.chunks import CHUNK_BYTES
from ckpt_viewer.analysis.examination import Examination, examine
from ckpt_viewer.analysis.summary import Summary
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.graph import Graph
from ckpt_viewer.formats.unverified import Unverified
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, State
from ckpt_viewer.session.wording import printable, shape_text, short_shape_text
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.turns import once_painted
from ckpt_viewer.ui.value_views import VALUE_VIEWS, default_view
from ckpt_viewer.ui.value_views.info import InfoView
from ckpt_viewer.ui.widgets.calm_tabs import CalmTabs
from ckpt_viewer.ui.widgets.elided_label import ElidedLabel
from ckpt_viewer.ui.widgets.hidden_note import HiddenNote
from ckpt_viewer.ui.widgets.message_bar import MessageBar
from ckpt_viewer.ui.widgets.plain_text import plain_label, plain_tooltip
from ckpt_viewer.ui.widgets.sentence import Sentence
from ckpt_viewer.ui.widgets.view_frame import CHECKS, NOT_YET, ViewFrame

UNASKED = 1 << 28  # bytes up to which a variable's values are all read without being asked for

_INFO = next(number for number, view in enumerate(VALUE_VIEWS) if view.object_name == "info")
_WIDEST_FACTS = 260  # pixels; a longer name gives way first


class ValuePane(QWidget):
    """Follows the variable and the view of its document; reads it all once, to check and to count.

    Args:
        key: That of the checkpoint's document.
    """

    doubted = Signal(str, Problem)  # the name of a variable, and what is wrong with its bytes
    reload_asked = Signal()

    def __init__(self, session: Session, tasks: TaskRunner, key: str) -> None:
        super().__init__()
        self._session, self._tasks, self._key = session, tasks, key
        self._lane = (key, "summary")
        self._checkpoint: Checkpoint | None = None
        self._source: Checkpoint | None = None  # the same, or without its checksums once the user wants that
        self.variable: Variable | None = None
        self.summary: Summary | None = None
        self._problem: Problem | None = None
        self._up_to_date: set[int] = set()
        self.tabs, self._sentence, self._banner = CalmTabs(), Sentence(), MessageBar()
        self._name, self._facts, self._check = ElidedLabel(), ElidedLabel(), plain_label()
        self._hidden = HiddenNote()
        self._verify = QPushButton(self.tr("Verify"))
        self.views: dict[int, ViewFrame] = {}  # by place in `VALUE_VIEWS`, those that were looked at
        self._places = [QWidget() for _ in VALUE_VIEWS]
        self._graph: Graph | None = None
        self._lay_out()
        self.tabs.currentChanged.connect(self._choose_view)
        self._hidden.clicked.connect(self._show_all)
        self._verify.clicked.connect(self.verify)
        session.listen(self._follow)
        self._show_variable()

    def set_checkpoint(self, checkpoint: Checkpoint | None) -> None:
        """Show the chosen variable of another checkpoint, or of the same one read anew."""
        self._checkpoint = checkpoint
        self._show_variable()

    def set_graph(self, graph: Graph | None) -> None:
        """The graph in which the variable's ops are looked up."""
        self._graph = graph
        if isinstance(info := self.views.get(_INFO), InfoView):
            info.set_graph(graph)

    def offers(self, title: str) -> bool:
        """Whether the view of this title supports the variable shown."""
        shown = self.variable
        return shown is not None and any(view.title == title and view.supports(shown) for view in VALUE_VIEWS)

    def show_view(self, index: int) -> None:
        """Bring a view to the front by its place in `VALUE_VIEWS`, if it supports the variable."""
        if 0 <= index < self.tabs.count() and self.tabs.isTabVisible(index):
            self.tabs.setCurrentIndex(index)
            self._view(index).setFocus()

    def step_slice(self, by: int) -> None:
        """To the next or previous slice of the view in front, where it has slices."""
        self._view(self.tabs.currentIndex()).step_slice(by)

    def judge_again(self) -> None:
        """Say of the same variable what its checkpoint tells of it now; its picture stays."""
        if self.variable is None or (found := self._find()) is None:
            return
        self.variable = found
        self._say_facts(found)
        self._up_to_date.discard(_INFO)
        if self.tabs.currentIndex() == _INFO:
            self._show_current()

    def verify(self) -> None:
        """Read all values of the variable now, however many, to check and count them."""
        self._examine(asked=True)

    def show_anyway(self) -> None:
        """Look at the values although their checksum is wrong; the banner stays."""
        if self._checkpoint and self._problem:
            self._source = Unverified(self._checkpoint)
            self._up_to_date.clear()
            self._banner.show_problem(self._doubt(self._problem))
            self._show_current()

    def say_hidden(self, hidden: bool) -> None:
        """Whether the table leaves out the variable; its values stay, the filter may not be for long."""
        self._hidden.setVisible(hidden)

    def doubt(self, variables: Sequence[Variable]) -> Problem | None:
        """What is known to be wrong with the bytes of the variable shown, if it is one of these."""
        return self._problem if self.variable in variables else None

    def leave(self) -> None:
        """Follow the session no longer; call before the pane goes away."""
        self._session.forget(self._follow)

    def _lay_out(self) -> None:
        self.tabs.setObjectName("valueViews")
        self.tabs.setAccessibleName(self.tr("Views of the values"))
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self._banner.setObjectName("checksumBanner")
        for view, place in zip(VALUE_VIEWS, self._places, strict=True):
            place.setObjectName(view.object_name)
            self.tabs.addTab(place, self.tr(view.title))
        self.tabs.set_icons([view.icon for view in VALUE_VIEWS])
        font = self._name.font()
        font.setBold(True)
        self._name.setFont(font)
        self._facts.setForegroundRole(self._facts.foregroundRole().PlaceholderText)
        self._verify.setStyleSheet("padding: 0 8px; min-height: 0;")  # no higher than the line it stands in
        title = QHBoxLayout()
        title.setContentsMargins(8, 4, 8, 0)
        title.setSpacing(12)
        title.addWidget(self._name)
        title.addWidget(self._facts)
        title.addWidget(self._hidden)
        title.addStretch(1)
        title.addWidget(self._check)
        title.addWidget(self._verify)
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(title)
        column.addWidget(self._banner)
        column.addWidget(self.tabs, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(shown)
        self._stack.addWidget(self._sentence)
        self._shown = shown

    def _view(self, number: int) -> ViewFrame:
        """Made when it is first looked at: plots take their time."""
        if number not in self.views:
            view = self.views[number] = VALUE_VIEWS[number].make(self._session, self._tasks, self._key)
            view.setAccessibleName(self.tr(VALUE_VIEWS[number].title))
            view.summarized.connect(self._take_summary)
            view.reload_asked.connect(self.reload_asked)
            if isinstance(view, InfoView):
                view.set_graph(self._graph)
            column = QVBoxLayout()
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(view)
            self._places[number].setLayout(column)
            self._places[number].setObjectName("")  # it is the view's from now on
        return self.views[number]

    def _follow(self, before: State, after: State) -> None:
        old, new = before.find(self._key), after.find(self._key)
        if not isinstance(new, CheckpointDocument):
            return
        if not isinstance(old, CheckpointDocument) or new.variable != old.variable:
            self._show_variable()
        elif new.view != old.view:
            self._place_tabs()

    def _show_variable(self) -> None:
        """Begin anew with the document's variable."""
        for view in self.views.values():
            view.stop()
        self._source, self.summary, self._problem = self._checkpoint, None, None
        self._up_to_date.clear()
        self._banner.clear()
        self.variable = self._find()
        if self.variable is None:
            for view in self.views.values():
                view.clear()
            self._stack.setCurrentWidget(self._sentence)
            return
        self._say_facts(self.variable)
        self._say_check("")
        self._stack.setCurrentWidget(self._shown)
        self._place_tabs()

    def _say_facts(self, variable: Variable) -> None:
        self._name.setText(printable(variable.name))
        self._facts.setMinimumWidth(0)
        called = [printable(variable.full_name)] if variable.full_name else []
        facts = [*called, short_shape_text(variable.shape), variable.dtype, variable.role]
        self._facts.setText(" · ".join(facts))
        self._facts.setToolTip(plain_tooltip(shape_text(variable.shape).replace("×", " × ")))
        self._facts.setMinimumWidth(min(self._facts.sizeHint().width(), _WIDEST_FACTS))

    def _find(self) -> Variable | None:
        document = self._session.state.find(self._key)
        name = document.variable if isinstance(document, CheckpointDocument) else None
        if self._checkpoint is None:
            self._sentence.set("")
            return None
        if name is None:
            self._sentence.set(self.tr("Choose a variable in the table to look at its values."))
            return None
        try:
            return self._checkpoint.find(name)
        except CheckpointError as error:
            self._sentence.set(error.problem.message, error.hint)
            return None

    def _place_tabs(self) -> None:
        """Offer the views that support the variable, and bring the wanted one to the front."""
        if self.variable is None:
            return
        self.tabs.currentChanged.disconnect(self._choose_view)
        for number, view in enumerate(VALUE_VIEWS):
            self.tabs.setTabVisible(number, view.supports(self.variable))
        document = self._session.state.find(self._key)
        wanted = document.view if isinstance(document, CheckpointDocument) else None
        named = next((v for v in VALUE_VIEWS if v.title == wanted and v.supports(self.variable)), None)
        self.tabs.setCurrentIndex(VALUE_VIEWS.index(named or default_view(self.variable)))
        self.tabs.currentChanged.connect(self._choose_view)
        self._show_current()

    def _choose_view(self, index: int) -> None:
        self._session.update(self._key, view=VALUE_VIEWS[index].title)
        self._show_current()

    def _show_current(self) -> None:
        """Let the view in front show the variable, if it does not yet."""
        number = self.tabs.currentIndex()
        if self.variable is None or self._source is None or number in self._up_to_date:
            return
        self._up_to_date.add(number)
        self._examine(asked=VALUE_VIEWS[number].object_name == "histogram")
        if self._is_doubted() and VALUE_VIEWS[number].object_name != "info":
            self._withhold(self._view(number))
        else:
            self._view(number).show_values(self._source, self.variable, self.summary)

    def _examine(self, asked: bool) -> None:
        """Read everything once in the background, unless it is much and nobody has asked for it."""
        checkpoint, variable = self._checkpoint, self.variable
        if checkpoint is None or variable is None or self.summary or self._tasks.busy(self._lane):
            return
        if variable.problem:
            return
        if variable.nbytes > UNASKED and not asked:
            self._say_check(self.tr(NOT_YET), again=True)
            return

        self._say_check(self.tr("verifying…"))
        work = partial(examine, checkpoint, variable)
        title = self.tr("Checking {0}").format(printable(variable.name))
        self._tasks.start(
            self._lane,
            once_painted(work) if variable.nbytes > CHUNK_BYTES else work,
            done=self._take_examined,
            failed=self._fail,
            cancelled=self._cancelled,
            title=title,
        )

    def _take_examined(self, examined: Examination) -> None:
        self._problem = examined.problem
        self._take_summary(examined.summary)
        if examined.problem and self.variable:
            self._warn(examined.problem)
            self.doubted.emit(self.variable.name, examined.problem)

    def _take_summary(self, summary: Summary) -> None:
        self.summary = summary
        self._say_check(self.tr(CHECKS[summary.checksum]))
        for number in self._up_to_date:
            self.views[number].show_summary(summary)

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, CheckpointError):
            raise error
        self._say_check(self.tr("not verified"))
        for number in self._up_to_date:
            self.views[number].summary_failed(error)

    def _cancelled(self) -> None:
        self._say_check(self.tr("not verified"), again=True)
        for number in self._up_to_date:
            self.views[number].summary_cancelled()

    def _show_all(self) -> None:
        self._session.update(self._key, filter="", role=None)

    def _say_check(self, text: str, again: bool = False) -> None:
        """With `again` there is something left to verify."""
        self._check.setText(text)
        self._verify.setVisible(again)

    def _is_doubted(self) -> bool:
        """Whether the bytes are known to be wrong and the user has not asked to see them all the same."""
        return self._problem is not None and self._source is self._checkpoint

    def _warn(self, problem: Problem) -> None:
        self._banner.show_problem(self._doubt(problem), [(self.tr("Show anyway"), self.show_anyway)])
        for number in self._up_to_date:
            if VALUE_VIEWS[number].object_name != "info":
                self._withhold(self.views[number])

    def _doubt(self, problem: Problem) -> Problem:
        if self._is_doubted():
            warning = self.tr("The values may be wrong and are not shown.")
        else:
            warning = self.tr("The values below may be wrong.")
        message = f"{problem.message} {warning}"
        return Problem(problem.code, message, problem.hint)

    def _withhold(self, view: ViewFrame) -> None:
        view.clear()
        title = self.tr("These bytes do not have the checksum that was stored with them.")
        view.say(title, "", [(self.tr("Show anyway"), self.show_anyway)])  # the banner says the rest
