"""The numbers themselves, as a spreadsheet over any flat slice."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QSpinBox, QVBoxLayout

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Variable
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui.item_models.values_table import Block, ValuesTableModel
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.axis_bar import AxisBar, AxisChoice
from ckpt_viewer.ui.widgets.flow_layout import FlowLayout
from ckpt_viewer.ui.widgets.numbers import plain_number, screen_count, size_text
from ckpt_viewer.ui.widgets.values_grid import ValuesGrid
from ckpt_viewer.ui.widgets.view_frame import ViewFrame

REST_MS = 30
COPY_LIMIT = 1_000_000
_LAST = 2**31 - 1


class ValuesView(ViewFrame):
    """Reads only the blocks that are in sight."""

    def __init__(self, session: Session, tasks: TaskRunner, key: str) -> None:
        super().__init__(tasks, key, "values")
        self.axes, self.model = AxisBar(), ValuesTableModel(self)
        self.grid = ValuesGrid(self.model)
        self._row, self._column = QSpinBox(), QSpinBox()
        self._size, self._note = QLabel(), QLabel()
        self._being_read: set[Block] = set()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._lay_out()
        self.axes.chosen.connect(self._show_slice)
        self.model.missed.connect(self._wait)
        self._rest.timeout.connect(self._read_missing)
        self.grid.copy_asked.connect(self.copy_cells)
        self.grid.selectionModel().currentChanged.connect(self._tell_element)

    def load(self, checkpoint: Checkpoint, variable: Variable) -> None:
        if variable.shape != self.axes.shape:
            choice = AxisChoice(0, None, (0,)) if len(variable.shape) == 1 else None
            self.axes.set_shape(variable.shape, choice)
        self._show_slice()

    def clear(self) -> None:
        self._rest.stop()
        super().clear()
        self.model.set_slice(0, 0, "")

    def step_slice(self, by: int) -> None:
        """To the next or previous slice of the axes that are cut."""
        self.axes.step(by)

    def go_to(self, row: int, column: int) -> None:
        """Bring this cell of the slice into sight and make it the current one."""
        self.model.go_to_page(row, column)
        index = self.model.index(row - self.model.first_row, column - self.model.first_column)
        self.grid.setCurrentIndex(index)
        self.grid.scrollTo(index, ValuesGrid.ScrollHint.PositionAtTop)

    def copy_cells(self) -> None:
        """Put the selected cells on the clipboard as tab-separated lines; reads those not in sight."""
        box = self.grid.selected_box()
        if not (box and self.checkpoint and self.variable):
            return
        checkpoint, variable, choice = self.checkpoint, self.variable, self.axes.choice
        top, left, bottom, right = box
        self._note.clear()
        if (bottom - top + 1) * (right - left + 1) > COPY_LIMIT:
            text = self.tr("More than {0} cells are too much for the clipboard; export the variable instead.")
            self._note.setText(text.format(screen_count(COPY_LIMIT)))
            return
        rows = slice(self.model.first_row + top, self.model.first_row + bottom + 1)
        columns = slice(self.model.first_column + left, self.model.first_column + right + 1)

        def work(cancel: CancelToken) -> str:
            return _tab_separated(
                choice.flat(checkpoint.read_region(variable, choice.region(rows, columns), cancel)), cancel
            )

        self.tasks.start(
            (self.key, "copy"),
            work,
            done=_to_clipboard,
            failed=self.show_error,
            title=self.tr("Copying cells"),
        )

    def _lay_out(self) -> None:
        controls = FlowLayout()
        controls.addWidget(self.axes)
        for text, box in ((self.tr("Row"), self._row), (self.tr("Column"), self._column)):
            box.setAccessibleName(self.tr("Go to {0}").format(text.lower()))
            box.setKeyboardTracking(False)
            box.valueChanged.connect(self._go)
            controls.addWidget(QLabel(text))
            controls.addWidget(box)
        controls.addWidget(self._size)
        controls.addWidget(self._note)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(controls)
        column.addWidget(self.grid, 1)

    def _show_slice(self, *_: object) -> None:
        if self.variable is None:
            return
        rows, columns = self.axes.choice.lengths(self.variable.shape)
        for box, length in ((self._row, rows), (self._column, columns)):
            box.blockSignals(True)
            box.setRange(0, min(max(length - 1, 0), _LAST))
            box.setValue(0)
            box.blockSignals(False)
        self._size.setText(size_text(rows, columns))
        self.model.set_slice(rows, columns, self.variable.dtype)
        self.grid.setAccessibleDescription(f"{printable(self.variable.name)} {self._size.text()}")
        self._note.clear()
        self.show_content()
        self.stop()
        self._wait()

    def _go(self) -> None:
        self.go_to(self._row.value(), self._column.value())

    def _wait(self) -> None:
        """Before reading, in case the user scrolls on; cells that ask again meanwhile change nothing."""
        if not self._rest.isActive():
            self._rest.start()

    def _read_missing(self) -> None:
        """Read the blocks in sight that are not here; a newer part in sight silences an older one."""
        missing = self.model.missing(*self.grid.in_sight())
        if self.tasks.busy(self.lane) and self._being_read.issuperset(missing):
            return
        checkpoint, variable, choice = self.checkpoint, self.variable, self.axes.choice
        if not (checkpoint and variable and missing):
            return
        self._being_read = set(missing)
        extents = [(block, *self.model.extent(block)) for block in missing]

        def work(cancel: CancelToken) -> list[tuple[Block, Array]]:
            return [
                (block, choice.flat(checkpoint.read_region(variable, choice.region(rows, columns), cancel)))
                for block, rows, columns in extents
            ]

        self.read(work, self.model.add_blocks)

    def _tell_element(self) -> None:
        index = self.grid.currentIndex()
        if not (index.isValid() and self.variable):
            return
        row, column = self.model.first_row + index.row(), self.model.first_column + index.column()
        place = ",".join(map(str, self.axes.choice.element(row, column)))
        value = self.model.plain(index.row(), index.column())
        self.tell(f"{printable(self.variable.name)} [{place}] = {value}")


def _tab_separated(values: Array, cancel: CancelToken) -> str:
    lines = []
    for number, row in enumerate(values):
        lines.append("\t".join(map(plain_number, row)))
        if number % 100 == 0:
            cancel.check()
    return "\n".join(lines)


def _to_clipboard(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
