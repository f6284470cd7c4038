"""Any two axes of a variable as a picture, sliders for the others."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from ckpt_viewer.analysis.preview import Picture, plane, quick_plane
from ckpt_viewer.analysis.summary import Summary
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Variable
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.axis_bar import AxisBar
from ckpt_viewer.ui.widgets.colour_bar import ColourBar
from ckpt_viewer.ui.widgets.drawable import drawable, is_complex
from ckpt_viewer.ui.widgets.flow_layout import FlowLayout
from ckpt_viewer.ui.widgets.numbers import screen_number, size_text
from ckpt_viewer.ui.widgets.picture import Box, PictureCanvas
from ckpt_viewer.ui.widgets.range_controls import AGGREGATES, Extent, RangeControls
from ckpt_viewer.ui.widgets.view_frame import ViewFrame, said_of

LARGE = 1 << 22  # elements of a slice from which an overview comes first
MOST_DETAIL = 1 << 22  # elements that are read again at once for a closer look
DETAIL_MS = 150
Detail = tuple[Box, Array]


class HeatmapView(ViewFrame):
    """Overview first where the slice is large, then every element; closer looks are read again in full."""

    def __init__(self, session: Session, tasks: TaskRunner, key: str) -> None:
        super().__init__(tasks, key, "heatmap")
        self.axes, self.controls = AxisBar(), RangeControls()
        self.canvas, self.bar = PictureCanvas(), ColourBar()
        self.picture: Picture | None = None
        self._badge = QLabel()
        self._detail_lane, self._exact_lane = (key, "heatmap detail"), (key, "heatmap exact")
        self.lanes += [self._detail_lane, self._exact_lane]
        self._rest = QTimer(self, singleShot=True, interval=DETAIL_MS)
        self._lay_out()
        self.axes.chosen.connect(self._read_slice)
        self.controls.changed.connect(self._recolour)
        self.controls.aggregate_chosen.connect(self._read_slice)
        self.controls.cells_squared.connect(self.canvas.set_aspect_locked)
        self.canvas.pointed.connect(self._tell_element)
        self.canvas.moved.connect(self._rest.start)
        self._rest.timeout.connect(self._read_detail)

    def load(self, checkpoint: Checkpoint, variable: Variable) -> None:
        if variable.shape != self.axes.shape:
            self.axes.set_shape(variable.shape)
        self.controls.set_summary(self.summary)
        if self.summary and said_of(self.summary):
            self.show_summary(self.summary)
        else:
            self._read_slice()

    def show_summary(self, summary: Summary) -> None:
        super().show_summary(summary)
        self.controls.set_summary(summary)
        if said := said_of(summary):
            self.stop()
            self.say(*said)

    def clear(self) -> None:
        super().clear()
        self._rest.stop()
        self.picture = None
        self.canvas.clear()

    def step_slice(self, by: int) -> None:
        """To the next or previous slice of the axes that are cut."""
        self.axes.step(by)

    def _lay_out(self) -> None:
        self._badge.setAccessibleName(self.tr("How the picture was made"))
        controls = FlowLayout()
        for widget in (self.axes, self.controls):
            controls.addWidget(widget)
        picture = QHBoxLayout()
        picture.addWidget(self.canvas, 1)
        picture.addWidget(self.bar)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(controls)
        column.addLayout(picture, 1)
        column.addWidget(self._badge)

    def _read_slice(self, *_: object) -> None:
        if not (self.checkpoint and self.variable):
            return
        self.stop()
        rows, columns = self.axes.choice.lengths(self.variable.shape)
        quick = rows * columns > LARGE
        self.read(
            self._work(quick_plane if quick else plane), self._show_overview if quick else self._show_picture
        )

    def _work(self, make: Callable[..., Picture]) -> Callable[[CancelToken], Picture]:
        """What a worker runs; it captures all it needs, since the view may show something else by then."""
        checkpoint, variable, choice = self.checkpoint, self.variable, self.axes.choice
        aggregate = self.controls.aggregate

        def work(cancel: CancelToken) -> Picture:
            return make(
                checkpoint,
                variable,
                choice.rows,
                choice.columns,
                choice.index,
                aggregate=aggregate,
                cancel=cancel,
            )

        return work

    def _show_overview(self, picture: Picture) -> None:
        self._show_picture(picture)
        title = self.tr("Reading every element of {0}").format(self._name())
        self.tasks.start(
            self._exact_lane, self._work(plane), done=self._show_picture, failed=self.show_error, title=title
        )

    def _show_picture(self, picture: Picture) -> None:
        assert self.variable is not None
        self.picture = picture
        rows, columns = self.axes.choice.lengths(self.variable.shape)
        new_size = (rows, columns) != (self.canvas.rows, self.canvas.columns)
        self.canvas.set_picture(
            picture.values,
            rows=rows,
            columns=columns,
            row_step=picture.row_step,
            column_step=picture.column_step,
            aggregate=picture.aggregate,
        )
        if new_size:
            self.controls.set_square(self.canvas.looks_better_square())
            self.canvas.set_aspect_locked(self.canvas.looks_better_square())
        self.controls.set_reduced(self.canvas.is_reduced)
        self._recolour()
        self._describe(picture, rows, columns)
        self.show_content()

    def _recolour(self) -> None:
        if self.picture is None:
            return
        scale = self.controls.scale(Extent(self.picture.low, self.picture.high))
        self.canvas.set_scale(scale)
        self.bar.set_scale(scale, self.picture.nan, self.picture.posinf, self.picture.neginf)

    def _describe(self, picture: Picture, rows: int, columns: int) -> None:
        """Say how the picture came about, beside it and for those who cannot see it."""
        parts = []
        block = f"{picture.row_step}×{picture.column_step}"
        if not picture.exact:
            parts.append(self.tr("overview: one of each {0} elements, the rest is being read").format(block))
        elif self.canvas.is_reduced:
            named = dict(AGGREGATES)[picture.aggregate]
            parts.append(self.tr("each pixel: {0} of {1} elements").format(named, block))
        if self.variable and is_complex(self.variable.dtype):
            parts.append(self.tr("magnitude of complex numbers"))
        if picture.exact and picture.low is not None and picture.low == picture.high:
            parts.append(self.tr("this slice is constant: {0}").format(screen_number(picture.low)))
        size = size_text(rows, columns)
        self._badge.setText(" · ".join([size, *parts]) if parts else "")
        self._badge.setVisible(bool(parts))
        low, high = screen_number(picture.low), screen_number(picture.high)
        self.canvas.setAccessibleDescription(
            self.tr("{0}. {1}. Finite values from {2} to {3}.").format(
                self._name(), self._badge.text() or size, low, high
            )
        )

    def _read_detail(self) -> None:
        """Read the part in sight in full, once it is small enough and the picture too rough for it."""
        box, variable, checkpoint = self.canvas.in_sight(), self.variable, self.checkpoint
        if not (variable and checkpoint and self._too_rough(box)):
            return
        choice = self.axes.choice
        region = choice.region(slice(box.row, box.row_end), slice(box.column, box.column_end))

        def work(cancel: CancelToken) -> Detail:
            return box, drawable(choice.flat(checkpoint.read_region(variable, region, cancel)))

        self.tasks.start(self._detail_lane, work, done=self._show_detail, failed=self.show_error)

    def _too_rough(self, box: Box) -> bool:
        if self.picture is None or not self.canvas.is_reduced:
            return False
        width, height = self.canvas.cell_size()
        pixel = max(width * self.picture.column_step, height * self.picture.row_step)
        size = (box.row_end - box.row) * (box.column_end - box.column)
        return pixel > 1.5 and 0 < size <= MOST_DETAIL and not self.canvas.has_detail(box)

    def _show_detail(self, detail: Detail) -> None:
        box, values = detail
        self.canvas.set_detail(values, box.row, box.column, self.controls.aggregate)

    def _tell_element(self, place: tuple[int, int] | None) -> None:
        self.tell("" if place is None else self._element_text(*place))

    def _element_text(self, row: int, column: int) -> str:
        value = self.canvas.element_at(row, column)
        if value is not None:
            index = ",".join(map(str, self.axes.choice.element(row, column)))
            return f"{self._name()} [{index}] = {screen_number(value)}"
        if self.picture is None:
            return ""
        rows, columns = _block(row, self.picture.row_step), _block(column, self.picture.column_step)
        named = dict(AGGREGATES)[self.picture.aggregate]
        drawn = screen_number(self.canvas.value_at(row, column))
        text = self.tr("{0} rows {1}, columns {2}: {3} = {4}")
        return text.format(self._name(), rows, columns, named, drawn)

    def _name(self) -> str:
        return printable(self.variable.name) if self.variable else ""


def _block(place: int, step: int) -> str:
    first = place // step * step
    return f"{first}–{first + step - 1}" if step > 1 else str(place)
