"""The rows of the variable table once more, as a tree by the scopes in their names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt

from ckpt_viewer.formats.checkpoint import Array, Variable
from ckpt_viewer.formats.listing import Columns
from ckpt_viewer.session.scopes import Group, Scoped, ScopeOrder
from ckpt_viewer.session.wording import count_text, plural, printable, size_text
from ckpt_viewer.ui.item_models.variable_columns import COLUMNS, NAME, TITLES
from ckpt_viewer.ui.item_models.variable_table import VariableTableModel

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
ALIGNED = ROLE.TextAlignmentRole
MOST_ROWS = 500  # in one scope


class Scope:
    """A part of the names, and all variables whose names begin with it; looks into itself when first asked.

    Args:
        group: Its names among all that are shown.
        label: What it adds to the name of its parent.
    """

    def __init__(
        self,
        columns: Columns,
        scoped: Scoped,
        group: Group,
        *,
        label: str = "",
        parent: Scope | None = None,
        row: int = 0,
    ) -> None:
        self.label, self.parent, self.row = label, parent, row
        self._columns, self._scoped, self._group = columns, scoped, group

    @property
    def place(self) -> int | None:
        """That of the variable with exactly this name; None where there is none."""
        if self.parent is None:
            return None
        place = int(self._scoped.places[self._group.low])
        return place if len(self._columns.names[place]) + 1 == self._group.length else None

    @property
    def has_children(self) -> bool:
        return self.count > 1 or (self.count == 1 and self.place is None)

    @property
    def count(self) -> int:
        """How many variables are in it."""
        return self._group.high - self._group.low

    @cached_property
    def children(self) -> list[Scope]:
        """Very many are divided into parts: a view looks at each row of a scope that is opened."""
        groups = self._groups
        if len(groups) <= MOST_ROWS:
            return [self._child(row, Group(*group)) for row, group in enumerate(groups.tolist())]
        parts = (groups[start : start + MOST_ROWS] for start in range(0, len(groups), MOST_ROWS))
        return [self._part(row, part) for row, part in enumerate(parts)]

    @cached_property
    def members(self) -> list[int]:
        """The places of its variables, top to bottom."""
        places: list[int] = self._scoped.shown(self._at).tolist()
        return places

    @cached_property
    def amounts(self) -> tuple[int, int]:
        """How many elements and bytes are in it."""
        params, size = self._columns.amounts[:, self._scoped.places[self._at]].sum(axis=1).tolist()
        return params, size

    @property
    def path(self) -> str:
        labels = []
        scope: Scope | None = self
        while scope is not None and scope.parent is not None:
            labels.append(scope.label)
            scope = scope.parent
        return "/".join(reversed(labels))

    def find(self, place: int) -> Scope | None:
        """The scope of the variable at this place, here or below."""
        found = np.flatnonzero(self._scoped.places == place)
        scope: Scope | None = self if found.size else None
        while scope is not None and scope.place != place:
            scope = next((child for child in scope.children if child.holds(int(found[0]))), None)
        return scope

    def holds(self, at: int) -> bool:
        return self._group.low <= at < self._group.high

    @property
    def _at(self) -> Array:
        return np.arange(self._group.low, self._group.high)

    @property
    def _groups(self) -> Array:
        low, high, length = self._group
        return self._scoped.groups(low + (self.place is not None), high, length)

    def _child(self, row: int, group: Group) -> Scope:
        """With all that its members have in common: a scope that holds just another one says little."""
        length = self._scoped.length(group)
        return Scope(
            self._columns,
            self._scoped,
            group._replace(length=length),
            label=self._label(group),
            parent=self,
            row=row,
        )

    def _part(self, row: int, groups: Array) -> Scope:
        part = _Part(self._columns, self._scoped, self._group, parent=self, row=row)
        first, last = (self._label(Group(*groups[place].tolist())) for place in (0, -1))
        part.label, part.groups = f"{first} … {last}", groups
        return part

    def _label(self, group: Group) -> str:
        name = self._columns.names[int(self._scoped.places[group.low])]
        return name[self._group.length : self._scoped.length(group) - 1]


class _Part(Scope):
    """Some of very many that lie in one scope."""

    groups: Array

    @property
    def place(self) -> None:
        return None

    @property
    def count(self) -> int:
        return int((self.groups[:, 1] - self.groups[:, 0]).sum())

    def holds(self, at: int) -> bool:
        return bool(((self.groups[:, 0] <= at) & (at < self.groups[:, 1])).any())

    @property
    def _at(self) -> Array:
        return np.concatenate([np.arange(low, high) for low, high, _ in self.groups.tolist()])

    @property
    def _groups(self) -> Array:
        return self.groups


class VariableTreeModel(QAbstractItemModel):
    """Has the columns of the table; scopes show how much is in them."""

    def __init__(self, table: VariableTableModel) -> None:
        super().__init__(table)
        self._table = table
        self._order = ScopeOrder()
        self.root = self._root()

    def rebuild(self) -> Iterator[None]:
        """Follow the rows of the table, in its order; steps are taken where the names are new."""
        order = self._order
        while order.names is not self._table.columns.names:  # they may change meanwhile
            self._show(ScopeOrder())
            order = ScopeOrder(self._table.columns.names)
            yield from order.steps()
        self._show(order)

    def scope(self, index: Index) -> Scope:
        found: Scope = index.internalPointer() if index.isValid() else self.root
        return found

    def index_of(self, name: str) -> QModelIndex:
        """Where the variable of this name is; invalid where it is not shown."""
        names = self._table.columns.names
        scope = self.root.find(names.index(name)) if name in names else None
        return QModelIndex() if scope is None else self.createIndex(scope.row, NAME, scope)

    def variable(self, index: Index) -> Variable | None:
        place = self.scope(index).place
        return None if place is None else self._table.variables[place]

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        children = self.scope(parent).children
        if 0 <= row < len(children) and 0 <= column < len(COLUMNS):
            return self.createIndex(row, column, children[row])
        return QModelIndex()

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        above = self.scope(index).parent
        return (
            QModelIndex() if above is None or above.parent is None else self.createIndex(above.row, 0, above)
        )

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.column() > 0 else len(self.scope(parent).children)

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        return parent.column() <= 0 and self.scope(parent).has_children

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(COLUMNS)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        scope = self.scope(index)
        if role == ROLE.DisplayRole and index.column() == NAME:
            return printable(scope.label)
        if scope.place is not None:
            return self._table.answer(scope.place, index.column(), role)
        if role == ROLE.DisplayRole:
            return _subtotal(scope, index.column())
        return (
            self._table.headerData(index.column(), Qt.Orientation.Horizontal, role)
            if role == ALIGNED
            else None
        )

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> Any:
        return self._table.headerData(section, orientation, role)

    def _show(self, order: ScopeOrder) -> None:
        self.beginResetModel()
        self._order = order
        self.root = self._root()
        self.endResetModel()

    def _root(self) -> Scope:
        places = self._table.shown if len(self._order.names) else np.zeros(0, np.int64)
        return Scope(self._table.columns, self._order.only(places), Group(0, len(places), 0))


def _subtotal(scope: Scope, column: int) -> str:
    if column == TITLES["Shape"]:
        return plural(scope.count, "variable")
    if column == TITLES["Params"]:
        return count_text(scope.amounts[0])
    return size_text(scope.amounts[1]) if column == TITLES["Bytes"] else ""
