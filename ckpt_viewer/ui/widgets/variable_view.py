"""The table of variables: its columns can be chosen, its rows copied."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.ui.item_models.variable_table import COLUMNS, NAME, SUMMARY, TITLES, VariableTableModel
from ckpt_viewer.ui.widgets.plain_header import PlainHeader
from ckpt_viewer.ui.widgets.sparkline import SparklineDelegate

_WIDTHS = {
    "Name": 320,
    "Full name": 220,
    "Shape": 120,
    "Dtype": 100,
    "Histogram": 90,
    "Role": 110,
    "Checksum": 120,
}
_WIDTH = 84


class VariableView(QTableView):
    """Rows of one height, so that 100,000 of them cost no more than ten."""

    def __init__(self, model: VariableTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("variableTable")
        self.setAccessibleName(self.tr("Variables"))
        self.setModel(model)
        self.table = model
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setStyleSheet("QTableView::item { padding: 0 6px; }")
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegateForColumn(TITLES["Histogram"], SparklineDelegate(SUMMARY, self))
        self._set_up_headers()

    def selected_rows(self) -> list[int]:
        """The rows that are selected, top to bottom; asks for ranges, never for every index."""
        ranges = self.selectionModel().selection().toList()
        return sorted({row for part in ranges for row in range(part.top(), part.bottom() + 1)})

    def selected_variables(self) -> list[Variable]:
        return [self.table.variable(row) for row in self.selected_rows()]

    def shown_columns(self) -> list[int]:
        header = self.horizontalHeader()
        order = (header.logicalIndex(place) for place in range(header.count()))
        return [column for column in order if not header.isSectionHidden(column)]

    def show_columns(self, columns: list[int], shown: bool) -> None:
        for column in columns:
            self.setColumnHidden(column, not shown)

    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard as tab-separated text."""
        text = self.table.plain_rows(self.selected_rows(), self.shown_columns())
        QGuiApplication.clipboard().setText(text)

    def columns_menu(self) -> QMenu:
        """One tick for each column but the name."""
        menu = QMenu(self)
        for number, column in enumerate(COLUMNS):
            action = menu.addAction(self.table.headerData(number, Qt.Orientation.Horizontal))
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(number))
            action.setEnabled(number != NAME)
            action.setToolTip(column.explanation)
            action.setData(number)
        menu.triggered.connect(self._toggle_column)
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        else:
            super().keyPressEvent(event)

    def _set_up_headers(self) -> None:
        self.setHorizontalHeader(PlainHeader(self))
        rows, header = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setHighlightSections(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 8)
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._ask_columns)
        for number, column in enumerate(COLUMNS):
            self.setColumnWidth(number, _WIDTHS.get(column.title, _WIDTH))
            self.setColumnHidden(number, column.scanned or column.title == "Full name")
        self.setSortingEnabled(True)

    def _ask_columns(self, place: QPoint) -> None:
        menu = self.columns_menu()
        menu.exec(self.horizontalHeader().mapToGlobal(place))
        menu.deleteLater()

    def _toggle_column(self, action: QAction) -> None:
        self.setColumnHidden(action.data(), not action.isChecked())
