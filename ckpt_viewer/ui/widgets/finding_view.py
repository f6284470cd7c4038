"""The findings as lines, and below them the chosen one in full."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHeaderView,
    QPlainTextEdit,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from ckpt_viewer.session.verification_report import Finding
from ckpt_viewer.ui.item_models.finding_tree import MESSAGE, WHAT, WHERE, FindingTreeModel

_MOST_NAME = 260  # pixels
_ROOM = 24


class FindingView(QWidget):
    """`chosen` tells the name of the variable whose line was double-clicked or entered."""

    chosen = Signal(str)
    selected = Signal(object)  # the Finding of the current line, or None

    def __init__(self, model: FindingTreeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        model.setParent(self)
        self.lines = _Lines()
        self.lines.setModel(model)
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
        self.lines.arrange()

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


class _Lines(QTreeView):
    """Opened as far as it goes, the first finding chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("findings")
        self.setAccessibleName(self.tr("Findings"))
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(False)
        self.setIndentation(12)
        self.setItemDelegateForColumn(WHERE, _Names(self))
        self.setAllColumnsShowFocus(True)

    def arrange(self) -> None:
        model = self.model()
        for row in range(model.rowCount()):
            self.setFirstColumnSpanned(row, QModelIndex(), True)
        self.expandAll()
        header = self.header()
        header.setStretchLastSection(True)
        header.setResizeContentsPrecision(200)
        for section in (WHERE, WHAT):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.Interactive)
            self.setColumnWidth(section, min(self.sizeHintForColumn(section) + _ROOM, _MOST_NAME))
        header.setSectionResizeMode(MESSAGE, QHeaderView.ResizeMode.Stretch)
        self.setCurrentIndex(model.index(0, 0, model.index(0, 0)))

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
