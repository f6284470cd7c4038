"""The nodes of a graph grouped by op type, filtered while typing."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QStandardItem, QStandardItemModel

from ckpt_viewer.formats.graph import Node, NodeColumns
from ckpt_viewer.formats.graphs.words import Words
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
HEADERS = ("Operation", "Nodes", "Device")
NODES, DEVICE = 1, 2
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
    def by_name(self) -> list[tuple[str, int]]:
        """Name and place of each."""
        places = self.places.tolist()
        return sorted(zip(map(self.columns.name_of, places), places, strict=True))

    def row_of(self, name: str) -> int | None:
        row = bisect_left(self.by_name, (name,))
        return row if row < self.count and self.by_name[row][0] == name else None


class Nodes:
    """All nodes of a graph, grouped by type, and searchable by name, type and device.

    Names and devices are looked at when someone searches: the list of types does without.
    """

    def __init__(self, columns: NodeColumns) -> None:
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


class GraphOpsModel(QStandardItemModel):
    """Two levels: op types with their counts, and below each its nodes.

    Qt keeps the rows, all of them empty, since a tree asks for each row of a type that is opened; what is in
    them it asks here, of those in sight.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(0, len(HEADERS), parent)
        self.groups: list[OpGroup] = []

    def set_groups(self, groups: list[OpGroup]) -> None:
        self.removeRows(0, self.rowCount())
        self.groups = groups
        self.invisibleRootItem().appendRows([_rows(group.count) for group in groups])

    def node(self, index: Index) -> str | None:
        """The name of the node in a row; None for a row that is a type."""
        if not index.isValid() or not index.parent().isValid():
            return None
        return self.groups[index.parent().row()].by_name[index.row()][0]

    def index_of(self, node: Node) -> QModelIndex:
        """Where the node is; an invalid index if the filter hides it."""
        for number, group in enumerate(self.groups):
            if group.op == node.op and (row := group.row_of(node.name)) is not None:
                return self.index(row, 0, self.index(number, 0))
        return QModelIndex()

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
        above = index.parent()
        if not above.isValid():
            group = self.groups[index.row()]
            return _Cells(printable(group.op), f"{group.count:,}", "")
        group = self.groups[above.row()]
        name, place = group.by_name[index.row()]
        return _Cells(printable(name), "", printable(group.columns.device_of(place)))


def _rows(count: int) -> QStandardItem:
    """A type with as many empty rows below it."""
    item = QStandardItem()
    item.setRowCount(count)
    item.setColumnCount(len(HEADERS))
    return item


class _Cells(NamedTuple):
    operation: str
    nodes: str
    device: str


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == NODES else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _pattern(word: str) -> str:
    """A glob over all of a field."""
    wild = {"*": ".*", "?": "."}
    return "".join(wild.get(character) or re.escape(character) for character in word)
