"""Mean and spread that merge without loss, for values of any size a float64 can have."""

from dataclasses import dataclass
from math import frexp, ldexp
from typing import Self

import numpy as np

from ckpt_viewer.formats.checkpoint import Array

_SAFE = 500  # squares of numbers between 2 ** -500 and 2 ** 500, and sums of them, are ordinary float64


@dataclass(frozen=True, slots=True)
class Moments:
    """Of one or more numbers.

    Attributes:
        m2: Sum of squared distances from the mean, in units of 4 ** exponent.
        exponent: 0 unless squares of the values would not fit a float64.
        total: Their exact sum, for integers.
    """

    count: int
    mean: float
    m2: float
    exponent: int = 0
    total: int | None = None

    @property
    def std(self) -> float:
        """Of the population: divided by the count."""
        return ldexp((self.m2 / self.count) ** 0.5, self.exponent)

    def merge(self, other: Self) -> Self:
        """Both together, by the formula of Chan, Golub and LeVeque (1979)."""
        exponent = max(self.exponent, other.exponent)
        count = self.count + other.count
        distance = self._distance(other, exponent)
        m2 = ldexp(self.m2, 2 * (self.exponent - exponent)) + ldexp(other.m2, 2 * (other.exponent - exponent))
        m2 += distance * distance * (self.count / count) * other.count
        if self.total is not None and other.total is not None:
            total = self.total + other.total
            return type(self)(count, total / count, m2, exponent, total)
        mean = ldexp(ldexp(self.mean, -exponent) + distance * (other.count / count), exponent)
        return type(self)(count, mean, m2, exponent)

    def _distance(self, other: Self, exponent: int) -> float:
        """From this mean to the other; exact sums keep what two large means would have lost."""
        if self.total is not None and other.total is not None:
            return (other.total * self.count - self.total * other.count) / (self.count * other.count)
        return ldexp(other.mean, -exponent) - ldexp(self.mean, -exponent)


def moments_of(values: Array, largest: float) -> Moments:
    """Of finite float64 values, at least one, whose largest magnitude is given; the array is used up."""
    exponent = unit_exponent(largest)
    if exponent:
        np.ldexp(values, -exponent, out=values)
    mean = _sum(values) / len(values)
    values -= mean
    np.multiply(values, values, out=values)
    return Moments(len(values), ldexp(mean, exponent), _sum(values), exponent)


def _sum(values: Array) -> float:
    return float(np.einsum("i->", values))  # adds in several lanes; faster here than add.reduce


def unit_exponent(largest: float) -> int:
    """The power of two to divide by before squaring numbers up to this magnitude: nearly always 0."""
    exponent = frexp(largest)[1]
    return exponent if largest and abs(exponent) > _SAFE else 0
