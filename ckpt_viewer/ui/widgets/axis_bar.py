"""Which two axes of a variable are rows and columns, and where on the others the slice lies."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QWidget,
)

from ckpt_viewer.formats.checkpoint import Array, Region
from ckpt_viewer.ui.widgets.flow_layout import FlowLayout
from ckpt_viewer.ui.widgets.numbers import places_text

DRAG_MS = 100
_MOST_LINES = 3  # of sliders; more are scrolled to
_LONGEST_SLIDER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class AxisChoice:
    """A flat slice of a variable.

    Attributes:
        rows: The axis that runs down; None where the slice is a single row.
        columns: The axis that runs across; None where it is a single column.
        index: One place per axis of the variable; those of `rows` and `columns` are 0 and mean nothing.
    """

    rows: int | None
    columns: int | None
    index: tuple[int, ...]

    @classmethod
    def fitting(cls, shape: tuple[int, ...]) -> "AxisChoice":
        """The last two axes, or the first two where one of those has a single place, as height and width of
        many kernels; else the last two that have more. At the origin of all others.
        """
        rank = len(shape)
        long = [axis for axis, length in enumerate(shape) if length != 1]
        beside = [pair for pair in ((rank - 2, rank - 1), (0, 1)) if set(pair) <= set(long)]
        rows, columns = beside[0] if beside else long[-2:] if len(long) > 1 else (rank - 2, rank - 1)
        return cls(rows if rank > 1 else None, columns if rank else None, (0,) * rank)

    @classmethod
    def along_last(cls, shape: tuple[int, ...]) -> "AxisChoice":
        """A single row along the last axis."""
        return cls(None, len(shape) - 1 if shape else None, (0,) * len(shape))

    def lengths(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """Rows and columns of the slice."""
        return (
            1 if self.rows is None else shape[self.rows],
            1 if self.columns is None else shape[self.columns],
        )

    def region(self, rows: slice, columns: slice) -> Region:
        """The box of the variable that holds these rows and columns of the slice."""
        box = [slice(place, place + 1) for place in self.index]
        if self.rows is not None:
            box[self.rows] = rows
        if self.columns is not None:
            box[self.columns] = columns
        return tuple(box)

    def flat(self, block: Array) -> Array:
        """What `region` reads, as rows × columns."""
        height = 1 if self.rows is None else block.shape[self.rows]
        width = 1 if self.columns is None else block.shape[self.columns]
        if self.rows is not None and self.columns is not None and self.rows > self.columns:
            return block.reshape(width, height).T
        return block.reshape(height, width)

    def element(self, row: int, column: int) -> tuple[int, ...]:
        """The full index of a cell."""
        place = list(self.index)
        if self.rows is not None:
            place[self.rows] = row
        if self.columns is not None:
            place[self.columns] = column
        return tuple(place)


class AxisBar(QWidget):
    """Two lists for the axes shown, a slider and a number for each other axis longer than 1.

    While a slider is dragged, `chosen` waits until it has rested for 100 ms.
    """

    chosen = Signal(object)  # AxisChoice

    def __init__(self, parent: QWidget | None = None, lines: bool = False) -> None:
        """With `lines` one axis is chosen and all others are cut."""
        super().__init__(parent)
        self.setObjectName("axisBar")
        self.setAccessibleName(self.tr("Axes"))
        self._lines = lines
        self._sliders: list[_AxisSlider] = []
        self._rest = QTimer(self, singleShot=True, interval=DRAG_MS)
        self._rest.timeout.connect(self._tell)
        self._rows, self._columns = self._axis_list(self.tr("Rows")), self._axis_list(self.tr("Columns"))
        self._rows.setVisible(not lines)
        flow = FlowLayout(self)
        for label, box in ((self.tr("Rows"), self._rows), (self.tr("Columns"), self._columns)):
            if not (lines and box is self._rows):
                flow.addWidget(_labelled(self.tr("Along") if lines else label, box))
        self._slider_lines = _SliderLines()
        flow.addWidget(self._slider_lines)
        self.set_shape(())

    def set_shape(self, shape: tuple[int, ...], choice: AxisChoice | None = None) -> None:
        """Offer the axes of another variable, the last two if nothing is chosen; says nothing itself."""
        self._rest.stop()
        self.shape = shape
        self.choice = choice or AxisChoice.fitting(shape)
        self.setVisible(len(shape) > 1)
        self._fill()

    def set_choice(self, choice: AxisChoice) -> None:
        """Show another slice without a word: for bars that follow each other."""
        self.set_shape(self.shape, choice)

    def step(self, by: int) -> None:
        """Go to a neighbouring slice; past the end of one axis the one before it moves on."""
        rest = [slider.axis for slider in self._sliders]
        lengths = [self.shape[axis] for axis in rest]
        if not rest or not all(lengths):
            return
        at = int(np.ravel_multi_index([self.choice.index[axis] for axis in rest], lengths)) + by
        if 0 <= at < int(np.prod(lengths, dtype=object)):
            places = dict(zip(rest, (int(place) for place in np.unravel_index(at, lengths)), strict=True))
            self._choose(index=tuple(places.get(axis, 0) for axis in range(len(self.shape))))
            self._fill()

    def _axis_list(self, name: str) -> QComboBox:
        box = QComboBox(self)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setAccessibleName(name)
        box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        box.activated.connect(self._pick_axes)
        return box

    def _fill(self) -> None:
        for box, axis in ((self._rows, self.choice.rows), (self._columns, self.choice.columns)):
            box.clear()
            for number in self._offered():
                box.addItem(self.tr("axis {0} ({1})").format(number, self.shape[number]), number)
            if len(self.shape) < 2:
                box.addItem(self.tr("none"), None)
            box.setCurrentIndex(box.findData(axis))
            box.setEnabled(len(self.shape) > 1)
        self._place_sliders()

    def _offered(self) -> list[int]:
        """The axes with something to see along them, and those shown now."""
        shown = (self.choice.rows, self.choice.columns)
        return [axis for axis, length in enumerate(self.shape) if length != 1 or axis in shown]

    def _place_sliders(self) -> None:
        rest = [axis for axis in self._offered() if axis not in (self.choice.rows, self.choice.columns)]
        if rest != [slider.axis for slider in self._sliders]:
            self._replace_sliders(rest)
        for slider in self._sliders:
            slider.show_place(self.choice.index[slider.axis], self.shape[slider.axis])
        self._slider_lines.fit()

    def _replace_sliders(self, axes: list[int]) -> None:
        self._sliders = [_AxisSlider(axis) for axis in axes]
        for slider in self._sliders:
            slider.moved.connect(self._move)
        self._slider_lines.hold(self._sliders)
        grows = QSizePolicy.Policy.Expanding if axes else QSizePolicy.Policy.Preferred
        self.setSizePolicy(grows, QSizePolicy.Policy.Minimum)

    def _pick_axes(self) -> None:
        rows, columns = self._rows.currentData(), self._columns.currentData()
        if self._lines:
            rows = None
        elif rows == columns:
            other = self.choice.columns if self.sender() is self._columns else self.choice.rows
            rows, columns = (other, columns) if self.sender() is self._columns else (rows, other)
        self._choose(rows=rows, columns=columns)
        self._fill()

    def _move(self, axis: int, place: int, dragging: bool) -> None:
        index = list(self.choice.index)
        index[axis] = place
        self.choice = AxisChoice(self.choice.rows, self.choice.columns, tuple(index))
        self._rest.start(DRAG_MS if dragging else 0)

    def _choose(self, **fields: Any) -> None:
        rows, columns = fields.get("rows", self.choice.rows), fields.get("columns", self.choice.columns)
        index = fields.get("index", self.choice.index)
        cleared = tuple(0 if axis in (rows, columns) else place for axis, place in enumerate(index))
        self.choice = AxisChoice(rows, columns, cleared)
        self._tell()

    def _tell(self) -> None:
        self._rest.stop()
        self.chosen.emit(self.choice)


def _labelled(text: str, box: QComboBox) -> QWidget:
    both = QWidget()
    line = QHBoxLayout(both)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(QLabel(text))
    line.addWidget(box)
    return both


class _SliderLines(QScrollArea):
    """As many sliders side by side as the width has room for; three lines are seen at once."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hold([])

    def hold(self, sliders: "list[_AxisSlider]") -> None:
        """These instead of those before."""
        content = QWidget()
        self._flow = FlowLayout(content)
        for slider in sliders:
            self._flow.addWidget(slider)
        self.setWidget(content)
        self.setVisible(bool(sliders))
        self.fit()

    def fit(self) -> None:
        """Be as high as the lines there are, up to three."""
        flow = self._flow
        most = _MOST_LINES * flow.sizeHint().height() + (_MOST_LINES - 1) * flow.spacing()
        self.setFixedHeight(min(flow.heightForWidth(self.width()), most))
        self.setMinimumWidth(flow.minimumSize().width() + self.verticalScrollBar().sizeHint().width())

    def sizeHint(self) -> QSize:
        return self._flow.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


class _AxisSlider(QWidget):
    """One axis that is cut at a place."""

    moved = Signal(int, int, bool)  # axis, place, whether the handle is still held

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.axis = axis
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        name = self.tr("axis {0}").format(axis)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setMinimumWidth(48)
        self._number = QSpinBox()
        self._number.setKeyboardTracking(False)
        self._slider.setAccessibleName(self.tr("Place on {0}").format(name))
        self._number.setAccessibleName(self.tr("Index on {0}").format(name))
        self._slider.valueChanged.connect(self._slide)
        self._number.valueChanged.connect(self._type)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(QLabel(name))
        line.addWidget(self._slider, 1)
        line.addWidget(self._number)

    def show_place(self, place: int, length: int) -> None:
        last = min(max(length - 1, 0), _LONGEST_SLIDER)
        with QSignalBlocker(self._slider), QSignalBlocker(self._number):
            self._slider.setRange(0, last)
            self._number.setRange(0, last)
            self._number.setSuffix(f"  ({places_text(length)})")
            self._slider.setValue(place)
            self._number.setValue(place)

    def _slide(self, place: int) -> None:
        with QSignalBlocker(self._number):
            self._number.setValue(place)
        self.moved.emit(self.axis, place, self._slider.isSliderDown())

    def _type(self, place: int) -> None:
        with QSignalBlocker(self._slider):
            self._slider.setValue(place)
        self.moved.emit(self.axis, place, False)
