"""One plane of a variable as a picture: every element counts, none is skipped."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from math import inf, isfinite
from typing import Any, Literal, Self

import numpy as np

from ckpt_viewer.analysis.chunks import map_in_order
from ckpt_viewer.analysis.moments import unit_exponent
from ckpt_viewer.analysis.numbers import numbers_of
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import RequestRefused
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Region, Variable
from ckpt_viewer.formats.values.dtypes import is_numeric, numpy_dtype

Aggregate = Literal["absmax", "mean", "min", "max"]
_SLAB_ELEMENTS = 1 << 20
_SHORT = 64


@dataclass(frozen=True, slots=True)
class Picture:
    """A plane in which each pixel stands for a block of elements.

    A pixel whose block holds a NaN is NaN; otherwise one whose block holds an infinity is that infinity
    (+Inf if both). Complex numbers are shown by their magnitude, bool as 0 and 1.

    Attributes:
        values: Rows × columns, float32 for types that it holds exactly, else float64.
        row_step: Rows of elements to one row of pixels.
        aggregate: What each pixel tells of the finite elements of its block; of `absmax`, the sign is kept.
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
    token, range_, done = cancel or CancelToken(), _Range(), 0
    work = partial(_read_part, checkpoint, variable, grid, aggregate, token)
    with closing(map_in_order(work, grid.slabs(), token)) as results:
        for slab, (part, part_range) in results:
            grid.place(values, slab, part)
            range_ = range_.merge(part_range)
            done += slab.elements
            token.report(done, grid.lengths[0] * grid.lengths[1])
    return _picture(grid, values, aggregate, True, range_)


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
    """Every n-th element only, to be shown until `plane` is ready; exact where n is 1."""
    grid = _Grid.of(variable, rows_axis, columns_axis, tuple(index), (max_rows, max_columns))
    block = grid.flat(checkpoint.read_region(variable, grid.region(grid.everything, grid.steps), cancel))
    part, range_ = _reduced(numbers_of(block), (1, 1), aggregate)
    values = grid.turned(part).astype(_shown_type(variable))
    return _picture(grid, values, aggregate, grid.steps == (1, 1), range_)


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

    @property
    def everything(self) -> _Slab:
        return _Slab((0, 0), self.lengths)

    def slabs(self) -> Iterator[_Slab]:
        """Whole blocks, and whole lines of the storage where they fit."""
        (outer, inner), (outer_step, inner_step) = self.lengths, self.steps
        width = max(min(inner, _SLAB_ELEMENTS // outer_step) // inner_step, 1) * inner_step
        if inner * outer_step <= _SLAB_ELEMENTS:
            width = max(inner, 1)
        height = max(_SLAB_ELEMENTS // width // outer_step, 1) * outer_step
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


@dataclass(frozen=True, slots=True)
class _Range:
    low: float = inf
    high: float = -inf
    nan: int = 0
    posinf: int = 0
    neginf: int = 0

    def merge(self, other: Self) -> Self:
        return type(self)(
            min(self.low, other.low),
            max(self.high, other.high),
            self.nan + other.nan,
            self.posinf + other.posinf,
            self.neginf + other.neginf,
        )


def _picture(grid: _Grid, values: Array, aggregate: Aggregate, exact: bool, found: _Range) -> Picture:
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
    slab: _Slab,
) -> tuple[Array, _Range]:
    block = grid.flat(checkpoint.read_region(variable, grid.region(slab), cancel))
    return _reduced(numbers_of(block), grid.steps, aggregate)


def _reduced(numbers: Array, steps: tuple[int, int], aggregate: Aggregate) -> tuple[Array, _Range]:
    """One value for each block of outer × inner elements, and what is known of all elements."""
    if numbers.dtype.kind in "iu":
        numbers = numbers.astype(np.float64)
    with np.errstate(all="ignore"):
        lowest, highest = (_in_blocks(ufunc, numbers, steps) for ufunc in (np.minimum, np.maximum))
        values = _AGGREGATES[aggregate](numbers, steps, lowest, highest)
        found = _range_of(numbers, lowest, highest)
    if found.nan or found.posinf or found.neginf:
        marks = np.where(highest == inf, inf, np.where(lowest == -inf, -inf, values))
        values = np.where(np.isnan(highest), np.nan, marks)
    return values, found


def _in_blocks(ufunc: np.ufunc, numbers: Array, steps: tuple[int, int]) -> Array:
    """Outer axis first: that way the long loops run along the storage."""
    rows = _joined(partial(_join_rows, ufunc), numbers, steps[0], axis=0)
    return _joined(partial(_join_columns, ufunc), rows, steps[1], axis=1)


def _joined(join: Callable[[Array, int], Array], numbers: Array, step: int, axis: int) -> Array:
    """Every `step` neighbours along an axis become one; what is left over at the end becomes one too."""
    if step == 1:
        return numbers
    whole = numbers.shape[axis] // step * step
    main, end = np.split(numbers, [whole], axis)
    parts = [join(part, length) for part, length in ((main, step), (end, end.shape[axis])) if part.size]
    return np.concatenate(parts, axis) if parts else numbers


def _join_rows(ufunc: np.ufunc, numbers: Array, step: int) -> Array:
    return np.asarray(ufunc.reduce(numbers.reshape(-1, step, numbers.shape[1]), axis=1))


def _join_columns(ufunc: np.ufunc, numbers: Array, step: int) -> Array:
    groups = numbers.reshape(-1, step)
    if step < _SHORT:  # numpy's loops along a short axis are slow
        joined = ufunc.reduce(np.ascontiguousarray(groups.T), axis=0)
    else:
        joined = ufunc.reduce(groups, axis=1)
    return np.asarray(joined.reshape(len(numbers), -1))


def _mean(numbers: Array, steps: tuple[int, int], lowest: Array, highest: Array) -> Array:
    if steps == (1, 1):
        return numbers
    exponent = unit_exponent(_largest_finite(lowest, highest))
    sums = _in_blocks(np.add, np.ldexp(numbers.astype(np.float64), -exponent), steps)
    down, across = (
        np.minimum(step, length - np.arange(0, length, step))
        for step, length in zip(steps, numbers.shape, strict=True)
    )
    return np.asarray(np.ldexp(sums / (down[:, None] * across), exponent))


def _largest_finite(lowest: Array, highest: Array) -> float:
    ends = np.abs(np.concatenate((lowest, highest), axis=None))
    return float(ends.max(initial=0.0, where=np.isfinite(ends)))


_AGGREGATES: dict[Aggregate, Callable[[Array, tuple[int, int], Array, Array], Array]] = {
    "absmax": lambda numbers, steps, lowest, highest: np.where(-lowest > highest, lowest, highest),
    "mean": _mean,
    "min": lambda numbers, steps, lowest, highest: lowest,
    "max": lambda numbers, steps, lowest, highest: highest,
}


def _range_of(numbers: Array, lowest: Array, highest: Array) -> _Range:
    if not numbers.size:
        return _Range()
    low, high = float(lowest.min()), float(highest.max())
    if isfinite(low) and isfinite(high):
        return _Range(low, high)
    finite = np.isfinite(numbers)
    return _Range(
        float(numbers.min(initial=inf, where=finite)),
        float(numbers.max(initial=-inf, where=finite)),
        int(np.count_nonzero(np.isnan(numbers))),
        int(np.count_nonzero(np.isposinf(numbers))),
        int(np.count_nonzero(np.isneginf(numbers))),
    )
