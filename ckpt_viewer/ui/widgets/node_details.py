"""One node of a graph: what it is, what it takes and gives, and a drawing of what is around it."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.graph import Node
from ckpt_viewer.session.function_nodes import in_function, split_function
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui.item_models.fact_tree import FactModel
from ckpt_viewer.ui.item_models.node_facts import OUTPUTS, NodeFacts, node_lines
from ckpt_viewer.ui.widgets.elided_label import ElidedLabel
from ckpt_viewer.ui.widgets.flow_layout import FlowLayout
from ckpt_viewer.ui.widgets.message_bar import MessageBar
from ckpt_viewer.ui.widgets.neighbourhood import NeighbourhoodView
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip
from ckpt_viewer.ui.widgets.sentence import Choice, Sentence

MOST_OPEN_LINES = 40
MOST_KEYS = 6


class NodeDetails(QWidget):
    """Says by `chosen` which node to go to, by `variable_chosen` which checkpoint key, by `steps_changed`
    that one or two steps of the neighbourhood are wanted.
    """

    chosen = Signal(str)
    variable_chosen = Signal(str)
    steps_changed = Signal()
    went_back = Signal()
    went_forward = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("graphNode")
        self.setAccessibleName(self.tr("Node"))
        self.back = _button("‹", self.tr("Previous node (Alt+Left)"))
        self.forward = _button("›", self.tr("Next node (Alt+Right)"))
        self._copy = QPushButton()
        self.title, self.subtitle = ElidedLabel(), ElidedLabel()
        self._keys = _KeyButtons()
        self.message = MessageBar(silent="nodeMessage")
        self.lines = FactModel(parent=self)
        self._tree = _fact_view(self.lines)
        self.drawing = NeighbourhoodView()
        self._steps = QComboBox()
        self._nothing = Sentence()
        self._nothing.setObjectName("nodeSentence")
        self.shown: Node | None = None
        self._function = ""  # in which it is
        self._arrange()
        self._connect()
        self.clear()

    @property
    def steps(self) -> int:
        """How far the drawing reaches."""
        return self._steps.currentIndex() + 1

    @property
    def in_graph(self) -> Node | None:
        """The node shown, unless it is inside a function."""
        return None if self._function else self.shown

    def show_node(self, facts: NodeFacts) -> None:
        node = facts.node
        self.shown, self._function = node, facts.function
        self.title.setText(printable(node.name))
        device = f" · {printable(node.device)}" if node.device else ""
        inside = self.tr(" · in function {0}").format(printable(facts.function)) if facts.function else ""
        self.subtitle.setText(f"{printable(node.op)}{device}{inside}")
        tip = self.tr("Copy {0}, the name of its first output, as in feeds")
        self._copy.setToolTip(plain_tooltip(tip.format(printable(f"{node.name}:0"))))
        self._keys.set_keys(facts.keys)
        self.message.show_problems([facts.problem] if facts.problem else [])
        self._show_lines(facts)
        self.drawing.show_neighbourhood(facts.around)
        self._pages.setCurrentIndex(1)

    def show_problem(self, problem: Problem, buttons: Sequence[Choice] = ()) -> None:
        self.shown = None
        self._nothing.set(problem.message, problem.hint, buttons)
        self._pages.setCurrentIndex(0)

    def clear(self) -> None:
        self.shown = None
        self._nothing.set(self.tr("No node is chosen"), self.tr("Choose one on the left, or filter by name."))
        self._pages.setCurrentIndex(0)

    def _arrange(self) -> None:
        font = self.title.font()
        font.setPointSizeF(font.pointSizeF() * 1.15)
        font.setBold(True)
        self.title.setFont(font)
        self.subtitle.setForegroundRole(self.subtitle.foregroundRole().PlaceholderText)
        self._copy.setText(self.tr("Copy name"))
        self._copy.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._steps.addItems([self.tr("1 step around"), self.tr("2 steps around")])
        self._steps.setAccessibleName(self.tr("Reach of the drawing"))
        self._nothing.setParent(self)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._nothing)
        self._pages.addWidget(self._content())

    def _content(self) -> QWidget:
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self.title)
        names.addWidget(self.subtitle)
        head = QHBoxLayout()
        head.setContentsMargins(8, 8, 8, 4)
        for button in (self.back, self.forward):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(names, 1)
        head.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._keys)
        column.addWidget(self.message)
        column.addWidget(self._halves(), 1)
        return content

    def _halves(self) -> QSplitter:
        lower = QWidget()
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.addWidget(QLabel(self.tr("Neighbourhood")))
        bar.addStretch(1)
        bar.addWidget(self._steps)
        column.addLayout(bar)
        column.addWidget(self.drawing, 1)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.addWidget(self._tree)
        halves.addWidget(lower)
        halves.setSizes([260, 340])
        return halves

    def _connect(self) -> None:
        self.back.clicked.connect(self.went_back)
        self.forward.clicked.connect(self.went_forward)
        self._copy.clicked.connect(self._copy_name)
        self._steps.activated.connect(self.steps_changed)
        self._tree.clicked.connect(self._follow)
        self._tree.activated.connect(self._follow)
        self._keys.chosen.connect(self.variable_chosen)
        self.drawing.chosen.connect(self._go)

    def _show_lines(self, facts: NodeFacts) -> None:
        """Short sections stand open."""
        self.lines.set_facts(node_lines(facts))
        for row, fact in enumerate(self.lines.facts):
            if len(fact.lines) <= MOST_OPEN_LINES:
                self._tree.expand(self.lines.index(row, 0))
        self._open_outputs(facts)

    def _open_outputs(self, facts: NodeFacts) -> None:
        """A few takers are seen at once."""
        for row, fact in enumerate(self.lines.facts):
            if fact.label == OUTPUTS and sum(map(len, facts.takers.values())) <= MOST_OPEN_LINES:
                self._tree.expandRecursively(self.lines.index(row, 0))

    def _follow(self, index: QModelIndex) -> None:
        fact = self.lines.fact(index)
        if fact.node is not None:
            self._go(fact.node)
        elif fact.copies is not None:
            QGuiApplication.clipboard().setText(fact.copies)

    def _go(self, name: str) -> None:
        """Names of nodes beside one of a function mean those in it."""
        function, node = split_function(name)
        self.chosen.emit(in_function(function or self._function, node))

    def _copy_name(self) -> None:
        if self.shown:
            QGuiApplication.clipboard().setText(f"{self.shown.name}:0")


class _KeyButtons(QWidget):
    """A button for each checkpoint key that a variable op saves to."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._keys: Sequence[str] = ()
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._choose)
        self.setContentsMargins(8, 0, 8, 4)
        self._row = FlowLayout(self)

    def set_keys(self, keys: Sequence[str]) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._keys = keys
        for number, key in enumerate(keys[:MOST_KEYS]):
            button = QPushButton(self.tr("Show variable {0}").format(_elided(key)))
            button.setToolTip(plain_tooltip(printable(key)))
            self._group.addButton(button, number)
            self._row.addWidget(button)
        self.setVisible(bool(keys))

    def _choose(self, number: int) -> None:
        self.chosen.emit(self._keys[number])


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button


def _fact_view(model: FactModel) -> QTreeView:
    view = QTreeView()
    view.setModel(model)
    view.setUniformRowHeights(True)
    view.setAccessibleName("Facts about the node")
    view.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
    view.header().resizeSection(0, 180)
    return view


def _elided(name: str, most: int = 40) -> str:
    """The end of a name says more than its beginning; `&` would be taken for a shortcut."""
    text = printable(name)
    return (text if len(text) <= most else "…" + text[1 - most :]).replace("&", "&&")
