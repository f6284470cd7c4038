"""The findings of a verification under their headings; any number of them is no more than a list to it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor, QFont

from ckpt_viewer.session.verification_report import Finding
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.marks import warning_mark
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
NOWHERE = QModelIndex()
WHERE, WHAT, MESSAGE = range(3)
_HEADING = 0  # the internal number of a heading; lines below it have its row + 1


class FindingTreeModel(QAbstractItemModel):
    """Headings, and below each the findings it names.

    Args:
        folder: Left out of the paths in a line, to leave room for the sentence.
    """

    def __init__(self, findings: Sequence[Finding], folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = f"{folder}{os.sep}"
        whole = [each for each in findings if each.grade == "problem" and each.variable is None]
        variables = [each for each in findings if each.variable is not None]
        notes = [each for each in findings if each.grade == "note" and each.variable is None]
        titles = (_tr("The checkpoint as a whole"), _tr("Variables"), _tr("Notes: no harm is done"))
        groups = zip(titles, (whole, variables, notes), strict=True)
        self._groups = [(title, lines) for title, lines in groups if lines]

    def finding(self, index: Index) -> Finding | None:
        """None for headings, and for what is nowhere."""
        if not index.isValid() or index.internalId() == _HEADING:
            return None
        return self._groups[index.internalId() - 1][1][index.row()]

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        if row < 0 or row >= self.rowCount(parent) or not 0 <= column < self.columnCount():
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else _HEADING)

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]
        if not index.isValid() or index.internalId() == _HEADING:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, _HEADING)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        if not parent.isValid():
            return len(self._groups)
        is_heading = parent.internalId() == _HEADING and parent.column() == 0
        return len(self._groups[parent.row()][1]) if is_heading else 0

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 3

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        finding = self.finding(index)
        if finding is None:
            return self._of_heading(index, role) if index.isValid() else None
        if role == ROLE.DisplayRole:
            return self._cell(finding, index.column())
        if role == ROLE.ToolTipRole:
            return plain_tooltip(finding.text)
        if role == ROLE.AccessibleTextRole:
            return finding.text
        if role == ROLE.DecorationRole and index.column() == WHERE and finding.grade == "problem":
            return warning_mark()
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> Any:
        if role != ROLE.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (_tr("Where"), _tr("What"), _tr("What it means, and what to do"))[section]

    def _cell(self, finding: Finding, column: int) -> str:
        if column == WHERE:
            return _tr("checkpoint") if finding.variable is None else printable(finding.variable)
        return finding.what if column == WHAT else printable(finding.message.replace(self._folder, ""))

    def _of_heading(self, index: Index, role: int) -> Any:
        title, lines = self._groups[index.row()]
        if index.column() == 0 and role in (ROLE.DisplayRole, ROLE.AccessibleTextRole):
            return f"{title} ({len(lines):,})"
        if role == ROLE.ForegroundRole:
            return QColor(theme.current().muted)
        if role == ROLE.FontRole:
            font = QFont()
            font.setBold(True)
            return font
        return None


def _tr(text: str) -> str:
    return QCoreApplication.translate("FindingTree", text)
