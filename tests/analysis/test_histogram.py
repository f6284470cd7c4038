"""Counts are checked one value at a time, with fractions."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.analysis.histogram import (
    MAX_BINS,
    Histogram,
    bin_number,
    count_bytes,
    histogram_of,
)
from ckpt_viewer.formats.checkpoint import Array
from tests.analysis.arrays import FLOATS, WHOLE, arrays, finite_numbers


def counted_by_hand(values: Array, histogram: Histogram) -> list[int]:
    width = Fraction(2) ** histogram.exponent
    counts = [0] * len(histogram.counts)
    for value in finite_numbers(values):
        counts[Fraction(value) // width - histogram.first] += 1
    return counts


@given(arrays())
def test_every_finite_value_is_in_its_bin(values):
    histogram = histogram_of(values)
    assert histogram.counts.tolist() == counted_by_hand(values, histogram)


@given(arrays(), st.integers(0, 60))
def test_the_parts_merge_to_the_whole(values, cut):
    merged = histogram_of(values[:cut]).merge(histogram_of(values[cut:]))
    assert merged.counts.tolist() == counted_by_hand(values, merged)
    assert len(merged.counts) <= MAX_BINS


@given(arrays(FLOATS + WHOLE), st.integers(2, 40))
def test_a_coarser_grid_loses_nothing(values, bins):
    coarse = histogram_of(values).coarsened(bins)
    assert len(coarse.counts) <= bins
    assert coarse.counts.tolist() == counted_by_hand(values, coarse)


@given(arrays(FLOATS))
def test_both_ends_are_filled(values):
    counts = histogram_of(values).counts
    assert not len(counts) or (counts[0] and counts[-1])


def test_long_arrays_are_counted_like_short_ones():
    values = np.random.default_rng(1).normal(0, 3, 1_500_001).astype(np.float32)
    histogram = histogram_of(values)
    assert histogram.counts.tolist() == np.histogram(values.astype(np.float64), histogram.edges)[0].tolist()
    assert 129 <= len(histogram.counts) <= MAX_BINS


def test_bytes_are_counted_in_pairs_and_alone():
    codes = np.random.default_rng(2).integers(0, 256, 200_001).astype(np.uint8)
    assert count_bytes(codes).tolist() == np.bincount(codes, minlength=256).tolist()
    assert count_bytes(codes[:9]).tolist() == np.bincount(codes[:9], minlength=256).tolist()


def test_a_tiny_negative_number_is_left_of_zero_whatever_its_neighbours():
    values = np.array([-5e-324, 1e308, -1e-45])
    histogram = histogram_of(values)
    assert histogram.first == -1
    assert histogram.counts[:2].tolist() == [2, 0]
    assert histogram_of(np.array([-1e-45, 3e38], np.float32)).first == -1


def test_denormals_fill_many_bins():
    assert len(histogram_of(np.arange(-100, 100, dtype=np.float32) * np.float32(1e-44)).counts) > 100


def test_integers_beyond_float64_are_told_apart():
    values = np.array([2**63, 2**63 + 1, 2**63 + 2], np.uint64)
    assert histogram_of(values).total == 3
    assert bin_number(2**63 + 1, 0) == 2**63 + 1


def test_zeros_do_not_coarsen_what_is_tiny():
    tiny = histogram_of(np.linspace(1e-12, 2e-12, 50))
    assert histogram_of(np.zeros(9)).merge(tiny).exponent <= tiny.exponent + 1


def test_without_finite_values_there_are_no_bins():
    assert len(histogram_of(np.array([np.nan, np.inf])).counts) == 0
