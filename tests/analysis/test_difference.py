"""Against sums of fractions."""

import operator
from decimal import Decimal, localcontext
from fractions import Fraction
from math import hypot, inf, isfinite, ldexp, sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ckpt_viewer.analysis.difference import Distance, distance_of
from tests.analysis.arrays import COMPLEX, FLOATS, WHOLE, arrays, widened


@st.composite
def sides(draw, names=FLOATS + WHOLE):
    a = draw(arrays(names))
    b = draw(arrays((a.dtype.name,)))
    length = min(len(a), len(b))
    return a[:length], b[:length]


def exactly(values):
    whole = values.dtype.name.startswith(("int", "uint", "bool"))
    return [int(value) for value in values] if whole else widened(values).tolist()


def equal(one, other):
    return one == other or (one != one and other != other)


@given(sides())
def test_the_figures_are_those_of_exact_sums(pair):
    result = distance_of(*pair).result()
    a, b = map(exactly, pair)
    assert result.count == len(a)
    assert result.changed == sum(not equal(*each) for each in zip(a, b, strict=True))
    both = [(Fraction(x), Fraction(y)) for x, y in zip(a, b, strict=True) if isfinite(x) and isfinite(y)]
    assert (result.max_abs is None) == (not both)
    if both and max(abs(y - x) for x, y in both) < 2**1023:
        assert_figures(result, both)


def assert_figures(result, both):
    gaps = [abs(y - x) for x, y in both]
    squares_a, squares_b = sum(x * x for x, _ in both), sum(y * y for _, y in both)
    squares, product = sum(gap * gap for gap in gaps), sum(x * y for x, y in both)
    near = {"rel": 1e-9, "abs": 1e-322}
    assert result.max_abs == pytest.approx(float(max(gaps)), **near)
    assert result.mean_abs == pytest.approx(float(sum(gaps) / len(gaps)), **near)
    assert result.rms == pytest.approx(root(squares / len(both)), **near)
    assert (result.relative is None) == (squares_a == 0)
    if squares_a:
        assert result.relative == pytest.approx(root(squares / squares_a), **near)
    assert (result.cosine is None) == (squares_a * squares_b == 0)
    if squares_a and squares_b:
        cosine = root(product * product / (squares_a * squares_b))
        assert result.cosine == pytest.approx(cosine if product > 0 else -cosine, rel=1e-9, abs=1e-9)


def root(square):
    """Of a fraction whose square no float64 may hold; infinite where the root itself is beyond it."""
    half = (square.numerator.bit_length() - square.denominator.bit_length()) // 2
    try:
        return ldexp(sqrt(square / Fraction(4) ** half), half)
    except OverflowError:
        return inf


@given(sides(FLOATS + WHOLE + COMPLEX), st.integers(0, 60))
def test_the_parts_merge_to_the_whole(pair, cut):
    a, b = pair
    whole = distance_of(a, b).result()
    merged = distance_of(a[:cut], b[:cut]).merge(distance_of(a[cut:], b[cut:])).result()
    assert (merged.count, merged.changed, merged.max_abs) == (whole.count, whole.changed, whole.max_abs)
    assert (merged.mean_abs is None) == (whole.mean_abs is None)
    if whole.mean_abs is not None and isfinite(whole.mean_abs):
        assert merged.mean_abs == pytest.approx(whole.mean_abs, rel=1e-9)


@given(arrays(FLOATS + WHOLE + COMPLEX))
def test_nothing_differs_from_itself(values):
    result = distance_of(values, values.copy()).result()
    assert result.changed == 0
    assert result.max_abs in (0.0, None)
    assert result.cosine is None or result.cosine == 1.0


def test_complex_numbers_are_apart_as_points_of_a_plane():
    a, b = np.array([0, 1 + 1j, np.nan], np.complex64), np.array([3 + 4j, 1 + 1j, 2], np.complex64)
    result = distance_of(a, b).result()
    assert (result.changed, result.max_abs, result.mean_abs) == (2, 5.0, 2.5)
    assert result.relative == pytest.approx(5 / hypot(1, 1))


def test_infinities_and_nan_in_the_same_places_are_equal():
    a = np.array([np.inf, -np.inf, np.nan, 1.0], np.float32)
    b = np.array([np.inf, np.inf, np.nan, np.nan], np.float32)
    result = distance_of(a, b).result()
    assert (result.count, result.changed, result.max_abs) == (4, 2, None)


def test_neighbouring_large_integers_differ_by_one():
    a = np.array([2**62, -(2**63)])
    result = distance_of(a, a + 1).result()
    assert (result.changed, result.max_abs, result.mean_abs) == (2, 1.0, 1.0)


def test_the_widest_gap_of_int64_does_not_wrap_around():
    assert distance_of(np.array([-(2**63)]), np.array([2**63 - 1])).result().max_abs == 2.0**64


def test_squares_beyond_float64_are_no_obstacle():
    result = distance_of(np.array([1e300, 1e300]), np.array([1e300, 3e300])).result()
    assert result.rms == pytest.approx(2e300 / sqrt(2))
    assert result.relative == pytest.approx(1.0 * sqrt(2))
    tiny = distance_of(np.array([1e-300]), np.array([2e-300])).result()
    assert (tiny.rms, tiny.cosine) == (pytest.approx(1e-300), pytest.approx(1.0))


@given(st.floats(1e-3, 1e3), st.integers(1, 5000))
def test_no_mean_of_equal_distances_is_above_the_largest(distance, count):
    found = distance_of(np.zeros(count), np.full(count, distance)).result()
    assert found.mean_abs <= found.rms <= found.max_abs


def test_strings_are_compared_one_by_one():
    a, b = (np.array(words, object) for words in ([b"a", b"b", b""], [b"a", b"c", b""]))
    assert distance_of(a, b) == Distance(3, 1)
    assert distance_of(a, b).result().max_abs is None


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_each_side_has_figures_whatever_its_size_against_the_other(scale):
    a, b = np.array([scale, 2 * scale]), np.array([1.0, 2.0])
    result = distance_of(a, b).result()
    assert result.cosine == pytest.approx(1, rel=1e-15)
    assert result.relative == pytest.approx(abs(1 - scale) / scale, rel=1e-12)


def test_tiny_distances_between_large_values_have_a_mean_square():
    result = distance_of(np.array([1e300, 1e-200]), np.array([1e300, 3e-200])).result()
    assert result.max_abs == 2e-200
    assert result.rms == pytest.approx(2e-200 / sqrt(2), rel=1e-12)
    assert result.relative == 0  # 1e-500
    assert result.cosine == 1


@pytest.mark.parametrize("zeros", [0, 1, 2])
def test_merging_with_zeros_loses_nothing_of_what_is_tiny(zeros):
    a, b = np.array([1e-250, 3e-250]), np.array([2e-250, 5e-250])
    parts = [(a, b), *[(np.zeros(5), np.zeros(5))] * zeros]
    whole = Distance()
    for part in parts:
        whole = whole.merge(distance_of(*part))
    result = whole.result()
    assert result.relative == pytest.approx(sqrt(5 / 10), rel=1e-12)
    assert result.cosine == pytest.approx(17 / sqrt(290), rel=1e-12)


@pytest.mark.parametrize(("one", "other"), [(1e140, 1e-124), (1e-124, 1e140)])
def test_sides_far_apart_whose_own_squares_fit(one, other):
    result = distance_of(np.full(4, one), np.full(4, other)).result()
    assert result.cosine == pytest.approx(1, rel=1e-12)
    assert result.relative == pytest.approx(abs(other / one - 1), rel=1e-12)


def test_distances_in_the_plane_may_be_larger_than_any_part():
    a, b = np.array([complex(-1.797e308, -1.797e308)]), np.array([complex(1e308, 1e308)])
    assert distance_of(a, b).result().relative == pytest.approx(2.797 / 1.797, rel=1e-9)


@given(
    st.integers(1, 40),
    st.sampled_from(["float64", "float32", "int64", "complex128"]),
    st.floats(0.3, 3.4),
    st.integers(0, 2**32),
)
def test_no_cosine_is_further_from_the_exact_one_than_its_error(half, dtype, scale, seed):
    """Of sides that are orthogonal, or nearly so: there rounding shows most."""
    x, y = np.random.default_rng(seed).normal(size=(2, half)) * 1e4
    a, b = np.concatenate([x, y]).astype(dtype), (np.concatenate([y, -x]) * scale).astype(dtype)
    parts_a, parts_b = (
        [Fraction(part) for each in side.tolist() for part in (each.real, each.imag)] for side in (a, b)
    )
    product = sum(map(operator.mul, parts_a, parts_b))
    squares = sum(part * part for part in parts_a) * sum(part * part for part in parts_b)
    assume(squares)
    found = distance_of(a, b).result()
    with localcontext(prec=50):
        size = (Decimal(squares.numerator) / Decimal(squares.denominator)).sqrt()
        exact = Decimal(product.numerator) / Decimal(product.denominator) / size
        assert abs(Decimal(found.cosine) - exact) <= Decimal(found.cosine_error)
