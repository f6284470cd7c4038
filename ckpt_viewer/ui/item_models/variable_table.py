"""The variables of a checkpoint as rows, with the facts about each as columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ckpt_viewer.analysis.summary import Summary
from ckpt_viewer.analysis.verify import VariableCheck
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Array, Variable
from ckpt_viewer.session.filters import Filter, Haystack
from ckpt_viewer.session.wording import count_text, printable, shape_text, size_text
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.marks import warning_mark
from ckpt_viewer.ui.widgets.numbers import plain_number, screen_count, statistic
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
_SOUND = ("ok", "unchecked")
SUMMARY = ROLE.UserRole + 1  # the row's Summary, for the delegate that draws its histogram
VARIABLE = ROLE.UserRole
_CHECKS = {
    "ok": "✓ ok",
    "wrong": "✗ wrong",
    "none": "none stored",
    "damaged": "✗ damaged",
    "missing-data": "✗ data missing",
    "unreadable": "✗ unreadable",
    "unchecked": "none stored",
}


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


@dataclass(frozen=True, slots=True)
class Column:
    """One fact.

    Attributes:
        value: What it sorts by; None is unknown and comes last.
        text: The value as the screen shows it.
        plain: The value as it is copied.
        scanned: Whether it takes reading the values to know.
        explanation: What the header says when pointed at.
    """

    title: str
    value: Callable[[Variable, Summary | None], Any]
    text: Callable[[Any], str]
    plain: Callable[[Any], str] = plain_number
    numeric: bool = True
    scanned: bool = False
    explanation: str = ""


def _name(variable: Variable, _: Summary | None) -> str:
    return variable.name


def _scanned(title: str, fact: Callable[[Summary], Any], explanation: str, **fields: Any) -> Column:
    def value(_: Variable, summary: Summary | None) -> Any:
        return None if summary is None else fact(summary)

    return Column(
        title, value, fields.pop("text", statistic), scanned=True, explanation=explanation, **fields
    )


def _plain_shape(shape: Sequence[int]) -> str:
    return "x".join(map(str, shape))


COLUMNS: tuple[Column, ...] = (
    Column("Name", _name, printable, printable, numeric=False, explanation="Key in the checkpoint"),
    Column(
        "Full name", lambda v, _: v.full_name, printable, printable, False, False, "What people called it"
    ),
    Column("Shape", lambda v, _: v.shape, shape_text, _plain_shape, numeric=False),
    Column("Dtype", lambda v, _: v.dtype, str, numeric=False),
    Column("Params", lambda v, _: v.element_count, count_text, explanation="Number of elements"),
    Column("Bytes", lambda v, _: v.nbytes, size_text, explanation="Bytes in the data files"),
    Column("Role", lambda v, _: v.role, str, numeric=False, explanation="What it is for"),
    _scanned("Min", lambda s: s.min, "Least finite value"),
    _scanned("Mean", lambda s: s.mean, "Mean of the finite values"),
    _scanned("Max", lambda s: s.max, "Greatest finite value"),
    _scanned("Std", lambda s: s.std, "Standard deviation of the finite values"),
    _scanned("Zeros", lambda s: s.zeros, "Elements equal to zero", text=screen_count),
    _scanned("NaN", lambda s: s.nan, "Elements that are no number", text=screen_count),
    _scanned("±Inf", lambda s: s.posinf + s.neginf, "Infinite elements", text=screen_count),
    _scanned(
        "Histogram", lambda s: s.std, "Exact counts over the values; sorts by their spread", text=lambda _: ""
    ),
    _scanned(
        "Checksum",
        lambda s: s.checksum,
        "Whether the bytes read have the checksum stored with them",
        text=_CHECKS.__getitem__,
        plain=str,
        numeric=False,
    ),
)
NAME, FULL_NAME = 0, 1
TITLES = {column.title: number for number, column in enumerate(COLUMNS)}
CHECKSUM = TITLES["Checksum"]
SCANNED = [number for number, column in enumerate(COLUMNS) if column.scanned]


class VariableTableModel(QAbstractTableModel):
    """Rows are places in `variables`, filtered and sorted as one array of numbers."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.variables: Sequence[Variable] = ()
        self.summaries: dict[int, Summary] = {}
        self._problems: dict[int, Problem] = {}
        self._checks: dict[int, VariableCheck] = {}
        self._haystack = Haystack(())
        self._order = self._rows = np.arange(0)
        self._accepted = np.ones(0, bool)
        self._sorted_by: tuple[int, bool] | None = None

    def set_variables(self, variables: Sequence[Variable]) -> None:
        self.beginResetModel()
        self.variables, self.summaries, self._problems, self._checks = variables, {}, {}, {}
        self._haystack = Haystack(variables)
        self._accepted = np.ones(len(variables), bool)
        self._order = self._sorted_order()
        self._rows = self._order
        self.endResetModel()

    def judge_again(self, variables: Sequence[Variable]) -> None:
        """The same variables with other roles and names; the rows stay until they are filtered or sorted."""
        self.variables = variables
        self._haystack = Haystack(variables)
        if self._rows.size:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def show_only(self, wanted: Filter, role: str | None) -> None:
        """Keep the rows the filter accepts and, where given, those of one role."""
        if wanted.is_empty:
            accepted = np.ones(len(self.variables), bool)
        else:
            accepted = np.zeros(len(self.variables), bool)
            accepted[self._haystack.select(wanted)] = True
        if role is not None:
            accepted &= np.fromiter((v.role == role for v in self.variables), bool, len(self.variables))
        self.beginResetModel()
        self._accepted = accepted
        self._rows = self._order[accepted[self._order]]
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
        if [check.name for check in checks] == [variable.name for variable in self.variables]:
            self._checks = dict(enumerate(checks))
        else:
            by_name = {check.name: check for check in checks}
            found = ((place, by_name.get(variable.name)) for place, variable in enumerate(self.variables))
            self._checks = {place: check for place, check in found if check is not None}
        self._tell_all()

    def variable(self, row: int) -> Variable:
        return self.variables[int(self._rows[row])]

    def places(self) -> list[int]:
        """The places in `variables` of the rows, top to bottom."""
        places: list[int] = self._rows.tolist()
        return places

    def row_of(self, name: str) -> int | None:
        """The row that shows the variable of this name, if it is among them."""
        place = next((place for place, variable in enumerate(self.variables) if variable.name == name), -1)
        found = np.flatnonzero(self._rows == place)
        return int(found[0]) if found.size else None

    def greatest(self, column: int) -> Any:
        """The greatest value known in this column; 0 where none is."""
        value = COLUMNS[column].value
        return max(
            (value(self.variables[place], summary) for place, summary in self.summaries.items()), default=0
        )

    def answer(self, place: int, column: int, role: int) -> Any:
        """What a cell says of the variable at this place in `variables`."""
        answer = _ANSWERS.get(role)
        return answer(self._row(place), column) if answer else None

    def plain_rows(self, rows: Sequence[int], columns: Sequence[int]) -> str:
        """These cells as tab-separated lines under their titles, numbers in full."""
        return self.plain_places([int(self._rows[row]) for row in rows], columns)

    def plain_places(self, places: Sequence[int], columns: Sequence[int]) -> str:
        """The same by places in `variables`."""
        lines = ["\t".join(COLUMNS[column].title for column in columns)]
        lines += ["\t".join(self._plain(place, column) for column in columns) for place in places]
        return "\n".join(lines)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        return self.answer(int(self._rows[index.row()]), index.column(), role) if index.isValid() else None

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
        return _alignment(section) if role == ROLE.TextAlignmentRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by true values; a negative column gives the order of the checkpoint back."""
        self._sorted_by = (column, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [(int(self._rows[index.row()]), index.column()) for index in before]
        self._order = self._sorted_order()
        self._rows = self._order[self._accepted[self._order]]
        rows = np.empty(len(self.variables), np.int64)
        rows[self._rows] = np.arange(len(self._rows))
        self.changePersistentIndexList(
            before, [self.index(int(rows[place]), column) for place, column in kept]
        )
        self.layoutChanged.emit()

    def _tell_all(self) -> None:
        if self._rows.size:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def _row(self, place: int) -> Row:
        variable = self.variables[place]
        problem = variable.problem or self._problems.get(place)
        return Row(variable, self.summaries.get(place), problem, self._checks.get(place))

    def _value(self, place: int, column: int) -> Any:
        if column == CHECKSUM and place in self._checks:
            return self._checks[place].status
        return COLUMNS[column].value(self.variables[place], self.summaries.get(place))

    def _sorted_order(self) -> Array:
        places = range(len(self.variables))
        if self._sorted_by is None:
            return np.arange(len(places))
        column, descending = self._sorted_by
        keyed = [(self._value(place, column), place) for place in places]
        known = sorted((pair for pair in keyed if pair[0] is not None), key=itemgetter(0), reverse=descending)
        unknown = (place for key, place in keyed if key is None)
        return np.array([place for _, place in known] + list(unknown), np.int64)

    def _plain(self, place: int, column: int) -> str:
        value = self._value(place, column)
        return "" if value is None else COLUMNS[column].plain(value)


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


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if COLUMNS[column].numeric else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _spoken(row: Row, column: int) -> str:
    return " ".join([_display(row, column), *(_warnings(row) if column == NAME else [])])


_ALARMS: dict[int, Callable[[Summary], Any]] = {
    TITLES["NaN"]: lambda summary: summary.nan,
    TITLES["±Inf"]: lambda summary: summary.posinf + summary.neginf,
    TITLES["Checksum"]: lambda summary: summary.checksum == "wrong",
}
_ANSWERS: dict[int, Callable[[Row, int], Any]] = {
    ROLE.DisplayRole: _display,
    ROLE.ToolTipRole: _tool_tip,
    ROLE.DecorationRole: _decoration,
    ROLE.ForegroundRole: _foreground,
    ROLE.AccessibleTextRole: _spoken,
    ROLE.TextAlignmentRole: lambda _, column: _alignment(column),
    VARIABLE: lambda row, _: row.variable,
    SUMMARY: lambda row, _: row.summary,
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("VariableTable", text)
