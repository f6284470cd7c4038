"""A matrix as a picture: one nearest-neighbour pixel per element, or per block of them."""

from dataclasses import dataclass
from math import ceil, floor, log2

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from ckpt_viewer.analysis.blocks import Aggregate
from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.axes import IndexAxis
from ckpt_viewer.ui.widgets.cell_numbers import CellNumbers
from ckpt_viewer.ui.widgets.colour_scale import ColourScale
from ckpt_viewer.ui.widgets.plots import Plot
from ckpt_viewer.ui.widgets.pyramid import Pyramid

_MOST_STRETCHED = 8  # a matrix longer than so many times its width is not drawn with square cells


@dataclass(frozen=True, slots=True)
class Box:
    """Rows and columns of elements, from `row` and `column` up to, not including, the ends."""

    row: int
    column: int
    row_end: int
    column_end: int


class PictureCanvas(Plot):
    """Shows values in the coordinates of their elements: x is the column, y the row, counted downwards.

    What is drawn is reduced to the pixels of the screen by the picture's own aggregate: no extreme is lost.
    """

    pointed = Signal(object)  # (row, column) of the element under the pointer, None outside
    moved = Signal()  # another part is in sight

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__((("left", IndexAxis), ("top", IndexAxis)), parent=parent)
        self.scale = ColourScale.fitting(0, 1)
        self.rows = self.columns = 0
        self._picture = _Layer(self.view, 0)
        self._detail = _Layer(self.view, 1)
        self._numbers = CellNumbers(self)
        self.view.addItem(self._numbers, ignoreBounds=True)
        self.view.invertY(True)
        self.view.setDefaultPadding(0)
        self.view.sigRangeChanged.connect(self._follow_range)
        self.hovered.connect(self._follow_pointer)
        self.setAccessibleName(self.tr("Picture of the values"))

    def set_picture(
        self,
        values: Array,
        *,
        rows: int | None = None,
        columns: int | None = None,
        row_step: int = 1,
        column_step: int = 1,
        aggregate: Aggregate = "absmax",
    ) -> None:
        """Show a matrix of real numbers; the part in sight stays when the new one has the size of the old.

        Where one of `values` stands for a block of `row_step` × `column_step` elements, `rows` and `columns`
        say how many elements there are. `aggregate` joins them where the screen has fewer pixels.
        """
        size = rows or values.shape[0], columns or values.shape[1]
        same_size = size == (self.rows, self.columns)
        self._numbers.size_changed()
        self.rows, self.columns = size
        self._detail.clear()
        self._picture.put(values, (0, 0), (row_step, column_step), aggregate)
        if not same_size:
            self._fit()
        self._draw()

    def set_detail(self, values: Array, row: int, column: int, aggregate: Aggregate = "absmax") -> None:
        """Lay exact elements over the part of the picture that begins at this row and column."""
        self._detail.put(values, (row, column), (1, 1), aggregate)
        self._draw()

    def set_scale(self, scale: ColourScale) -> None:
        self.scale = scale
        self._draw()

    def clear(self) -> None:
        self._numbers.size_changed()
        self.rows = self.columns = 0
        self._picture.clear()
        self._detail.clear()

    def has_detail(self, box: Box) -> bool:
        """Whether every element of the box is here."""
        return self._detail.covers(box)

    @property
    def is_reduced(self) -> bool:
        return self._picture.steps != (1, 1)

    def value_at(self, row: int, column: int) -> float | None:
        """What is drawn for this element: itself, or what stands for its block; None outside."""
        found = self._detail.value_at(row, column)
        return self._picture.value_at(row, column) if found is None else found

    def element_at(self, row: int, column: int) -> float | None:
        """The element itself, None where only a reduced picture of it is here."""
        found = self._detail.value_at(row, column)
        return found if found is not None or self.is_reduced else self._picture.value_at(row, column)

    def in_sight(self) -> Box:
        """The elements that are at least partly visible."""
        (left, right), (top, bottom) = self.view.viewRange()
        return Box(
            max(floor(top), 0),
            max(floor(left), 0),
            min(ceil(bottom), self.rows),
            min(ceil(right), self.columns),
        )

    def cell_size(self) -> tuple[float, float]:
        """Width and height of one element in pixels of the screen."""
        width, height = self.view.viewPixelSize()
        return 1 / width if width else 0.0, 1 / height if height else 0.0

    def set_aspect_locked(self, locked: bool) -> None:
        self.view.setAspectLocked(locked)
        self.reset_view()

    def looks_better_square(self) -> bool:
        """Whether square cells leave enough of a matrix of this size to be seen."""
        longer, shorter = max(self.rows, self.columns, 1), max(min(self.rows, self.columns), 1)
        return longer <= shorter * _MOST_STRETCHED

    def link(self, other: "PictureCanvas") -> None:
        """Move together with another picture."""
        self.view.setXLink(other.view)
        self.view.setYLink(other.view)

    def reset_view(self) -> None:
        if self.rows and self.columns:
            self.view.setRange(QRectF(0, 0, self.columns, self.rows), padding=0.01)

    def dress(self) -> None:
        super().dress()
        if self._dressed:
            self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._dressed:
            self._draw()

    def _fit(self) -> None:
        self.axes["left"].length, self.axes["top"].length = self.rows, self.columns
        self.axes["left"].setWidth(18 + 8 * len(str(self.rows)))
        self.view.setLimits(minXRange=min(1, self.columns), minYRange=min(1, self.rows))
        self.reset_view()

    def _draw(self) -> None:
        width, height = self.cell_size()
        ratio = self.devicePixelRatioF()
        self._picture.set_visible(not self._detail.covers(self.in_sight()))
        for layer in (self._picture, self._detail):
            layer.draw(self.scale, width * ratio, height * ratio)
        self._numbers.update()

    def _follow_range(self, *_: object) -> None:
        self._draw()
        self.moved.emit()

    def _follow_pointer(self, place: tuple[float, float] | None) -> None:
        if place is None or not (0 <= place[0] < self.columns and 0 <= place[1] < self.rows):
            self.pointed.emit(None)
        else:
            self.pointed.emit((int(place[1]), int(place[0])))


class _Layer:
    """Values at a place in the picture, drawn at the resolution the screen can show."""

    def __init__(self, view: pg.ViewBox, height: int) -> None:
        self.steps = (1, 1)
        self._item = pg.ImageItem(axisOrder="row-major")
        self._item.setZValue(height)
        self._values: Array | None = None
        self._origin = (0, 0)
        self._drawn: object = None
        view.addItem(self._item, ignoreBounds=True)

    def put(
        self, values: Array, origin: tuple[int, int], steps: tuple[int, int], aggregate: Aggregate
    ) -> None:
        self._values, self._origin, self.steps = values, origin, steps
        self._pyramid = Pyramid(values, aggregate)
        self._drawn = None

    def clear(self) -> None:
        self._values = None
        self.steps = (1, 1)
        self._item.clear()

    def covers(self, box: Box) -> bool:
        if self._values is None:
            return False
        row, column = self._origin
        height, width = self._values.shape
        return (
            row <= box.row
            and column <= box.column
            and box.row_end <= row + height
            and box.column_end <= column + width
        )

    def set_visible(self, visible: bool) -> None:
        """Whether it is drawn at all."""
        self._item.setVisible(visible)

    def value_at(self, row: int, column: int) -> float | None:
        if self._values is None:
            return None
        y, x = (row - self._origin[0]) // self.steps[0], (column - self._origin[1]) // self.steps[1]
        if not (0 <= y < self._values.shape[0] and 0 <= x < self._values.shape[1]):
            return None
        return float(self._values[y, x])

    def draw(self, scale: ColourScale, cell_width: float, cell_height: float) -> None:
        """Draw it for elements of this size in device pixels."""
        if self._values is None or not self._values.size or not cell_width or not cell_height:
            return
        level = (
            _halvings(cell_height * self.steps[0], self._values.shape[0]),
            _halvings(cell_width * self.steps[1], self._values.shape[1]),
        )
        wanted = level, scale, theme.current()
        if wanted == self._drawn:
            return
        self._drawn = wanted
        shown = self._pyramid.level(*level)
        self._item.setImage(
            scale.indices(shown), autoLevels=False, levels=None, lut=scale.table(theme.current())
        )
        height, width = self.steps[0] << level[0], self.steps[1] << level[1]
        row, column = self._origin
        self._item.setRect(QRectF(column, row, shown.shape[1] * width, shown.shape[0] * height))


def _halvings(pixels: float, length: int) -> int:
    """How often a picture is halved until each of its cells has a pixel of the screen."""
    needed = ceil(log2(1 / pixels)) if pixels < 1 else 0
    return min(needed, int(np.ceil(np.log2(max(length, 1)))))
