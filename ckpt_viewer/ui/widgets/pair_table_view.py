"""The table of a comparison: rows as TSV, a bar in the cell of ‖Δ‖/‖A‖, keys left to the panel around it."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ckpt_viewer.ui import theme
from ckpt_viewer.ui.copying import Copying
from ckpt_viewer.ui.item_models.pair_table import (
    COLUMNS,
    DTYPE,
    NAME,
    NAME_B,
    PART_ROLE,
    RELATIVE,
    SHAPE,
    PairTableModel,
)
from ckpt_viewer.ui.widgets.plain_table import PlainTable

WIDEST, LEAST_NAME = 220, 160
LOOKED_AT = 100  # rows that are asked how wide their shapes and types are
INSET, BREAK = 8, 4


class PairTableView(PlainTable):
    """Typing letters or Ctrl+arrows in it is meant for whoever owns the table."""

    def __init__(self, model: PairTableModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.setObjectName("compareTable")
        self.setAccessibleName(self.tr("Pairs of variables"))
        self._model, self._copying = model, Copying(self)
        self.setItemDelegateForColumn(RELATIVE, _BarDelegate(self))
        self.setSortingEnabled(True)
        for number, column in enumerate(COLUMNS):
            self.setColumnWidth(number, column.width)
        self.sortByColumn(RELATIVE, Qt.SortOrder.DescendingOrder)
        self.header.setResizeContentsPrecision(LOOKED_AT)
        self.header.sectionResized.connect(self._fit_names)

    def show_names_of_b(self, shown: bool) -> None:
        self.setColumnHidden(NAME_B, not shown)
        self._fit_names()

    def fit_columns(self) -> None:
        """Room for two shapes or types where they differ."""
        for column in (SHAPE, DTYPE):
            needed = max(self.sizeHintForColumn(column), COLUMNS[column].width)
            self.setColumnWidth(column, min(needed, WIDEST))

    def copy(self) -> None:
        """The selected rows, as tab-separated text."""
        columns = [column for column in range(len(COLUMNS)) if not self.isColumnHidden(column)]
        self._copying.copy(self._model.lines(self.selected_rows(), columns))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_names()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif _is_for_the_panel(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _fit_names(self, resized: int = -1) -> None:
        """Names get what the figures leave, and enough to be read where that is too little."""
        if resized != NAME:
            others = self.header.length() - self.columnWidth(NAME)
            self.setColumnWidth(NAME, max(self.viewport().width() - others, LEAST_NAME))


def _is_for_the_panel(event: QKeyEvent) -> bool:
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        return control
    return event.text().isalpha() and not control


class _BarDelegate(QStyledItemDelegate):
    """Paints how much of the cell the model says below its number; broken where that is more than all."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if part := index.data(PART_ROLE):
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            colour = QColor(theme.current().accent_text if selected else theme.current().accent)
            colour.setAlpha(150)
            for bar in bars(option.rect, part):
                painter.fillRect(bar, colour)


def bars(cell: QRect, part: float) -> list[QRect]:
    """A line at the foot of the cell, from end to end at 1."""
    whole = QRect(cell.left() + INSET, cell.bottom() - 2, cell.width() - 2 * INSET, 2)
    if part > 1:
        return [whole.adjusted(0, 0, -2 * BREAK, 0), whole.adjusted(whole.width() - BREAK, 0, 0, 0)]
    whole.setWidth(max(round(whole.width() * part), 1))
    return [whole]
