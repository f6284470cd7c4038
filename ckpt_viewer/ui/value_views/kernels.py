"""The kernels of a convolution as a wall of tiles: input channels down, output channels across."""

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QVBoxLayout

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Variable
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.colour_bar import ColourBar
from ckpt_viewer.ui.widgets.drawable import drawable
from ckpt_viewer.ui.widgets.numbers import screen_count, screen_number
from ckpt_viewer.ui.widgets.picture import PictureCanvas
from ckpt_viewer.ui.widgets.range_controls import Extent, RangeControls
from ckpt_viewer.ui.widgets.tile_lines import TileLines
from ckpt_viewer.ui.widgets.view_frame import ViewFrame

MOST_ELEMENTS = 1 << 22  # on one wall


class KernelsView(ViewFrame):
    """Shows height × width × inputs × outputs; very many channels come wall by wall."""

    def __init__(self, session: Session, tasks: TaskRunner, key: str) -> None:
        super().__init__(tasks, key, "kernels")
        self.canvas, self.bar, self.controls = PictureCanvas(), ColourBar(), RangeControls()
        self._tiles = TileLines(self.canvas)
        self._first, self._badge = QSpinBox(), QLabel()
        self._first_title = QLabel(self.tr("Inputs from"))
        self._wall: Array | None = None
        self._lay_out()
        self._first.valueChanged.connect(self._read_wall)
        self.controls.set_reduced(False)
        self.controls.changed.connect(self._recolour)
        self.controls.cells_squared.connect(self.canvas.set_aspect_locked)
        self.canvas.pointed.connect(self._tell_element)

    def load(self, checkpoint: Checkpoint, variable: Variable) -> None:
        inputs, shown = variable.shape[2], self._inputs_shown(variable)
        self._first.blockSignals(True)
        self._first.setRange(0, max(inputs - shown, 0))
        self._first.setSingleStep(shown)
        self._first.setValue(0)
        self._first.blockSignals(False)
        self._first.setVisible(shown < inputs)
        self._first_title.setVisible(shown < inputs)
        self._read_wall()

    def clear(self) -> None:
        super().clear()
        self._wall = None
        self.canvas.clear()

    def _lay_out(self) -> None:
        self._first.setAccessibleName(self.tr("First input channel"))
        self._first.setKeyboardTracking(False)
        controls, picture = QHBoxLayout(), QHBoxLayout()
        controls.addWidget(self._first_title)
        controls.addWidget(self._first)
        controls.addWidget(self.controls, 1)
        picture.addWidget(self.canvas, 1)
        picture.addWidget(self.bar)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(controls)
        column.addLayout(picture, 1)
        column.addWidget(self._badge)

    def _inputs_shown(self, variable: Variable) -> int:
        height, width, inputs, outputs = variable.shape
        return max(min(inputs, MOST_ELEMENTS // (height * width * outputs)), 1)

    def _read_wall(self) -> None:
        if self.checkpoint is None or self.variable is None:
            return
        checkpoint, variable = self.checkpoint, self.variable
        first = self._first.value()
        outputs = slice(0, max(MOST_ELEMENTS // (variable.shape[0] * variable.shape[1]), 1))
        inputs = slice(first, first + self._inputs_shown(variable))
        region = (slice(None), slice(None), inputs, outputs)

        def work(cancel: CancelToken) -> Array:
            return wall_of(
                drawable(checkpoint.read_region(variable, _bounded(region, variable.shape), cancel))
            )

        self.read(work, self._show_wall)

    def _show_wall(self, wall: Array) -> None:
        assert self.variable is not None
        height, width, inputs, outputs = self.variable.shape
        self._wall = wall
        new_size = wall.shape != (self.canvas.rows, self.canvas.columns)
        self.canvas.set_picture(wall)
        self._tiles.set_tiles(height, width)
        down, across = self.canvas.axes["left"], self.canvas.axes["top"]
        down.tile, down.first, across.tile = height, self._first.value(), width
        if new_size:
            self.controls.set_square(self.canvas.looks_better_square())
            self.canvas.set_aspect_locked(self.canvas.looks_better_square())
        self._recolour()
        first, last = self._first.value(), self._first.value() + wall.shape[0] // height - 1
        text = self.tr("inputs {0}–{1} of {2} down, outputs 0–{3} of {4} across, {5}×{6} each").format(
            first,
            last,
            screen_count(inputs),
            wall.shape[1] // width - 1,
            screen_count(outputs),
            height,
            width,
        )
        self._badge.setText(text)
        self.canvas.setAccessibleDescription(f"{printable(self.variable.name)}: {text}")
        self.show_content()

    def _recolour(self) -> None:
        if self._wall is None:
            return
        finite = self._wall[np.isfinite(self._wall)]
        extent = Extent(float(finite.min()), float(finite.max())) if finite.size else Extent()
        scale = self.controls.scale(extent)
        self.canvas.set_scale(scale)
        specials = (np.isnan(self._wall), np.isposinf(self._wall), np.isneginf(self._wall))
        self.bar.set_scale(scale, *(int(special.sum()) for special in specials))

    def _tell_element(self, place: tuple[int, int] | None) -> None:
        text = ""
        if place is not None and self.variable is not None:
            height, width = self.variable.shape[:2]
            source, y = divmod(place[0], height)
            target, x = divmod(place[1], width)
            index = f"[{y},{x},{source + self._first.value()},{target}]"
            text = (
                f"{printable(self.variable.name)} {index} = {screen_number(self.canvas.element_at(*place))}"
            )
        self.tell(text)


def wall_of(kernels: Array) -> Array:
    """Height × width × inputs × outputs as one matrix of tiles."""
    height, width, inputs, outputs = kernels.shape
    return kernels.transpose(2, 0, 3, 1).reshape(inputs * height, outputs * width)


def _bounded(region: tuple[slice, ...], shape: tuple[int, ...]) -> tuple[slice, ...]:
    return tuple(slice(*part.indices(length)) for part, length in zip(region, shape, strict=True))
