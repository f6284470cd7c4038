"""The rows of the variable table once more, as a tree by the scopes in their names."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.listing import Columns
from ckpt_viewer.session.wording import count_text, plural, printable, size_text
from ckpt_viewer.ui.item_models.variable_columns import COLUMNS, NAME, TITLES
from ckpt_viewer.ui.item_models.variable_table import VariableTableModel

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
ALIGNED = ROLE.TextAlignmentRole


class Scope:
    """A part of the names, and all variables whose names begin with it; looks into itself when first asked.

    Args:
        label: What it adds to the name of its parent.
        members: The places of its variables, top to bottom.
        begin: How many characters of their names lie before the labels of its children.
        place: That of the variable with exactly this name; None where there is none.
    """

    def __init__(
        self,
        columns: Columns,
        members: Sequence[int],
        *,
        label: str = "",
        begin: int = 0,
        place: int | None = None,
        parent: "Scope | None" = None,
        row: int = 0,
    ) -> None:
        self.label, self.members, self.place = label, members, place
        self.parent, self.row = parent, row
        self._columns, self._begin = columns, begin

    @property
    def has_children(self) -> bool:
        return len(self.members) > (self.place is not None)

    @cached_property
    def children(self) -> list["Scope"]:
        groups: dict[str, list[int]] = {}
        for place in self.members:
            if place != self.place:
                label = self._columns.names[place][self._begin :].partition("/")[0]
                groups.setdefault(label, []).append(place)
        return [self._child(row, label, members) for row, (label, members) in enumerate(groups.items())]

    @cached_property
    def params(self) -> int:
        return sum(self._columns.element_counts[place] for place in self.members)

    @cached_property
    def nbytes(self) -> int:
        return sum(self._columns.sizes[place] for place in self.members)

    @property
    def path(self) -> str:
        labels = []
        scope: Scope | None = self
        while scope is not None and scope.parent is not None:
            labels.append(scope.label)
            scope = scope.parent
        return "/".join(reversed(labels))

    def find(self, name: str) -> "Scope | None":
        """The scope of the variable with this name, here or below."""
        scope: Scope | None = self
        while scope is not None and (scope.place is None or self._columns.names[scope.place] != name):
            rest = f"{name[scope._begin :]}/"
            scope = next((child for child in scope.children if rest.startswith(f"{child.label}/")), None)
        return scope

    def _child(self, row: int, label: str, members: list[int]) -> "Scope":
        """With all that its members have in common: a scope that holds just another one says little."""
        names = [self._columns.names[place][self._begin :] for place in members]
        if label not in names:
            label = _common_scope(names)
        place = next((place for place, name in zip(members, names, strict=True) if name == label), None)
        begin = self._begin + len(label) + 1
        return Scope(self._columns, members, label=label, begin=begin, place=place, parent=self, row=row)


class VariableTreeModel(QAbstractItemModel):
    """Has the columns of the table; scopes show how much is in them."""

    def __init__(self, table: VariableTableModel) -> None:
        super().__init__(table)
        self._table = table
        self.root = Scope(table.columns, ())

    def rebuild(self) -> None:
        """Follow the rows of the table, in its order."""
        self.beginResetModel()
        self.root = Scope(self._table.columns, self._table.places())
        self.endResetModel()

    def scope(self, index: Index) -> Scope:
        found: Scope = index.internalPointer() if index.isValid() else self.root
        return found

    def index_of(self, name: str) -> QModelIndex:
        """Where the variable of this name is; invalid where it is not shown."""
        scope = self.root.find(name)
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


def _common_scope(names: Sequence[str]) -> str:
    """The longest scope that all of these are or are in."""
    closed = [f"{name}/" for name in names]
    low, high = min(closed), max(closed)
    differs = (place for place, (one, other) in enumerate(zip(low, high, strict=False)) if one != other)
    common = low[: next(differs, len(low))]
    return common[: common.rindex("/")]


def _subtotal(scope: Scope, column: int) -> str:
    texts = {
        TITLES["Shape"]: plural(len(scope.members), "variable"),
        TITLES["Params"]: count_text(scope.params),
        TITLES["Bytes"]: size_text(scope.nbytes),
    }
    return texts.get(column, "")
