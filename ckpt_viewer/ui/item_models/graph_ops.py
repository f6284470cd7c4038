"""The nodes of a graph grouped by op type, filtered while typing."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ckpt_viewer.formats.graph import Node, NodeColumns
from ckpt_viewer.formats.graphs.words import Words
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
HEADERS = ("Operation", "Nodes", "Device")
FIELDS = {"name": "names", "op": "ops", "type": "ops", "device": "devices"}
Hits = np.ndarray[Any, np.dtype[np.bool_]]
Places = np.ndarray[Any, np.dtype[np.intp]]


@dataclass
class OpGroup:
    """The nodes of one op type; they are sorted by name when the group is first opened.

    Attributes:
        places: Where they are in the graph.
    """

    op: str
    places: Places
    columns: NodeColumns

    @property
    def count(self) -> int:
        return len(self.places)

    @cached_property
    def by_name(self) -> list[int]:
        """Their places in the order of their names."""
        return sorted(self.places.tolist(), key=self.columns.names.__getitem__)

    def row_of(self, name: str) -> int | None:
        names = self.columns.names
        row = bisect_left(self.by_name, name, key=names.__getitem__)
        return row if row < self.count and names[self.by_name[row]] == name else None


class NoNodes:
    """The columns of no graph."""

    names: Sequence[str] = ()
    ops = devices = Words.of(())


class Nodes:
    """All nodes of a graph, grouped by type, and searchable by name, type and device.

    Names and devices are looked at when someone searches: the list of types does without.
    """

    def __init__(self, columns: NodeColumns | None = None) -> None:
        columns = columns or NoNodes()
        self.columns, self.ops = columns, columns.ops
        self.all: Places = np.arange(len(self.ops.codes))

    @cached_property
    def names(self) -> list[str]:
        return [name.lower() for name in self.columns.names]

    @cached_property
    def devices(self) -> Words:
        return self.columns.devices

    def matching(self, text: str) -> Places:
        """Where every word is found: in any field, or in the one named by `type:` `name:` `device:`."""
        kept = np.ones(len(self.all), bool)
        for word in text.lower().split():
            field, colon, rest = word.partition(":")
            if colon and field in FIELDS:
                kept &= self._holds(FIELDS[field], rest)
            else:
                kept &= np.any([self._holds(each, word) for each in ("names", "ops", "devices")], axis=0)
        return np.flatnonzero(kept)

    def grouped(self, places: Places) -> list[OpGroup]:
        """Most frequent type first, equal counts by name."""
        codes = self.ops.codes[places]
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes, minlength=len(self.ops.words)))
        parts = np.split(places[order], ends[:-1]) if len(ends) else []
        groups = [
            OpGroup(op, part, self.columns)
            for op, part in zip(self.ops.words, parts, strict=True)
            if len(part)
        ]
        return sorted(groups, key=lambda group: (-group.count, group.op.lower()))

    def _holds(self, field: str, word: str) -> Hits:
        if field == "names":
            return _hits(self.names, word)
        column: Words = getattr(self, field)
        hits: Hits = _hits([each.lower() for each in column.words], word)[column.codes]
        return hits


def _hits(texts: Sequence[str], word: str) -> Hits:
    """Which texts hold a word, or are a whole that its `*` and `?` stand for."""
    if not ("*" in word or "?" in word):
        return np.array([word in text for text in texts], bool)
    found = re.compile(_pattern(word), re.DOTALL).fullmatch
    return np.array([found(text) is not None for text in texts], bool)


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

    def node(self, index: Index) -> str | None:
        """The name of the node in a row; None for a row that is a type."""
        if not index.isValid() or not index.internalId():
            return None
        group = self.groups[index.internalId() - 1]
        return group.columns.names[group.by_name[index.row()]]

    def index_of(self, node: Node) -> QModelIndex:
        """Where the node is; an invalid index if the filter hides it."""
        for number, group in enumerate(self.groups):
            if group.op == node.op and (row := group.row_of(node.name)) is not None:
                return self.createIndex(row, 0, number + 1)
        return QModelIndex()

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """Asked for each row of a type that is opened: no call more than it takes."""
        if not parent.isValid():
            number, rows = 0, len(self.groups)
        elif parent.internalId() or parent.column():
            return QModelIndex()
        else:
            number = parent.row() + 1
            rows = self.groups[number - 1].count
        if not (0 <= row < rows and 0 <= column < len(HEADERS)):
            return QModelIndex()
        return self.createIndex(row, column, number)

    def parent(self, index: Index = QModelIndex()) -> Any:  # noqa: B008
        if not index.isValid() or not index.internalId():
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if not parent.isValid():
            return len(self.groups)
        if parent.internalId() or parent.column():
            return 0
        return self.groups[parent.row()].count

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        return not parent.internalId() and self.rowCount(parent) > 0

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
        if not index.internalId():
            group = self.groups[index.row()]
            return _Cells(printable(group.op), f"{group.count:,}", "")
        group = self.groups[index.internalId() - 1]
        place = group.by_name[index.row()]
        return _Cells(printable(group.columns.names[place]), "", printable(group.columns.devices[place]))


class _Cells(NamedTuple):
    operation: str
    nodes: str
    device: str


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == 1 else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _pattern(word: str) -> str:
    """A glob over all of a field."""
    wild = {"*": ".*", "?": "."}
    return "".join(wild.get(character) or re.escape(character) for character in word)
