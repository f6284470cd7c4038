"""The variables of a run as one list of names; those that some save lacks are quieter."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.session.filters import Filter, Haystack
from ckpt_viewer.session.wording import printable, shape_text
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex


class VariableListModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._haystack = Haystack(())
        self._filter = Filter()
        self._rows: list[int] = []
        self._lacking: frozenset[str] = frozenset()

    @property
    def left_out(self) -> str:
        """Why the last filter was not followed in full."""
        return self._haystack.left_out

    def set_variables(self, variables: Sequence[Variable]) -> None:
        self._haystack = Haystack(variables)
        self._lacking = frozenset()
        self.set_filter(self._filter)

    def set_filter(self, wanted: Filter) -> None:
        self.beginResetModel()
        self._filter = wanted
        self._rows = self._haystack.select(wanted)
        self.endResetModel()

    def set_lacking(self, names: frozenset[str]) -> None:
        """The names that some save of the run does not have."""
        self._lacking = names
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def name(self, row: int) -> str:
        return self._haystack.variables[self._rows[row]].name

    def row_of(self, name: str) -> int | None:
        names = (self._haystack.variables[number].name for number in self._rows)
        return next((row for row, found in enumerate(names) if found == name), None)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        variable = self._haystack.variables[self._rows[index.row()]]
        if role == Qt.ItemDataRole.DisplayRole:
            return printable(variable.full_name or variable.name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self._tip(variable))
        if role == Qt.ItemDataRole.ForegroundRole and variable.name in self._lacking:
            return QColor(theme.current().muted)
        return None

    def _tip(self, variable: Variable) -> str:
        names = [variable.full_name, variable.name] if variable.full_name else [variable.name]
        lines = [*map(printable, names), f"{shape_text(variable.shape)} {variable.dtype}"]
        if variable.name in self._lacking:
            lines.append(self.tr("Not every save that opens has it."))
        return "\n".join(lines)
