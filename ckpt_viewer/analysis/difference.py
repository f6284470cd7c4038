"""How far two equally long runs of values are apart, as sums that merge."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, reduce
from math import ldexp, sqrt
from operator import add, ne
from typing import Any, NamedTuple, Self

import numpy as np

from ckpt_viewer.analysis.buffers import buffer
from ckpt_viewer.analysis.moments import dot, unit_exponent
from ckpt_viewer.analysis.numbers import numbers_of
from ckpt_viewer.formats.checkpoint import Array

_SAFE = (1e-250, 1e300)  # sums of squares in between are of finite values, and lost nothing that counts
_ROUNDING = 2.0**-53
_FLOAT64 = np.dtype(np.float64)
_ALIKE = 16  # sums of squares no further apart tell the product without a pass of its own, by |b - a|²

GapsOf = Callable[[Array, Array], Array]


@dataclass(frozen=True, slots=True)
class Difference:
    """What reading both sides showed. Two NaN in the same place are equal; strings have only the counts.

    Attributes:
        changed: Elements that differ.
        max_abs: Largest |b − a| over the places where both are finite; None where there are none.
        mean_abs: Mean of |b − a| over those places.
        rms: Root of the mean of (b − a)² over those places.
        relative: ‖b − a‖ / ‖a‖; None where ‖a‖ is 0.
        cosine: a·b / (‖a‖ ‖b‖); None where either is 0.
        nonfinite: How many of the changed elements are NaN or infinite on a side: the figures leave them out.
    """

    count: int
    changed: int
    max_abs: float | None
    mean_abs: float | None
    rms: float | None
    relative: float | None
    cosine: float | None
    nonfinite: int = 0

    @property
    def cosine_error(self) -> float:
        """How far rounding may have taken the cosine, at most.

        A sum of n products is off by n·u times ‖a‖ ‖b‖ at most; one made of three sums of squares by 1½ n·u
        times ‖a‖² + ‖b‖², which is no more than 4¼ ‖a‖ ‖b‖ for sides that are alike.
        """
        return 16 * (self.count + 4) * _ROUNDING  # a complex number counts twice


class Sums(NamedTuple):
    """Over the places where both sides are finite.

    Attributes:
        total: Σ|b − a|.
        squares: Σ(b − a)².
        products: a·b.
    """

    total: float = 0.0
    squares: float = 0.0
    squares_a: float = 0.0
    squares_b: float = 0.0
    products: float = 0.0


class Units(NamedTuple):
    """The power of two that each of the sums is to be multiplied by; those of squares are even."""

    total: int = 0
    squares: int = 0
    squares_a: int = 0
    squares_b: int = 0
    products: int = 0


class Distance(NamedTuple):
    """What a `Difference` is made of; sums of squares may be beyond what a float64 holds without a unit.

    Attributes:
        finite: How many places are finite on both sides.
        largest: The largest |b − a| there.
    """

    elements: int = 0
    changed: int = 0
    nonfinite: int = 0
    finite: int = 0
    largest: float = 0.0
    sums: Sums = Sums()
    units: Units = Units()

    def merge(self, other: Self) -> Self:
        sums, units = self.sums, self.units
        if units == other.units:
            sums = Sums(*map(add, sums, other.sums))
        else:
            added = map(_added, sums, units, other.sums, other.units)
            values, exponents = zip(*added, strict=True)
            sums, units = Sums(*values), Units(*exponents)
        return type(self)(
            self.elements + other.elements,
            self.changed + other.changed,
            self.nonfinite + other.nonfinite,
            self.finite + other.finite,
            max(self.largest, other.largest),
            sums,
            units,
        )

    def result(self) -> Difference:
        if not self.finite:
            return Difference(self.elements, self.changed, None, None, None, None, None, self.nonfinite)
        sums, units = self.sums, self.units
        # What holds of the exact figures holds of the rounded ones, too.
        rms = min(_in_ones(sqrt(sums.squares / self.finite), units.squares // 2), self.largest)
        return Difference(
            count=self.elements,
            changed=self.changed,
            max_abs=self.largest,
            mean_abs=min(_in_ones(sums.total / self.finite, units.total), rms),
            rms=rms,
            relative=self._relative() if sums.squares_a else None,
            cosine=self._cosine() if sums.squares_a and sums.squares_b else None,
            nonfinite=self.nonfinite,
        )

    def _relative(self) -> float:
        sums, units = self.sums, self.units
        unit = (units.squares - units.squares_a) // 2
        return _in_ones(sqrt(sums.squares) / sqrt(sums.squares_a), unit)

    def _cosine(self) -> float:
        _, _, a, b, products = self.sums
        # In this order the cosine of equal vectors is 1 and not 0.9999999999999998.
        cosine = products / a / (sqrt(b) / sqrt(a))
        unit = self.units.products - (self.units.squares_a + self.units.squares_b) // 2
        return max(-1.0, min(1.0, _in_ones(cosine, unit)))


def distance_of(a: Array, b: Array) -> Distance:
    """Of two one-dimensional arrays of the same length and type, as reading gives them."""
    return distance_along([(a, b)])


def distance_along(steps: Iterable[tuple[Array, Array]]) -> Distance:
    """The same of such arrays one after the other; each pair is done with when the next is asked for.

    Two threads that do this keep each other waiting wherever they touch the same objects of Python: what can
    be done once for all steps is not done for each.
    """
    with np.errstate(all="ignore"):
        return reduce(Distance.merge, [_way(a.dtype)(a, b) for a, b in steps if len(a)], Distance())


@cache
def _way(dtype: "np.dtype[Any]") -> Callable[[Array, Array], Distance]:
    if dtype.kind == "O":
        return _of_objects
    if dtype.kind == "c":
        return _of_complex
    if dtype.itemsize == 8 and dtype.kind in "iu":
        return _of_long
    return _of_real if dtype in (np.float32, np.float64) else _of_other_real


def _of_objects(a: Array, b: Array) -> Distance:
    return Distance(len(a), sum(map(ne, a, b)))


def _of_other_real(a: Array, b: Array) -> Distance:
    return _of_real(numbers_of(a, "numbers a"), numbers_of(b, "numbers b"))


def widened(numbers: Array, memory: str) -> Array:
    """As float64: it holds exactly what types up to 32 bits hold, and most of their differences."""
    if numbers.dtype == _FLOAT64:
        return numbers
    wide = buffer(memory, len(numbers), _FLOAT64)
    np.copyto(wide, numbers)
    return wide


def _of_real(a: Array, b: Array) -> Distance:
    unequal = np.not_equal(a, b, out=buffer("flags", len(a), np.bool_))
    start = Distance(len(a), int(np.count_nonzero(unequal)))
    plain = _sums(start, widened(a, "a"), widened(b, "b"), _gaps)
    if is_safe(plain):
        return plain
    a, b = widened(a, "a"), widened(b, "b")
    changed = start.changed - int(np.count_nonzero(np.isnan(a) & np.isnan(b)))
    both = np.isfinite(a) & np.isfinite(b)
    a, b = a[both], b[both]
    nonfinite = changed - int(np.count_nonzero(a != b))
    return _scaled_sums(Distance(start.elements, changed, nonfinite), a, b, _gaps)


def _of_complex(a: Array, b: Array) -> Distance:
    """Norms and products are those of the parts as real numbers, distances those in the plane."""
    changed = (a != b) & ~(np.isnan(a) & np.isnan(b))
    both = np.isfinite(a) & np.isfinite(b)
    parts_a, parts_b = (side[both].astype(np.complex128).view(np.float64) for side in (a, b))
    start = Distance(len(a), int(np.count_nonzero(changed)), int(np.count_nonzero(changed & ~both)))
    return _scaled_sums(start, parts_a, parts_b, _gaps_in_the_plane)


def _of_long(a: Array, b: Array) -> Distance:
    """Integers of 64 bits are subtracted as integers: as float64, neighbours would become equal."""
    gaps = np.where(b >= a, b - a, a - b).view(np.uint64)  # where int64 wraps around, uint64 is right
    start = Distance(len(a), int(np.count_nonzero(a != b)))
    return _sums(start, widened(a, "a"), widened(b, "b"), lambda a, b: gaps.astype(np.float64))


def _gaps(a: Array, b: Array) -> Array:
    """In the memory of `b`, if that was widened: the fewer bytes are touched, the more stay in the cache."""
    gaps = np.subtract(b, a, out=buffer("b", len(b), _FLOAT64))
    return np.absolute(gaps, out=gaps)


def _gaps_in_the_plane(a: Array, b: Array) -> Array:
    gaps = (b - a).reshape(-1, 2)
    return np.asarray(np.hypot(gaps[:, 0], gaps[:, 1]))


def _sums(start: Distance, a: Array, b: Array, gaps_of: GapsOf) -> Distance:
    """What `gaps_of` returns may take the place of `b`."""
    if not len(a):
        return start
    squares_a, squares_b = dot(a, a), dot(b, b)
    alike = squares_a / _ALIKE < squares_b < squares_a * _ALIKE
    products = 0.0 if alike else dot(a, b)
    gaps = gaps_of(a, b)
    squares = dot(gaps, gaps)
    if alike:
        products = (squares_a + squares_b - squares) / 2
    largest = float(np.maximum.reduce(gaps))
    sums = Sums(_total(gaps), squares, squares_a, squares_b, products)
    return Distance(start.elements, start.changed, start.nonfinite, len(gaps), largest, sums)


def _scaled_sums(start: Distance, a: Array, b: Array, gaps_of: GapsOf) -> Distance:
    """The same of finite values of any size, each side in a unit of its own."""
    if not len(a):
        return start
    gaps, quartered = gaps_of(a, b), 0
    if not np.isfinite(gaps).all():
        gaps, quartered = gaps_of(a / 4, b / 4), 2
    (a, unit_a), (b, unit_b), (gaps, unit) = map(_in_its_unit, (a, b, gaps))
    unit += quartered
    largest = _in_ones(float(np.maximum.reduce(gaps)), unit)
    sums = Sums(_total(gaps), dot(gaps, gaps), dot(a, a), dot(b, b), dot(a, b))
    units = Units(unit, 2 * unit, 2 * unit_a, 2 * unit_b, unit_a + unit_b)
    return Distance(start.elements, start.changed, start.nonfinite, len(gaps), largest, sums, units)


def is_safe(plain: Distance) -> bool:
    """Whether all was finite, and no square too large or too small for a float64."""
    low, high = _SAFE
    _, squares, squares_a, squares_b, _ = plain.sums
    gaps_are_safe = low < squares < high or not plain.largest
    return gaps_are_safe and low < squares_a < high and low < squares_b < high


def _added(one: float, unit: int, other: float, other_unit: int) -> tuple[float, int]:
    """The sum of two numbers, each in a unit of its own, and its unit."""
    if not (one and other):
        return (one, unit) if one else (other, other_unit)
    larger = max(unit, other_unit)
    return ldexp(one, unit - larger) + ldexp(other, other_unit - larger), larger


def _in_its_unit(values: Array) -> tuple[Array, int]:
    """Divided by the power of two whose exponent is returned, so that squares fit a float64."""
    unit = unit_exponent(_largest(values))
    return (np.ldexp(values, -unit), unit) if unit else (values, 0)


def _total(values: Array) -> float:
    return float(np.einsum("i->", values))


def _largest(values: Array) -> float:
    return max(-float(np.minimum.reduce(values)), float(np.maximum.reduce(values)))


def _in_ones(value: float, unit: int) -> float:
    """In units of 1; what is beyond the largest float64 becomes infinite."""
    try:
        return ldexp(value, unit)
    except OverflowError:
        return float("inf")
