"""Exact statistics of one variable, made per chunk and merged."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from math import fsum, isfinite
from typing import Any, Literal, Self

import numpy as np

from ckpt_viewer.analysis.buffers import buffer
from ckpt_viewer.analysis.chunks import CHUNK_ELEMENTS, Chunk, PieceChecksums, chunks_of, map_in_order
from ckpt_viewer.analysis.histogram import (
    FINEST,
    Histogram,
    bin_number,
    binned,
    count_bytes,
    grid_exponent,
)
from ckpt_viewer.analysis.moments import Moments, Total, moments_of
from ckpt_viewer.analysis.numbers import is_whole, numbers_of
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import DamagedFile, Problem
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Variable
from ckpt_viewer.formats.values.dtypes import is_numeric
from ckpt_viewer.formats.values.pieces import under
from ckpt_viewer.formats.values.streaming import blocks

Checksum = Literal["ok", "wrong", "none"]
Number = int | float


@dataclass(frozen=True, slots=True)
class Summary:
    """Facts over all elements; `min max mean std` over the finite ones, of the magnitude if complex.

    Attributes:
        count: All elements.
        finite: Those that are neither NaN nor infinite.
        min: Exact: an int for integers and bool (True is 1), a float otherwise; None without finite ones.
        mean: None without finite ones.
        m2: Sum of squared distances from the mean, so that two summaries merge without loss.
        zeros: Elements equal to zero, either sign.
        checksum: Whether the stored checksum was found; `none` where none is stored.
        m2_exponent: `m2` is in units of 4 to this power: 0 unless the squares would not fit a float.
        total: The sum of the finite ones, exact for integers; a fraction that merges without rounding.
        problem: Where the checksum is wrong: in which bytes.
    """

    count: int
    finite: int
    min: Number | None
    max: Number | None
    mean: float | None
    m2: float
    zeros: int
    nan: int
    posinf: int
    neginf: int
    histogram: Histogram | None = None
    checksum: Checksum = "none"
    m2_exponent: int = 0
    total: Total | None = None
    problem: Problem | None = None

    @property
    def std(self) -> float | None:
        """Population standard deviation (divided by the number of finite elements)."""
        moments = self._moments()
        return moments.std if moments else None

    def merge(self, other: Self) -> Self:
        if not self.count or not other.count:
            return self if self.count else other
        moments = _merged(self._moments(), other._moments())
        return type(self)(
            count=self.count + other.count,
            finite=self.finite + other.finite,
            min=min((side.min for side in (self, other) if side.min is not None), default=None),
            max=max((side.max for side in (self, other) if side.max is not None), default=None),
            zeros=self.zeros + other.zeros,
            nan=self.nan + other.nan,
            posinf=self.posinf + other.posinf,
            neginf=self.neginf + other.neginf,
            histogram=_merged(self.histogram, other.histogram),
            checksum=_worse(self.checksum, other.checksum),
            problem=self.problem or other.problem,
            **_moment_fields(moments),
        )

    def _moments(self) -> Moments | None:
        if self.total is None:
            return None
        return Moments(self.finite, self.total, self.m2, self.m2_exponent)


NOTHING = Summary(0, 0, None, None, None, 0.0, 0, 0, 0, 0)


def summarize(
    checkpoint: Checkpoint,
    variable: Variable,
    cancel: CancelToken | None = None,
    executor: Executor | None = None,
) -> Summary:
    """All facts and the checksum in one visit of the bytes; raises `CheckpointError`.

    Without an executor the chunks are worked on by all cores of this machine.
    """
    token = cancel or CancelToken()
    if not is_numeric(variable.dtype):
        return _of_strings(checkpoint, variable, token)
    pieces = under(checkpoint.pieces(variable), token)
    checksums, total, done = PieceChecksums(pieces), NOTHING, 0
    with closing(map_in_order(facts_of, chunks_of(pieces), token, executor)) as results:
        for chunk, (facts, checksum) in results:
            checksums.add(chunk, checksum)
            total = total.merge(facts)
            done += chunk.nbytes
            token.report(done, variable.nbytes)
    return replace(total, checksum=checksums.verdict, problem=checksums.problem)


def facts_of(chunk: Chunk) -> tuple[Summary, int]:
    """The facts of one chunk, and the CRC-32C of its bytes."""
    values, checksum = chunk.load()
    return summarize_values(values), checksum


def summarize_values(array: Array) -> Summary:
    """The same facts of an array in memory, of any shape and any type that reading gives."""
    if array.dtype == object:
        return replace(NOTHING, count=array.size)
    total = NOTHING
    for block in _blocks_of(array):
        total = total.merge(_of_bytes(block) if block.dtype.itemsize == 1 else _of_block(block))
    return total


def _blocks_of(array: Array) -> Iterator[Array]:
    flat = np.ascontiguousarray(array).reshape(-1)
    for start in range(0, len(flat), CHUNK_ELEMENTS):
        yield flat[start : start + CHUNK_ELEMENTS]


def _of_strings(checkpoint: Checkpoint, variable: Variable, cancel: CancelToken) -> Summary:
    checksum: Checksum = "none" if variable.crc32c is None else "ok"
    problem: Problem | None = None
    try:
        for _ in blocks(checkpoint, variable, cancel=cancel):
            cancel.check()
    except DamagedFile as error:
        if error.problem.code != "bad-checksum":
            raise
        checksum, problem = "wrong", error.problem
    return replace(NOTHING, count=variable.element_count, checksum=checksum, problem=problem)


def _of_block(values: Array) -> Summary:
    with np.errstate(all="ignore"):
        return _of_numbers(numbers_of(values), is_whole(values.dtype))


def _of_numbers(numbers: Array, whole: bool) -> Summary:
    low, high = np.minimum.reduce(numbers).item(), np.maximum.reduce(numbers).item()
    if not (isfinite(low) and isfinite(high)):
        return _of_finite_ones(numbers)
    kind = int if whole else float
    histogram = binned(numbers, low, high, whole)
    moments = _moments_of(numbers, low, high, whole)
    zeros = int(np.count_nonzero(numbers == 0)) if low <= 0 <= high else 0
    return Summary(
        count=len(numbers),
        finite=len(numbers),
        min=kind(low),
        max=kind(high),
        zeros=zeros,
        nan=0,
        posinf=0,
        neginf=0,
        histogram=histogram,
        **_moment_fields(moments),
    )


def _of_finite_ones(numbers: Array) -> Summary:
    finite = numbers[np.isfinite(numbers)]
    return replace(
        _of_numbers(finite, False) if len(finite) else NOTHING,
        count=len(numbers),
        nan=int(np.count_nonzero(np.isnan(numbers))),
        posinf=int(np.count_nonzero(np.isposinf(numbers))),
        neginf=int(np.count_nonzero(np.isneginf(numbers))),
    )


def _moments_of(numbers: Array, low: Number, high: Number, whole: bool) -> Moments:
    """Of one block: float64 adds so few integers of 32 bits exactly, those of 64 bits go in halves."""
    deviations = buffer("deviations", len(numbers), np.float64)
    if numbers.dtype.kind not in "iu":
        np.copyto(deviations, numbers)
        total = int(np.add.reduce(deviations)) if whole else None
        moments = moments_of(deviations, max(abs(low), abs(high)))
    else:
        total = (int((numbers >> 32).sum()) << 32) + int((numbers & 0xFFFFFFFF).sum())
        above_low = numbers.view(np.uint64) - np.uint64(int(low) & 0xFFFFFFFFFFFFFFFF)
        np.copyto(deviations, above_low)
        moments = moments_of(deviations, float(high - low))
    return moments if total is None else replace(moments, total=total)


def _of_bytes(values: Array) -> Summary:
    """Types of one byte have 256 values at most: counting them tells everything."""
    counts, table = count_bytes(values.view(np.uint8)), _values_of(values.dtype)
    finite = (counts > 0) & np.isfinite(table)
    facts = _of_counted(table[finite], counts[finite], is_whole(values.dtype)) if finite.any() else NOTHING
    return replace(
        facts,
        count=len(values),
        zeros=int(counts[table == 0].sum()),
        nan=int(counts[np.isnan(table)].sum()),
        posinf=int(counts[np.isposinf(table)].sum()),
        neginf=int(counts[np.isneginf(table)].sum()),
    )


@cache
def _values_of(dtype: "np.dtype[Any]") -> Array:
    """What each byte means, as float64."""
    codes = np.arange(256, dtype=np.uint8)
    with np.errstate(invalid="ignore"):
        return np.asarray(codes != 0 if dtype.kind == "b" else codes.view(dtype), np.float64)


def _of_counted(values: Array, counts: Array, whole: bool) -> Summary:
    low, high, count = values.min().item(), values.max().item(), int(counts.sum())
    exponent = grid_exponent(low, high, 0 if whole else FINEST, 52)
    first, last = bin_number(low, exponent), bin_number(high, exponent)
    bins = np.zeros(last - first + 1, np.int64)
    np.add.at(bins, np.floor(np.ldexp(values, -exponent)).astype(np.int64) - first, counts)
    total = fsum((values * counts).tolist())
    m2 = fsum((counts * (values - total / count) ** 2).tolist())
    moments = Moments(count, int(total) if whole else Fraction(total), m2)
    kind = int if whole else float
    return replace(
        NOTHING,
        finite=count,
        min=kind(low),
        max=kind(high),
        histogram=Histogram(exponent, first, bins),
        **_moment_fields(moments),
    )


def _moment_fields(moments: Moments | None) -> dict[str, Any]:
    if moments is None:
        return {"mean": None, "m2": 0.0}
    return {
        "mean": moments.mean,
        "m2": moments.m2,
        "m2_exponent": moments.exponent,
        "total": moments.total,
    }


def _merged(first: Any, second: Any) -> Any:
    return first.merge(second) if first is not None and second is not None else first or second


def _worse(first: Checksum, second: Checksum) -> Checksum:
    return first if first == second else "wrong" if "wrong" in (first, second) else "none"
