"""The tree of variables: scopes open and close, a chosen scope stands for all that is in it."""

from collections.abc import Iterator

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.session.wording import plural
from ckpt_viewer.ui.copying import Copying
from ckpt_viewer.ui.item_models.variable_columns import NAME, TITLES
from ckpt_viewer.ui.item_models.variable_table import SUMMARY
from ckpt_viewer.ui.item_models.variable_tree import VariableTreeModel
from ckpt_viewer.ui.turns import Turns
from ckpt_viewer.ui.widgets.plain_header import PlainHeader
from ckpt_viewer.ui.widgets.sparkline import SparklineDelegate
from ckpt_viewer.ui.widgets.variable_view import LEAST_NAME, VariableView

_OPEN_ALL = 100  # so many variables are shown with all scopes open
_ROOM = 20  # pixels around the text of a cell


class VariableTreeView(QTreeView):
    """Its columns are those chosen in the flat table beside it."""

    rebuilt = Signal()

    def __init__(self, model: VariableTreeModel, flat: VariableView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("variableTree")
        self.setAccessibleName(self.tr("Variables by scope"))
        self.tree, self._flat, self._copying = model, flat, Copying(self)
        self._turns = Turns(self)
        self.setModel(model)
        self.setUniformRowHeights(True)
        self.setStyleSheet("QTreeView::item { padding: 2px 6px; }")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setItemDelegateForColumn(TITLES["Histogram"], SparklineDelegate(SUMMARY, self))
        self.setHeader(PlainHeader(self))
        self.header().setSectionsClickable(False)
        flat.table.dataChanged.connect(self.viewport().update)

    def rebuild(self) -> None:
        """Follow the rows and columns of the flat table; scopes that were open stay open.

        The first time this takes several turns with very many variables; `rebuilt` tells when it is done.
        """
        self._turns.begin(self._rebuild())

    def _rebuild(self) -> Iterator[None]:
        opened = self._opened_paths()
        yield from self.tree.rebuild()
        self.follow_columns()
        if self.tree.root.count <= _OPEN_ALL:
            self.expandAll()
        else:
            self._open_paths(opened)
        self.rebuilt.emit()

    def follow_columns(self) -> None:
        for column in range(self.tree.columnCount()):
            self.setColumnHidden(column, self._flat.isColumnHidden(column))
            self.setColumnWidth(column, self._flat.columnWidth(column))
        self._widen_for_counts()

    def selected_variables(self) -> list[Variable]:
        return [self._flat.table.variables[place] for place in self.selected_places()]

    def selected_places(self) -> list[int]:
        """Each once; a selected scope that is no variable itself stands for all that is in it."""
        places: dict[int, None] = {}
        for index in self.selectionModel().selectedRows():
            scope = self.tree.scope(index)
            places.update(dict.fromkeys(scope.members if scope.place is None else [scope.place]))
        return list(places)

    def choose(self, name: str) -> None:
        """Select this variable and bring it into sight."""
        index = self.tree.index_of(name)
        if index.isValid() and index != self.currentIndex().siblingAtColumn(NAME):
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index)

    def copy_rows(self) -> None:
        """Put the selected variables on the clipboard as tab-separated text."""
        chosen = (self.tree.scope(index).place for index in self.selectionModel().selectedRows())
        places = [place for place in chosen if place is not None]
        self._copying.copy(self._flat.table.lines(places, self._flat.shown_columns()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        else:
            super().keyPressEvent(event)

    def _widen_for_counts(self) -> None:
        """How many variables a scope has is told in place of a shape; names give what that needs more."""
        most = plural(self.tree.root.count, "variable")
        wanted = self.fontMetrics().horizontalAdvance(most) + _ROOM
        given = max(wanted - self.columnWidth(TITLES["Shape"]), 0)
        self.setColumnWidth(TITLES["Shape"], self.columnWidth(TITLES["Shape"]) + given)
        self.setColumnWidth(NAME, max(self.columnWidth(NAME) - given, LEAST_NAME))

    def _opened_paths(self) -> set[str]:
        opened, waiting = set(), [QModelIndex()]
        while waiting:
            above = waiting.pop()
            for row, scope in enumerate(self.tree.scope(above).children):
                if scope.has_children and self.isExpanded(index := self.tree.index(row, NAME, above)):
                    opened.add(scope.path)
                    waiting.append(index)
        return opened

    def _open_paths(self, paths: set[str]) -> None:
        waiting = [QModelIndex()]
        while waiting:
            above = waiting.pop()
            for row, scope in enumerate(self.tree.scope(above).children):
                if scope.has_children and scope.path in paths:
                    index = self.tree.index(row, NAME, above)
                    self.expand(index)
                    waiting.append(index)
