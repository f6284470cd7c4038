"""The graph: left its lists, right the chosen node."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from ckpt_viewer.analysis.neighbourhood import split_tensor
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.formats.graph import Graph
from ckpt_viewer.session.function_nodes import split_function
from ckpt_viewer.session.history import History
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, GraphDocument, State
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui.item_models.graph_ops import Nodes
from ckpt_viewer.ui.item_models.node_facts import NodeFacts, gather
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.graph_lists import GraphLists, Survey, list_nodes, survey
from ckpt_viewer.ui.widgets.loading import Loading
from ckpt_viewer.ui.widgets.message_bar import MessageBar
from ckpt_viewer.ui.widgets.node_details import NodeDetails
from ckpt_viewer.ui.widgets.sentence import Sentence


class GraphPanel(QWidget):
    """Shows one graph of a document and the node its state names."""

    listed = Signal()  # its nodes are on the screen
    stepped = Signal()  # another node is shown, so that there may be other ones to go back or forward to

    def __init__(
        self, session: Session, tasks: TaskRunner, key: str, lists: GraphLists, details: NodeDetails
    ) -> None:
        super().__init__()
        self._session, self._tasks, self._key = session, tasks, key
        self._graph: Graph | None = None
        self._unsurveyed: tuple[Graph, Nodes] | None = None
        self._choices: Sequence[Graph] = ()
        self._history = History()
        self._nothing = Sentence(
            self.tr("No graph was saved with this step"),
            self.tr("TensorFlow 1 writes it to a .meta file beside the data, TensorFlow 2 writes none."),
        )
        self._nothing.setObjectName("graphSentence")
        self._variants = QComboBox()
        self._variants.setObjectName("graphVariants")
        self.message = MessageBar(silent="graphMessage")
        self.lists, self.details = lists, details
        self._arrange()
        self._connect()

    def set_graph(self, graph: Graph | None) -> None:
        """Show a graph, or say that there is none."""
        self._choices = () if graph is None else (graph, *graph.variants)
        self._variants.clear()
        self._variants.addItems([_tags_text(choice) for choice in self._choices])
        self._variant_row.setVisible(len(self._choices) > 1)
        if graph is None:
            self._graph = None
            self._pages.setCurrentIndex(0)
        else:
            self._show_graph(graph)

    @property
    def can_go_back(self) -> bool:
        return self._history.can_go_back

    @property
    def can_go_forward(self) -> bool:
        return self._history.can_go_forward

    def back(self) -> None:
        """To the node looked at before this one."""
        if self._history.can_go_back:
            self._go(self._history.back())

    def forward(self) -> None:
        if self._history.can_go_forward:
            self._go(self._history.forward())

    def leave(self) -> None:
        """The tab is closing."""
        self._session.forget(self._session_changed)
        self._tasks.drop_all(self._key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Back):
            self.back()
        elif event.matches(QKeySequence.StandardKey.Forward):
            self.forward()
        elif event.matches(QKeySequence.StandardKey.Find):
            self.lists.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().keyPressEvent(event)

    def _arrange(self) -> None:
        halves = QSplitter()
        halves.setChildrenCollapsible(False)
        halves.addWidget(self.lists)
        halves.addWidget(self.details)
        halves.setStretchFactor(0, 2)
        halves.setStretchFactor(1, 3)
        halves.setSizes([380, 640])
        self._variant_row = QWidget()
        row = QHBoxLayout(self._variant_row)
        row.setContentsMargins(8, 6, 8, 0)
        row.addWidget(QLabel(self.tr("MetaGraph")))
        row.addWidget(self._variants)
        row.addStretch(1)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.message, self._variant_row):
            column.addWidget(widget)
        column.addWidget(halves, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._nothing)
        self._pages.addWidget(content)

    def _connect(self) -> None:
        Loading(self.lists.tabs, self._tasks, [(self._key, "graph nodes")])
        Loading(self.details, self._tasks, [(self._key, "graph node")])
        self._variants.setAccessibleName(self.tr("MetaGraph, by its tags"))
        self._variants.activated.connect(self._choose_variant)
        self.lists.chosen.connect(self._go)
        self.details.chosen.connect(self._go)
        self.details.variable_chosen.connect(self._show_variable)
        self.details.steps_changed.connect(self._show_node)
        self.details.went_back.connect(self.back)
        self.details.went_forward.connect(self.forward)
        self._session.listen(self._session_changed)

    def _choose_variant(self, number: int) -> None:
        self._show_graph(self._choices[number])

    def _show_graph(self, graph: Graph) -> None:
        self._graph = graph
        self._history = History()
        self.message.clear()
        self._pages.setCurrentIndex(1)
        self._tasks.drop((self._key, "graph survey"))
        self._unsurveyed = None
        self._tasks.start(
            (self._key, "graph nodes"),
            partial(list_nodes, graph),
            done=partial(self._listed, graph),
            failed=self._survey_failed,
            title=self.tr("Listing {0} nodes…").format(f"{len(graph.nodes):,}"),
        )
        self._show_node()

    def _listed(self, graph: Graph, nodes: Nodes) -> None:
        self.lists.set_nodes(nodes)
        if self.details.shown is not None:
            self.lists.select(self.details.in_graph)
        self._unsurveyed = graph, nodes
        self.listed.emit()
        if not self._tasks.busy((self._key, "graph node")):
            self._survey()

    def _survey(self) -> None:
        """After the chosen node is there: two loops at once would leave the screen no room."""
        if self._unsurveyed is None:
            return
        graph, nodes = self._unsurveyed
        self._unsurveyed = None
        self._tasks.start(
            (self._key, "graph survey"),
            partial(survey, graph, nodes),
            done=self._surveyed,
            failed=self._survey_failed,
            title=self.tr("Checking {0} nodes…").format(f"{len(nodes.all):,}"),
        )

    def _surveyed(self, found: Survey) -> None:
        self.message.show_problems(found.problems)
        self.lists.set_survey(found)

    def _survey_failed(self, error: BaseException) -> None:
        if not isinstance(error, CheckpointError):
            raise error
        self.message.show_problem(error.problem)

    def _go(self, name: str) -> None:
        """Make a node the chosen one, or show a function; `name` may be that of one of its outputs."""
        function, inside = split_function(name)
        if function and not inside:
            self.lists.show_function(function)
            return
        node, _ = split_tensor(name)
        if self._graph is not None and node != self._chosen:
            self._session.update(self._key, node=node)

    @property
    def _chosen(self) -> str | None:
        document = self._session.state.find(self._key)
        return document.node if isinstance(document, CheckpointDocument | GraphDocument) else None

    def _session_changed(self, before: State, after: State) -> None:
        old, new = before.find(self._key), after.find(self._key)
        if getattr(old, "node", None) != getattr(new, "node", None):
            self._show_node()

    def _show_node(self) -> None:
        graph, name = self._graph, self._chosen
        if graph is None or name is None:
            self.details.clear()
            return
        self._history.visit(name)
        self._tasks.start(
            (self._key, "graph node"),
            partial(_gather, graph, name, self.details.steps),
            done=self._node_ready,
            failed=self._node_failed,
        )

    def _node_ready(self, facts: NodeFacts) -> None:
        self.details.show_node(facts)
        self._show_history()
        self.lists.select(self.details.in_graph)
        self._survey()

    def _node_failed(self, error: BaseException) -> None:
        self._survey()
        if not isinstance(error, CheckpointError):
            raise error
        back = [(self.tr("Back"), self.back)] if self._history.can_go_back else []
        self.details.show_problem(error.problem, back)

    def _show_history(self) -> None:
        self.details.back.setEnabled(self._history.can_go_back)
        self.details.forward.setEnabled(self._history.can_go_forward)
        self.stepped.emit()

    def _show_variable(self, name: str) -> None:
        if isinstance(self._session.state.find(self._key), CheckpointDocument):
            self._session.update(self._key, page="variables", variable=name)


def _gather(graph: Graph, name: str, steps: int, cancel: CancelToken) -> NodeFacts:
    return gather(graph, name, steps)


def _tags_text(graph: Graph) -> str:
    return printable(", ".join(graph.facts.tags)) or "no tags"
