"""What the pages behind the tabs share: opening in a worker, failing calmly, closing without a trace."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, Problem, UnfinishedFile
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import State
from ckpt_viewer.ui.focus import holds, nearest, target_in
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.loading import Loading
from ckpt_viewer.ui.widgets.message_bar import MessageBar
from ckpt_viewer.ui.widgets.sentence import Sentence

if TYPE_CHECKING:
    from ckpt_viewer.ui.panels.graph import GraphPanel

FOCUS_MS = 20
LOOK_AGAIN_MS = 1000
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
Opening = Callable[[CancelToken], Any]


class Page(QWidget):
    """One document's tab. `enter` is called when it comes to the front, `leave` when it closes.

    A page says what it opens (`opening`), takes the result in (`take`) and lets go of it (`release`).
    """

    status_changed = Signal()
    filled = Signal()  # with what it opened, or why it could not

    def __init__(self, session: Session, tasks: TaskRunner, key: str, content: QWidget) -> None:
        super().__init__()
        self.session, self.tasks, self.key = session, tasks, key
        self.status = ""
        self.message = MessageBar()
        self.failure = Sentence()
        self._problem: Problem | None = None
        self._failure = "", ""
        self._asked = False
        self._wanted_pane = 0
        self._focus_clock = QTimer(self, interval=FOCUS_MS)
        self._focus_clock.timeout.connect(self._hand_focus_on)
        self._again = QTimer(self, interval=LOOK_AGAIN_MS, singleShot=True)
        self._again.timeout.connect(self.retry)
        self._stack = QStackedWidget()
        self._stack.addWidget(content)
        self._stack.addWidget(self.failure)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message)
        column.addWidget(self._stack, 1)
        Loading(self._stack, tasks, [self.lane])
        session.listen(self.session_changed)

    @staticmethod
    def parts(tasks: TaskRunner, key: str) -> Iterator[QWidget]:
        """What takes its time to make, one after the other; the constructor is given them last."""
        yield from ()

    @property
    def lane(self) -> tuple[str, str]:
        return self.key, "open"

    def enter(self) -> None:
        """Open what it shows, the first time: tabs of the last session cost nothing until looked at."""
        if not self._asked:
            self.reload()

    def reload(self) -> None:
        """Open it again; the old content stays until the new is there."""
        self._asked = True
        self.tasks.start(
            self.lane,
            self.opening(),
            done=self._opened,
            failed=self._failed,
            cancelled=self._cancelled,
            title=self.tr("Opening"),
        )

    def retry(self) -> None:
        """Open again what could not be opened."""
        if self._stack.currentWidget() is self.failure:
            self.reload()

    def filter_field(self) -> QLineEdit | None:
        """Where Ctrl+F goes."""
        fields = self.findChildren(QLineEdit)
        return next((field for field in fields if field.isVisible() and field.placeholderText()), None)

    def choose_first(self) -> None:
        """Choose the first row that the filter leaves, unless the chosen one is among them."""

    def panes(self) -> list[QWidget]:
        """What F6 goes through; the first is where the keys go after a filter."""
        return [self]

    def shown_graph(self) -> "GraphPanel | None":
        """The graph in sight, if it is one."""
        return None

    def at_rest(self) -> bool:
        """Whether it has all its parts."""
        return not self.tasks.any_busy()

    def pane_in_focus(self) -> int | None:
        """The place among the panes of the one that holds the focus; 0 where it is elsewhere in the page."""
        focus = QApplication.focusWidget()
        places = [place for place, pane in enumerate(self.panes()) if holds(pane, focus)]
        return next(iter(places), 0 if holds(self, focus) else None)

    def focus_pane(self, place: int) -> None:
        """Give a pane the focus, as soon as it is there."""
        self._wanted_pane = place
        self.setFocus()
        self._focus_clock.start()
        self._hand_focus_on()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Qt asks for what comes next also where what had the focus goes out of sight: then it goes back."""
        lost = QApplication.focusWidget()
        if lost is None or lost.isVisible():
            return super().focusNextPrevChild(next)
        self.focus_pane(nearest(self.panes(), lost))
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From the filter the arrow down leads to what it filters, Enter to what it has found."""
        field = self.filter_field()
        if field is None or not field.hasFocus() or event.key() not in (Qt.Key.Key_Down, *ENTER):
            super().keyPressEvent(event)
            return
        if event.key() in ENTER:
            self.choose_first()
        self.focus_pane(0)

    def leave(self) -> None:
        self.session.forget(self.session_changed)
        self.tasks.drop_all(self.key)
        for timer in self.findChildren(QTimer):
            timer.stop()
        self.release()

    def opening(self) -> Opening:
        """The work that opens it, a plain function for a worker."""
        raise TypeError

    def take(self, opened: Any) -> None:
        """Show what was opened."""

    def release(self) -> None:
        """Close what was opened."""

    def session_changed(self, before: State, after: State) -> None:
        """The session's state is another one now."""

    def outdate(self) -> None:
        """What anybody has told of its files is old."""
        self.session.change(outdated=self.session.state.outdated + 1)

    def say(self, status: str) -> None:
        """Tell the status bar what this page is about."""
        self.status = status
        self.status_changed.emit()

    def _opened(self, opened: Any) -> None:
        self._show_content(True)
        self.message.clear()
        self.take(opened)
        self.filled.emit()
        if self._problem is not None:
            self._problem = None
            self.outdate()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, CheckpointError):
            raise error
        self._problem = error.problem
        message, hint = error.problem.message, error.problem.hint
        if isinstance(error, UnfinishedFile):
            hint = f"{hint}\n" + self.tr("It is looked at again by itself.")
            self._again.start()
        self._failure = message, hint
        self._tell_failure()
        self._show_content(False)
        self.filled.emit()

    def _tell_failure(self, *ways_on: tuple[str, Callable[[], object]]) -> None:
        """What stopped it, what to try, and what can be shown all the same."""
        buttons = [(self.tr("Retry"), self.reload), (self.tr("Copy details"), self._copy_details)]
        self.failure.set(*self._failure, [*ways_on, *buttons])

    def _cancelled(self) -> None:
        self.failure.set(self.tr("Opening was cancelled."), "", [(self.tr("Open again"), self.reload)])
        self._show_content(False)
        self.filled.emit()

    def _hand_focus_on(self) -> None:
        """To the pane it is meant for, or what is there in the end, unless it has gone elsewhere."""
        wanted = self.panes()[self._wanted_pane :][:1]
        if self.at_rest():
            wanted += [*self.panes(), self]
        target = next((target for pane in wanted if (target := target_in(pane))), None)
        if target is None and self.hasFocus():
            return
        self._focus_clock.stop()
        if target is not None and self.hasFocus():
            target.setFocus()

    def _show_content(self, there: bool) -> None:
        """Only what is being said now goes by the name `message`."""
        self._stack.setCurrentIndex(0 if there else 1)
        self.message.setObjectName("message" if there else "")
        self.failure.setObjectName("" if there else "message")
        if not there:
            self.message.clear()

    def _copy_details(self) -> None:
        if problem := self._problem:
            text = f"{problem.message}\n{problem.hint}\n[{problem.code}]"
            QGuiApplication.clipboard().setText(text)
