"""What the tables of variables and of pairs have in common: one look, and rows of one height."""

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from ckpt_viewer.ui.widgets.plain_header import PlainHeader


class PlainTable(QTableView):
    """Whole rows are selected; 100,000 of them cost no more than ten.

    What has no room is cut at its end: a number cut in the middle reads as another. Names are different.
    """

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.header = PlainHeader(self)
        self.setHorizontalHeader(self.header)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setStyleSheet("QTableView::item { padding: 0 5px; }")  # under the titles, which have as much
        rows = self.verticalHeader()
        rows.hide()
        rows.setHighlightSections(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 6)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The row that keys would start from is selected, as one clicked on would be."""
        super().focusInEvent(event)
        if self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self.selectRow(self.currentIndex().row())

    def selected_rows(self) -> list[int]:
        """The rows that are selected, top to bottom; asks for ranges, never for every index."""
        ranges = self.selectionModel().selection().toList()
        return sorted({row for part in ranges for row in range(part.top(), part.bottom() + 1)})
