"""One variable out of many: a filter over a list of names."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.session.filters import Filter
from ckpt_viewer.ui.item_models.variable_list import VariableListModel
from ckpt_viewer.ui.widgets.name_elision import NameDelegate
from ckpt_viewer.ui.widgets.plain_text import plain_label

TYPING_MS = 120


class VariableChooser(QWidget):
    chosen = Signal(str)
    filtered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = VariableListModel(self)
        self.list = QListView()
        self.filter = QLineEdit()
        self._said: QLabel = plain_label()
        self._name: str | None = None
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._arrange()
        self._typing.timeout.connect(self._apply)
        self.filter.textChanged.connect(self._type)
        self.list.selectionModel().currentChanged.connect(self._choose)

    def set_variables(self, variables: Sequence[Variable]) -> None:
        self.model.set_variables(variables)
        self._rows_changed()

    def set_lacking(self, names: frozenset[str]) -> None:
        self.model.set_lacking(names)

    def set_filter(self, text: str) -> None:
        if self.filter.text() != text:
            self.filter.setText(text)
            self._apply()

    def set_chosen(self, name: str | None) -> None:
        self._name = name
        self._select()

    def choose_first(self) -> None:
        """Choose the first row that the filter leaves, unless the chosen one is among them."""
        self._apply()
        if self.model.rowCount() and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0))

    def _arrange(self) -> None:
        self.filter.setPlaceholderText(self.tr("filter variables…"))
        self.filter.setAccessibleName(self.tr("Filter variables"))
        self.filter.setClearButtonEnabled(True)
        self.list.setModel(self.model)
        self.list.setAccessibleName(self.tr("Variables of the run"))
        self.list.setUniformItemSizes(True)
        self.list.setStyleSheet("QListView::item { padding: 3px 8px; }")
        self.list.setItemDelegate(NameDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._said.setWordWrap(True)
        self._said.setContentsMargins(10, 6, 10, 6)
        top = QVBoxLayout()
        top.setContentsMargins(8, 8, 8, 6)
        top.addWidget(self.filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._said)
        column.addWidget(self.list, 1)
        self.setMinimumWidth(150)

    def _type(self, text: str) -> None:
        self._typing.start()

    def _apply(self) -> None:
        self._typing.stop()
        wanted = Filter.parse(self.filter.text())
        self.model.set_filter(wanted)
        self._rows_changed(wanted.problem or self.model.left_out)
        self.filtered.emit(self.filter.text())

    def _rows_changed(self, problem: str = "") -> None:
        nothing = not self.model.rowCount() and self.filter.text().strip()
        text = problem or (self.tr("No variable fits this filter.") if nothing else "")
        self._said.setText(text)
        self._said.setVisible(bool(text))
        self._select()

    def _select(self) -> None:
        row = self.model.row_of(self._name) if self._name is not None else None
        selection = self.list.selectionModel()
        if row is None:
            selection.clear()
        elif row != self.list.currentIndex().row() or not selection.hasSelection():
            index = self.model.index(row)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.list.scrollTo(index)

    def _choose(self, current: QModelIndex) -> None:
        if current.isValid() and self.model.name(current.row()) != self._name:
            self._name = self.model.name(current.row())
            self.chosen.emit(self._name)
