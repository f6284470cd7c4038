"""Where the bytes of a checkpoint are: by role, by dtype, and in which variables."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ckpt_viewer.formats.checkpoint import Role, Variable
from ckpt_viewer.session.totals import Total, Totals
from ckpt_viewer.session.wording import count_text, plural, printable, shape_text, size_text
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.plain_text import plain_label
from ckpt_viewer.ui.widgets.share_bar import COLOUR_ROLE, SHARE_ROLE, ShareBar, ShareDelegate, share_text

WIDTH = 860


class SummaryPanel(QScrollArea):
    """Totals as one bar and three tables; a variable in the last one can be gone to."""

    variable_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("summary")
        self.setAccessibleName(self.tr("Summary"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self._headline, self._note = plain_label(), plain_label()
        self._bar = ShareBar()
        by = [self.tr("Variables"), self.tr("Parameters"), self.tr("Size"), self.tr("Share")]
        self._roles = _Table([self.tr("Role"), *by])
        self._dtypes = _Table([self.tr("Dtype"), *by])
        self._largest = _Table(
            [self.tr("Name"), self.tr("Shape"), self.tr("Dtype"), self.tr("Size"), self.tr("Share")]
        )
        self._largest.itemActivated.connect(self._choose)
        self._arrange()

    def set_totals(self, totals: Totals) -> None:
        whole = totals.whole
        self._headline.setText(
            f"{plural(whole.variables, 'variable')} · {count_text(whole.parameters)} "
            f"{self.tr('elements')} · {size_text(whole.bytes)}"
        )
        colours = theme.current()
        named = [(total, cast(Role, total.name)) for total in totals.roles]
        self._note.setText(
            " · ".join(f"{totals.title(role)}: {share_text(totals.share(total))}" for total, role in named)
        )
        self._bar.set_parts(
            [(totals.title(role), totals.share(total), colours.roles[role]) for total, role in named]
        )
        self._roles.fill(
            [(_group_row(totals.title(role), total, totals), colours.roles[role]) for total, role in named]
        )
        self._dtypes.fill([(_group_row(total.name, total, totals), "") for total in totals.dtypes])
        self._largest.fill(
            [(_variable_row(variable, totals), colours.roles[variable.role]) for variable in totals.largest],
            names=[variable.name for variable in totals.largest],
        )

    def _arrange(self) -> None:
        font = self._headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        self._headline.setFont(font)
        self._note.setWordWrap(True)
        content = QWidget()
        content.setMaximumWidth(WIDTH)
        column = QVBoxLayout(content)
        column.setContentsMargins(20, 16, 20, 20)
        column.setSpacing(8)
        for widget in (self._headline, self._bar, self._note):
            column.addWidget(widget)
        titles = (self.tr("By role"), self.tr("By dtype"), self.tr("Largest variables"))
        for title, table in zip(titles, (self._roles, self._dtypes, self._largest), strict=True):
            column.addSpacing(10)
            column.addWidget(_heading(title))
            column.addWidget(table)
            table.setAccessibleName(title)
        column.addStretch(1)
        self.setWidget(content)

    def _choose(self, item: QTableWidgetItem) -> None:
        if first := self._largest.item(item.row(), 0):
            self.variable_chosen.emit(first.data(Qt.ItemDataRole.UserRole))


Row = tuple[tuple[str, ...], float]


class _Table(QTableWidget):
    """A few rows, as high as they are together; the last column is a bar."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__(0, len(titles))
        self.setHorizontalHeaderLabels(list(titles))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegateForColumn(len(titles) - 1, ShareDelegate(self))
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(len(titles) - 1, 170)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def fill(self, rows: Sequence[tuple[Row, str]], names: Sequence[str] = ()) -> None:
        """Show rows, each with the colour of its bar; `names` are what choosing a row means."""
        self.setRowCount(len(rows))
        for number, ((texts, share), colour) in enumerate(rows):
            for place, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setData(Qt.ItemDataRole.UserRole, names[number] if names else None)
                self.setItem(number, place, item)
            last = QTableWidgetItem(share_text(share))
            last.setData(SHARE_ROLE, share)
            last.setData(COLOUR_ROLE, colour)
            self.setItem(number, len(texts), last)
        height = self.horizontalHeader().sizeHint().height() + self.verticalHeader().length()
        self.setFixedHeight(height + 2 * self.frameWidth() + 2)


def _group_row(title: str, total: Total, totals: Totals) -> Row:
    texts = (title, f"{total.variables:,}", count_text(total.parameters), size_text(total.bytes))
    return texts, totals.share(total)


def _variable_row(variable: Variable, totals: Totals) -> Row:
    texts = (
        printable(variable.full_name or variable.name),
        shape_text(variable.shape),
        variable.dtype,
        size_text(variable.nbytes),
    )
    return texts, variable.nbytes / totals.whole.bytes if totals.whole.bytes else 0.0


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label
