"""How far two equally long runs of values are apart, as sums that merge."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ldexp, sqrt
from operator import ne
from typing import Self

import numpy as np

from ckpt_viewer.analysis.buffers import buffer
from ckpt_viewer.analysis.moments import dot, unit_exponent
from ckpt_viewer.analysis.numbers import numbers_of
from ckpt_viewer.formats.checkpoint import Array

_SAFE = (1e-250, 1e300)  # sums of squares in between are of finite values, and lost nothing that counts
_ALIKE = 16  # sums of squares no further apart tell the product without a pass of its own, by |b - a|²


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


@dataclass(frozen=True, slots=True)
class Distance:
    """The sums a `Difference` is made of, over the places where both sides are finite.

    Attributes:
        finite: How many those places are.
        exponent: `total` and `largest` are in units of 2 to this power, the squares in units of 4 to it: 0
            unless the squares of the values would not fit a float64.
        total: Σ|b − a|.
    """

    count: int = 0
    changed: int = 0
    finite: int = 0
    nonfinite: int = 0
    exponent: int = 0
    largest: float = 0.0
    total: float = 0.0
    squares: float = 0.0
    squares_a: float = 0.0
    squares_b: float = 0.0
    products: float = 0.0

    def merge(self, other: Self) -> Self:
        exponent = max(self.exponent, other.exponent)
        one, two = self._scaled(exponent), other._scaled(exponent)
        return type(self)(
            self.count + other.count,
            self.changed + other.changed,
            self.finite + other.finite,
            self.nonfinite + other.nonfinite,
            exponent,
            max(one[0], two[0]),
            *(first + second for first, second in zip(one[1:], two[1:], strict=True)),
        )

    def result(self) -> Difference:
        if not self.finite:
            return Difference(self.count, self.changed, None, None, None, None, None, self.nonfinite)
        norm_a, norm_b = sqrt(self.squares_a), sqrt(self.squares_b)
        # In this order the cosine of equal vectors is 1 and not 0.9999999999999998.
        cosine = self.products / self.squares_a / (norm_b / norm_a) if norm_a and norm_b else None
        return Difference(
            count=self.count,
            changed=self.changed,
            max_abs=_large(self.largest, self.exponent),
            mean_abs=_large(self.total / self.finite, self.exponent),
            rms=_large(sqrt(self.squares / self.finite), self.exponent),
            relative=sqrt(self.squares) / norm_a if norm_a else None,
            cosine=None if cosine is None else max(-1.0, min(1.0, cosine)),
            nonfinite=self.nonfinite,
        )

    def _scaled(self, exponent: int) -> tuple[float, ...]:
        down = self.exponent - exponent
        squares = (self.squares, self.squares_a, self.squares_b, self.products)
        return (
            ldexp(self.largest, down),
            ldexp(self.total, down),
            *(ldexp(square, 2 * down) for square in squares),
        )


def distance_of(a: Array, b: Array) -> Distance:
    """Of two one-dimensional arrays of the same length and type, as reading gives them."""
    if a.dtype == object:
        return Distance(len(a), sum(map(ne, a, b)))
    if not len(a):
        return Distance()
    with np.errstate(all="ignore"):
        if a.dtype.kind == "c":
            return _of_complex(a, b)
        if a.dtype.itemsize == 8 and a.dtype.kind in "iu":
            return _of_long(a, b)
        return _of_real(numbers_of(a, "numbers a"), numbers_of(b, "numbers b"))


def _wide(numbers: Array, memory: str) -> Array:
    """As float64: it holds exactly what types up to 32 bits hold, and most of their differences."""
    if numbers.dtype == np.float64:
        return numbers
    wide = buffer(memory, len(numbers), np.float64)
    np.copyto(wide, numbers)
    return wide


def _of_real(a: Array, b: Array) -> Distance:
    unequal = np.not_equal(a, b, out=buffer("flags", len(a), np.bool_))
    start = Distance(len(a), int(np.count_nonzero(unequal)))
    plain = _sums(start, _wide(a, "a"), _wide(b, "b"), _gaps)
    if _SAFE[0] < plain.squares_a < _SAFE[1] and _SAFE[0] < plain.squares_b < _SAFE[1]:
        return plain
    a, b = _wide(a, "a"), _wide(b, "b")
    changed = start.changed - int(np.count_nonzero(np.isnan(a) & np.isnan(b)))
    both = np.isfinite(a) & np.isfinite(b)
    a, b = a[both], b[both]
    nonfinite = changed - int(np.count_nonzero(a != b))
    start = replace(start, changed=changed, exponent=_to_unit(a, b), nonfinite=nonfinite)
    return _sums(start, a, b, _gaps)


def _of_complex(a: Array, b: Array) -> Distance:
    """Norms and products are those of the parts as real numbers, distances those in the plane."""
    changed = (a != b) & ~(np.isnan(a) & np.isnan(b))
    both = np.isfinite(a) & np.isfinite(b)
    parts_a, parts_b = (side[both].astype(np.complex128).view(np.float64) for side in (a, b))
    exponent = _to_unit(parts_a, parts_b)
    start = Distance(
        len(a),
        int(np.count_nonzero(changed)),
        exponent=exponent,
        nonfinite=int(np.count_nonzero(changed & ~both)),
    )
    return _sums(start, parts_a, parts_b, _gaps_in_the_plane)


def _of_long(a: Array, b: Array) -> Distance:
    """Integers of 64 bits are subtracted as integers: as float64, neighbours would become equal."""
    gaps = np.where(b >= a, b - a, a - b).view(np.uint64)  # where int64 wraps around, uint64 is right
    start = Distance(len(a), int(np.count_nonzero(a != b)))
    return _sums(start, _wide(a, "a"), _wide(b, "b"), lambda a, b: gaps.astype(np.float64))


def _to_unit(a: Array, b: Array) -> int:
    """Divides both, in place, by the power of two that is returned, so that squares fit a float64."""
    exponent = unit_exponent(max(_largest(a), _largest(b))) if len(a) else 0
    if exponent:
        for side in (a, b):
            np.ldexp(side, -exponent, out=side)
    return exponent


def _gaps(a: Array, b: Array) -> Array:
    """In the memory of `b`, if that was widened: the fewer bytes are touched, the more stay in the cache."""
    gaps = np.subtract(b, a, out=buffer("b", len(b), np.float64))
    return np.absolute(gaps, out=gaps)


def _gaps_in_the_plane(a: Array, b: Array) -> Array:
    gaps = (b - a).reshape(-1, 2)
    return np.asarray(np.hypot(gaps[:, 0], gaps[:, 1]))


def _sums(start: Distance, a: Array, b: Array, gaps_of: Callable[[Array, Array], Array]) -> Distance:
    """What `gaps_of` returns may take the place of `b`."""
    if not len(a):
        return replace(start, exponent=0)
    squares_a, squares_b = dot(a, a), dot(b, b)
    alike = squares_a / _ALIKE < squares_b < squares_a * _ALIKE
    products = 0.0 if alike else dot(a, b)
    gaps = gaps_of(a, b)
    squares = dot(gaps, gaps)
    return replace(
        start,
        finite=len(gaps),
        largest=float(np.maximum.reduce(gaps)),
        total=float(np.einsum("i->", gaps)),
        squares=squares,
        squares_a=squares_a,
        squares_b=squares_b,
        products=(squares_a + squares_b - squares) / 2 if alike else products,
    )


def _largest(values: Array) -> float:
    return max(-float(np.minimum.reduce(values)), float(np.maximum.reduce(values)))


def _large(value: float, exponent: int) -> float:
    """In units of 1; what is beyond the largest float64 becomes infinite."""
    try:
        return ldexp(value, exponent)
    except OverflowError:
        return float("inf")
