"""The pairs of a comparison as rows: chosen by counter and filter, ranked by how much they differ."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ckpt_viewer.analysis.comparison import Difference, Pair
from ckpt_viewer.session.filters import Filter, Haystack
from ckpt_viewer.session.wording import printable, shape_text
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.marks import warning_mark
from ckpt_viewer.ui.widgets.numbers import plain_number, screen_number
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
Names = tuple[str | None, str | None]
Grade = Literal["same", "within", "beyond"]
STATUS_TEXTS = {
    "identical": "= identical",
    "changed": "≠ changed",
    "shape": "▱ shape",
    "dtype": "T dtype",
    "only-a": "− only in A",
    "only-b": "+ only in B",
}
PART_ROLE = Qt.ItemDataRole.UserRole  # how much of its cell a bar fills; more than 1 is off its scale


def names_of(pair: Pair) -> Names:
    return (pair.a.name if pair.a else None, pair.b.name if pair.b else None)


def grade(pair: Pair, tolerance: float) -> Grade:
    """`within` where ‖Δ‖/‖A‖ is no more than a tolerance above 0, and no NaN or infinity came or went."""
    if pair.status == "identical":
        return "same"
    difference = pair.difference
    if pair.status != "changed" or difference is None or difference.relative is None or difference.nonfinite:
        return "beyond"
    return "within" if 0 < tolerance >= difference.relative else "beyond"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        value: What is shown and copied.
        number: Right-aligned, and copied in full.
        rank: What is sorted by instead; None stays last either way round.
    """

    title: str
    value: Callable[[Pair], Any]
    tip: str = ""
    number: bool = True
    width: int = 88
    rank: Callable[[Pair], Any] | None = None


def _of(field: str) -> Callable[[Pair], Any]:
    def value(pair: Pair) -> Any:
        return getattr(pair.difference, field) if pair.difference else None

    return value


def _relative_rank(pair: Pair) -> tuple[int, float] | None:
    """A NaN that came or went weighs more than any ratio; a change from all zeros has none, and less."""
    difference = pair.difference
    if difference is None:
        return None
    if difference.nonfinite:
        return 2, difference.relative or 0.0
    if difference.relative is not None:
        return 1, difference.relative
    return (0, difference.max_abs) if difference.max_abs else None


def _is_beyond_ratio(difference: Difference) -> bool:
    """Whether it changed in a way that ‖Δ‖/‖A‖ cannot tell."""
    return bool(difference.nonfinite or (difference.relative is None and difference.max_abs))


def _changed_part(pair: Pair) -> float | None:
    difference = pair.difference
    return 100 * difference.changed / difference.count if difference and difference.count else None


def _shape(pair: Pair) -> str:
    shapes = list(dict.fromkeys(shape_text(side.shape) for side in (pair.a, pair.b) if side))
    return " → ".join(shapes)


def _dtype(pair: Pair) -> str:
    return " → ".join(dict.fromkeys(side.dtype for side in (pair.a, pair.b) if side))


def _name_in_b(pair: Pair) -> str:
    return pair.b.name if pair.b and pair.b.name != pair.name else ""


NAME, NAME_B, SHAPE, DTYPE, STATUS, MAX_ABS, MEAN_ABS, RELATIVE, COSINE, CHANGED = range(10)
COLUMNS = (
    Column("Name", lambda pair: pair.name, number=False, width=300),
    Column("Name in B", _name_in_b, "Where it differs from the name in A", number=False, width=220),
    Column("Shape", _shape, number=False, width=110),
    Column("Dtype", _dtype, number=False, width=72),
    Column("Status", lambda pair: pair.status, number=False, width=104),
    Column("max|Δ|", _of("max_abs"), "The largest |B − A| of any element"),
    Column("mean|Δ|", _of("mean_abs"), "The mean of |B − A|"),
    Column(
        "‖Δ‖/‖A‖",
        _of("relative"),
        "‖B − A‖ / ‖A‖; the bar is full at 1, and broken where it is more",
        width=110,
        rank=_relative_rank,
    ),
    Column("cosine", _of("cosine"), "A·B / (‖A‖ ‖B‖)"),
    Column("changed", _changed_part, "Elements that differ, in percent of all"),
)


class PairTableModel(QAbstractTableModel):
    """Rows are ranked only by `rerank`, so that a table somebody reads does not jump with each new figure."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pairs: list[Pair] = []
        self.tolerance = 0.0
        self._rows: list[int] = []
        self._places: dict[Names, int] = {}
        self._shown, self._filter = "different", ""
        self._order = (RELATIVE, Qt.SortOrder.DescendingOrder)

    def set_pairs(self, pairs: Sequence[Pair]) -> None:
        self.pairs = list(pairs)
        self.__dict__.pop("_haystacks", None)
        self._places = {names_of(pair): place for place, pair in enumerate(self.pairs)}
        self.rerank()

    def show(self, shown: str, text: str) -> None:
        """Choose the rows: a status, `different` or `all`, and a filter on names, types and shapes."""
        wanted = shown, text
        if wanted != (self._shown, self._filter):
            self._shown, self._filter = wanted
            self.rerank()

    @property
    def left_out(self) -> str:
        """Why the filter is not followed in full."""
        asked = self._haystacks if self._filter.strip() else ()
        return next((haystack.left_out for haystack in asked if haystack.left_out), "")

    def update_pairs(self, pairs: Iterable[Pair]) -> None:
        """Put newer knowledge in place of older; rows stay where they are until `rerank`."""
        for pair in pairs:
            if (place := self._places.get(names_of(pair))) is not None:
                self.pairs[place] = pair
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def set_tolerance(self, tolerance: float) -> None:
        self.tolerance = tolerance
        self.update_pairs(())

    def rerank(self) -> None:
        """Choose and sort the rows anew; selected ones stay selected."""
        rows = self._ranked(self._chosen())
        if rows == self._rows:
            return
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        now = {place: row for row, place in enumerate(rows)}
        moved = [self._moved(index, now) for index in old]
        self._rows = rows
        self.changePersistentIndexList(old, moved)
        self.layoutChanged.emit()

    def pair(self, row: int) -> Pair:
        return self.pairs[self._rows[row]]

    def find(self, names: Names) -> Pair | None:
        place = self._places.get(names)
        return None if place is None else self.pairs[place]

    def row_of(self, names: Names) -> int | None:
        place = self._places.get(names)
        return self._rows.index(place) if place in self._rows else None

    def tsv(self, rows: Iterable[int], columns: Sequence[int]) -> str:
        """Titles and rows with tabs between, numbers in full."""
        lines = [[COLUMNS[column].title for column in columns]]
        lines += [[self._plain(self.pair(row), column) for column in columns] for row in rows]
        return "\n".join("\t".join(line) for line in lines)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        answers = {
            Qt.ItemDataRole.DisplayRole: column.title,
            Qt.ItemDataRole.ToolTipRole: column.tip,
            Qt.ItemDataRole.TextAlignmentRole: _alignment(column),
        }
        return answers.get(Qt.ItemDataRole(role))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        pair, column = self.pair(index.row()), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(pair, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(COLUMNS[column])
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(pair, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self._tip(pair, column))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return " ".join([self._text(pair, column), *(_warnings(pair) if column == NAME else [])])
        if role == Qt.ItemDataRole.DecorationRole:
            return warning_mark() if column == NAME and _warnings(pair) else None
        return _bar(pair) if role == PART_ROLE and column == RELATIVE else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._order = (column, order)
        self.rerank()

    def _chosen(self) -> list[int]:
        keep = [place for place, pair in enumerate(self.pairs) if self._is_shown(pair.status)]
        if not self._filter.strip():
            return keep
        wanted = Filter.parse(self._filter)
        accepted = {place for haystack in self._haystacks for place in haystack.select(wanted)}
        return [place for place in keep if place in accepted]

    @cached_property
    def _haystacks(self) -> tuple[Haystack, Haystack]:
        """The variables of A and of B; the only one there stands in for a missing one."""
        sides = [(pair.a or pair.b, pair.b or pair.a) for pair in self.pairs]
        return Haystack([a for a, _ in sides if a]), Haystack([b for _, b in sides if b])

    def _is_shown(self, status: str) -> bool:
        if self._shown == "different":
            return status != "identical"
        return self._shown in ("all", status)

    def _ranked(self, places: list[int]) -> list[int]:
        column, order = self._order
        rank = COLUMNS[column].rank or COLUMNS[column].value
        values = {place: rank(self.pairs[place]) for place in places}
        known = [place for place in places if _has_rank(values[place])]
        known.sort(key=values.__getitem__, reverse=order == Qt.SortOrder.DescendingOrder)
        return known + [place for place in places if not _has_rank(values[place])]

    def _moved(self, index: QModelIndex, now: dict[int, int]) -> QModelIndex:
        row = now.get(self._rows[index.row()])
        return QModelIndex() if row is None else self.index(row, index.column())

    def _text(self, pair: Pair, column: int) -> str:
        value = COLUMNS[column].value(pair)
        if column == STATUS:
            return self._status(pair)
        if not COLUMNS[column].number:
            return printable(value)
        if value is None and pair.status == "changed" and _unread(pair):
            return "…"
        if column == RELATIVE and pair.difference and _is_beyond_ratio(pair.difference):
            return "∞" if value is None else f"NaN, {screen_number(value, 3)}"
        if value is None:
            return ""
        if column == CHANGED:
            return _percent(value)
        return screen_number(value, 4)

    def _status(self, pair: Pair) -> str:
        if pair.problem is not None:
            return "! unreadable"
        if pair.difference and pair.difference.nonfinite:
            return "≠ NaN or Inf"
        return "≈ within" if grade(pair, self.tolerance) == "within" else STATUS_TEXTS[pair.status]

    def _plain(self, pair: Pair, column: int) -> str:
        value = COLUMNS[column].value(pair)
        if COLUMNS[column].number:
            return "" if value is None else plain_number(value)
        return printable(value)

    def _colour(self, pair: Pair, column: int) -> QColor | None:
        colours = theme.current()
        if column == STATUS and pair.problem is not None:
            return QColor(colours.danger)
        quiet = grade(pair, self.tolerance) != "beyond" or column in (SHAPE, DTYPE, NAME_B)
        return QColor(colours.muted) if quiet else None

    def _tip(self, pair: Pair, column: int) -> str:
        if column == NAME:
            return "\n".join([self._plain(pair, column), *_warnings(pair)])
        if pair.problem is not None:
            return "\n".join(_warnings(pair))
        if column in (CHANGED, STATUS) and pair.difference:
            return _changes_text(pair.difference)
        return self._plain(pair, column) if column != STATUS else self._status(pair)


def _changes_text(difference: Difference) -> str:
    text = f"{difference.changed:,} of {difference.count:,} elements differ"
    nonfinite = (
        f"\n{difference.nonfinite:,} of them are NaN or infinite on a side; the figures leave them out"
    )
    return text + nonfinite if difference.nonfinite else text


def _warnings(pair: Pair) -> list[str]:
    """What is wrong with its sides, in sentences."""
    problems = [pair.problem] if pair.problem else pair.damage
    return [text for problem in problems for text in (problem.message, problem.hint) if text]


def _has_rank(value: Any) -> bool:
    """NaN is neither more nor less than anything."""
    return value is not None and value == value


def _unread(pair: Pair) -> bool:
    return pair.difference is None and pair.problem is None


def _percent(value: float) -> str:
    """Never 100 unless all, never 0 unless none."""
    if 0 < value < 0.001:
        return "< 0.001 %"
    return f"{screen_number(min(value, 99.99) if value < 100 else value, 4)} %"


def _bar(pair: Pair) -> float:
    """‖Δ‖/‖A‖ itself: 1 where the change is as large as all there was."""
    difference = pair.difference
    if difference is None:
        return 0.0
    return inf if _is_beyond_ratio(difference) else difference.relative or 0.0


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
