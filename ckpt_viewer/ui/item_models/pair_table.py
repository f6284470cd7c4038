"""The pairs of a comparison as rows: chosen by counter and filter, ranked by how much they differ."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from operator import attrgetter
from typing import Any, Literal

import numpy as np
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ckpt_viewer.analysis.comparison import Difference, Pair
from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.session.filters import Filter
from ckpt_viewer.session.pair_columns import Names, PairColumns, changed_part, full_name, is_beyond_ratio
from ckpt_viewer.session.wording import beyond_ratio_text, cosine_text, percent_text, printable, shape_text
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.item_models.letter_search import LetterSearch
from ckpt_viewer.ui.widgets.marks import warning_mark
from ckpt_viewer.ui.widgets.numbers import plain_number, screen_number
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
Grade = Literal["same", "within", "beyond"]
STATUS_TEXTS = {
    "identical": "= identical",
    "changed": "≠ changed",
    "shape": "▱ shape",
    "dtype": "T dtype",
    "only-a": "− only in A",
    "only-b": "+ only in B",
}


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
        order: What all are sorted by; NaN stays last either way round.
        number: Right-aligned, and copied in full.
    """

    title: str
    value: Callable[[Pair], Any]
    order: Callable[[PairColumns], Array]
    tip: str = ""
    number: bool = True
    width: int = 88


def _text(title: str, text: Callable[[Pair], str], tip: str, width: int) -> Column:
    return Column(title, text, lambda pairs: pairs.by_text(text), tip, number=False, width=width)


def _figure(
    title: str, name: str, tip: str, figure: Callable[[Difference], Any] | None = None, width: int = 88
) -> Column:
    """`figure` is the field of this name where it is not given."""
    figure_of = figure or attrgetter(name)

    def value(pair: Pair) -> Any:
        return figure_of(pair.difference) if pair.difference else None

    return Column(title, value, lambda pairs: pairs.figures[name], tip, width=width)


def _shape(pair: Pair) -> str:
    return _shapes(*(side.shape for side in (pair.a, pair.b) if side))


@lru_cache(maxsize=4096)
def _shapes(*shapes: tuple[int, ...]) -> str:
    """Many variables share few shapes."""
    return " → ".join(dict.fromkeys(map(shape_text, shapes)))


def _dtype(pair: Pair) -> str:
    return " → ".join(dict.fromkeys(side.dtype for side in (pair.a, pair.b) if side))


def _name_in_b(pair: Pair) -> str:
    return pair.b.name if pair.b and pair.b.name != pair.name else ""


NAME, FULL_NAME, NAME_B, SHAPE, DTYPE, STATUS, MAX_ABS, MEAN_ABS, RELATIVE, COSINE, CHANGED = range(11)
COLUMNS = (
    Column("Name", lambda pair: pair.name, PairColumns.by_name, number=False, width=300),
    _text("Full name", full_name, "What people called it", 220),
    _text("Name in B", _name_in_b, "Where it differs from the name in A", 220),
    _text("Shape", _shape, "", 110),
    _text("Dtype", _dtype, "", 72),
    Column("Status", lambda pair: pair.status, PairColumns.by_status, number=False, width=104),
    _figure("max|Δ|", "max_abs", "The largest |B − A| of any element"),
    _figure("mean|Δ|", "mean_abs", "The mean of |B − A|"),
    _figure(
        "‖Δ‖/‖A‖", "relative", "‖B − A‖ / ‖A‖: 1 where the change is as large as all there was", width=110
    ),
    _figure("cosine", "cosine", "A·B / (‖A‖ ‖B‖)"),
    _figure("changed", "changed", "Elements that differ, in percent of all", changed_part),
)


class PairTableModel(LetterSearch):
    """Rows are ranked only by `rerank`, so that a table somebody reads does not jump with each new figure."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = PairColumns()
        self.tolerance = 0.0
        self._rows = np.arange(0)
        self._shown, self._filter = "different", ""
        self._accepted = self.columns.accepted(Filter())
        self._order = (RELATIVE, Qt.SortOrder.DescendingOrder)
        self._sorted: Array | None = None  # all places in this order, unless it has to be made anew

    def set_pairs(self, columns: PairColumns) -> None:
        self.beginResetModel()
        self.columns, self._sorted = columns, None
        self._accepted = columns.accepted(Filter.parse(self._filter))
        self._rows = self._chosen()
        self.endResetModel()

    def show(self, shown: str, text: str) -> None:
        """Choose the rows: a status, `different` or `all`, and a filter on names, types and shapes."""
        before = self._shown, self._filter
        self._shown, self._filter = shown, text
        if text != before[1]:
            self._accepted = self.columns.accepted(Filter.parse(text))
        if before != (shown, text):
            self.rerank()

    @property
    def left_out(self) -> str:
        """Why the filter is not followed in full."""
        return self.columns.left_out if self._filter.strip() else ""

    def update_pairs(self, pairs: Iterable[Pair]) -> None:
        """Put newer knowledge in place of older; rows stay where they are until `rerank`."""
        self.columns.update(pairs)
        self._sorted = None
        self._tell_all()

    def set_tolerance(self, tolerance: float) -> None:
        self.tolerance = tolerance
        self._tell_all()

    def rerank(self) -> None:
        """Choose and sort the rows anew; selected ones stay selected."""
        rows = self._chosen()
        if np.array_equal(rows, self._rows):
            return
        row_of = np.full(len(self.columns), -1)
        row_of[rows] = np.arange(len(rows))
        if len(rows) != len(self._rows) or (row_of[self._rows] < 0).any():
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [(int(self._rows[index.row()]), index.column()) for index in before]
        self._rows = rows
        moved = [self.index(int(row_of[place]), column) for place, column in kept]
        self.changePersistentIndexList(before, moved)
        self.layoutChanged.emit()

    def pair(self, row: int) -> Pair:
        return self.columns.pairs[int(self._rows[row])]

    def find(self, names: Names) -> Pair | None:
        place = self.columns.places.get(names)
        return None if place is None else self.columns.pairs[place]

    def row_of(self, names: Names) -> int | None:
        found = np.flatnonzero(self._rows == self.columns.places.get(names, -1))
        return int(found[0]) if found.size else None

    def lines(self, rows: Sequence[int], columns: Sequence[int]) -> Iterator[str]:
        """Titles and these rows with tabs between, numbers in full; later rows may be others."""
        pairs, places = self.columns.pairs, self._rows[list(rows)].tolist()
        titles = "\t".join(COLUMNS[column].title for column in columns)
        lines = ("\t".join(self._plain(pairs[place], column) for column in columns) for place in places)
        return chain([titles], lines)

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
            Qt.ItemDataRole.TextAlignmentRole: _ALIGNMENTS[section],
        }
        return answers.get(Qt.ItemDataRole(role))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        answer = _ANSWERS.get(role)
        if answer is None or not index.isValid():
            return None  # most of what a view asks
        return answer(self, self.pair(index.row()), index.column())

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._order, self._sorted = (column, order), None
        self.rerank()

    def _names_of_rows(self) -> tuple[Sequence[str], Array]:
        return self.columns.names, self._rows

    def _tell_all(self) -> None:
        if len(self._rows):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def _chosen(self) -> Array:
        if self._sorted is None:
            self._sorted = self._ranked()
        shown = self._accepted & self.columns.of(self._shown)
        return self._sorted[shown[self._sorted]]

    def _ranked(self) -> Array:
        column, direction = self._order
        order = COLUMNS[column].order(self.columns)
        return np.argsort(-order if direction == Qt.SortOrder.DescendingOrder else order, kind="stable")

    def _text(self, pair: Pair, column: int) -> str:
        value = COLUMNS[column].value(pair)
        if column == STATUS:
            return self._status(pair)
        if not COLUMNS[column].number:
            return printable(value)
        if value is None and pair.status == "changed" and _unread(pair):
            return "…"
        if column == RELATIVE and pair.difference and is_beyond_ratio(pair.difference):
            return beyond_ratio_text(screen_number(value, 3))
        if value is None or pair.difference is None:
            return ""
        if column == COSINE:
            return cosine_text(value, pair.difference.cosine_error, screen_number)
        if column == CHANGED:
            return percent_text(value, partial(screen_number, digits=4))
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

    def _spoken(self, pair: Pair, column: int) -> str:
        return " ".join([self._text(pair, column), *(_warnings(pair) if column == NAME else [])])


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


def _unread(pair: Pair) -> bool:
    return pair.difference is None and pair.problem is None


_ALIGNMENTS = [
    (Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft)
    | Qt.AlignmentFlag.AlignVCenter
    for column in COLUMNS
]
_ANSWERS: dict[int, Callable[[PairTableModel, Pair, int], Any]] = {
    Qt.ItemDataRole.DisplayRole: PairTableModel._text,
    Qt.ItemDataRole.TextAlignmentRole: lambda _, __, column: _ALIGNMENTS[column],
    Qt.ItemDataRole.ForegroundRole: PairTableModel._colour,
    Qt.ItemDataRole.ToolTipRole: lambda model, pair, column: plain_tooltip(model._tip(pair, column)),
    Qt.ItemDataRole.AccessibleTextRole: PairTableModel._spoken,
    Qt.ItemDataRole.DecorationRole: lambda _, pair, column: (
        warning_mark() if column == NAME and _warnings(pair) else None
    ),
}
