"""Boxes against numpy: an array that counts how often each element is met."""

from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.formats.values.boxes import Box, cover_exactly_once, in_order, of_flat_range, overlap

SHAPES = st.lists(st.integers(0, 5), max_size=4).map(tuple)


@st.composite
def boxes_in(draw: st.DrawFn, shape: tuple[int, ...]) -> Box:
    starts = [draw(st.integers(0, length)) for length in shape]
    return Box(
        tuple(starts),
        tuple(draw(st.integers(0, length - start)) for start, length in zip(starts, shape, strict=True)),
    )


def numbered(shape: tuple[int, ...]) -> np.ndarray:
    return np.arange(prod(shape)).reshape(shape)


def cells(shape: tuple[int, ...], box: Box) -> list[int]:
    return numbered(shape)[box.within(Box((0,) * len(shape), shape))].reshape(-1).tolist()


@given(SHAPES.filter(len), st.integers(1, 40))
def test_boxes_in_order_are_all_elements_in_c_order(shape: tuple[int, ...], limit: int) -> None:
    found = list(in_order(shape, limit))
    assert [cell for box in found for cell in cells(shape, box)] == list(range(prod(shape)))
    assert all(prod(box.shape) <= limit for box in found)


@given(SHAPES.filter(len), st.data())
def test_a_flat_range_is_a_few_boxes(shape: tuple[int, ...], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, prod(shape)))
    count = data.draw(st.integers(0, prod(shape) - start))
    found = list(of_flat_range(shape, start, count))
    assert [cell for box in found for cell in cells(shape, box)] == list(range(start, start + count))
    assert len(found) <= 2 * len(shape)


@given(SHAPES, st.data())
def test_an_overlap_is_what_both_have(shape: tuple[int, ...], data: st.DataObject) -> None:
    one, other = data.draw(boxes_in(shape)), data.draw(boxes_in(shape))
    shared = overlap(one, other)
    assert (cells(shape, shared) if shared else []) == sorted({*cells(shape, one)} & {*cells(shape, other)})


@given(SHAPES, st.data())
def test_a_cover_is_exact_if_every_element_is_met_once(shape: tuple[int, ...], data: st.DataObject) -> None:
    boxes = data.draw(st.lists(boxes_in(shape), max_size=4))
    met = np.zeros(shape, int)
    for box in boxes:
        met[box.within(Box((0,) * len(shape), shape))] += 1
    assert cover_exactly_once(shape, boxes) == bool((met == 1).all())


@given(st.lists(st.integers(1, 9), min_size=2, max_size=3), st.data())
def test_a_shape_cut_up_is_covered(lengths: list[int], data: st.DataObject) -> None:
    shape = tuple(lengths)
    parts = [Box((0,) * len(shape), shape)]
    for _ in range(data.draw(st.integers(0, 6))):
        parts = [half for part in parts for half in _halves(part, data.draw(st.integers(0, len(shape) - 1)))]
    assert cover_exactly_once(shape, parts)
    assert not cover_exactly_once(shape, [*parts, parts[0]])
    assert not cover_exactly_once(shape, parts[1:])


def test_sixty_thousand_equal_slices_are_refused_without_comparing_each_with_each() -> None:
    assert not cover_exactly_once((20, 10), [Box((0, 0), (10, 10))] * 60_000)


def test_too_many_cut_axes_are_not_counted() -> None:
    cells = [Box(start, (1,) * 12) for start in np.ndindex(*(2,) * 12)]
    with pytest.raises(ValueError, match="corners"):
        cover_exactly_once((2,) * 12, cells)


def test_a_slice_that_leaves_elements_out_is_refused_without_counting_its_corners() -> None:
    assert not cover_exactly_once((2,) * 30, [Box((0,) * 30, (1,) * 30)])


def test_a_few_boxes_of_many_corners_are_compared_with_each_other() -> None:
    """Cut in half again and again, so that every axis is cut and a box has 2^17 corners."""
    shape = (2,) * 17
    parts = [
        Box((0,) * axis + (1,) + (0,) * (16 - axis), (1,) * (axis + 1) + (2,) * (16 - axis))
        for axis in range(17)
    ]
    parts.append(Box((0,) * 17, (1,) * 17))
    assert cover_exactly_once(shape, parts)
    moved = Box((1,) + (0,) * 16, parts[-1].shape)
    assert not cover_exactly_once(shape, [*parts[:-1], moved])


def _halves(box: Box, axis: int) -> list[Box]:
    middle = box.shape[axis] // 2
    if not middle:
        return [box]
    first, second = list(box.shape), list(box.shape)
    first[axis], second[axis] = middle, box.shape[axis] - middle
    start = list(box.start)
    start[axis] += middle
    return [Box(box.start, tuple(first)), Box(tuple(start), tuple(second))]
