"""Many small variables that lie side by side, read and summarized together.

By itself each of them costs some forty calls of numpy, however few elements it has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, repeat

import numpy as np

from ckpt_viewer.analysis.buffers import buffer
from ckpt_viewer.analysis.chunks import CHUNK_BYTES
from ckpt_viewer.analysis.histogram import FINEST, Histogram
from ckpt_viewer.analysis.moments import CANCELLED, SAFE
from ckpt_viewer.analysis.numbers import is_whole, numbers_of
from ckpt_viewer.analysis.summary import Checksum, Summary, facts_of
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Piece, Variable
from ckpt_viewer.formats.storage.checksums import crc32c, mask
from ckpt_viewer.formats.storage.source import ByteSource
from ckpt_viewer.formats.values.dtypes import decode, is_numeric, item_size
from ckpt_viewer.formats.values.pieces import wrong_checksum

BINS = 32
SMALL_BYTES = 16 << 10
FEWEST = 8  # worth the trouble
_MOST = 2000  # that other threads can wait for while their summaries are made
_AS_SUMMARY = partial(tuple.__new__, Summary)  # from all its fields, in half the time that naming them takes
_AS_HISTOGRAM = partial(tuple.__new__, Histogram)
_NO_FLOATS = ("int64", "uint64", "complex64", "complex128")  # their arithmetic is another one


@dataclass(frozen=True, slots=True)
class SmallOnes:
    """Variables of one type, none of them empty, whose bytes follow each other in a file.

    Attributes:
        bounds: Where each begins, in bytes from the first one, and where the last one ends.
    """

    source: ByteSource
    variables: Sequence[Variable]
    bounds: Array

    @property
    def nbytes(self) -> int:
        return int(self.bounds[-1])

    def carry_out(self) -> list[Summary]:
        """Read them, and summarize each."""
        raw, dtype = self._raw(), self.variables[0].dtype
        places = self.bounds // item_size(dtype)
        summaries = _summaries(decode(raw, dtype), places[:-1], places[1:])
        for place, problem in self._doubts(raw):
            checksum: Checksum = "wrong" if problem else "none"
            summaries[place] = summaries[place]._replace(checksum=checksum, problem=problem)
        return summaries

    def wrong(self) -> dict[int, Problem]:
        """Read them; gives what to say of those that are not what was saved, by their place."""
        return {place: problem for place, problem in self._doubts(self._raw()) if problem}

    def read(self, memory: str) -> tuple[Array, dict[int, Problem]]:
        """All their values, in this thread's buffer of that name, and what is wrong, by their place."""
        raw = self._raw(memory)
        wrong = {place: problem for place, problem in self._doubts(raw) if problem}
        return decode(raw, self.variables[0].dtype), wrong

    def _raw(self, memory: str = "raw") -> Array:
        raw = buffer(memory, self.nbytes, np.uint8)
        self.source.read_into(self.variables[0].offset or 0, raw.data)
        return raw

    def _doubts(self, raw: Array) -> Iterator[tuple[int, Problem | None]]:
        """Those whose checksum is not the one that is stored; None where none is."""
        view = raw.data
        found = [crc32c(view[start:end]) for start, end in pairwise(self.bounds.tolist())]
        stored = [-1 if each.crc32c is None else each.crc32c for each in self.variables]
        for place in np.flatnonzero(mask(np.array(found)) != np.array(stored)).tolist():
            yield place, self._problem(self.variables[place], found[place])

    def _problem(self, variable: Variable, found: int) -> Problem | None:
        if variable.crc32c is None:
            return None
        place = (self.source, variable.offset or 0, variable.nbytes, (0,) * len(variable.shape))
        piece = Piece(*place, variable.shape, variable.dtype, variable.crc32c)
        return wrong_checksum(piece, found).problem


class Neighbours:
    """Which of some variables lie side by side."""

    def __init__(self, checkpoint: Checkpoint, variables: Sequence[Variable]) -> None:
        self._variables = variables
        self._sources = checkpoint.sources(variables)
        self._sizes = np.array([variable.nbytes for variable in variables], np.int64)

    def begins(self) -> Array:
        """The places of those that do not follow the one before; what is not small follows none."""
        return _begins(self._variables, self._sources, self._sizes)

    def runs(self, begins: Array) -> Iterator[tuple[int, int]]:
        """Where those begin and end that can be read together."""
        starts = np.array([variable.offset or 0 for variable in self._variables], np.int64)
        for start, end in pairwise([0, *begins.tolist(), len(self._variables)]):
            yield from _cut(start, end, starts)

    def small_ones(self, start: int, end: int) -> SmallOnes | None:
        """A run; None if it is not worth the trouble."""
        source = self._sources[start]
        if source is None or end - start < FEWEST:
            return None
        bounds = np.concatenate(([0], np.cumsum(self._sizes[start:end])))
        return SmallOnes(source, self._variables[start:end], bounds)


def grouped(checkpoint: Checkpoint, variables: Sequence[Variable]) -> Iterator[Variable | SmallOnes]:
    """The variables in their order, small neighbours together."""
    if len(variables) < FEWEST:
        yield from variables
        return
    neighbours = Neighbours(checkpoint, variables)
    for start, end in neighbours.runs(neighbours.begins()):
        if small := neighbours.small_ones(start, end):
            yield small
        else:
            yield from variables[start:end]


def _begins(variables: Sequence[Variable], sources: Sequence[ByteSource | None], sizes: Array) -> Array:
    dtypes = [variable.dtype for variable in variables]
    kinds = {dtype: number for number, dtype in enumerate(set(dtypes))}
    together = [number for dtype, number in kinds.items() if is_numeric(dtype) and dtype not in _NO_FLOATS]
    kind = np.array(list(map(kinds.__getitem__, dtypes)))
    starts = np.array([variable.offset or 0 for variable in variables], np.int64)
    file = np.array([0 if source is None else id(source) for source in sources])
    small = (file != 0) & (sizes > 0) & (sizes <= SMALL_BYTES) & np.isin(kind, together)
    same = (file[1:] == file[:-1]) & (kind[1:] == kind[:-1]) & (starts[1:] == starts[:-1] + sizes[:-1])
    return np.flatnonzero(~(small[1:] & small[:-1] & same)) + 1


def _cut(start: int, end: int, starts: Array) -> Iterator[tuple[int, int]]:
    """Parts of a run that are not too large to be read at once."""
    while end - start > 1:
        most = int(np.searchsorted(starts[start:end], starts[start] + CHUNK_BYTES))
        stop = min(end, start + max(1, min(most, _MOST)))
        yield start, stop
        start = stop
    if start < end:
        yield start, end


def _summaries(values: Array, starts: Array, ends: Array) -> list[Summary]:
    """Of the stretches between those places, with the checksums taken for right."""
    numbers, whole, counts = numbers_of(values), is_whole(values.dtype), ends - starts
    with np.errstate(all="ignore"):
        low, high = (ufunc.reduceat(numbers, starts).astype(np.float64) for ufunc in (np.minimum, np.maximum))
        zeros = np.add.reduceat(np.equal(numbers, 0), starts, dtype=np.int64)
        wide = buffer("wide", len(numbers), np.float64)
        np.copyto(wide, numbers)
        totals = np.add.reduceat(wide, starts)
        usual = _are_usual(low, high, totals, counts, whole)
        histograms = _histograms(wide, counts, low, high, usual, 0 if whole else FINEST)
        refine = values.dtype == np.float64
        means, spreads, totals = _moments(wide, starts, counts, totals, refine=refine)
        np.clip(means, low, high, out=means)  # rounding takes no mean out of the range
        spreads[low == high] = 0
    kind = np.int64 if whole else np.float64
    columns = (counts, counts, low.astype(kind), high.astype(kind), means, spreads, zeros)
    rows = zip(
        *(column.tolist() for column in columns),
        *(repeat(0), repeat(0), repeat(0)),
        *(histograms, repeat("ok"), repeat(0), totals.astype(kind).tolist(), repeat(None)),
        strict=False,  # what is repeated never ends
    )
    summaries = list(map(_AS_SUMMARY, rows))
    for place in np.flatnonzero(~usual).tolist():
        summaries[place] = facts_of(values[starts[place] : ends[place]])._replace(checksum="ok")
    return summaries


def _moments(
    wide: Array, starts: Array, counts: Array, totals: Array, *, refine: bool
) -> tuple[Array, Array, Array]:
    """Of each its mean, the sum of squared distances from it, and its total.

    Values as wide as their sums need `refine`: these have lost digits that count.
    """
    means = totals / counts
    wide -= np.repeat(means, counts)
    rests = np.add.reduceat(wide, starts) if refine else None
    wide *= wide
    spreads = np.add.reduceat(wide, starts)
    if rests is None:
        return means, spreads, totals
    spreads = np.maximum(spreads - rests * (rests / counts), 0)
    return means + rests / counts, spreads, means * counts + rests


def _are_usual(low: Array, high: Array, totals: Array, counts: Array, whole: bool) -> Array:
    """Where float64 is good enough: all finite, of ordinary size, and their sum did not cancel out."""
    largest = np.maximum(np.abs(low), np.abs(high))
    ordinary = (largest == 0) | ((largest > 2.0**-SAFE) & (largest < 2.0**SAFE))
    usual: Array = ordinary if whole else ordinary & (np.abs(totals) >= CANCELLED * largest * counts)
    return usual


def _histograms(
    wide: Array, counts: Array, low: Array, high: Array, usual: Array, finest: int
) -> Iterator[Histogram]:
    """Made like `binned`, but with fewer bins; those of unusual ones mean nothing."""
    exponents, first, last = _grids(np.where(usual, low, 0), np.where(usual, high, 0), finest)
    grid = wide * np.repeat(np.ldexp(1.0, -exponents), counts)
    np.floor(grid, out=grid)
    own = np.arange(len(counts)) * BINS
    grid += np.repeat(own - first, counts)
    if not usual.all():
        grid[np.repeat(~usual, counts)] = np.repeat(own[~usual], counts[~usual])
    table = np.bincount(grid.astype(np.intp), minlength=len(counts) * BINS)
    starts = np.arange(0, len(table), BINS)
    ends = starts + (last - first).astype(np.int64) + 1
    rows = [table[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    facts = zip(exponents.tolist(), first.astype(np.int64).tolist(), rows, strict=True)
    return map(_AS_HISTOGRAM, facts)


def _grids(low: Array, high: Array, finest: int) -> tuple[Array, Array, Array]:
    """The exponent of each grid, and the numbers of its first and last bin."""
    largest, spread = np.maximum(np.abs(low), np.abs(high)), high / 2 - low / 2
    exponents = np.where(largest > 0, np.frexp(largest)[1] - 52, finest)
    exponents = np.maximum(exponents, np.where(spread > 0, np.frexp(spread)[1] - 5, exponents))
    exponents = np.maximum(exponents, finest)
    while True:
        first, last = (np.floor(np.ldexp(side, -exponents)) for side in (low, high))
        too_many = last - first >= BINS
        if not too_many.any():
            return exponents, first, last
        exponents = exponents + too_many
