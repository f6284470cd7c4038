"""A tab that shows a graph without a checkpoint of its own."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtWidgets import QWidget

from ckpt_viewer.formats.graph import Graph
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import GraphDocument
from ckpt_viewer.session.wording import plural
from ckpt_viewer.ui.documents.page import Opening, Page
from ckpt_viewer.ui.panels.graph import GraphPanel
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.graph_lists import GraphLists
from ckpt_viewer.ui.widgets.node_details import NodeDetails


class GraphPage(Page):
    def __init__(
        self, session: Session, tasks: TaskRunner, key: str, lists: GraphLists, details: NodeDetails
    ) -> None:
        self.graph = GraphPanel(session, tasks, key, lists, details)
        super().__init__(session, tasks, key, self.graph)
        self.graph.stepped.connect(self.status_changed)

    @staticmethod
    def parts(tasks: TaskRunner, key: str) -> Iterator[QWidget]:
        yield GraphLists()
        yield NodeDetails()

    @property
    def document(self) -> GraphDocument:
        document = self.session.state.find(self.key)
        assert isinstance(document, GraphDocument)
        return document

    def opening(self) -> Opening:
        return partial(self.session.provider.open_graph, self.document.path)

    def take(self, opened: Graph) -> None:
        self.graph.set_graph(opened)
        self.say(plural(len(opened.nodes), "node"))

    def choose_first(self) -> None:
        self.graph.lists.choose_first()

    def panes(self) -> list[QWidget]:
        return [self.graph.lists, self.graph.details]

    def shown_graph(self) -> GraphPanel:
        return self.graph

    def release(self) -> None:
        self.graph.leave()
