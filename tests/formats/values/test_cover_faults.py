"""The first place that is wrong, against every element counted."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.formats.values.boxes import Box, overlap
from ckpt_viewer.formats.values.cover_faults import first_gap, first_overlap, place_text

SHAPE = (4, 5)


@st.composite
def boxes(draw):
    starts = [draw(st.integers(0, length)) for length in SHAPE]
    return Box(
        tuple(starts),
        tuple(draw(st.integers(0, length - start)) for length, start in zip(SHAPE, starts, strict=True)),
    )


@given(st.lists(boxes(), max_size=6))
def test_what_is_named_is_so_and_nothing_is_passed_over(found):
    counts = np.zeros(SHAPE, int)
    for box in found:
        counts[box.within(Box((0, 0), SHAPE))] += 1
    gap, shared = first_gap(SHAPE, found), first_overlap(found)
    assert (gap is None) == bool((counts > 0).all())
    assert gap is None or not counts[gap.within(Box((0, 0), SHAPE))].any()
    assert (shared is None) == bool((counts < 2).all())
    assert shared is None or overlap(*shared) is not None


def test_too_many_are_not_looked_through():
    many = [Box((number,), (1,)) for number in range(1000)]
    assert first_gap((2000,), many) is None
    assert first_overlap([*many, many[0]]) is None


def test_more_axes_than_an_array_has_are_not_looked_through():
    assert first_gap((1,) * 254, []) is None


def test_a_place_is_written_as_slices():
    assert place_text(Box((0, 4), (2, 3))) == "[0:2, 4:7]"
