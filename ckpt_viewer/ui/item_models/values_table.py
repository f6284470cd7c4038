"""A flat slice of a variable as a spreadsheet that knows only the blocks it was given."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.ui.widgets.numbers import plain_number, screen_number

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
Block = tuple[int, int]
BLOCK_ROWS, BLOCK_COLUMNS = 256, 64
KEPT_BLOCKS = 96
# A header keeps a few bytes for each of its sections, so a longer slice is shown page by page.
PAGE_ROWS, PAGE_COLUMNS = 1_000_000, 10_000
_DIGITS = {"float64": 9, "complex128": 9}


class ValuesTableModel(QAbstractTableModel):
    """Cells outside its blocks are `…`, and asking for one makes `missed` say so."""

    missed = Signal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.rows = self.columns = 0
        self.first_row = self.first_column = 0
        self._blocks: OrderedDict[Block, Array] = OrderedDict()
        self._digits = 6

    def set_slice(self, rows: int, columns: int, dtype: str) -> None:
        """Begin with another slice, of which nothing is known yet."""
        self.beginResetModel()
        self.rows, self.columns = rows, columns
        self.first_row = self.first_column = 0
        self._digits = _DIGITS.get(dtype, 6)
        self._blocks.clear()
        self.endResetModel()

    def go_to_page(self, row: int, column: int) -> None:
        """Show the page that holds this cell of the slice."""
        first = row // PAGE_ROWS * PAGE_ROWS, column // PAGE_COLUMNS * PAGE_COLUMNS
        if first != (self.first_row, self.first_column):
            self.beginResetModel()
            self.first_row, self.first_column = first
            self.endResetModel()

    def missing(self, top: int, left: int, bottom: int, right: int) -> list[Block]:
        """The blocks not yet known that these cells of the page lie in, ends included."""
        rows = range((self.first_row + top) // BLOCK_ROWS, (self.first_row + bottom) // BLOCK_ROWS + 1)
        columns = range(
            (self.first_column + left) // BLOCK_COLUMNS, (self.first_column + right) // BLOCK_COLUMNS + 1
        )
        return [(row, column) for row in rows for column in columns if (row, column) not in self._blocks]

    def extent(self, block: Block) -> tuple[slice, slice]:
        """Its rows and columns in the slice."""
        row, column = block[0] * BLOCK_ROWS, block[1] * BLOCK_COLUMNS
        return (
            slice(row, min(row + BLOCK_ROWS, self.rows)),
            slice(column, min(column + BLOCK_COLUMNS, self.columns)),
        )

    def add_blocks(self, blocks: Iterable[tuple[Block, Array]]) -> None:
        for block, values in blocks:
            self._blocks[block] = values
        while len(self._blocks) > KEPT_BLOCKS:
            self._blocks.popitem(last=False)
        if self.rowCount() and self.columnCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last, [ROLE.DisplayRole])

    def value(self, row: int, column: int) -> Any:
        """The element at these places of the page; None while it is unknown."""
        row, column = self.first_row + row, self.first_column + column
        block = self._blocks.get((row // BLOCK_ROWS, column // BLOCK_COLUMNS))
        return None if block is None else block[row % BLOCK_ROWS, column % BLOCK_COLUMNS]

    def plain(self, row: int, column: int) -> str:
        value = self.value(row, column)
        return "" if value is None else plain_number(value)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else min(PAGE_ROWS, self.rows - self.first_row)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else min(PAGE_COLUMNS, self.columns - self.first_column)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == ROLE.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role not in (ROLE.DisplayRole, ROLE.ToolTipRole):
            return None
        value = self.value(index.row(), index.column())
        if value is None:
            self.missed.emit()
            return "…"
        return screen_number(value, self._digits) if role == ROLE.DisplayRole else plain_number(value)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> Any:
        if role != ROLE.DisplayRole:
            return None
        first = self.first_column if orientation == Qt.Orientation.Horizontal else self.first_row
        return str(first + section)
