"""Mean and spread that merge without loss, for values of any size a float64 can have."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import frexp, fsum, inf, ldexp
from typing import Self

import numpy as np

from ckpt_viewer.analysis.buffers import buffer
from ckpt_viewer.formats.checkpoint import Array

SAFE = 400  # numbers between 2 ** -400 and 2 ** 400: squares, also of their last digits, and sums of them fit
CANCELLED = 1e-7  # a sum this small against what was added has lost digits that count
_SPREAD = 1e-3  # a variance this small against the mean of the squares has lost some of them

Total = int | float | Fraction  # a float stands for just itself


@dataclass(frozen=True, slots=True)
class Moments:
    """Of one or more numbers.

    Attributes:
        total: Their sum: exact for integers, as good as float64 adds for others; it merges without rounding.
        m2: Sum of squared distances from the mean, in units of 4 ** exponent.
        exponent: 0 unless squares of the values would not fit a float64.
    """

    count: int
    total: Total
    m2: float
    exponent: int = 0

    @property
    def mean(self) -> float:
        try:
            return float(self.total / self.count)
        except OverflowError:  # of magnitudes of complex numbers
            return inf

    @property
    def std(self) -> float:
        """Of the population: divided by the count."""
        return ldexp((self.m2 / self.count) ** 0.5, self.exponent)

    def merge(self, other: Self) -> Self:
        """Both together, by the formula of Chan, Golub and LeVeque (1979)."""
        exponent = max((part.exponent for part in (self, other) if part.total or part.m2), default=0)
        count = self.count + other.count
        distance = self._distance(other, exponent)
        m2 = ldexp(self.m2, 2 * (self.exponent - exponent)) + ldexp(other.m2, 2 * (other.exponent - exponent))
        m2 += distance * distance * (self.count / count) * other.count
        return type(self)(count, _sum_of([self, other]), m2, exponent)

    def _distance(self, other: Self, exponent: int) -> float:
        """From this mean to the other, in units of 2 ** exponent."""
        apart = Fraction(other.total) * self.count - Fraction(self.total) * other.count
        return float((scaled(apart, -exponent) if exponent else apart) / (self.count * other.count))


def moments_of(values: Array, largest: float) -> Moments:
    """Of finite float64 values, at least one, whose largest magnitude is given."""
    exponent = unit_exponent(largest)
    if exponent:
        total = _exact_sum(values, exponent)
        m2, *_ = _m2(np.ldexp(values, -exponent), float(scaled(total, -exponent)))
    else:
        total = _close_sum(values, largest)
        m2, center, rest = _m2(values, float(total))
        if rest:
            total = Fraction(center) * len(values) + Fraction(rest)
    return Moments(len(values), total, m2, exponent)


def merged(parts: Sequence[Moments]) -> Moments:
    """All together, at least one, each looked at once."""
    if any(part.exponent for part in parts):
        return reduce(Moments.merge, parts)
    count, total = sum(part.count for part in parts), _sum_of(parts)
    mean = Fraction(total) / count
    apart = ((part.count, float(Fraction(part.total) / part.count - mean)) for part in parts)
    between = fsum(number * distance * distance for number, distance in apart)
    return Moments(count, total, fsum(part.m2 for part in parts) + between)


def _sum_of(parts: Sequence[Moments]) -> int | Fraction:
    return sum(Fraction(part.total) if isinstance(part.total, float) else part.total for part in parts)


def scaled(number: Total, exponent: int) -> Fraction:
    """The number times two to this power, exactly."""
    return Fraction(number) * Fraction(2) ** exponent


def unit_exponent(largest: float) -> int:
    """The power of two to divide by before squaring numbers up to this magnitude: nearly always 0."""
    exponent = frexp(largest)[1]
    return exponent if largest and abs(exponent) > SAFE else 0


def _close_sum(values: Array, largest: float) -> Fraction:
    """Added fast where that is good enough, exactly where the values cancel each other."""
    total = _sum(values)
    return _exact_sum(values) if abs(total) < CANCELLED * largest * len(values) else Fraction(total)


def _exact_sum(values: Array, exponent: int = 0) -> Fraction:
    """Rounded once; what partial sums beyond float64 need is added in units of 2 ** exponent."""
    try:
        return Fraction(fsum(values.tolist()))
    except OverflowError:
        return scaled(Fraction(fsum(np.ldexp(values, -exponent).tolist())), exponent)


def _m2(values: Array, total: float) -> tuple[float, float, float]:
    """The sum of squared distances from the mean, the mean as rounded, and the sum of distances from that.

    Where the spread is small against the mean, squares of the values themselves would hide it.
    """
    squares, count, center = dot(values, values), len(values), total / len(values)
    m2 = squares - total * center
    if m2 > _SPREAD * squares:
        return m2, center, 0.0
    deviations = np.subtract(values, center, out=buffer("deviations", count, np.float64))
    rest = _sum(deviations)
    return max(0.0, dot(deviations, deviations) - rest * (rest / count)), center, rest


def dot(one: Array, other: Array) -> float:
    return float(np.dot(one, other))


def _sum(values: Array) -> float:
    return float(np.add.reduce(values))  # in pairs: little is lost
