"""One plane of a variable as a picture: every element counts, none is skipped."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

import numpy as np

from ckpt_viewer.analysis.blocks import Aggregate, Range, joined
from ckpt_viewer.analysis.buffers import buffer
from ckpt_viewer.analysis.chunks import map_in_order
from ckpt_viewer.analysis.numbers import numbers_of
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import RequestRefused
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Region, Variable
from ckpt_viewer.formats.values.boxes import c_strides
from ckpt_viewer.formats.values.dtypes import is_numeric, item_size, numpy_dtype
from ckpt_viewer.formats.values.pieces import MOST_AXES

_SLAB_ELEMENTS = 1 << 20  # little enough to stay in the processor's cache; fewer of wider types
_WIDE = 4  # bytes that narrower types are widened to
_QUICK_BANDS = 8  # after each of which it tells how far it is
_QUICK_ELEMENTS = 1 << 22  # that a quick picture passes over
_QUICK_READS = 1 << 11  # that it may take
_FEW_LINES = 32


@dataclass(frozen=True, slots=True)
class Picture:
    """A plane in which each pixel stands for a block of elements.

    A pixel whose block holds a NaN is NaN; otherwise one whose block holds an infinity is that infinity
    (+Inf if both). Complex numbers are shown by their magnitude, bool as 0 and 1.

    Attributes:
        values: Rows × columns, float32 for types that it holds exactly, else float64.
        row_step: Rows of elements to one row of pixels.
        aggregate: What each pixel tells of the finite elements of its block; `absmax` keeps the sign, + where
            both have the largest magnitude.
        exact: Whether every element was looked at; False for a picture of every n-th only.
        low: Least finite value of the elements looked at, None where there is none.
        nan: How many of them are NaN.
    """

    values: Array
    row_step: int
    column_step: int
    aggregate: Aggregate
    exact: bool
    low: float | None
    high: float | None
    nan: int
    posinf: int
    neginf: int


def plane(
    checkpoint: Checkpoint,
    variable: Variable,
    rows_axis: int | None,
    columns_axis: int | None,
    index: tuple[int, ...],
    *,
    max_rows: int = 2048,
    max_columns: int = 2048,
    aggregate: Aggregate = "absmax",
    cancel: CancelToken | None = None,
) -> Picture:
    """The exact picture, streamed in bounded memory; a missing axis counts as one row or one column.

    `index` has one place per axis; those of the two axes shown do not matter. Raises `RequestRefused` for
    values that are no numbers, and what reading raises.
    """
    grid = _Grid.of(variable, rows_axis, columns_axis, tuple(index), (max_rows, max_columns))
    values = np.empty(grid.pixels, _shown_type(variable))
    token, found, done = cancel or CancelToken(), Range(), 0
    work = partial(_read_part, checkpoint, variable, grid, aggregate, token, values)
    with closing(map_in_order(work, grid.slabs(variable.dtype), token)) as results:
        for slab, part in results:
            found = found.merge(part)
            done += slab.elements
            token.report(done, grid.lengths[0] * grid.lengths[1])
    return _picture(grid, values, aggregate, True, found)


def quick_plane(
    checkpoint: Checkpoint,
    variable: Variable,
    rows_axis: int | None,
    columns_axis: int | None,
    index: tuple[int, ...],
    *,
    max_rows: int = 2048,
    max_columns: int = 2048,
    aggregate: Aggregate = "absmax",
    cancel: CancelToken | None = None,
) -> Picture:
    """Every n-th element only, to be shown until `plane` is ready; exact where n is 1.

    Of a large plane it has fewer rows or columns than `plane` gives: what is read is bounded.
    """
    grid = _Grid.of(variable, rows_axis, columns_axis, tuple(index), (max_rows, max_columns))
    grid = grid.within_reach(c_strides(variable.shape))
    values = np.empty(grid.pixels, _shown_type(variable))
    token, found = cancel or CancelToken(), Range()
    for band in grid.bands(_QUICK_BANDS):
        block = checkpoint.read_region(variable, grid.region(band, grid.steps), token)
        pixels, part = joined(numbers_of(grid.flat(block)), (1, 1), aggregate)
        grid.place(values, band, pixels)
        found = found.merge(part)
        token.report(band.stop[0], grid.lengths[0])
    return _picture(grid, values, aggregate, grid.steps == (1, 1), found)


@dataclass(frozen=True, slots=True)
class _Slab:
    """Elements from `start` up to `stop` along the outer and the inner axis, in the order of the storage."""

    start: tuple[int, int]
    stop: tuple[int, int]

    @property
    def elements(self) -> int:
        return (self.stop[0] - self.start[0]) * (self.stop[1] - self.start[1])


@dataclass(frozen=True, slots=True)
class _Grid:
    """How the elements of a plane become pixels; pairs are (outer, inner) axis, as the file stores them.

    Attributes:
        is_turned: Whether the outer axis is the one that runs across.
    """

    axes: tuple[int | None, int | None]
    lengths: tuple[int, int]
    steps: tuple[int, int]
    index: tuple[int, ...]
    is_turned: bool

    @classmethod
    def of(
        cls,
        variable: Variable,
        rows_axis: int | None,
        columns_axis: int | None,
        index: tuple[int, ...],
        most: tuple[int, int],
    ) -> Self:
        if not is_numeric(variable.dtype):
            raise RequestRefused(f"{variable.name} holds values of type {variable.dtype}, not numbers.")
        axes = (rows_axis, columns_axis)
        others = [axis for axis in range(len(variable.shape)) if axis not in axes]
        if not all(0 <= index[axis] < variable.shape[axis] for axis in others):
            raise RequestRefused(f"{variable.name} has no elements at {index}.")
        lengths = [1 if axis is None else variable.shape[axis] for axis in axes]
        steps = [max(1, -(-length // pixels)) for length, pixels in zip(lengths, most, strict=True)]
        turned = rows_axis is not None and columns_axis is not None and rows_axis > columns_axis
        outer, inner = (1, 0) if turned else (0, 1)
        return cls(
            (axes[outer], axes[inner]),
            (lengths[outer], lengths[inner]),
            (steps[outer], steps[inner]),
            index,
            turned,
        )

    @property
    def pixels(self) -> tuple[int, int]:
        """Rows and columns of the picture."""
        outer, inner = (-(-length // step) for length, step in zip(self.lengths, self.steps, strict=True))
        return (inner, outer) if self.is_turned else (outer, inner)

    def bands(self, count: int) -> Iterator[_Slab]:
        """All of it in at most so many parts, one below the other."""
        (outer, inner), step = self.lengths, self.steps[0]
        height = max(-(-outer // (step * count)), 1) * step
        for top in range(0, outer, height):
            yield _Slab((top, 0), (min(top + height, outer), inner))

    def within_reach(self, strides: Sequence[int]) -> Self:
        """As rough as it has to be for a quick look at a variable of these strides.

        There are fewer lines if that will do; of endless lines, a few elements are picked one by one.
        """
        lines, points = (-(-length // step) for length, step in zip(self.lengths, self.steps, strict=True))
        along = self.lengths[1] * (1 if self.axes[1] is None else strides[self.axes[1]])
        fitting = _QUICK_ELEMENTS // max(along, 1)
        if fitting < min(lines, _FEW_LINES):
            fitting = _FEW_LINES
            points = min(points, _QUICK_READS // min(lines, _FEW_LINES))
        counts = (max(min(lines, fitting), 1), max(points, 1))
        steps = [
            max(step, -(-length // count))
            for step, length, count in zip(self.steps, self.lengths, counts, strict=True)
        ]
        return replace(self, steps=(steps[0], steps[1]))

    def slabs(self, dtype: str) -> Iterator[_Slab]:
        """Whole blocks, and whole lines of the storage where they fit."""
        (outer, inner), (outer_step, inner_step) = self.lengths, self.steps
        most = max(_SLAB_ELEMENTS * _WIDE // max(item_size(dtype), _WIDE), 1)
        width = max(min(inner, most // outer_step) // inner_step, 1) * inner_step
        if inner * outer_step <= most:
            width = max(inner, 1)
        height = max(most // width // outer_step, 1) * outer_step
        for down in range(0, outer, height):
            for across in range(0, inner, width):
                yield _Slab((down, across), (min(down + height, outer), min(across + width, inner)))

    def region(self, slab: _Slab, steps: tuple[int, int] = (1, 1)) -> Region:
        region = [slice(place, place + 1) for place in self.index]
        for axis, start, stop, step in zip(self.axes, slab.start, slab.stop, steps, strict=True):
            if axis is not None:
                region[axis] = slice(start, stop, step)
        return tuple(region)

    def flat(self, block: Array) -> Array:
        """What was read for a region, as outer × inner."""
        outer, inner = (1 if axis is None else block.shape[axis] for axis in self.axes)
        return block.reshape(outer, inner)

    def turned(self, pixels: Array) -> Array:
        return pixels.T if self.is_turned else pixels

    def place(self, values: Array, slab: _Slab, pixels: Array) -> None:
        top, left = (start // step for start, step in zip(slab.start, self.steps, strict=True))
        stored = self.turned(values)
        stored[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels


def _picture(grid: _Grid, values: Array, aggregate: Aggregate, exact: bool, found: Range) -> Picture:
    row_step, column_step = reversed(grid.steps) if grid.is_turned else grid.steps
    low, high = (found.low, found.high) if found.low <= found.high else (None, None)
    return Picture(
        values, row_step, column_step, aggregate, exact, low, high, found.nan, found.posinf, found.neginf
    )


def _shown_type(variable: Variable) -> "np.dtype[Any]":
    numbers = numbers_of(np.zeros(0, numpy_dtype(variable.dtype)))
    return numbers.dtype if numbers.dtype == np.float32 else np.dtype(np.float64)


def _read_part(
    checkpoint: Checkpoint,
    variable: Variable,
    grid: _Grid,
    aggregate: Aggregate,
    cancel: CancelToken,
    values: Array,
    slab: _Slab,
) -> Range:
    """Each slab has pixels of its own, so that workers can put them there."""
    region = grid.region(slab)
    into = None  # more axes than numpy has will be refused
    if len(region) <= MOST_AXES:
        memory = buffer("slab", slab.elements, numpy_dtype(variable.dtype))
        into = memory.reshape([part.stop - part.start for part in region])
    block = checkpoint.read_region(variable, region, cancel, into)
    pixels, found = joined(numbers_of(grid.flat(block)), grid.steps, aggregate)
    grid.place(values, slab, pixels)
    return found
