"""The table of a comparison: rows as TSV, a bar in the cell of ‖Δ‖/‖A‖, keys left to the panel around it."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ckpt_viewer.ui import theme
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

ROW_HEIGHT, WIDEST = 24, 220
# The arrow of the sorted column would lie over a right-aligned title.
_ARROW = """
QHeaderView::up-arrow, QHeaderView::down-arrow {
    subcontrol-origin: padding; subcontrol-position: top center; width: 8px; height: 5px;
}
"""


class PairTableView(QTableView):
    """Typing letters or Ctrl+arrows in it is meant for whoever owns the table."""

    def __init__(self, model: PairTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareTable")
        self.setAccessibleName(self.tr("Pairs of variables"))
        self._model = model
        self.setModel(model)
        self.setItemDelegateForColumn(RELATIVE, _BarDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSortingEnabled(True)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStyleSheet(_ARROW)
        for number, column in enumerate(COLUMNS):
            self.setColumnWidth(number, column.width)
        self.horizontalHeader().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.sortByColumn(RELATIVE, Qt.SortOrder.DescendingOrder)

    def show_names_of_b(self, shown: bool) -> None:
        self.setColumnHidden(NAME_B, not shown)

    def fit_columns(self) -> None:
        """Room for two shapes or types where they differ."""
        for column in (SHAPE, DTYPE):
            needed = max(self.sizeHintForColumn(column), COLUMNS[column].width)
            self.setColumnWidth(column, min(needed, WIDEST))

    def selected_rows(self) -> list[int]:
        """By ranges: asking for each selected index takes minutes in a long table."""
        ranges = self.selectionModel().selection().toList()
        return sorted({row for part in ranges for row in range(part.top(), part.bottom() + 1)})

    def copy(self) -> None:
        """The selected rows, as tab-separated text."""
        columns = [column for column in range(len(COLUMNS)) if not self.isColumnHidden(column)]
        QGuiApplication.clipboard().setText(self._model.tsv(self.selected_rows(), columns))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif _is_for_the_panel(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


def _is_for_the_panel(event: QKeyEvent) -> bool:
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        return control
    return event.text().isalpha() and not control


class _BarDelegate(QStyledItemDelegate):
    """Paints how much of the cell the model says below its number."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if part := index.data(PART_ROLE):
            cell: QRect = option.rect.adjusted(4, 0, -4, -2)
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            colour = QColor(theme.current().accent_text if selected else theme.current().accent)
            colour.setAlpha(150)
            painter.fillRect(cell.left(), cell.bottom() - 2, round(cell.width() * part), 3, colour)
