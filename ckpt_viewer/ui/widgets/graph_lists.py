"""What a graph holds, in tabs: its ops by type, collections, signatures, functions, saver and versions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QLabel, QLineEdit, QStackedWidget, QTreeView, QVBoxLayout, QWidget

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.graph import Graph, Node
from ckpt_viewer.formats.graphs.node_list import NodeList
from ckpt_viewer.session.wording import plural, printable
from ckpt_viewer.ui.item_models.fact_tree import Fact, FactModel
from ckpt_viewer.ui.item_models.graph_collections import (
    collection_facts,
    filtered,
    function_facts,
    signature_facts,
    version_facts,
)
from ckpt_viewer.ui.item_models.graph_ops import GraphOpsModel, Nodes
from ckpt_viewer.ui.widgets.calm_tabs import CalmTabs
from ckpt_viewer.ui.widgets.name_elision import NameDelegate
from ckpt_viewer.ui.widgets.ops_view import OpsView
from ckpt_viewer.ui.widgets.sentence import Sentence

# Up to this many nodes the filter opens the types it leaves.
MOST_OPENED = 200


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
FUNCTIONS = 2  # of these


@dataclass(frozen=True, slots=True)
class Survey:
    """What takes longer to find in a large graph than its nodes; `facts` in the order of `FACT_TABS`."""

    facts: Sequence[Sequence[Fact]]
    problems: Sequence[Problem]


def list_nodes(graph: Graph, cancel: CancelToken) -> Nodes:
    """Runs in a worker, as the next does; all that the list of types shows."""
    return Nodes(graph.columns)


def survey(graph: Graph, nodes: Nodes, cancel: CancelToken) -> Survey:
    """Makes what searching needs, and looks for contradictions."""
    _ = nodes.names, nodes.devices
    cancel.check()
    return Survey([tab.make(graph) for tab in FACT_TABS], graph.check(cancel))


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
        self.tabs = CalmTabs()
        self.tabs.setAccessibleName(self.tr("Lists of the graph"))
        self.tabs.setDocumentMode(True)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)  # so that none is cut, it asks for their width
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setStyleSheet("QTabBar::tab { padding-left: 8px; padding-right: 8px; }")
        self.ops = GraphOpsModel(self)
        self.ops_view = OpsView(self.ops)
        _set_up(self.ops_view, "graphOps", self.tr("Ops by type"))
        self.ops_view.selectionModel().currentChanged.connect(self._choose_op)
        self._ops_page = _Filtered(self.ops_view, self.tr("No node matches this filter"), self.filter.clear)
        self.tabs.addTab(self._ops_page, self.tr("Ops"))
        self._pages = [_FactPage(tab, self.filter.clear, self) for tab in FACT_TABS]
        for tab, page in zip(FACT_TABS, self._pages, strict=True):
            page.chosen.connect(self.chosen)
            self.tabs.setTabToolTip(self.tabs.addTab(page, tab.title), tab.tip)
        self._nodes = Nodes(NodeList(()))
        self.tabs.currentChanged.connect(self._filter_page)
        self._arrange()

    def set_nodes(self, nodes: Nodes) -> None:
        """Show another graph under the filter as it stands; `set_survey` brings the rest."""
        self._nodes = nodes
        for page in self._pages:
            page.set_facts(())
        self.ops_view.fit_counts(nodes)
        self._filter_ops()

    def set_survey(self, survey: Survey) -> None:
        for page, facts in zip(self._pages, survey.facts, strict=True):
            page.set_facts(facts)
        self.ops_view.fit_devices(self._nodes)
        self._filter_page()

    def select(self, node: Node | None) -> None:
        """Make it the current row of *Ops*, as far as the filter lets it through; None is not among them."""
        if node is None:
            self.ops_view.selectionModel().clear()
            return
        if self.ops.node(self.ops_view.currentIndex()) == node.name:
            return
        index = self.ops.index_of(node)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.ops_view.selectionModel().setCurrentIndex(index, flags)
        if index.isValid():
            self.ops_view.scrollTo(index, QTreeView.ScrollHint.EnsureVisible)

    def show_function(self, name: str) -> None:
        """Turn to its line, past the filter."""
        self.filter.clear()
        page = self._pages[FUNCTIONS]
        self.tabs.setCurrentWidget(page)
        page.open(printable(name))

    def choose_first(self) -> None:
        """Choose the first node of *Ops* that the filter leaves, unless one is chosen there."""
        if self.ops.groups and self.ops.node(self.ops_view.currentIndex()) is None:
            self.ops_view.setCurrentIndex(self.ops.index(0, 0, self.ops.index(0, 0)))

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

    def _filter(self) -> None:
        self._filter_ops()
        self._filter_page()

    def _filter_ops(self) -> None:
        text, total = self.filter.text(), len(self._nodes.all)
        found = self._nodes.matching(text) if text.strip() else self._nodes.all
        groups = self._nodes.grouped(found)
        self.ops.set_groups(groups)
        if len(found) <= MOST_OPENED and text.strip():
            self.ops_view.expandAll()
        self._ops_page.tell(nothing_left=bool(len(self._nodes.all)) and not groups)
        of_all = f" of {total:,}" if len(found) != total else ""
        self.count.setText(f"{plural(len(found), 'node')}{of_all} · {plural(len(groups), 'op type')}")

    def _filter_page(self) -> None:
        """Only what is in sight: the others follow when they are turned to."""
        page = self.tabs.currentWidget()
        if isinstance(page, _FactPage):
            page.filter(self.filter.text())

    def _choose_op(self, current: QModelIndex) -> None:
        if node := self.ops.node(current):
            self.chosen.emit(node)


class _Filtered(QStackedWidget):
    """A list, or the sentence that the filter leaves nothing of it."""

    def __init__(self, view: QTreeView, sentence: str, show_all: Callable[[], object]) -> None:
        super().__init__()
        self.addWidget(view)
        self.addWidget(Sentence(sentence, "", [(self.tr("Show all"), show_all)]))

    def tell(self, *, nothing_left: bool) -> None:
        self.setCurrentIndex(int(nothing_left))


class _FactPage(QWidget):
    """One list of facts, or the sentence that there are none."""

    chosen = Signal(str)

    def __init__(self, tab: FactTab, show_all: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._facts: Sequence[Fact] = ()
        self.model = FactModel(parent=self)
        self.view = QTreeView()
        self.view.setModel(self.model)
        self.view.setItemDelegateForColumn(0, NameDelegate(self.view))
        self.view.header().resizeSection(0, 190)
        self.view.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        _set_up(self.view, tab.object_name, tab.title)
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)
        self._nothing = QLabel(tab.nothing)
        self._nothing.setForegroundRole(self._nothing.foregroundRole().PlaceholderText)
        self._nothing.setContentsMargins(12, 12, 12, 12)
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._list = _Filtered(self.view, self.tr("Nothing here matches this filter"), show_all)
        column.addWidget(self._nothing)
        column.addWidget(self._list, 1)

    def set_facts(self, facts: Sequence[Fact]) -> None:
        self._facts = facts
        self._nothing.setVisible(not facts)
        self._list.setVisible(bool(facts))
        self.model.set_facts(facts)

    def filter(self, text: str) -> None:
        left = filtered(self._facts, text)
        self.model.set_facts(left)
        self._list.tell(nothing_left=not left)

    def open(self, label: str) -> None:
        for row, fact in enumerate(self.model.facts):
            if fact.label == label:
                index = self.model.index(row, 0)
                self.view.setCurrentIndex(index)
                self.view.expand(index)
                self.view.scrollTo(index, QTreeView.ScrollHint.PositionAtTop)

    def _choose(self, index: QModelIndex) -> None:
        if node := self.model.fact(index).node:
            self.chosen.emit(node)


def _set_up(view: QTreeView, name: str, title: str) -> None:
    view.setObjectName(name)
    view.setAccessibleName(title)
    view.setUniformRowHeights(True)
    view.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
    view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    view.header().setStretchLastSection(False)
