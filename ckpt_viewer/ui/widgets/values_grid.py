"""The spreadsheet itself: which cells are in sight, and which are selected."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from ckpt_viewer.ui.item_models.values_table import ValuesTableModel

_CELL_WIDTH = 96


class ValuesGrid(QTableView):
    """Cells of one size, so that a million rows scroll like ten."""

    copy_asked = Signal()

    def __init__(self, model: ValuesTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.table = model
        self.setAccessibleName(self.tr("Values"))
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        for header, size in (
            (self.verticalHeader(), self.fontMetrics().height() + 6),
            (self.horizontalHeader(), _CELL_WIDTH),
        ):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setDefaultSectionSize(size)
            header.setHighlightSections(False)
        copy = QAction(self.tr("Copy"), self)
        copy.triggered.connect(self.copy_asked)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def in_sight(self) -> tuple[int, int, int, int]:
        """Top row, left column, bottom row, right column of the cells that are visible."""
        size = self.viewport().size()
        top, left = self.rowAt(0), self.columnAt(0)
        bottom, right = self.rowAt(size.height() - 1), self.columnAt(size.width() - 1)
        return (
            max(top, 0),
            max(left, 0),
            bottom if bottom >= 0 else self.table.rowCount() - 1,
            right if right >= 0 else self.table.columnCount() - 1,
        )

    def selected_box(self) -> tuple[int, int, int, int] | None:
        """The smallest box around what is selected, in the same order."""
        ranges = self.selectionModel().selection().toList()
        if not ranges:
            return None
        return (
            min(part.top() for part in ranges),
            min(part.left() for part in ranges),
            max(part.bottom() for part in ranges),
            max(part.right() for part in ranges),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        else:
            super().keyPressEvent(event)
