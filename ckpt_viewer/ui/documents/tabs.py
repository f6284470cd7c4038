"""The tabs, kept in step with the session's documents."""

from collections.abc import Iterator, Sequence
from functools import partial
from importlib import import_module

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import (
    CheckpointDocument,
    ComparisonDocument,
    Document,
    GraphDocument,
    RunDocument,
    State,
)
from ckpt_viewer.ui import late_imports
from ckpt_viewer.ui.documents.page import Page
from ckpt_viewer.ui.documents.titles import paths_text, tab_titles
from ckpt_viewer.ui.icons import icon
from ckpt_viewer.ui.task_runner import TaskRunner, unexpected
from ckpt_viewer.ui.turns import Turns
from ckpt_viewer.ui.widgets.calm_tabs import CalmTabs
from ckpt_viewer.ui.widgets.curtain import Curtain
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip

# Module and class of the page of each kind of document, and its icon.
PAGES: dict[type[Document], tuple[str, str, str]] = {
    CheckpointDocument: ("checkpoint_page", "CheckpointPage", "checkpoint"),
    ComparisonDocument: ("comparison_page", "ComparisonPage", "compare"),
    GraphDocument: ("graph_page", "GraphPage", "graph"),
    RunDocument: ("run_page", "RunPage", "timeline"),
}

AT_ONCE = 5  # close buttons
LEAST_TAB, WIDEST_TAB = 148, 260  # pixels: for a step, and for two with the name of their run


class Documents(CalmTabs):
    """One tab per document; a page is made and opens what it shows when its tab first comes to the front.

    While it is made, or only laid out again, the page before it stays in sight: nothing is painted behind
    the curtain, and the new page then once.
    """

    status_changed = Signal()

    def __init__(self, session: Session, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documents")
        self.setAccessibleName(self.tr("Documents"))
        self._session, self._tasks = session, tasks
        self._without_button: list[_Tab] = []
        self._later = QTimer(self, singleShot=True, interval=1)
        self._later.timeout.connect(self._give_buttons)
        stage = self.findChild(QStackedWidget)
        assert isinstance(stage, QStackedWidget)
        self._curtain = Curtain(stage)
        self._leaving = Turns(self)
        self._in_step = True  # False while the tabs are being moved to where the session says
        self.setTabBar(_TabBar(self))
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.setMovable(True)
        self.setElideMode(Qt.TextElideMode.ElideLeft)  # steps, which tell tabs apart, are at the end
        self.tabBar().tabCloseRequested.connect(self._close)
        self.tabBarClicked.connect(self._clicked)
        self.currentChanged.connect(self._came_to_front)
        self.tabBar().tabMoved.connect(self._moved)
        session.listen(self._session_changed)
        self._session_changed(State(), session.state)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_leaving"):
            for number, tab in enumerate(self._tabs()):
                self.setTabIcon(number, icon(tab.picture))

    def page(self) -> Page | None:
        """The one in front."""
        front = self._front()
        return front.page if front else None

    def at_rest(self) -> bool:
        """Whether the page in front has all its parts, or will not get them."""
        front = self._front()
        return front is None or front.at_rest()

    def leave(self) -> None:
        """Close every page; the session keeps its documents for the next start."""
        self._session.forget(self._session_changed)
        self._later.stop()
        self._curtain.stop()
        self._leaving.stop()
        with QSignalBlocker(self):
            for tab in self._tabs():
                tab.leave()

    def _front(self) -> "_Tab | None":
        tab = self.currentWidget()
        return tab if isinstance(tab, _Tab) else None

    def _tabs(self) -> "list[_Tab]":
        widgets = [self.widget(number) for number in range(self.count())]
        return [widget for widget in widgets if isinstance(widget, _Tab)]

    def _session_changed(self, before: State, after: State) -> None:
        if before.documents == after.documents and before.current == after.current:
            return
        keys = [document.key for document in after.documents]
        front = self.page()
        pane = front.pane_in_focus() if front else None
        self._in_step = False
        with QSignalBlocker(self):
            self._turn_to(after)
            self._remove_all_but(set(keys))
            for place, document in enumerate(after.documents):
                self._put(place, document)
            self._name(after.documents)
            if after.current in keys:
                self.setCurrentIndex(keys.index(after.current))
        self._in_step = True
        self._give_buttons()
        self._enter()
        tab = self._front()
        if tab and tab.page is not front and pane is not None:
            tab.focus_pane(pane)

    def _turn_to(self, after: State) -> None:
        """Before others go: Qt would bring one of their neighbours to the front meanwhile."""
        document, tabs = after.document, {tab.key: tab for tab in self._tabs()}
        front = self._front()
        if document is None or (front and front.key == document.key):
            return
        self._curtain.fall()
        if document.key not in tabs:
            tabs[document.key] = self._insert(self.currentIndex() + 1, document)
        self.setCurrentWidget(tabs[document.key])

    def _remove_all_but(self, keys: set[str]) -> None:
        for tab in self._tabs():
            if tab.key not in keys:
                tab.leave()
                self.removeTab(self.indexOf(tab))
                self._without_button = [other for other in self._without_button if other is not tab]
                self._leaving.add(_delete(tab))

    def _put(self, place: int, document: Document) -> None:
        keys = [tab.key for tab in self._tabs()]
        if document.key in keys:
            if keys[place] != document.key:
                self.tabBar().moveTab(keys.index(document.key), place)
        else:
            self._insert(place, document)

    def _name(self, documents: Sequence[Document]) -> None:
        """Those of equal names by what tells them apart; Qt lays out all tabs with each new title."""
        for place, title in enumerate(tab_titles(documents)):
            if self.tabText(place) != _label(title):
                self.setTabText(place, _label(title))

    def _insert(self, place: int, document: Document) -> "_Tab":
        tab = _Tab(self._session, self._tasks, document)
        tab.status_changed.connect(self.status_changed)
        tab.stood.connect(self._stood)
        self.insertTab(place, tab, icon(tab.picture), _label(*tab_titles([document])))
        self.setTabToolTip(place, plain_tooltip(paths_text(document)))
        self._without_button.append(tab)
        return tab

    def _give_buttons(self) -> None:
        """A few in each turn: with each of them Qt lays out all tabs there are."""
        given, self._without_button = self._without_button[:AT_ONCE], self._without_button[AT_ONCE:]
        for tab in given:
            if (place := self.indexOf(tab)) >= 0:
                side = QTabBar.ButtonPosition.RightSide
                self.tabBar().setTabButton(place, side, self._close_button(tab))
        if self._without_button:
            self._later.start()

    def _enter(self) -> None:
        if tab := self._front():
            tab.enter()
        self.status_changed.emit()

    def _clicked(self, number: int) -> None:
        """Qt is about to bring the tab to the front by itself."""
        if number not in (-1, self.currentIndex()):
            self._curtain.fall()

    def _stood(self) -> None:
        if self.sender() is self.currentWidget():
            self._curtain.rise()

    def _came_to_front(self, number: int) -> None:
        tab = self.widget(number)
        if isinstance(tab, _Tab):
            self._session.change(current=tab.key)

    def _moved(self, source: int, target: int) -> None:
        if self._in_step:
            self._session.arrange([tab.key for tab in self._tabs()])

    def _close_button(self, tab: "_Tab") -> QToolButton:
        button = QToolButton()
        button.setText("✕")
        button.setAutoRaise(True)
        button.setToolTip(self.tr("Close the tab (Ctrl+W)"))
        button.setAccessibleName(self.tr("Close the tab"))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(tab.close_asked)
        return button

    def _close(self, number: int) -> None:
        tab = self.widget(number)
        if isinstance(tab, _Tab):
            tab.close_asked()


class _Tab(QWidget):
    """What is behind a tab: nothing, until somebody looks at it; fifty pages at once would be a long wait.

    A page and its larger parts are made and put in place in turns of the event loop.
    """

    status_changed = Signal()
    stood = Signal()  # the page, in its place, with what it shows

    def __init__(self, session: Session, tasks: TaskRunner, document: Document) -> None:
        super().__init__()
        self._session, self._tasks, self._kind = session, tasks, type(document)
        self.key = document.key
        self.page: Page | None = None
        self._wanted_pane: int | None = None
        self._turns = Turns(self)

    @property
    def picture(self) -> str:
        return PAGES[self._kind][2]

    def enter(self) -> None:
        """Come to the front."""
        if self.page:
            self.page.enter()
            self.stood.emit()
        elif not self._turns.isActive():
            self._turns.add(self._make())

    def focus_pane(self, pane: int) -> None:
        if self.page and not self._turns.isActive():
            self.page.focus_pane(pane)
        else:
            self._wanted_pane = pane
            self.setFocus()  # in the page's stead: who goes elsewhere meanwhile stays there

    def leave(self) -> None:
        self._turns.stop()
        if self.page:
            self.page.leave()
            self.page.setParent(self)  # goes with the tab, in its place or not

    def at_rest(self) -> bool:
        return not self._turns.isActive() and (self.page is None or self.page.at_rest())

    def close_asked(self) -> None:
        self._session.close(self.key)

    def _make(self) -> Iterator[None]:
        module, name, _ = PAGES[self._kind]
        yield from self._load(f"documents.{module}")
        made: type[Page] = getattr(import_module(f"ckpt_viewer.ui.documents.{module}"), name)
        parts = []
        for part in made.parts(self._tasks, self.key):
            parts.append(part)
            yield
        self.page = made(self._session, self._tasks, self.key, *parts)
        self.page.status_changed.connect(self.status_changed)
        self.page.filled.connect(self.stood)
        yield
        self._place(self.page)
        self.status_changed.emit()

    def _load(self, module: str) -> Iterator[None]:
        """In a worker: another may be importing the same, and the screen would wait for it."""
        if late_imports.is_missing(module):
            lane, work = (self.key, "module"), partial(late_imports.load, names=(module,))
            self._tasks.start(lane, work, done=lambda _: None, failed=unexpected)
            while self._tasks.busy(lane):
                yield

    def _place(self, page: Page) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)
        page.show()  # now: it may be about to take the focus
        page.enter()  # not before: what a worker does would slow down all this
        if self._wanted_pane is not None and self.hasFocus():
            page.focus_pane(self._wanted_pane)


def _delete(tab: QWidget) -> Iterator[None]:
    """Many widgets; not in the turn in which the next page comes into sight."""
    yield
    tab.deleteLater()


class _TabBar(QTabBar):
    """Closes a tab by the middle button too; no tab takes the room of the others."""

    def tabSizeHint(self, index: int) -> QSize:
        wanted = super().tabSizeHint(index)
        return QSize(min(wanted.width(), WIDEST_TAB), wanted.height())

    def minimumTabSizeHint(self, index: int) -> QSize:
        wanted = self.tabSizeHint(index)
        return QSize(min(wanted.width(), LEAST_TAB), wanted.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = self.tabAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and number >= 0:
            self.tabCloseRequested.emit(number)
        else:
            super().mouseReleaseEvent(event)


def _label(title: str) -> str:
    """A single `&` would be taken for a shortcut."""
    return title.replace("&", "&&")
