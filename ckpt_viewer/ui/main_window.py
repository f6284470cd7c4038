"""The window: it places the panels, hands paths to the session and closes without a trace."""

import gc
from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ckpt_viewer.cancellation import right_of_way
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.session import last_session
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import State
from ckpt_viewer.session.trail import Trail
from ckpt_viewer.session.wording import problems_text
from ckpt_viewer.ui import actions, layouts, menus
from ckpt_viewer.ui.documents.tabs import Documents
from ckpt_viewer.ui.focus import holds
from ckpt_viewer.ui.panels.checkpoint_tree import CheckpointTree
from ckpt_viewer.ui.panels.details import Details
from ckpt_viewer.ui.panels.jobs import Jobs
from ckpt_viewer.ui.panels.welcome import Welcome
from ckpt_viewer.ui.path_opener import PathOpener
from ckpt_viewer.ui.stepping import Stepping
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.message_bar import MessageBar
from ckpt_viewer.ui.widgets.plain_splitter import GivingSplitter
from ckpt_viewer.ui.widgets.plain_text import plain_label

if TYPE_CHECKING:
    from ckpt_viewer.ui.panels.graph import GraphPanel

SAID_MS = 8000
LEFT = 290  # pixels of the tree and the details, where there is room
WANTED_BY_TABS = 690  # pixels: the columns that tell most of a comparison
FIRST_SIZE = QSize(1280, 800)  # where the screen has room for it
FRAME = QSize(16, 40)  # pixels that the desktop puts around a window, or a little less


class MainWindow(QMainWindow):
    """Panels do not know each other: they meet in the session."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle("ckpt-viewer")
        self.setAcceptDrops(True)
        self.session, self.tasks, self.trail = session, TaskRunner(self), Trail(session)
        self.stepping = Stepping(session, self.tasks, self.say, self.show_failure)
        self.tree = CheckpointTree(session, self.tasks)
        self.details = Details(session, self.tasks)
        self.message, self.welcome = MessageBar(), Welcome(session)
        self.documents = Documents(session, self.tasks)
        self.jobs, self._totals = Jobs(self.tasks), plain_label()
        self._middle = QStackedWidget()
        self._opener = PathOpener(session, self.tasks, self._show_problems)
        self.actions_by_name = actions.build(self)
        self._splitters = self._place_panels()
        menus.fill_menu_bar(self)
        menus.fill_toolbar(self)
        menus.fill_context_menu(self)
        self._connect()
        self._show_message(session.state)
        self._session_changed(State(), session.state)

    def graph_in_front(self) -> "GraphPanel | None":
        """The graph somebody looks at, whose nodes Back goes through first."""
        page = self.documents.page()
        return page.shown_graph() if page else None

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Find out in a worker what the paths mean; folders join the tree, checkpoints become tabs."""
        self._opener.open(paths)

    def open_comparison(self, a: Path, b: Path) -> None:
        self._opener.compare(a, b)

    def say(self, text: str) -> None:
        """A word in the status bar, for a while."""
        self.statusBar().showMessage(text, SAID_MS)

    def show_failure(self, error: BaseException) -> None:
        """What went wrong with an action, above the tabs; a bug goes on to its report."""
        if not isinstance(error, CheckpointError):
            raise error
        self._show_problems([error.problem])

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember what is open, then stop every timer, task and reader before Qt takes the widgets down."""
        for report in self.findChildren(QDialog, "verification"):
            report.close()
        last_session.remember(self.session)
        for widget in (*self._splitters, self):
            layouts.keep(self.session.settings, widget)
        for panel in (self.documents, self.tree, self.details, self.welcome):
            panel.leave()
        self.session.forget(self._session_changed)
        self.tasks.close()
        gc.unfreeze()
        super().closeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Paint and lay out without giving the interpreter away at each cell that a model is asked for.

        Called from Python, Qt keeps it; else busy workers make a table's painting take ten times as long.
        """
        with right_of_way():
            return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "actions_by_name"):
            for action in self.actions_by_name.values():
                action.draw_icon()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is None and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.open_paths([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _place_panels(self) -> list[QSplitter]:
        left = _named(QSplitter(Qt.Orientation.Vertical), "treeOverDetails")
        for title, panel in ((self.tr("Checkpoints"), self.tree), (self.tr("Details"), self.details)):
            left.addWidget(_titled(title, panel))
        left.setSizes([520, 280])
        left.setMinimumWidth(180)
        self._middle.addWidget(self.welcome)
        self._middle.addWidget(self.documents)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message)
        column.addWidget(self._middle, 1)
        across = _named(GivingSplitter(LEFT, WANTED_BY_TABS), "treeBesideTabs")
        across.addWidget(left)
        across.addWidget(right)
        across.setStretchFactor(1, 1)
        self.setCentralWidget(across)
        for part in (self.jobs, self._totals):
            self.statusBar().addPermanentWidget(part)
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize() - FRAME))
        for widget in (left, across, self):
            layouts.put_back(self.session.settings, widget)
        return [left, across]

    def _connect(self) -> None:
        self.session.listen(self._session_changed)
        self.documents.status_changed.connect(self._show_status)
        self.message.closed.connect(self._forget_message)
        if isinstance(app := QApplication.instance(), QApplication):
            app.focusChanged.connect(self._focus_moved)
        self.welcome.open_asked.connect(self.actions_by_name["open_folder"].trigger)
        self.welcome.sample_asked.connect(self.actions_by_name["open_sample"].trigger)
        self.welcome.folder_chosen.connect(self._opener.open_folder)

    def _session_changed(self, before: State, after: State) -> None:
        actions.enable(self.actions_by_name, after)
        self._enable_history()
        self._middle.setCurrentWidget(self.documents if after.documents else self.welcome)
        if (before.message, bool(before.documents)) != (after.message, bool(after.documents)):
            self._show_message(after)
        watched = attrgetter("documents", "current", "selected", "line")
        if watched(before) != watched(after):
            self.statusBar().clearMessage()
        if before.message == after.message and any(not before.find(one.key) for one in after.documents):
            self._forget_message()
        if before.current != after.current:
            self._show_status()

    def _enable_history(self) -> None:
        graph = self.graph_in_front()
        ways = {
            "back": self.trail.can_go_back or bool(graph and graph.can_go_back),
            "forward": self.trail.can_go_forward or bool(graph and graph.can_go_forward),
        }
        for name, open_way in ways.items():
            self.actions_by_name[name].setEnabled(open_way)

    def _focus_moved(self, old: QWidget | None, now: QWidget | None) -> None:
        """Whoever goes on in a tab means that, no longer a line of the tree."""
        if self.session.state.line and holds(self.documents, now):
            self.session.change(line=None)

    def _forget_message(self) -> None:
        self.session.change(message="")

    def _show_message(self, state: State) -> None:
        """Above the tabs; while there are none, the welcome page says it. Who speaks is called `message`."""
        speaks = bool(state.message and state.documents)
        self.message.setObjectName("message" if speaks else "silent")
        if speaks:
            self.message.show_text(state.message)
        else:
            self.message.clear()

    def _show_status(self) -> None:
        self._enable_history()
        page = self.documents.page()
        self._totals.setText(page.status if page else "")
        number = self.documents.currentIndex()
        title = self.documents.tabText(number).replace("&&", "&") if page else ""
        self.setWindowTitle(f"{title} — ckpt-viewer" if title else "ckpt-viewer")

    def _show_problems(self, problems: Sequence[Problem]) -> None:
        self.session.change(message=problems_text(problems))


def _named(splitter: QSplitter, name: str) -> QSplitter:
    splitter.setObjectName(name)
    splitter.setChildrenCollapsible(False)
    return splitter


def _titled(title: str, panel: QWidget) -> QWidget:
    """A pane under its name in small capitals."""
    pane = QWidget()
    label = QLabel(title.upper())
    label.setObjectName("paneTitle")
    label.setContentsMargins(10, 6, 10, 4)
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(label)
    column.addWidget(panel, 1)
    return pane
