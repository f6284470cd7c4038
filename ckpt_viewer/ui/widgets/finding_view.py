"""The findings as lines, and below them the chosen one in full."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPlainTextEdit,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ckpt_viewer.session.verification_report import Finding
from ckpt_viewer.ui.item_models.finding_list import WHAT, WHERE, FindingListModel

_MOST_NAME = 260  # pixels
_ROOM = 24
_MARK = 22
_LOOKED_AT = 100


class FindingView(QWidget):
    """`chosen` tells the name of the variable whose line was double-clicked or entered."""

    chosen = Signal(str)
    selected = Signal(object)  # the Finding of the current line, or None

    def __init__(self, model: FindingListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        model.setParent(self)
        self.lines = _Lines(model)
        self.detail = QPlainTextEdit()
        self.detail.setReadOnly(True)
        self.detail.setAccessibleName(self.tr("The chosen finding in full"))
        self.detail.setTabChangesFocus(True)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        for part in (self.lines, self.detail):
            halves.addWidget(part)
        halves.setStretchFactor(0, 1)
        halves.setSizes([260, 92])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(halves)
        self.lines.selectionModel().currentRowChanged.connect(self._show)
        self.lines.activated.connect(self._choose)
        self._show(self.lines.currentIndex())

    def current(self) -> Finding | None:
        return self._model.finding(self.lines.currentIndex())

    def choose_current(self) -> None:
        self._choose(self.lines.currentIndex())

    def _show(self, current: QModelIndex) -> None:
        finding = self._model.finding(current)
        self.detail.setPlainText(finding.text if finding else "")
        self.selected.emit(finding)

    def _choose(self, index: QModelIndex) -> None:
        finding = self._model.finding(index)
        if finding and finding.variable is not None:
            self.chosen.emit(finding.variable)


class _Lines(QTableView):
    """Looks at no more rows than are in sight; the first finding is chosen."""

    def __init__(self, model: FindingListModel) -> None:
        super().__init__()
        self.setObjectName("findings")
        self.setAccessibleName(self.tr("Findings"))
        self.setModel(model)
        self.setItemDelegateForColumn(WHERE, _Names(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 6)
        for row in model.headings:
            self.setSpan(row, 0, 1, model.columnCount())
        self._fit_columns()
        self.setCurrentIndex(model.index(1, 0))

    def _fit_columns(self) -> None:
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        for section in (WHERE, WHAT):
            self.setColumnWidth(section, min(self._width_of(section) + _ROOM, _MOST_NAME))

    def _width_of(self, section: int) -> int:
        model, metrics = self.model(), self.fontMetrics()
        rows = range(1, min(model.rowCount(), _LOOKED_AT))
        texts = (str(model.index(row, section).data() or "") for row in rows)
        return max(map(metrics.horizontalAdvance, texts), default=0) + (_MARK if section == WHERE else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is for the line, and goes on to no button of the dialog."""
        if event.matches(QKeySequence.StandardKey.Copy):
            index = self.currentIndex()
            QGuiApplication.clipboard().setText(index.data(Qt.ItemDataRole.AccessibleTextRole) or "")
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


class _Names(QStyledItemDelegate):
    """Names are told apart by their ends: what does not fit is left out of the middle."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideMiddle
