"""Ctrl+K: any action or recent folder by a few letters of its name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

FORWARDED = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to do: its text, the key that does the same, and what it calls."""

    text: str
    keys: str
    call: Callable[[], object]


class CommandSearch(QDialog):
    """Every word typed has to occur in the text; Enter does the chosen line, Esc closes."""

    def __init__(self, offers: Sequence[Offer], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("commandSearch")
        self.setWindowTitle(self.tr("Command search"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._offers = offers
        self._field = QLineEdit()
        self._field.setPlaceholderText(self.tr("Type a few letters of what you want to do"))
        self._field.setAccessibleName(self.tr("Command search"))
        self._field.installEventFilter(self)
        self._list = QTreeWidget()
        self._list.setColumnCount(2)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.setStyleSheet("QTreeView::item { padding: 4px 6px; }")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.header().setStretchLastSection(False)
        self._list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._list.setItemDelegateForColumn(1, _Keys(self._list))
        self._list.setAccessibleName(self.tr("Commands"))
        self._field.textChanged.connect(self._show_matches)
        self._field.returnPressed.connect(self._do)
        self._list.itemClicked.connect(self._do)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.addWidget(self._field)
        self._nothing = QLabel(self.tr("No command has all these words in its name."))
        self._nothing.setContentsMargins(6, 6, 6, 6)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._nothing.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column.addWidget(self._list, 1)
        column.addWidget(self._nothing, 1)
        self.resize(520, 420)
        self._show_matches("")

    def texts(self) -> list[str]:
        items = [self._list.topLevelItem(row) for row in range(self._list.topLevelItemCount())]
        return [item.text(0) for item in items if item]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows move in the list while the field keeps the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in FORWARDED:
            self._list.event(event)
            return True
        return False

    def _show_matches(self, text: str) -> None:
        words = text.casefold().split()
        self._list.clear()
        for number, offer in enumerate(self._offers):
            if all(word in offer.text.casefold() for word in words):
                item = QTreeWidgetItem([offer.text, offer.keys])
                item.setData(0, Qt.ItemDataRole.UserRole, number)
                item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._list.addTopLevelItem(item)
        self._list.setVisible(bool(self._list.topLevelItemCount()))
        self._nothing.setVisible(not self._list.topLevelItemCount())
        if first := self._list.topLevelItem(0):
            self._list.setCurrentItem(first)

    def _do(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self.accept()
            self._offers[item.data(0, Qt.ItemDataRole.UserRole)].call()


class _Keys(QStyledItemDelegate):
    """Quieter than what they do."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.palette.setBrush(QPalette.ColorRole.Text, option.palette.placeholderText())
