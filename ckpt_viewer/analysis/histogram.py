"""Exact histograms that merge: bins are powers of two wide, so any two of them have a common grid."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from ckpt_viewer.formats.checkpoint import Array

MAX_BINS = 1024


@dataclass(frozen=True, slots=True)
class Histogram:
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
        return np.ldexp(np.arange(self.first, self.first + len(self.counts) + 1, dtype=np.float64), self.exponent)

    def merge(self, other: Self) -> Self: ...

    def coarsened(self, max_bins: int) -> Self:
        """The same counts in at most `max_bins` wider bins."""
