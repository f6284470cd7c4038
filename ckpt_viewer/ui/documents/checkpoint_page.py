"""A tab that shows one checkpoint: Variables | Graph | Summary."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QFileDialog, QSplitter, QVBoxLayout, QWidget

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.session.provider import NO_GRAPH
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, GraphDocument, State
from ckpt_viewer.session.state import Page as PageName
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui import late_imports, layouts
from ckpt_viewer.ui.documents.checkpoint_opening import (
    FirstRows,
    FoundGraph,
    Judged,
    Opened,
    graph_of,
    judge,
    open_all,
    open_first,
    open_graph,
    problems_now,
)
from ckpt_viewer.ui.documents.file_watch import FileWatch
from ckpt_viewer.ui.documents.page import Opening, Page
from ckpt_viewer.ui.documents.variable_menu import VariableMenu
from ckpt_viewer.ui.panels.variables import VariablesPanel
from ckpt_viewer.ui.task_runner import TaskRunner, unexpected
from ckpt_viewer.ui.turns import Turns, once_painted
from ckpt_viewer.ui.widgets.calm_tabs import CalmTabs

if TYPE_CHECKING:
    from ckpt_viewer.formats.graph import Graph
    from ckpt_viewer.ui.panels.graph import GraphPanel
    from ckpt_viewer.ui.panels.summary import SummaryPanel
    from ckpt_viewer.ui.panels.value_pane import ValuePane

PAGES: tuple[PageName, ...] = get_args(PageName)


class CheckpointPage(Page):
    """Opens the checkpoint, then its graph; watches its files while it is in front."""

    def __init__(self, session: Session, tasks: TaskRunner, key: str) -> None:
        self.pages = CalmTabs()
        super().__init__(session, tasks, key, self.pages)
        self.variables = VariablesPanel(session, tasks, key)
        VariableMenu(self)
        self.values: ValuePane
        self.graph: GraphPanel
        self.summary: SummaryPanel
        self.halves = QSplitter(Qt.Orientation.Vertical)
        self.opened: Opened | None = None
        self._valued: Opened | None = None  # the one whose values are shown
        self._graph: Graph | None = None
        self._unjudged: Graph | None = None  # one that has not been asked about the variables
        self._panels: list[VariablesPanel | ValuePane | GraphPanel] = [self.variables]
        self._builder = Turns(self)
        self.built = False
        self._watch = FileWatch(self, self._show_problems_again)
        self._problems: Sequence[Problem] = ()
        self._arrange()
        self._show_page(self.document.page)

    @property
    def document(self) -> CheckpointDocument:
        document = self.session.state.find(self.key)
        assert isinstance(document, CheckpointDocument)
        return document

    def opening(self) -> Opening:
        self.tasks.drop(self._rest)
        opening = open_all if self.opened else open_first
        return partial(opening, self.session.provider, self.document.path)

    def take(self, opened: Opened | FirstRows) -> None:
        if isinstance(opened, FirstRows):
            self._read_on(opened)
            return
        before, self.opened = self.opened, opened
        self.variables.set_checkpoint(opened.checkpoint, opened.haystack)
        problems = opened.checkpoint.problems
        self._show_problems(problems)
        self.session.mark_damage(self.document.path, any(each.code == "truncated" for each in problems))
        self._say_rows(self.variables.said)
        self._watch.watch(opened.files)
        if self.built:
            self._show_values()
            self._show_totals()
            self._open_graph()
        else:
            self._builder.add(self._load_parts())
        if before:
            before.checkpoint.close()
            self.session.forget_verification(self.document.path)

    def retry(self) -> None:
        """Look again at its files, too; what was read of them stays until somebody asks to reload.

        Of data files that were missing nothing was read: the checkpoint is opened again where they are there.
        """
        super().retry()
        self._watch.look()
        if self.opened and _any_lost(self.opened.checkpoint.problems):
            work = partial(problems_now, self.session.provider, self.document.path)
            self.tasks.start((self.key, "lost"), work, done=self._take_problems, failed=unexpected)

    def release(self) -> None:
        if self.built:
            layouts.keep(self.session.settings, self.halves)
        for panel in self._panels:
            panel.leave()
        if self.opened:
            self.opened.checkpoint.close()

    def session_changed(self, before: State, after: State) -> None:
        document = after.find(self.key)
        if isinstance(document, CheckpointDocument):
            self._show_page(document.page)

    def find_data(self, folder: Path) -> None:
        """Read the values from data files in another folder."""
        self.session.provider.find_data(self.document.path, folder)
        self.reload()

    def chosen(self) -> Sequence[Variable]:
        """The variables an export is about: the selected rows, none that the filter hides."""
        return self.variables.selected_variables() if self.opened else ()

    def doubt(self) -> Problem | None:
        """What is known to be wrong with the values that an export is about."""
        return self.values.doubt(self.chosen()) if self.built else None

    def offers_view(self, title: str) -> bool:
        """Whether the value view of this title can show the variable in front."""
        return self.built and self.values.offers(title)

    def choose_first(self) -> None:
        if graph := self.shown_graph():
            graph.lists.choose_first()
        else:
            self.variables.choose_first()

    def panes(self) -> list[QWidget]:
        if not self.built:
            return [self.variables]
        shown: dict[PageName, list[QWidget]] = {
            "variables": [self.variables, self.values.tabs.currentWidget()],
            "graph": [self.graph.lists, self.graph.details],
            "summary": [self.summary],
        }
        return shown[PAGES[self.pages.currentIndex()]]

    def at_rest(self) -> bool:
        return super().at_rest() and not self._builder.isActive() and (self.built or self.opened is None)

    def shown_graph(self) -> "GraphPanel | None":
        return self.graph if self.built and PAGES[self.pages.currentIndex()] == "graph" else None

    def show_in_graph(self) -> bool:
        """Go from the chosen variable to the op that holds it; False where there is none."""
        name = self.document.variable
        ops = self._graph.variable_ops(name) if self._graph and name else ()
        if ops:
            self.session.update(self.key, page="graph", node=ops[0])
        return bool(ops)

    @property
    def _rest(self) -> tuple[str, str]:
        """The lane of what is opened behind the first rows, over which there is no veil."""
        return self.key, "rest"

    @property
    def _roles(self) -> tuple[str, str]:
        return self.key, "roles"

    def _read_on(self, first: FirstRows) -> None:
        self.variables.show_first(first.variables)
        self.tasks.start(
            self._rest,
            once_painted(partial(open_all, self.session.provider, self.document.path)),
            done=self._opened,
            failed=self._failed,
            cancelled=self._cancelled,
            title=self.tr("Reading the index"),
        )

    def _failed(self, error: BaseException) -> None:
        """Its graph may be there all the same."""
        super()._failed(error)
        work = partial(graph_of, self.session.provider, self.document.path)
        self.tasks.start((self.key, "graph"), work, done=self._offer_graph, failed=unexpected)

    def _offer_graph(self, graph: Path | None) -> None:
        if graph:
            show = partial(self.session.show, GraphDocument(graph))
            self._tell_failure((self.tr("Show its graph"), show))

    def _load_parts(self) -> Iterator[None]:
        """What nobody looks at before the table is filled would keep the screen waiting."""
        yield  # the rows are painted first
        lane = (self.key, "parts")
        self.tasks.start(lane, late_imports.load, done=self._start_building, failed=unexpected)

    def _build(self) -> Iterator[None]:
        from ckpt_viewer.ui.panels.graph import GraphPanel
        from ckpt_viewer.ui.panels.summary import SummaryPanel
        from ckpt_viewer.ui.panels.value_pane import ValuePane
        from ckpt_viewer.ui.widgets.graph_lists import GraphLists
        from ckpt_viewer.ui.widgets.node_details import NodeDetails

        session, tasks, key = self.session, self.tasks, self.key
        self.values = ValuePane(session, tasks, key)
        self.values.doubted.connect(self.variables.mark)
        self.values.reload_asked.connect(self.reload)
        self.variables.chosen_hidden.connect(self.values.say_hidden)
        self.values.say_hidden(self.variables.hides_chosen)
        self._panels.append(self.values)
        yield
        self.halves.addWidget(self.values)
        self.halves.setStretchFactor(0, 1)
        self.halves.setStretchFactor(1, 2)
        self.halves.setSizes([304, 348])
        layouts.put_back(session.settings, self.halves)
        yield
        self._show_values()
        yield
        lists = GraphLists()
        yield
        details = NodeDetails()
        yield
        self.graph = GraphPanel(session, tasks, key, lists, details)
        self.graph.stepped.connect(self.status_changed)
        self.graph.listed.connect(self._judge)
        self._panels.append(self.graph)
        yield
        _fill(self._places[1], self.graph)
        yield
        self.summary = SummaryPanel()
        self.summary.variable_chosen.connect(self._show_variable)
        yield
        _fill(self._places[2], self.summary)
        yield
        self._show_totals()
        if self._valued is not self.opened:
            self._show_values()
        self.built = True
        self._open_graph()

    def _start_building(self, loaded: None) -> None:
        if not self.built and not self._builder.isActive():  # it may have been opened again meanwhile
            self._builder.add(self._build())

    def _show_values(self) -> None:
        self._valued = self.opened
        self.values.set_checkpoint(self.opened.checkpoint if self.opened else None)

    def _show_totals(self) -> None:
        if self.opened:
            self.summary.set_totals(self.opened.totals)

    def _arrange(self) -> None:
        self.halves.setObjectName("tableOverValues")
        self.halves.setChildrenCollapsible(False)
        self.halves.addWidget(self.variables)
        self.variables.told.connect(self._say_rows)
        self.pages.setObjectName("pages")
        self.pages.setAccessibleName(self.tr("Parts of the checkpoint"))
        self.pages.setDocumentMode(True)
        self.pages.tabBar().setDrawBase(False)
        titles = (self.tr("Variables"), self.tr("Graph"), self.tr("Summary"))
        self._places = (self.halves, QWidget(), QWidget())
        for widget, title in zip(self._places, titles, strict=True):
            self.pages.addTab(widget, title)
        self.pages.set_icons(PAGES)
        self.pages.currentChanged.connect(self._page_chosen)

    def _show_page(self, name: PageName) -> None:
        with QSignalBlocker(self.pages):
            self.pages.setCurrentIndex(PAGES.index(name))

    def _page_chosen(self, number: int) -> None:
        self.session.update(self.key, page=PAGES[number])

    def _show_variable(self, name: str) -> None:
        self.session.update(self.key, page="variables", variable=name)

    def _say_rows(self, text: str) -> None:
        self.say(text or (self.opened.totals.text if self.opened else ""))

    def _open_graph(self) -> None:
        self._unjudged = None
        self.tasks.drop(self._roles)
        self.tasks.start(
            (self.key, "graph"),
            partial(open_graph, self.session.provider, self.document.path),
            done=self._take_graph,
            failed=unexpected,
            title=self.tr("Reading the graph"),
        )

    def _take_graph(self, found: FoundGraph) -> None:
        self._unjudged = found.graph
        self.graph.set_graph(found.graph)
        if found.graph is None:
            self._builder.add(self._show_roles(None, None, None))
        problem = found.problem
        if problem and problem.code not in NO_GRAPH and self.opened:
            self._show_problems([*self.opened.checkpoint.problems, problem])

    def _judge(self) -> None:
        """Ask the graph about the variables once its own list is on the screen."""
        graph, self._unjudged = self._unjudged, None
        if graph is None or self.opened is None:
            return
        checkpoint = self.opened.checkpoint
        self.tasks.start(
            self._roles,
            partial(judge, graph, checkpoint.variables),
            done=lambda judged: self._builder.add(self._show_roles(graph, judged, checkpoint)),
            failed=unexpected,
            title=self.tr("Asking the graph about the variables"),
        )

    def _show_roles(
        self, graph: "Graph | None", judged: Judged | None, asked_for: Checkpoint | None
    ) -> Iterator[None]:
        """The steps may come so late that another checkpoint was opened meanwhile."""
        self._graph = graph
        self.values.set_graph(graph)
        yield
        if judged and self.opened and self.opened.checkpoint is asked_for:
            self.opened.checkpoint.relist(judged.haystack.variables)
            self.opened = replace(self.opened, totals=judged.totals, haystack=judged.haystack)
            self.variables.judge_again(judged.haystack.variables, judged.haystack)
            yield
            self._show_totals()
            self._say_rows(self.variables.said)
            self.values.judge_again()

    def _show_problems(self, problems: Sequence[Problem]) -> None:
        """Data files that lie elsewhere can be pointed at: the index is enough to read them there."""
        lost = _any_lost(problems)
        self._problems = problems
        movable = self.opened is not None and self.opened.checkpoint.kind == "bundle"
        actions = [(self.tr("Locate…"), self._ask_for_data)] if lost and movable else []
        self.message.show_problems(problems, actions)

    def _show_problems_again(self) -> None:
        self._show_problems(self._problems)

    def _ask_for_data(self) -> None:
        title = self.tr("The folder with the data files of {0}").format(printable(self.document.path.name))
        folder = QFileDialog.getExistingDirectory(self, title, str(self.document.path.parent))
        if folder:
            self.find_data(Path(folder))

    def _take_problems(self, found: Sequence[Problem] | None) -> None:
        if self.opened and found is not None and list(found) != list(self.opened.checkpoint.problems):
            self.reload()


def _fill(place: QWidget, content: QWidget) -> None:
    column = QVBoxLayout(place)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(content)


def _any_lost(problems: Sequence[Problem]) -> bool:
    return any(problem.code == "missing-shard" for problem in problems)
