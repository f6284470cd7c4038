"""A tree of labelled facts, each line made when it is first looked at."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from ckpt_viewer.session.function_nodes import in_function
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.item_models.value_text import opens, parts_of, value_text
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex


class Fact:
    """One line: a label and a value, both plain text, and what lies below it.

    Args:
        node: The graph node, or the function, that activating the line goes to, as `in_function` names it.
        copies: What clicking the line puts on the clipboard.
        below: Makes the lines below it when they are first asked for.
        heading: A line that only names those below it.
    """

    __slots__ = ("_below", "_lines", "copies", "heading", "label", "node", "parent", "row", "value")

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        node: str | None = None,
        copies: str | None = None,
        below: "Callable[[], Sequence[Fact]] | None" = None,
        heading: bool = False,
    ) -> None:
        self.label, self.value = printable(label), value
        self.node, self.copies, self.heading = node, copies, heading
        self.parent: Fact | None = None
        self.row = 0
        self._below = below
        self._lines: Sequence[Fact] = ()

    @property
    def lines(self) -> "Sequence[Fact]":
        if self._below is not None:
            self._lines, self._below = self._below(), None
            for row, line in enumerate(self._lines):
                line.parent, line.row = self, row
        return self._lines

    @property
    def opens(self) -> bool:
        return self._below is not None or bool(self._lines)


def facts_of(value: Any) -> list[Fact]:
    """The parts of a plain value, one line each."""
    return [fact_of(name, part) for name, part in parts_of(value).items()]


def fact_of(label: str, value: Any, node: str | None = None) -> Fact:
    below = (lambda: facts_of(value)) if opens(value) else None
    if isinstance(value, Mapping) and isinstance(called := value.get("function"), str):
        node = in_function(called)
    return Fact(label, value_text(value), node=node, below=below)


class FactModel(QAbstractItemModel):
    """Two columns over a list of facts."""

    def __init__(self, headers: tuple[str, str] = ("Name", "Value"), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headers = headers
        self._root = Fact("")

    def set_facts(self, facts: Sequence[Fact]) -> None:
        self.beginResetModel()
        self._root = Fact("", below=lambda: facts)
        self.endResetModel()

    @property
    def facts(self) -> Sequence[Fact]:
        return self._root.lines

    def fact(self, index: Index) -> Fact:
        found = index.internalPointer() if index.isValid() else self._root
        assert isinstance(found, Fact)
        return found

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, self.fact(parent).lines[row])

    def parent(self, index: Index = QModelIndex()) -> Any:  # noqa: B008
        above = self.fact(index).parent if index.isValid() else None
        if above is None or above is self._root:
            return QModelIndex()
        return self.createIndex(above.row, 0, above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.fact(parent).lines) if parent.column() <= 0 else 0

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        return parent.column() <= 0 and self.fact(parent).opens

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._headers)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._headers[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        fact = self.fact(index)
        answer = _ROLES.get(role)
        return answer(fact, index.column()) if answer else None


def _text(fact: Fact, column: int) -> str:
    return fact.value if column else fact.label


def _tooltip(fact: Fact, column: int) -> str:
    hint = "Click to copy" if fact.copies else ""
    return plain_tooltip("\n".join(filter(None, (_text(fact, column), hint))))


def _colour(fact: Fact, column: int) -> QColor | None:
    if fact.node is not None and column == (fact.value == printable(fact.node)):
        return QColor(theme.current().accent)
    return QColor(theme.current().muted) if fact.heading or column else None


def _font(fact: Fact, column: int) -> QFont | None:
    if not fact.heading or column:
        return None
    font = QFont()
    font.setBold(True)
    return font


_ROLES: dict[int, Callable[[Fact, int], Any]] = {
    Qt.ItemDataRole.DisplayRole: _text,
    Qt.ItemDataRole.ToolTipRole: _tooltip,
    Qt.ItemDataRole.ForegroundRole: _colour,
    Qt.ItemDataRole.FontRole: _font,
}
