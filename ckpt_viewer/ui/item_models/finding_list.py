"""The findings of a verification under their headings, as the rows of one list: any number of them."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
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


class FindingListModel(QAbstractTableModel):
    """A row is a finding, or a heading that names those below it and cannot be chosen.

    Args:
        folder: Left out of the paths in a line, to leave room for the sentence.
    """

    def __init__(self, findings: Sequence[Finding], folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = f"{folder}{os.sep}"
        whole = [each for each in findings if each.grade == "problem" and each.variable is None]
        variables = [each for each in findings if each.variable is not None]
        notes = [each for each in findings if each.grade == "note" and each.variable is None]
        titles = (_tr("The checkpoint as a whole"), _tr("Variables"), _tr("Notes: no value is harmed"))
        self.headings: list[int] = []
        self._rows: list[Finding | str] = []
        for title, lines in zip(titles, (whole, variables, notes), strict=True):
            if lines:
                self.headings.append(len(self._rows))
                self._rows += [f"{title} ({len(lines):,})", *lines]

    def finding(self, index: Index) -> Finding | None:
        """None for headings, and for what is nowhere."""
        row = self._rows[index.row()] if index.isValid() else None
        return row if isinstance(row, Finding) else None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else 3

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) if self.finding(index) else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if isinstance(row, str):
            return _of_heading(row, index.column(), role)
        if role == ROLE.DisplayRole:
            return self._cell(row, index.column())
        if role == ROLE.ToolTipRole:
            return plain_tooltip(row.text)
        if role == ROLE.AccessibleTextRole:
            return row.text
        if role == ROLE.DecorationRole and index.column() == WHERE and row.grade == "problem":
            return warning_mark()
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> Any:
        if role != ROLE.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (_tr("Where"), _tr("What"), _tr("What it means, and what to do"))[section]

    def _cell(self, finding: Finding, column: int) -> str:
        if column == WHERE:
            return _tr("the whole") if finding.variable is None else printable(finding.variable)
        return finding.what if column == WHAT else printable(finding.message.replace(self._folder, ""))


def _of_heading(title: str, column: int, role: int) -> Any:
    if column == 0 and role in (ROLE.DisplayRole, ROLE.AccessibleTextRole):
        return title
    if role == ROLE.ForegroundRole:
        return QColor(theme.current().muted)
    if role == ROLE.FontRole:
        font = QFont()
        font.setBold(True)
        return font
    return None


def _tr(text: str) -> str:
    return QCoreApplication.translate("FindingList", text)
