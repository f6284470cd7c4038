"""The table of a comparison: rows as TSV, a bar in the cell of ‖Δ‖/‖A‖, keys left to the panel around it."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ckpt_viewer.ui import theme
from ckpt_viewer.ui.copying import Copying
from ckpt_viewer.ui.item_models.pair_table import (
    CHANGED,
    COLUMNS,
    COSINE,
    DTYPE,
    MAX_ABS,
    MEAN_ABS,
    NAME,
    NAME_B,
    PART_ROLE,
    RELATIVE,
    SHAPE,
    STATUS,
    PairTableModel,
)
from ckpt_viewer.ui.widgets.plain_table import NameDelegate, PlainTable

WIDEST, LEAST_NAME, GOOD_NAME = 220, 160, 240
BEFORE_THE_REST = (NAME_B, SHAPE, STATUS, MAX_ABS, MEAN_ABS, RELATIVE)  # stay in sight beside good names
LOOKED_AT = 100  # rows that are asked how wide their names, shapes and types are
LEAST_SHAPE, WIDEST_SHAPE = 56, 130  # where there is little room
# What has to fit then, as well as the titles.
FIGURES = {
    STATUS: "≠ NaN or Inf",
    MAX_ABS: "0.0008888",
    MEAN_ABS: "0.0008888",
    RELATIVE: "NaN, 0.888",
    COSINE: "-0.0008888",
    CHANGED: "< 0.001 %",
}
ROOM = 22  # around a text
INSET, BREAK = 8, 4


class PairTableView(PlainTable):
    """Typing letters or Ctrl+arrows in it is meant for whoever owns the table.

    Where names would be cut the other columns are as narrow as can be, so that rows can be told apart, and
    in a small window the difference is in sight without scrolling; types, which hardly ever differ, come
    last for the same reason.
    """

    def __init__(self, model: PairTableModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.setObjectName("compareTable")
        self.setAccessibleName(self.tr("Pairs of variables"))
        self._model, self._copying = model, Copying(self)
        for column in (NAME, NAME_B):
            self.setItemDelegateForColumn(column, NameDelegate(self))
        self.setItemDelegateForColumn(RELATIVE, _BarDelegate(self))
        self.setSortingEnabled(True)
        advance = self.fontMetrics().horizontalAdvance
        self._wide = {number: column.width for number, column in enumerate(COLUMNS) if number != NAME}
        self._tight = {
            number: max(advance(text), advance(f"{COLUMNS[number].title} ▾")) + ROOM
            for number, text in FIGURES.items()
        } | {NAME_B: LEAST_NAME}
        self._names = LEAST_NAME  # pixels they need
        self._chosen = False  # whether the user has made a column wider or narrower
        self.header.moveSection(DTYPE, len(COLUMNS) - 1)
        self.sortByColumn(RELATIVE, Qt.SortOrder.DescendingOrder)
        self.header.setResizeContentsPrecision(LOOKED_AT)
        self.header.sectionResized.connect(self._resized)

    def show_names_of_b(self, shown: bool) -> None:
        self.setColumnHidden(NAME_B, not shown)
        self._fit()

    def fit_columns(self) -> None:
        """Room for names, and for two shapes or types where they differ."""
        self._names = max(self.sizeHintForColumn(NAME), LEAST_NAME)
        for column in (SHAPE, DTYPE):
            needed = self.sizeHintForColumn(column)
            self._wide[column] = min(max(needed, COLUMNS[column].width), WIDEST)
            self._tight[column] = min(max(needed, LEAST_SHAPE), WIDEST_SHAPE)
        self._fit()

    def copy(self) -> None:
        """The selected rows, as tab-separated text."""
        columns = [column for column in range(len(COLUMNS)) if not self.isColumnHidden(column)]
        self._copying.copy(self._model.lines(self.selected_rows(), columns))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming here chooses nothing yet, as Qt would: what is worth a look is known once it is measured."""
        if self.currentIndex().isValid():
            super().focusInEvent(event)
            return
        with QSignalBlocker(self.selectionModel()):
            super().focusInEvent(event)
            self.selectionModel().clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif _is_for_the_panel(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _resized(self, column: int) -> None:
        if self.header.held:
            self._chosen = True
            if column != NAME:
                self._fit()

    def _fit(self) -> None:
        """Names get what the figures leave, and enough to be read where that is too little."""
        if not self._chosen:
            wide = sum(width for column, width in self._wide.items() if not self.isColumnHidden(column))
            fits = wide + self._names <= self.viewport().width()
            for column, width in (self._wide | ({} if fits else self._tight)).items():
                self.setColumnWidth(column, width)
        others = self.header.length() - self.columnWidth(NAME)
        before = sum(map(self.columnWidth, BEFORE_THE_REST))
        needed = min(self._names, GOOD_NAME, self.viewport().width() - before)
        self.setColumnWidth(NAME, max(self.viewport().width() - others, needed, LEAST_NAME))


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
