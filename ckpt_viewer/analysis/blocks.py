"""A plane cut into blocks, each joined into one number, fast enough to keep up with reading.

Rows are joined before columns: that way the long loops run along the storage.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any, Literal, Self

import numpy as np

from ckpt_viewer.formats.checkpoint import Array

Aggregate = Literal["absmax", "mean", "min", "max"]
Steps = tuple[int, int]

_SHORT = 100
_SCALE = 2.0**-64


@dataclass(frozen=True, slots=True)
class Range:
    """The finite extremes of some numbers, `inf` and `-inf` without any, and how many are not finite."""

    low: float = inf
    high: float = -inf
    nan: int = 0
    posinf: int = 0
    neginf: int = 0

    @classmethod
    def of(cls, numbers: Array, lowest: Array, highest: Array) -> Self:
        """`lowest` and `highest` have the extremes of all numbers somewhere, or are the numbers again."""
        if not numbers.size:
            return cls()
        low, high = float(lowest.min()), float(highest.max())
        if isfinite(low) and isfinite(high):
            return cls(low, high)
        finite = np.isfinite(numbers)
        return cls(
            float(numbers.min(initial=inf, where=finite)),
            float(numbers.max(initial=-inf, where=finite)),
            int(np.count_nonzero(np.isnan(numbers))),
            int(np.count_nonzero(numbers == inf)),
            int(np.count_nonzero(numbers == -inf)),
        )

    @property
    def is_finite(self) -> bool:
        return not (self.nan or self.posinf or self.neginf)

    def merge(self, other: Self) -> Self:
        return type(self)(
            min(self.low, other.low),
            max(self.high, other.high),
            self.nan + other.nan,
            self.posinf + other.posinf,
            self.neginf + other.neginf,
        )


def joined(numbers: Array, steps: Steps, aggregate: Aggregate) -> tuple[Array, Range]:
    """One value for each block of `steps` rows and columns, and the range of all numbers.

    Where each number is a block of its own, the values may be the numbers themselves.
    A block with a NaN becomes NaN, otherwise one with an infinity that infinity (+Inf if both).
    """
    if numbers.dtype.kind in "iu":
        numbers = numbers.astype(np.float64)
    with np.errstate(all="ignore"):
        values, lowest, highest = _JOINS[aggregate](numbers, steps)
        found = Range.of(numbers, lowest, highest)
        if not found.is_finite:
            values = _marked(values, numbers, steps)
    return values, found


def _by_magnitude(numbers: Array, steps: Steps) -> tuple[Array, Array, Array]:
    lowest, highest = _in_blocks(np.minimum, numbers, steps), _in_blocks(np.maximum, numbers, steps)
    # The larger magnitude has the sign of the sum; choosing element by element takes several times as long.
    return np.copysign(np.maximum(highest, -lowest), highest + lowest), lowest, highest


def _by_least(numbers: Array, steps: Steps) -> tuple[Array, Array, Array]:
    lowest = _in_blocks(np.minimum, numbers, steps)
    return lowest, lowest, numbers


def _by_greatest(numbers: Array, steps: Steps) -> tuple[Array, Array, Array]:
    highest = _in_blocks(np.maximum, numbers, steps)
    return highest, numbers, highest


def _by_mean(numbers: Array, steps: Steps) -> tuple[Array, Array, Array]:
    return (numbers if steps == (1, 1) else _means(numbers, steps)), numbers, numbers


_JOINS: dict[Aggregate, Callable[[Array, Steps], tuple[Array, Array, Array]]] = {
    "absmax": _by_magnitude,
    "mean": _by_mean,
    "min": _by_least,
    "max": _by_greatest,
}


def _means(numbers: Array, steps: Steps) -> Array:
    down, across = (
        np.minimum(step, length - np.arange(0, length, step))
        for step, length in zip(steps, numbers.shape, strict=True)
    )
    counts = down[:, None] * across
    means = _in_blocks(np.add, numbers, steps, np.float64) / counts
    if not (finite := np.isfinite(means)).all():  # a sum may overflow where its mean does not
        scaled = _in_blocks(np.add, numbers * np.float64(_SCALE), steps, np.float64) / counts / _SCALE
        means = np.where(finite, means, scaled)
    return np.asarray(means)


def _marked(values: Array, numbers: Array, steps: Steps) -> Array:
    lowest, highest = _in_blocks(np.minimum, numbers, steps), _in_blocks(np.maximum, numbers, steps)
    marks = np.where(highest == inf, inf, np.where(lowest == -inf, -inf, values))
    return np.where(np.isnan(highest), np.nan, marks)


def _in_blocks(ufunc: np.ufunc, numbers: Array, steps: Steps, dtype: Any = None) -> Array:
    rows = _along(0, _join_rows, ufunc, numbers, steps[0], dtype)
    return _along(1, _join_columns, ufunc, rows, steps[1], dtype)


def _along(
    axis: int,
    join: Callable[[np.ufunc, Array, int, Any], Array],
    ufunc: np.ufunc,
    numbers: Array,
    step: int,
    dtype: Any,
) -> Array:
    """Every `step` neighbours along an axis become one; what is left over at the end becomes one too."""
    whole = numbers.shape[axis] // step * step
    if step == 1 or not numbers.size:
        return numbers
    if whole == numbers.shape[axis]:
        return join(ufunc, numbers, step, dtype)
    main, end = np.split(numbers, [whole], axis)
    last = join(ufunc, end, end.shape[axis], dtype)
    return np.concatenate((join(ufunc, main, step, dtype), last), axis) if whole else last


def _join_rows(ufunc: np.ufunc, numbers: Array, step: int, dtype: Any) -> Array:
    groups = numbers.reshape(-1, step, numbers.shape[1])
    return np.asarray(ufunc.reduce(groups, axis=1, dtype=dtype))


def _join_columns(ufunc: np.ufunc, numbers: Array, step: int, dtype: Any) -> Array:
    groups = numbers.reshape(-1, step)
    if step < _SHORT:  # numpy's loops along a short axis are slow
        joined = ufunc.reduce(np.ascontiguousarray(groups.T), axis=0, dtype=dtype)
    else:
        joined = ufunc.reduce(groups, axis=1, dtype=dtype)
    return np.asarray(joined.reshape(len(numbers), -1))
