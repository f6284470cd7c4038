"""The nodes of a graph grouped by op type, filtered while typing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ckpt_viewer.formats.graph import Node
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
HEADERS = ("Operation", "Nodes", "Device")
FIELDS = {"name": "name", "op": "op", "type": "op", "device": "device"}


@dataclass
class OpGroup:
    """The nodes of one op type; they are sorted by name when the group is first opened.

    Attributes:
        nodes: None of them as long as only their number is known.
    """

    op: str
    count: int
    nodes: list[Node]

    @cached_property
    def by_name(self) -> list[Node]:
        return sorted(self.nodes, key=_name)


class Nodes:
    """All nodes of a graph, searchable by name, type and device."""

    def __init__(self, nodes: Sequence[Node] = ()) -> None:
        self.all = nodes
        self.devices = len({node.device for node in nodes} - {""})

    def matching(self, text: str) -> Sequence[Node]:
        """The nodes that hold every word: in any field, or in the one named by `type:` `name:` `device:`."""
        left: Sequence[Node] = self.all
        for word in text.lower().split():
            field, colon, rest = word.partition(":")
            if colon and field in FIELDS:
                left = _with_field(left, FIELDS[field], rest)
            else:
                left = self._anywhere(left, word)
        return left

    def _anywhere(self, nodes: Sequence[Node], word: str) -> list[Node]:
        if nodes is not self.all:
            return [node for node in nodes if _matches(_haystack(node), word)]
        if _is_pattern(word):
            found = re.compile(_pattern(word)).search
            return [node for node, text in zip(self.all, self._haystacks, strict=True) if found(text)]
        return [node for node, text in zip(self.all, self._haystacks, strict=True) if word in text]

    @cached_property
    def _haystacks(self) -> list[str]:
        return [_haystack(node) for node in self.all]


def grouped(nodes: Iterable[Node]) -> list[OpGroup]:
    """Most frequent type first, equal counts by name."""
    groups: dict[str, list[Node]] = {}
    for node in nodes:
        groups.setdefault(node.op, []).append(node)
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0].lower()))
    return [OpGroup(op, len(members), members) for op, members in ranked]


def counted(ops: Mapping[str, int]) -> list[OpGroup]:
    """Groups whose nodes are still to come."""
    return [OpGroup(op, count, []) for op, count in ops.items()]


class GraphOpsModel(QAbstractItemModel):
    """Two levels: op types with their counts, and below each its nodes.

    An index of a type carries 0, one of a node the number of its type plus 1.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.groups: list[OpGroup] = []

    def set_groups(self, groups: list[OpGroup]) -> None:
        self.beginResetModel()
        self.groups = groups
        self.endResetModel()

    def node(self, index: Index) -> Node | None:
        """The node of a row; None for a row that is a type."""
        if not index.isValid() or not index.internalId():
            return None
        return self.groups[index.internalId() - 1].by_name[index.row()]

    def index_of(self, node: Node) -> QModelIndex:
        """Where the node is; an invalid index if the filter hides it."""
        for number, group in enumerate(self.groups):
            if group.op == node.op:
                rows = [row for row, other in enumerate(group.by_name) if other.name == node.name]
                return self.createIndex(rows[0], 0, number + 1) if rows else QModelIndex()
        return QModelIndex()

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index = QModelIndex()) -> Any:  # noqa: B008
        if not index.isValid() or not index.internalId():
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if not parent.isValid():
            return len(self.groups)
        if parent.internalId() or parent.column():
            return 0
        return len(self.groups[parent.row()].nodes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(HEADERS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return HEADERS[section]
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(theme.current().muted) if index.column() else None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        text = self._cells(index)[index.column()]
        return text if role == Qt.ItemDataRole.DisplayRole else plain_tooltip(text)

    def _cells(self, index: Index) -> "_Cells":
        if node := self.node(index):
            return _Cells(printable(node.name), "", printable(node.device))
        group = self.groups[index.row()]
        return _Cells(printable(group.op), f"{group.count:,}", "")


class _Cells(NamedTuple):
    operation: str
    nodes: str
    device: str


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == 1 else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _name(node: Node) -> str:
    return node.name


def _haystack(node: Node) -> str:
    return f"{node.name}\n{node.op}\n{node.device}".lower()


def _with_field(nodes: Sequence[Node], field: str, word: str) -> list[Node]:
    return [node for node in nodes if _matches(getattr(node, field).lower(), word)]


def _matches(text: str, word: str) -> bool:
    return re.search(_pattern(word), text) is not None if _is_pattern(word) else word in text


def _is_pattern(word: str) -> bool:
    return "*" in word or "?" in word


def _pattern(word: str) -> str:
    """A glob over one whole line: one field of the text searched."""
    wild = {"*": ".*", "?": "."}
    return "(?m)^" + "".join(wild.get(character) or re.escape(character) for character in word) + "$"
