"""Exact statistics of values: made of parts, and merged."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, reduce
from math import fsum, isfinite
from typing import Any, Literal, NamedTuple, Self

import numpy as np

from ckpt_viewer.analysis.buffers import buffer
from ckpt_viewer.analysis.chunks import CHUNK_BYTES
from ckpt_viewer.analysis.histogram import (
    FINEST,
    Histogram,
    bin_number,
    binned,
    count_bytes,
    grid_exponent,
)
from ckpt_viewer.analysis.moments import Moments, Total, merged, moments_of
from ckpt_viewer.analysis.numbers import is_whole, numbers_of
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Array

Checksum = Literal["ok", "wrong", "none"]
Number = int | float
LARGEST, INFINITE = float(np.finfo(np.float64).max), float("inf")


class Summary(NamedTuple):
    """Facts over all elements; `min max mean std` over the finite ones, of the magnitude if complex.

    Attributes:
        count: All elements.
        finite: Those that are neither NaN nor infinite.
        min: Exact: an int for integers and bool (True is 1), a float otherwise; None without finite ones;
            infinite where the magnitude of a finite complex number is more than a float64 holds.
        mean: None without finite ones.
        m2: Sum of squared distances from the mean, so that two summaries merge without loss.
        zeros: Elements equal to zero, either sign.
        checksum: Whether the stored checksum was found; `none` where none is stored.
        m2_exponent: `m2` is in units of 4 to this power: 0 unless the squares would not fit a float.
        total: The sum of the finite ones, exact for integers; of others it merges without rounding.
        problem: Where the checksum is wrong: in which bytes.
    """

    count: int  # type: ignore[assignment]  # tuples have a method of that name
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
        return self.merged([self, other])

    @classmethod
    def merged(cls, parts: Sequence[Self]) -> Self:
        """All together, at least one, each looked at once."""
        filled = [part for part in parts if part.count]
        if len(filled) < 2:
            return filled[0] if filled else parts[0]
        moments = [moments for part in filled if (moments := part._moments()) is not None]
        histograms = [part.histogram for part in filled if part.histogram is not None]
        low = min((part.min for part in filled if part.min is not None), default=None)
        high = max((part.max for part in filled if part.max is not None), default=None)
        return cls(
            count=sum(part.count for part in filled),
            finite=sum(part.finite for part in filled),
            min=low,
            max=high,
            zeros=sum(part.zeros for part in filled),
            nan=sum(part.nan for part in filled),
            posinf=sum(part.posinf for part in filled),
            neginf=sum(part.neginf for part in filled),
            histogram=Histogram.merged(histograms) if histograms else None,
            checksum=reduce(_worse, (part.checksum for part in filled)),
            problem=next((part.problem for part in filled if part.problem), None),
            **_moment_fields(merged(moments) if moments else None, low, high),
        )

    def _moments(self) -> Moments | None:
        if self.total is None:
            return None
        return Moments(self.finite, self.total, self.m2, self.m2_exponent)


NOTHING = Summary(0, 0, None, None, None, 0.0, 0, 0, 0, 0)


def summarize_values(array: Array) -> Summary:
    """The same facts of an array in memory, of any shape and any type that reading gives."""
    if array.dtype == object:
        return NOTHING._replace(count=array.size)
    flat = np.ascontiguousarray(array).reshape(-1)
    step = max(1, CHUNK_BYTES // max(flat.itemsize, 4))
    parts = [facts_of(flat[start : start + step]) for start in range(0, len(flat), step)]
    return Summary.merged([NOTHING, *parts])


def facts_of(values: Array) -> Summary:
    """The same of one part: one-dimensional, not empty, and small enough for the processor's cache."""
    with np.errstate(all="ignore"):
        if values.dtype.itemsize == 1:
            return _of_bytes(values)
        facts = _of_numbers(numbers_of(values), is_whole(values.dtype))
        return _with_overflow(values, facts) if facts.max == LARGEST else facts


def _of_numbers(numbers: Array, whole: bool) -> Summary:
    low, high = np.minimum.reduce(numbers).item(), np.maximum.reduce(numbers).item()
    if not (isfinite(low) and isfinite(high)):
        return _of_finite_ones(numbers)
    kind = int if whole else float
    wide = _widened(numbers, low)
    zeros = np.equal(numbers, 0, out=buffer("flags", len(numbers), np.bool_)) if low <= 0 <= high else None
    return Summary(
        count=len(numbers),
        finite=len(numbers),
        min=kind(low),
        max=kind(high),
        zeros=0 if zeros is None else int(np.count_nonzero(zeros)),
        nan=0,
        posinf=0,
        neginf=0,
        histogram=binned(numbers, low, high, whole, wide),
        **_moment_fields(_moments_of(numbers, wide, low, high, whole), low, high),
    )


def _with_overflow(values: Array, facts: Summary) -> Summary:
    """The same where magnitudes of complex numbers are more than a float64 holds: of their halves, doubled.

    Such a magnitude is infinite when it is rounded; sums of them are not, nor is every mean.
    """
    if values.dtype.kind != "c":
        return facts
    halves = _of_numbers(numbers_of((values.view(np.float64) * 0.5).view(values.dtype)), False)
    moments = halves._moments()
    if moments is None or halves.min is None or halves.max is None or 2 * halves.max <= LARGEST:
        return facts
    doubled = replace(moments, total=2 * moments.total, exponent=moments.exponent + 1)
    low = facts.min if 2 * halves.min <= LARGEST else INFINITE
    return facts._replace(min=low, max=INFINITE, **_moment_fields(doubled, low, INFINITE))


def _of_finite_ones(numbers: Array) -> Summary:
    finite = numbers[np.isfinite(numbers)]
    facts = _of_numbers(finite, False) if len(finite) else NOTHING
    return facts._replace(
        count=len(numbers),
        nan=int(np.count_nonzero(np.isnan(numbers))),
        posinf=int(np.count_nonzero(np.isposinf(numbers))),
        neginf=int(np.count_nonzero(np.isneginf(numbers))),
    )


def _widened(numbers: Array, low: Number) -> Array:
    """As float64; integers of 64 bits, which it does not hold, as their distance from the least."""
    if numbers.dtype == np.float64:
        return numbers
    wide = buffer("wide", len(numbers), np.float64)
    if numbers.dtype.kind in "iu":
        numbers = numbers.view(np.uint64) - np.uint64(int(low) & 0xFFFFFFFFFFFFFFFF)
    np.copyto(wide, numbers)
    return wide


def _moments_of(numbers: Array, wide: Array, low: Number, high: Number, whole: bool) -> Moments:
    """Of one part: float64 adds so few integers of 32 bits exactly, those of 64 bits go in halves."""
    if numbers.dtype.kind in "iu":
        total = (int((numbers >> 32).sum()) << 32) + int((numbers & 0xFFFFFFFF).sum())
        return replace(moments_of(wide, float(high - low)), total=total)
    moments = moments_of(wide, max(abs(low), abs(high)))
    return replace(moments, total=int(np.add.reduce(wide))) if whole else moments


def _of_bytes(values: Array) -> Summary:
    """Types of one byte have 256 values at most: counting them tells everything."""
    counts, table = count_bytes(values.view(np.uint8)), _values_of(values.dtype)
    finite = (counts > 0) & np.isfinite(table)
    facts = _of_counted(table[finite], counts[finite], is_whole(values.dtype)) if finite.any() else NOTHING
    return facts._replace(
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
    return NOTHING._replace(
        finite=count,
        min=kind(low),
        max=kind(high),
        histogram=Histogram(exponent, first, bins),
        **_moment_fields(moments, low, high),
    )


def _moment_fields(moments: Moments | None, low: Number | None, high: Number | None) -> dict[str, Any]:
    """Rounding takes no mean out of the range, and gives equal values no spread."""
    if moments is None or low is None or high is None:
        return {"mean": None, "m2": 0.0}
    return {
        "mean": float(min(max(moments.mean, low), high)),
        "m2": moments.m2 if low < high or low == INFINITE else 0.0,
        "m2_exponent": moments.exponent,
        "total": moments.total,
    }


def _worse(first: Checksum, second: Checksum) -> Checksum:
    return first if first == second else "wrong" if "wrong" in (first, second) else "none"
