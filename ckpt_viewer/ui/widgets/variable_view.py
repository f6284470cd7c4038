"""The table of variables: its columns can be chosen, its rows copied."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.session.settings import Settings
from ckpt_viewer.ui import layouts
from ckpt_viewer.ui.copying import Copying
from ckpt_viewer.ui.item_models.variable_columns import CHECKSUM, COLUMNS, FULL_NAME, NAME, SCANNED, TITLES
from ckpt_viewer.ui.item_models.variable_table import SUMMARY, VariableTableModel
from ckpt_viewer.ui.widgets.plain_table import NameDelegate, PlainTable
from ckpt_viewer.ui.widgets.sparkline import SparklineDelegate

_WIDEST = {
    "Params": "999.9k",
    "Bytes": "1023.9 KiB",
    "Histogram": "0" * 9,
    **dict.fromkeys(("Min", "Mean", "Max", "Std"), "-1.2345e-10"),
}
_COUNTS = ("Zeros", "NaN", "±Inf")
_LOOKED_AT = 200  # rows that are asked how wide they are
LEAST_NAME = 220
_WIDENED = "variableColumnsWidened"  # under which it is kept whether the user has done that
_MOST_SHAPE = 200
_ROOM = 18  # pixels around the text of a cell
_PADDING = 16  # of these, what the style takes


class VariableView(PlainTable):
    """As wide as its columns need, which the user chooses."""

    drag_asked = Signal()  # the selected rows are being dragged away

    def __init__(self, model: VariableTableModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.setObjectName("variableTable")
        self.setAccessibleName(self.tr("Variables"))
        self.table, self._copying = model, Copying(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        for column in (NAME, FULL_NAME):
            self.setItemDelegateForColumn(column, NameDelegate(self))
        self.setItemDelegateForColumn(TITLES["Histogram"], SparklineDelegate(SUMMARY, self))
        self._on_scan = list(SCANNED)
        self._changed = False
        self._names = self._others = 0  # pixels they need
        self._set_up_header()

    def fit_columns(self) -> None:
        """As wide as what is in them, names get the rest; what the user has widened stays as wide."""
        columns = [column for column in self.shown_columns() if column != NAME]
        fitting = {column: self._fitting_width(column) for column in columns}
        self._names, self._others = self._widest_text(NAME) + _ROOM, sum(fitting.values())
        for column, width in fitting.items():
            self.setColumnWidth(column, max(width, self.columnWidth(column)) if self._changed else width)
        self._fit_names()

    def show_statistics(self) -> None:
        """Show the columns that a scan fills: those the user had last."""
        self.show_columns(self._on_scan or SCANNED, True)
        self.fit_columns()

    def show_checks(self) -> None:
        """Show the column that verifying fills, at the cost of the names' width."""
        if self.isColumnHidden(CHECKSUM):
            self.setColumnHidden(CHECKSUM, False)
            self.setColumnWidth(CHECKSUM, self._fitting_width(CHECKSUM))
            self._others += self.columnWidth(CHECKSUM)
            self._fit_names()

    def keep(self, settings: Settings) -> None:
        """Remember columns and order, where the user has chosen any."""
        header = self.header
        if header.isSectionHidden(SCANNED[0]) and CHECKSUM not in self._on_scan:
            self.setColumnHidden(CHECKSUM, True)  # it was verifying that brought it
        if self._changed or header.sectionsMoved() or header.sortIndicatorSection() >= 0:
            self.show_columns(self._on_scan, True)
            layouts.keep(settings, header)
            settings.set_layout(_WIDENED, str(self._changed))

    def put_back(self, settings: Settings) -> None:
        """As they were left; what only a scan can fill stays away until there is one."""
        header = self.header
        if layouts.put_back(settings, header):
            self._on_scan = [column for column in SCANNED if not header.isSectionHidden(column)]
            self.show_columns(SCANNED, False)
            self.table.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
            self._changed = settings.layout(_WIDENED) == str(True)

    def selected_variables(self) -> list[Variable]:
        return [self.table.variables[place] for place in self.selected_places()]

    def selected_places(self) -> list[int]:
        """Where the selected rows are among all variables, top to bottom."""
        return self.table.places(self.selected_rows())

    def shown_columns(self) -> list[int]:
        header = self.header
        order = (header.logicalIndex(place) for place in range(header.count()))
        return [column for column in order if not header.isSectionHidden(column)]

    def show_columns(self, columns: list[int], shown: bool) -> None:
        for column in columns:
            self.setColumnHidden(column, not shown)

    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard as tab-separated text."""
        self._copying.copy(self.table.lines(self.selected_places(), self.shown_columns()))

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

    def startDrag(self, supportedActions: Qt.DropAction) -> None:
        self.drag_asked.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was in sight stays there when a scroll bar or a banner takes room."""
        current = self.currentIndex()
        seen = current.isValid() and self.visualRect(current).top() < event.oldSize().height()
        super().resizeEvent(event)
        self._fit_names()
        if seen and self.visualRect(current).bottom() >= self.viewport().height():
            self.scrollTo(current)

    def _set_up_header(self) -> None:
        header = self.header
        header.setObjectName("variableColumns")
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._ask_columns)
        for number, column in enumerate(COLUMNS):
            self.setColumnHidden(number, column.scanned or column.title == "Full name")
        self.setSortingEnabled(True)
        header.sectionResized.connect(self._note_change)

    def _fit_names(self) -> None:
        if not self._changed and self._names:
            rest = self.viewport().width() - self._others
            self.setColumnWidth(NAME, min(self._names, max(rest, LEAST_NAME)))

    def _fitting_width(self, column: int) -> int:
        title, advance = COLUMNS[column].title, self.fontMetrics().horizontalAdvance
        widest = str(self.table.greatest(column)) if title in _COUNTS else _WIDEST.get(title, "")
        texts = max(advance(widest), advance(f"{title} ▾")) + _ROOM
        width = max(texts, self._widest_text(column) + _ROOM // 3)
        return min(width, _MOST_SHAPE) if title == "Shape" else width

    def _widest_text(self, column: int) -> int:
        """What cells need that are in sight or come next; Qt's own answer asks a delegate for each."""
        first = max(self.rowAt(0), 0)
        places = self.table.places(slice(first, first + _LOOKED_AT))
        texts = {self.table.answer(place, column, Qt.ItemDataRole.DisplayRole) for place in places}
        return max(map(self.fontMetrics().horizontalAdvance, texts), default=0) + _PADDING

    def _note_change(self) -> None:
        self._changed = self._changed or self.header.held

    def _ask_columns(self, place: QPoint) -> None:
        menu = self.columns_menu()
        menu.exec(self.header.mapToGlobal(place))
        menu.deleteLater()

    def _toggle_column(self, action: QAction) -> None:
        column, shown = action.data(), action.isChecked()
        self.setColumnHidden(column, not shown)
        self._on_scan = [n for n in SCANNED if (shown if n == column else n in self._on_scan)]
        self._changed = True
