"""The table of a comparison: rows as TSV, keys left to the panel around it."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QWidget

from ckpt_viewer.ui.copying import Copying
from ckpt_viewer.ui.item_models.pair_table import (
    CHANGED,
    COLUMNS,
    COSINE,
    DTYPE,
    FULL_NAME,
    MAX_ABS,
    MEAN_ABS,
    NAME,
    NAME_B,
    RELATIVE,
    SHAPE,
    STATUS,
    PairTableModel,
)
from ckpt_viewer.ui.widgets.name_elision import NameDelegate
from ckpt_viewer.ui.widgets.plain_table import PlainTable

WIDEST, LEAST_NAME, GOOD_NAME, WIDEST_NAME = 220, 160, 240, 400
# Stay in sight beside good names.
BEFORE_THE_REST = (FULL_NAME, NAME_B, SHAPE, STATUS, MAX_ABS, MEAN_ABS, RELATIVE)
LOOKED_AT = 100  # rows that are asked how wide their names, shapes and types are
LEAST_SHAPE, WIDEST_SHAPE = 56, 130  # where there is little room
# What has to fit then, as well as the titles.
FIGURES = {
    STATUS: "≠ NaN or Inf",
    MAX_ABS: "0.0008888",
    MEAN_ABS: "0.0008888",
    RELATIVE: "NaN, 0.888",
    COSINE: "-0.0008888",
    CHANGED: "< 0.001 %",
}
ROOM = 22  # around a text


class PairTableView(PlainTable):
    """Typing letters or Ctrl+arrows in it is meant for whoever owns the table.

    Where names would be cut the other columns are as narrow as can be, so that rows can be told apart, and
    in a small window the difference is in sight without scrolling; types, which hardly ever differ, come
    last for the same reason.
    """

    def __init__(self, model: PairTableModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.setObjectName("compareTable")
        self.setAccessibleName(self.tr("Pairs of variables"))
        self._model, self._copying = model, Copying(self)
        for column in (NAME, FULL_NAME, NAME_B):
            self.setItemDelegateForColumn(column, NameDelegate(self))
            self.setColumnHidden(column, column != NAME)  # until there are such
        self.setSortingEnabled(True)
        advance = self.fontMetrics().horizontalAdvance
        self._wide = {number: column.width for number, column in enumerate(COLUMNS) if number != NAME}
        self._tight = {
            number: max(advance(text), advance(f"{COLUMNS[number].title} ▾")) + ROOM
            for number, text in FIGURES.items()
        } | {NAME_B: LEAST_NAME, FULL_NAME: LEAST_NAME}
        self._names = LEAST_NAME  # pixels they need
        self._chosen = False  # whether the user has made a column wider or narrower
        self.header.moveSection(DTYPE, len(COLUMNS) - 1)
        self.sortByColumn(RELATIVE, Qt.SortOrder.DescendingOrder)
        self.header.setResizeContentsPrecision(LOOKED_AT)
        self.header.sectionResized.connect(self._resized)

    def fit_columns(self) -> None:
        """Room for names, those of B and of people where there are any, and for two shapes or types."""
        pairs = self._model.columns
        self.setColumnHidden(NAME_B, not pairs.renamed)
        self.setColumnHidden(FULL_NAME, not pairs.called)
        self._names = max(self.sizeHintForColumn(NAME), LEAST_NAME)
        if pairs.called:
            called = max(self.sizeHintForColumn(FULL_NAME), LEAST_NAME)
            self._wide[FULL_NAME], self._tight[FULL_NAME] = min(called, WIDEST_NAME), min(called, GOOD_NAME)
        for column in (SHAPE, DTYPE):
            needed = self.sizeHintForColumn(column)
            self._wide[column] = min(max(needed, COLUMNS[column].width), WIDEST)
            self._tight[column] = min(max(needed, LEAST_SHAPE), WIDEST_SHAPE)
        self._fit()

    def copy(self) -> None:
        """The selected rows, as tab-separated text."""
        columns = [column for column in range(len(COLUMNS)) if not self.isColumnHidden(column)]
        self._copying.copy(self._model.lines(self.selected_rows(), columns))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming here chooses nothing yet, as Qt would: what is worth a look is known once it is measured."""
        if self.currentIndex().isValid():
            super().focusInEvent(event)
            return
        with QSignalBlocker(self.selectionModel()):
            super().focusInEvent(event)
            self.selectionModel().clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif _is_for_the_panel(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _resized(self, column: int) -> None:
        if self.header.held:
            self._chosen = True
            if column != NAME:
                self._fit()

    def _fit(self) -> None:
        """Names get what the figures leave, and enough to be read where that is too little."""
        if not self._chosen:
            wide = sum(width for column, width in self._wide.items() if not self.isColumnHidden(column))
            fits = wide + self._names <= self.viewport().width()
            for column, width in (self._wide | ({} if fits else self._tight)).items():
                self.setColumnWidth(column, width)
        others = self.header.length() - self.columnWidth(NAME)
        before = sum(map(self.columnWidth, BEFORE_THE_REST))
        needed = min(self._names, GOOD_NAME, self.viewport().width() - before)
        self.setColumnWidth(NAME, max(self.viewport().width() - others, needed, LEAST_NAME))


def _is_for_the_panel(event: QKeyEvent) -> bool:
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        return control
    return event.text().isalpha() and not control
