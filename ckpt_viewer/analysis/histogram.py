"""Exact histograms that merge: bins are powers of two wide, so any two of them have a common grid."""

from collections.abc import Sequence
from math import frexp, ldexp
from typing import NamedTuple, Self

import numpy as np
from fast_histogram import histogram1d

from ckpt_viewer.analysis.buffers import buffer
from ckpt_viewer.analysis.numbers import is_whole, numbers_of
from ckpt_viewer.formats.checkpoint import Array

MAX_BINS = 1024
FINEST = -1022  # the smallest normal power of two of a float64

_CODES = 256  # bins of one block
_SPACE = (
    2 * _CODES
)  # a value that rounding puts just beyond the last bin must not be written beyond the table


class Histogram(NamedTuple):
    """Counts of finite values on the grid of all multiples of 2 ** exponent.

    Bin `i` holds the values v with (first + i)·2**exponent ≤ v < (first + i + 1)·2**exponent. Multiplying
    by a power of two is exact, so each count is exact, and two histograms merge without loss by halving
    the resolution of the finer one until the grids agree.

    Attributes:
        counts: int64, one per bin, at most `MAX_BINS`; both ends are non-zero.
    """

    exponent: int
    first: int
    counts: Array

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    @property
    def edges(self) -> Array:
        """float64, one more than there are bins."""
        numbers = np.arange(self.first, self.first + len(self.counts) + 1, dtype=np.float64)
        with np.errstate(over="ignore"):  # the last edge may lie beyond the largest float64
            return np.ldexp(numbers, self.exponent)

    def merge(self, other: Self) -> Self:
        return self.merged([self, other])

    @classmethod
    def merged(cls, parts: Sequence[Self]) -> Self:
        """All together, at least one, each looked at once."""
        filled = [part for part in parts if len(part.counts)]
        if len(filled) < 2:
            return filled[0] if filled else parts[0]
        exponent = max(part.exponent for part in filled)
        ends = [part._ends(exponent) for part in filled]
        first, last = min(end[0] for end in ends), max(end[1] for end in ends)
        wider = _halvings(first, last, MAX_BINS)
        first, last, exponent = first >> wider, last >> wider, exponent + wider
        counts = np.zeros(last - first + 1, np.int64)
        for part in filled:
            part._add_to(counts, first, exponent)
        return cls(exponent, first, counts)

    def coarsened(self, max_bins: int) -> Self:
        """The same counts in at most `max_bins` wider bins (two at least: zero always is an edge)."""
        first, last = self._ends(self.exponent)
        wider = _halvings(first, last, max(2, max_bins)) if len(self.counts) else 0
        if wider == 0:
            return self
        counts = np.zeros((last >> wider) - (first >> wider) + 1, np.int64)
        self._add_to(counts, first >> wider, self.exponent + wider)
        return type(self)(self.exponent + wider, first >> wider, counts)

    def counts_on(self, grid: Self) -> Array:
        """int64 counts in the bins of a histogram as coarse or coarser that spans this one."""
        counts = np.zeros(len(grid.counts), np.int64)
        self._add_to(counts, grid.first, grid.exponent)
        return counts

    def _ends(self, exponent: int) -> tuple[int, int]:
        """The numbers of the first and the last bin on a grid as coarse or coarser."""
        wider = exponent - self.exponent
        return self.first >> wider, (self.first + len(self.counts) - 1) >> wider

    def _add_to(self, counts: Array, first: int, exponent: int) -> None:
        wider = exponent - self.exponent
        if wider == 0:
            start = self.first - first
            counts[start : start + len(self.counts)] += self.counts
            return
        numbers = np.arange(self.first, self.first + len(self.counts), dtype=np.int64)
        np.add.at(counts, (numbers >> min(wider, 63)) - first, self.counts)


def histogram_of(values: Array) -> Histogram:
    """Of the finite values of an array of any shape and numeric type; no bins if there are none."""
    total = Histogram(FINEST, 0, np.zeros(0, np.int64))
    flat = values.reshape(-1)
    for start in range(0, len(flat), 1 << 19):
        numbers = numbers_of(flat[start : start + (1 << 19)])
        numbers = numbers[np.isfinite(numbers)]
        if len(numbers):
            low, high = numbers.min().item(), numbers.max().item()
            total = total.merge(binned(numbers, low, high, is_whole(values.dtype)))
    return total


def binned(numbers: Array, low: float, high: float, whole: bool, wide: Array | None = None) -> Histogram:
    """Of one block as `numbers_of` gives it: all finite, at least one, with its least and greatest known.

    Bins of whole numbers are never narrower than 1. `wide` are the numbers as float64, where they are known.
    """
    exponent = grid_exponent(low, high, 0 if whole else FINEST, 52)
    first, last = bin_number(low, exponent), bin_number(high, exponent)
    if first == last:
        return Histogram(exponent, first, np.array([len(numbers)], np.int64))
    if numbers.dtype.kind in "iu":
        counts = _of_long(numbers, exponent, first)
    elif whole:
        counts = _counts(numbers if wide is None else wide, exponent, first)
    elif numbers.dtype == np.float32:
        counts = _counts(numbers if wide is None else wide, exponent, first)
        _put_tiny_ones_right(counts, numbers, first)
    else:
        counts = _of_wide(numbers, exponent, first)
    return Histogram(exponent, first, counts[: last - first + 1])


def grid_exponent(low: float, high: float, finest: int, digits: int) -> int:
    """The finest grid on which a block has at most 256 bins, their numbers below 2 ** digits."""
    largest = max(abs(low), abs(high))
    if largest == 0:
        return finest
    exponent = max(finest, frexp(largest)[1] - digits)
    if spread := high / 2 - low / 2:  # halves: the whole may be more than a float64 holds
        exponent = max(exponent, frexp(spread)[1] - 8)
    while bin_number(high, exponent) - bin_number(low, exponent) >= _CODES:
        exponent += 1
    return exponent


def bin_number(value: float, exponent: int) -> int:
    """The bin on the grid of 2 ** exponent that holds the value, without any rounding."""
    above, below = value.as_integer_ratio()
    return above // (below << exponent) if exponent >= 0 else (above << -exponent) // below


def count_bytes(codes: Array) -> Array:
    """How often each of the 256 bytes occurs, as int64."""
    return _counts(codes, 0, 0)[:_CODES]


def _put_tiny_ones_right(counts: Array, numbers: Array, first: int) -> None:
    """float64 holds the distance of a float32 from every edge but zero: next to it, tiny negative
    numbers were rounded up and counted above it.
    """
    if first < 0 <= first + _CODES:
        negative = np.less(numbers, 0, out=buffer("flags", len(numbers), np.bool_))
        tiny = int(np.count_nonzero(negative)) - int(counts[:-first].sum())
        counts[-first - 1] += tiny
        counts[-first] -= tiny


def _of_wide(numbers: Array, exponent: int, first: int) -> Array:
    """Of any float64: the number of each one's bin is found first, without rounding."""
    grid = buffer("grid", len(numbers), np.float64)
    np.multiply(numbers, 2.0**-exponent, out=grid)
    np.floor(grid, out=grid)
    if exponent > 0 and first < 0:
        vanished = (grid == 0) & (numbers < 0)  # too small to be divided: they became a zero
        if vanished.any():
            grid[vanished] = -1
    return _counts(grid, 0, first)


def _of_long(numbers: Array, exponent: int, first: int) -> Array:
    """Of integers of 64 bits, which float64 does not hold."""
    whole = buffer("whole", len(numbers), numbers.dtype)
    np.right_shift(numbers, numbers.dtype.type(exponent), out=whole)
    whole -= numbers.dtype.type(first)
    return _counts(whole.astype(np.uint8), 0, 0)


def _counts(numbers: Array, exponent: int, first: int) -> Array:
    """How many lie in each of the bins from `first` on; the range is a power of two: no division rounds."""
    low, width = ldexp(first, exponent), ldexp(_SPACE, exponent)
    counts: Array = histogram1d(numbers, _SPACE, (low, low + width)).astype(np.int64)
    return counts


def _halvings(first: int, last: int, max_bins: int) -> int:
    """How often the resolution has to be halved until the bins from first to last are few enough."""
    count = 0
    while (last >> count) - (first >> count) >= max_bins:
        count += 1
    return count
