"""What can be done with a row of a comparison, offered where it is clicked."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication

from ckpt_viewer.session.pair_columns import Names
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui.widgets.pair_table_view import PairTableView


class PairMenu(QObject):
    """The actions of the table's context menu; `side_asked` wants to see the variable in A (0) or B (1)."""

    side_asked = Signal(int)

    def __init__(self, table: PairTableView) -> None:
        super().__init__(table)
        self._names: Names = (None, None)
        self.in_a = QAction(self.tr("Show in A"), self)
        self.in_b = QAction(self.tr("Show in B"), self)
        self.copy_name = QAction(self.tr("Copy name"), self)
        self.copy_rows = QAction(self.tr("Copy rows"), self)
        line = QAction(self)
        line.setSeparator(True)
        table.addActions([self.in_a, self.in_b, line, self.copy_name, self.copy_rows])
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.in_a.triggered.connect(self._ask_a)
        self.in_b.triggered.connect(self._ask_b)
        self.copy_name.triggered.connect(self._copy_name)
        self.copy_rows.triggered.connect(table.copy)
        self.set_names(None)

    def set_names(self, names: Names | None) -> None:
        """Of the chosen row, if one is."""
        self._names = names or (None, None)
        self.in_a.setEnabled(self._names[0] is not None)
        self.in_b.setEnabled(self._names[1] is not None)
        for action in (self.copy_name, self.copy_rows):
            action.setEnabled(names is not None)

    def _ask_a(self) -> None:
        self.side_asked.emit(0)

    def _ask_b(self) -> None:
        self.side_asked.emit(1)

    def _copy_name(self) -> None:
        """Both, on a line each, where they are not one."""
        names = dict.fromkeys(printable(name) for name in self._names if name is not None)
        QGuiApplication.clipboard().setText("\n".join(names))
