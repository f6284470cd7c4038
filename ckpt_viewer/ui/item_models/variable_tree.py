"""The rows of the variable table once more, as a tree by the scopes in their names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.session.wording import count_text, plural, printable, size_text
from ckpt_viewer.ui.item_models.variable_table import COLUMNS, NAME, TITLES, VariableTableModel

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
ALIGNED = ROLE.TextAlignmentRole


@dataclass(eq=False, slots=True)
class Scope:
    """A part of the names, and all variables whose names begin with it.

    Attributes:
        label: What it adds to the name of its parent.
        place: That of the variable with exactly this name; None where there is none.
        variables: How many there are in it and below, itself included.
        params: Their elements; `nbytes` their bytes.
    """

    label: str
    parent: Optional["Scope"] = None
    row: int = 0
    place: int | None = None
    variables: int = 0
    params: int = 0
    nbytes: int = 0
    children: list["Scope"] = field(default_factory=list)

    def places(self) -> Iterator[int]:
        """Those of its variables, top to bottom."""
        waiting = [self]
        while waiting:
            scope = waiting.pop()
            if scope.place is not None:
                yield scope.place
            waiting.extend(reversed(scope.children))

    @property
    def path(self) -> str:
        labels = []
        scope: Scope | None = self
        while scope is not None and scope.parent is not None:
            labels.append(scope.label)
            scope = scope.parent
        return "/".join(reversed(labels))


def tree_of(variables: Sequence[Variable], places: Sequence[int]) -> Scope:
    """The root of all scopes, in the order of the places; a lonely scope is merged with its parent."""
    root = Scope("")
    by_path: dict[str, Scope] = {}
    for place in places:
        variable, scope, path = variables[place], root, ""
        _count(root, variable)
        for label in variable.name.split("/"):
            path += "/" + label
            if path not in by_path:
                by_path[path] = Scope(label, scope)
                scope.children.append(by_path[path])
            scope = by_path[path]
            _count(scope, variable)
        scope.place = place
    _merge_lonely(root)
    return root


class VariableTreeModel(QAbstractItemModel):
    """Has the columns of the table; scopes show how much is in them."""

    def __init__(self, table: VariableTableModel) -> None:
        super().__init__(table)
        self._table = table
        self.root = Scope("")

    def rebuild(self) -> None:
        """Follow the rows of the table, in its order."""
        self.beginResetModel()
        self.root = tree_of(self._table.variables, self._table.places())
        self.endResetModel()

    def scope(self, index: Index) -> Scope:
        found: Scope = index.internalPointer() if index.isValid() else self.root
        return found

    def index_of(self, name: str) -> QModelIndex:
        """Where the variable of this name is; invalid where it is not shown."""
        scope = next((s for s in _all(self.root) if s.place is not None and self._name(s) == name), None)
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

    def _name(self, scope: Scope) -> str:
        assert scope.place is not None
        return self._table.variables[scope.place].name


def _count(scope: Scope, variable: Variable) -> None:
    scope.variables += 1
    scope.params += variable.element_count
    scope.nbytes += variable.nbytes


def _merge_lonely(root: Scope) -> None:
    """Join a scope that holds one other scope and no variable with it, and number the rows."""
    waiting = [root]
    while waiting:
        scope = waiting.pop()
        for row, child in enumerate(scope.children):
            while child.place is None and len(child.children) == 1:
                only = child.children[0]
                only.label, only.parent = f"{child.label}/{only.label}", scope
                child = scope.children[row] = only
            child.row = row
            waiting.append(child)


def _all(root: Scope) -> Iterator[Scope]:
    waiting = [root]
    while waiting:
        scope = waiting.pop()
        yield scope
        waiting.extend(scope.children)


def _subtotal(scope: Scope, column: int) -> str:
    texts = {
        TITLES["Shape"]: plural(scope.variables, "variable"),
        TITLES["Params"]: count_text(scope.params),
        TITLES["Bytes"]: size_text(scope.nbytes),
    }
    return texts.get(column, "")
