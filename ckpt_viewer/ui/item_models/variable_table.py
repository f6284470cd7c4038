"""The variables of a checkpoint as rows, with the facts about each as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Array, Variable
from ckpt_viewer.formats.listing import Columns
from ckpt_viewer.session.filters import Filter, Haystack
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.item_models.letter_search import LetterSearch
from ckpt_viewer.ui.item_models.variable_columns import CHECKSUM, COLUMNS, NAME, ROLE_COLUMN, TITLES
from ckpt_viewer.ui.widgets.marks import warning_mark
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip

if TYPE_CHECKING:
    from ckpt_viewer.analysis.summary import Summary
    from ckpt_viewer.analysis.verification import VariableCheck

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
_SOUND = ("ok", "unchecked")
SUMMARY = ROLE.UserRole + 1  # the row's Summary, for the delegate that draws its histogram
VARIABLE = ROLE.UserRole


class Row(NamedTuple):
    """What is known of one variable; problems are told by the index or met while reading it."""

    variable: Variable
    summary: Summary | None
    problem: Problem | None
    check: VariableCheck | None = None

    def value(self, column: int) -> Any:
        """What verifying found is newer than what a scan did."""
        if column == CHECKSUM and self.check is not None:
            return self.check.status
        return COLUMNS[column].value(self.variable, self.summary)

    def plain(self, column: int) -> str:
        """As it is copied."""
        value = self.value(column)
        return "" if value is None else COLUMNS[column].plain(value)


class VariableTableModel(LetterSearch):
    """Rows are places in `variables`, filtered and sorted as one array of numbers.

    Attributes:
        partial: Whether these are the first few only, and what they are for is not known yet.
    """

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.variables: Sequence[Variable] = ()
        self.summaries: dict[int, Summary] = {}
        self._problems: dict[int, Problem] = {}
        self._checks: dict[int, VariableCheck] = {}
        self._haystack = Haystack(())
        self._order = self._rows = np.arange(0)
        self._wanted: tuple[Filter, str | None] = Filter(), None
        self._sorted_by: tuple[int, bool] | None = None
        self.partial = False
        self._latest: tuple[int, Row] | None = None

    @property
    def columns(self) -> Columns:
        return self._haystack.columns

    @property
    def shown(self) -> Array:
        """The places in `variables` of all rows, top to bottom."""
        return self._rows

    @property
    def left_out(self) -> str:
        """Why the last filter was not followed in full."""
        return "" if self._wanted[0].is_empty else self._haystack.left_out

    def set_variables(self, variables: Sequence[Variable], haystack: Haystack | None = None) -> None:
        """Show these, by the last filter no more; `haystack` is made of them where it is not given."""
        self.beginResetModel()
        self._take(variables, haystack)
        self.summaries, self._problems, self._checks = {}, {}, {}
        self.partial = False
        self._wanted = Filter(), None
        self._order = self._rows = self._sorted_order()
        self.endResetModel()

    def set_first(self, variables: Sequence[Variable]) -> None:
        """Show the first ones while the others are read; what they are for is not known yet."""
        self.set_variables(variables)
        self.partial = True

    def complete(self, variables: Sequence[Variable], haystack: Haystack) -> bool:
        """Put all in place of the first ones, whose rows stay as they are; False where those are others."""
        first = self.columns.names
        if not self.partial or first != haystack.columns.names[: len(first)]:
            return False
        self.partial = False
        self._take(variables, haystack)
        self._order = self._sorted_order()
        self.show_only(*self._wanted)
        self._tell_all()
        return True

    def judge_again(self, variables: Sequence[Variable], haystack: Haystack | None = None) -> None:
        """The same variables with other roles and names; the rows stay until they are filtered or sorted."""
        self._take(variables, haystack)
        self._tell_all()

    def show_only(self, wanted: Filter, role: str | None) -> None:
        """Keep the rows the filter accepts and, where given, those of one role."""
        self._wanted = wanted, role
        rows = self._order[self._accepted()[self._order]]
        before = len(self._rows)
        if before and np.array_equal(self._rows, rows[:before]):
            self._append(rows)
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def add_found(self, found: Mapping[int, Summary | Problem]) -> None:
        """Fill in what reading showed, by place in `variables`; the order stays until it is sorted again."""
        for place, fact in found.items():
            if isinstance(fact, Problem):
                self._problems[place] = fact
            else:
                self.summaries[place] = fact
        self._tell_all()

    def set_checks(self, checks: Sequence[VariableCheck]) -> None:
        """What verifying found, of any of the variables; nothing where it is out of date."""
        if not (checks or self._checks):
            return
        if [check.name for check in checks] == list(self.columns.names):
            self._checks = dict(enumerate(checks))
        else:
            by_name = {check.name: check for check in checks}
            found = ((place, by_name.get(name)) for place, name in enumerate(self.columns.names))
            self._checks = {place: check for place, check in found if check is not None}
        self._tell_all()

    def variable(self, row: int) -> Variable:
        return self.variables[int(self._rows[row])]

    def places(self, rows: Sequence[int] | slice = slice(None)) -> list[int]:
        """The places in `variables` of these rows, else of all, top to bottom."""
        places: list[int] = self._rows[rows].tolist()
        return places

    def row_of(self, name: str) -> int | None:
        """The row that shows the variable of this name, if it is among them."""
        names = self.columns.names
        found = np.flatnonzero(self._rows == (names.index(name) if name in names else -1))
        return int(found[0]) if found.size else None

    def greatest(self, column: int) -> Any:
        """The greatest value that a scan found for this column; 0 where there was none."""
        return max(map(COLUMNS[column].fact, self.summaries.values()), default=0)

    def answer(self, place: int, column: int, role: int) -> Any:
        """What a cell says of the variable at this place in `variables`."""
        answer = _ANSWERS.get(role)
        if self.partial and column == ROLE_COLUMN and role in _WORDS:
            return "…"
        return answer(self._row(place), column) if answer else None

    def lines(self, places: Sequence[int], columns: Sequence[int]) -> Iterator[str]:
        """Titles and the variables at these places with tabs between, numbers in full, as they are now."""
        variables, summaries, checks = self.variables, self.summaries, self._checks

        def line(place: int) -> str:
            row = Row(variables[place], summaries.get(place), None, checks.get(place))
            return "\t".join(map(row.plain, columns))

        return chain(["\t".join(COLUMNS[column].title for column in columns)], map(line, places))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        if role not in _ANSWERS or not index.isValid():
            return None  # most of what a view asks
        return self.answer(int(self._rows[index.row()]), index.column(), role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == ROLE.DisplayRole:
            return _tr(COLUMNS[section].title)
        if role == ROLE.ToolTipRole:
            return _tr(COLUMNS[section].explanation or COLUMNS[section].title)
        return _ALIGNMENTS[section] if role == ROLE.TextAlignmentRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by true values; a negative column gives the order of the checkpoint back."""
        self._sorted_by = (column, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [(int(self._rows[index.row()]), index.column()) for index in before]
        self._order = self._sorted_order()
        self._rows = self._order[self._accepted()[self._order]]
        rows = np.empty(len(self.variables), np.int64)
        rows[self._rows] = np.arange(len(self._rows))
        self.changePersistentIndexList(
            before, [self.index(int(rows[place]), column) for place, column in kept]
        )
        self.layoutChanged.emit()

    def _tell_all(self) -> None:
        self._latest = None
        if self._rows.size:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def _row(self, place: int) -> Row:
        """A view asks for all of a row, one after the other."""
        if self._latest is None or self._latest[0] != place:
            variable = self.variables[place]
            problem = variable.problem or self._problems.get(place)
            row = Row(variable, self.summaries.get(place), problem, self._checks.get(place))
            self._latest = place, row
        return self._latest[1]

    def _names_of_rows(self) -> tuple[Sequence[str], Array]:
        return self.columns.names, self._rows

    def _sorted_order(self) -> Array:
        if self._sorted_by is None:
            return np.arange(len(self.variables))
        column, descending = self._sorted_by
        keys = self._keys(column)
        known = [place for place, key in enumerate(keys) if key is not None]
        unknown = [place for place, key in enumerate(keys) if key is None]
        return np.array(sorted(known, key=keys.__getitem__, reverse=descending) + unknown, np.int64)

    def _keys(self, column: int) -> Sequence[Any]:
        """What the variables sort by in this column; what takes reading the values is known of some."""
        if not COLUMNS[column].scanned:
            return COLUMNS[column].column(self.columns)
        keys: list[Any] = [None] * len(self.variables)
        for place, summary in self.summaries.items():
            keys[place] = COLUMNS[column].fact(summary)
        if column == CHECKSUM:
            for place, check in self._checks.items():
                keys[place] = check.status
        return keys

    def _accepted(self) -> Array:
        """For each place in `variables` whether it is to be shown."""
        wanted, role = self._wanted
        accepted = self._haystack.accepted(wanted)
        if role is not None:
            accepted &= np.fromiter(map(role.__eq__, self.columns.roles), bool, len(accepted))
        return accepted

    def _append(self, rows: Array) -> None:
        """More rows behind those there are, or none."""
        if len(rows) > len(self._rows):
            self.beginInsertRows(QModelIndex(), len(self._rows), len(rows) - 1)
            self._rows = rows
            self.endInsertRows()

    def _take(self, variables: Sequence[Variable], haystack: Haystack | None) -> None:
        self.variables, self._latest = variables, None
        self._haystack = haystack or Haystack(variables)


def _display(row: Row, column: int) -> str:
    value = row.value(column)
    return "" if value is None else COLUMNS[column].text(value)


def _tool_tip(row: Row, column: int) -> str:
    if column == NAME:
        return plain_tooltip("\n".join([printable(row.variable.name), *_warnings(row)]))
    value = row.value(column)
    return "" if value is None else plain_tooltip(COLUMNS[column].plain(value))


def _warnings(row: Row) -> list[str]:
    """What is wrong with this variable, in sentences."""
    if row.problem:
        return [text for text in (row.problem.message, row.problem.hint) if text]
    if row.check:
        return [] if row.check.status in _SOUND else [row.check.message]
    if row.summary and row.summary.checksum == "wrong":
        return [_tr("Its bytes do not have the checksum stored with them.")]
    return []


def _decoration(row: Row, column: int) -> Any:
    return warning_mark() if column == NAME and _warnings(row) else None


def _foreground(row: Row, column: int) -> QColor | None:
    summary = row.summary
    if column == CHECKSUM and row.check:
        return None if row.check.status in _SOUND else QColor(theme.current().danger)
    if not summary or column not in _ALARMS or not _ALARMS[column](summary):
        return None
    return QColor(theme.current().danger)


_ALIGNMENTS = [
    (Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft)
    | Qt.AlignmentFlag.AlignVCenter
    for column in COLUMNS
]


def _spoken(row: Row, column: int) -> str:
    return " ".join([_display(row, column), *(_warnings(row) if column == NAME else [])])


_ALARMS: dict[int, Callable[[Summary], Any]] = {
    TITLES["NaN"]: lambda summary: summary.nan,
    TITLES["±Inf"]: lambda summary: summary.posinf + summary.neginf,
    TITLES["Checksum"]: lambda summary: summary.checksum == "wrong",
}
_WORDS = (ROLE.DisplayRole, ROLE.ToolTipRole, ROLE.AccessibleTextRole)
_ANSWERS: dict[int, Callable[[Row, int], Any]] = {
    ROLE.DisplayRole: _display,
    ROLE.ToolTipRole: _tool_tip,
    ROLE.DecorationRole: _decoration,
    ROLE.ForegroundRole: _foreground,
    ROLE.AccessibleTextRole: _spoken,
    ROLE.TextAlignmentRole: lambda _, column: _ALIGNMENTS[column],
    VARIABLE: lambda row, _: row.variable,
    SUMMARY: lambda row, _: row.summary,
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("VariableTable", text)
