"""What a graph holds, in tabs: its ops by type, collections, signatures, functions, saver and versions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QLabel, QLineEdit, QTabWidget, QTreeView, QVBoxLayout, QWidget

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.graph import Graph, Node
from ckpt_viewer.session.wording import plural
from ckpt_viewer.ui.item_models.fact_tree import Fact, FactModel
from ckpt_viewer.ui.item_models.graph_collections import (
    collection_facts,
    filtered,
    function_facts,
    signature_facts,
    version_facts,
)
from ckpt_viewer.ui.item_models.graph_ops import GraphOpsModel, Nodes, OpGroup, counted, grouped

# Up to this many nodes the filter opens the types it leaves.
MOST_OPENED = 200
NODES_PER_CHECK = 1000


@dataclass(frozen=True, slots=True)
class FactTab:
    """A tab that lists facts; `nothing` is said where there are none."""

    title: str
    tip: str
    object_name: str
    make: Callable[[Graph], Sequence[Fact]]
    nothing: str


FACT_TABS = (
    FactTab(
        "Collections",
        "Variables, queue runners, contexts and other lists of the graph",
        "graphCollections",
        collection_facts,
        "This graph has no collections.",
    ),
    FactTab(
        "Signatures",
        "Named inputs and outputs of a SavedModel",
        "graphSignatures",
        signature_facts,
        "This graph has no signatures.",
    ),
    FactTab(
        "Functions",
        "The library of functions",
        "graphFunctions",
        function_facts,
        "This graph has no functions.",
    ),
    FactTab(
        "Saver",
        "The saver, and which version wrote the graph",
        "graphVersions",
        version_facts,
        "Nothing is stored about versions.",
    ),
)


@dataclass(frozen=True, slots=True)
class Survey:
    """What takes long to find in a large graph; `facts` in the order of `FACT_TABS`."""

    nodes: Nodes
    facts: Sequence[Sequence[Fact]]
    problems: Sequence[Problem]


def survey(graph: Graph, cancel: CancelToken) -> Survey:
    """Runs in a worker: decodes every node and looks for contradictions."""
    nodes = []
    for node in graph.nodes:
        nodes.append(node)
        if len(nodes) % NODES_PER_CHECK == 0:
            cancel.check()
    return Survey(Nodes(nodes), [tab.make(graph) for tab in FACT_TABS], graph.problems)


class GraphLists(QWidget):
    """Says by `chosen` which node was picked in any of the lists."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter = QLineEdit()
        self.filter.setObjectName("graphFilter")
        self.filter.setPlaceholderText(self.tr("Filter by name, type, device – type:Const device:gpu conv*"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName(self.tr("Filter nodes"))
        self.filter.textChanged.connect(self._filter)
        self.count = QLabel()
        self.count.setForegroundRole(self.count.foregroundRole().PlaceholderText)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.tabBar().setDrawBase(False)
        self.ops = GraphOpsModel(self)
        self.ops_view = _tree("graphOps", self.ops, (0, 70, 130))
        self.ops_view.selectionModel().currentChanged.connect(self._choose_op)
        self.tabs.addTab(self.ops_view, self.tr("Ops"))
        self._pages = [_FactPage(tab, self) for tab in FACT_TABS]
        for tab, page in zip(FACT_TABS, self._pages, strict=True):
            page.chosen.connect(self.chosen)
            self.tabs.setTabToolTip(self.tabs.addTab(page, tab.title), tab.tip)
        self._nodes = Nodes()
        self._arrange()

    def set_ops(self, ops: Mapping[str, int]) -> None:
        """Show how many nodes there are of each type, until `set_survey` brings them."""
        self._nodes = Nodes()
        for page in self._pages:
            page.set_facts(())
        self._show_groups(counted(ops), sum(ops.values()))

    def set_survey(self, survey: Survey) -> None:
        """Show another graph under the filter as it stands."""
        self._nodes = survey.nodes
        for page, facts in zip(self._pages, survey.facts, strict=True):
            page.set_facts(facts)
        self._filter(self.filter.text())

    def select(self, node: Node) -> None:
        """Make it the current row of *Ops*, as far as the filter lets it through."""
        shown = self.ops.node(self.ops_view.currentIndex())
        if shown is not None and shown.name == node.name:
            return
        index = self.ops.index_of(node)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.ops_view.selectionModel().setCurrentIndex(index, flags)
        if index.isValid():
            self.ops_view.scrollTo(index, QTreeView.ScrollHint.EnsureVisible)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(8, 8, 8, 2)
        head.setSpacing(4)
        head.addWidget(self.filter)
        head.addWidget(self.count)
        column.addLayout(head)
        column.addWidget(self.tabs, 1)

    def _filter(self, text: str) -> None:
        found = self._nodes.matching(text)
        self._show_groups(grouped(found), len(self._nodes.all))
        if text.strip() and len(found) <= MOST_OPENED:
            self.ops_view.expandAll()
        self.ops_view.setColumnHidden(2, self._nodes.devices == 0)
        for page in self._pages:
            page.filter(text)

    def _show_groups(self, groups: list[OpGroup], total: int) -> None:
        self.ops.set_groups(groups)
        shown = sum(group.count for group in groups)
        of_all = f" of {total:,}" if shown != total else ""
        self.count.setText(f"{plural(shown, 'node')}{of_all} · {plural(len(groups), 'op type')}")

    def _choose_op(self, current: QModelIndex) -> None:
        if node := self.ops.node(current):
            self.chosen.emit(node.name)


class _FactPage(QWidget):
    """One list of facts, or the sentence that there are none."""

    chosen = Signal(str)

    def __init__(self, tab: FactTab, parent: QWidget) -> None:
        super().__init__(parent)
        self._facts: Sequence[Fact] = ()
        self.model = FactModel(parent=self)
        self.view = _tree(tab.object_name, self.model, (190, 0))
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)
        self._nothing = QLabel(tab.nothing)
        self._nothing.setForegroundRole(self._nothing.foregroundRole().PlaceholderText)
        self._nothing.setContentsMargins(12, 12, 12, 12)
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._nothing)
        column.addWidget(self.view, 1)

    def set_facts(self, facts: Sequence[Fact]) -> None:
        self._facts = facts
        self._nothing.setVisible(not facts)
        self.view.setVisible(bool(facts))
        self.model.set_facts(facts)

    def filter(self, text: str) -> None:
        self.model.set_facts(filtered(self._facts, text))

    def _choose(self, index: QModelIndex) -> None:
        if node := self.model.fact(index).node:
            self.chosen.emit(node)


def _tree(name: str, model: QAbstractItemModel, widths: Sequence[int]) -> QTreeView:
    view = QTreeView()
    view.setObjectName(name)
    view.setModel(model)
    view.setUniformRowHeights(True)
    view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    view.header().setStretchLastSection(False)
    for column, width in enumerate(widths):
        if width:
            view.header().resizeSection(column, width)
        else:
            view.header().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    return view
