"""The pictures are compared with numpy's own arithmetic over the whole arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.analysis import preview
from ckpt_viewer.analysis.difference_picture import difference_of, difference_plane
from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import RequestRefused
from tests.memory_checkpoint import MemoryCheckpoint


def difference(a, b, rows=0, columns=1, index=None, **limits):
    first, second = MemoryCheckpoint({"x": a}), MemoryCheckpoint({"x": b})
    place = (0,) * np.ndim(a) if index is None else index
    return difference_plane(first, first.find("x"), second, second.find("x"), rows, columns, place, **limits)


def blocks(values, rows, columns):
    """The value of largest magnitude of each block, one block at a time."""
    down = [values[row : row + rows] for row in range(0, len(values), rows)]
    return np.array(
        [[largest(line[:, at : at + columns]) for at in range(0, values.shape[1], columns)] for line in down]
    )


def largest(block):
    flat = block.ravel()
    return np.nan if np.isnan(flat).any() else flat[np.abs(flat).argmax()]


def test_a_small_plane_is_shown_element_by_element():
    a, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 5.0], [3.0, 0.0]])
    found = difference(a, b)
    np.testing.assert_array_equal(found.values, [[0, 3], [0, -4]])
    assert (found.row_step, found.column_step) == (1, 1)
    assert (found.low, found.high) == (-4, 3)


def test_opposite_changes_in_one_block_do_not_cancel():
    a = np.zeros((4, 4), np.float32)
    b = a.copy()
    b[0, 0], b[0, 1] = 2, -3
    assert difference(a, b, max_rows=1, max_columns=1).values.tolist() == [[-3]]


def test_a_change_within_equal_aggregates_is_seen():
    a, b = np.array([[5.0, 0.0]]), np.array([[0.0, 5.0]])
    assert abs(difference(a, b, max_columns=1).values[0, 0]) == 5


def test_the_brightest_pixel_is_the_largest_change():
    rng = np.random.default_rng(1)
    a = rng.normal(size=(300, 500)).astype(np.float32)
    b = a + rng.normal(size=a.shape).astype(np.float32) * np.float32(1e-3)
    b[217, 401] += 7
    found = difference(a, b, max_rows=32, max_columns=64)
    row, column = np.unravel_index(np.abs(found.values).argmax(), found.values.shape)
    assert (row, column) == (217 // found.row_step, 401 // found.column_step)
    assert found.high == float(b[217, 401]) - float(a[217, 401])


@pytest.mark.parametrize("axes", [(0, 1), (1, 0)])
@pytest.mark.parametrize("block", [1, 7, 64, 1000, 1 << 20])
@pytest.mark.parametrize("limit", [1, 3, 40])
def test_blocks_of_any_size_give_the_same_picture(monkeypatch, axes, block, limit):
    monkeypatch.setattr(preview, "_SLAB_ELEMENTS", block)
    rng = np.random.default_rng(block)
    a, b = rng.normal(size=(2, 37, 23))
    found = difference(a, b, *axes, max_rows=limit, max_columns=limit)
    shown = b - a if axes == (0, 1) else (b - a).T
    np.testing.assert_array_equal(found.values, blocks(shown, found.row_step, found.column_step))
    assert (found.low, found.high) == (shown.min(), shown.max())


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 5), st.integers(1, 30))
def test_every_pixel_is_the_largest_difference_of_its_block(rows, columns, limit, seed):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(-9, 9, (2, rows, columns)).astype(np.float32)
    found = difference(a, b, max_rows=limit, max_columns=limit)
    expected = blocks(b - a, found.row_step, found.column_step)
    np.testing.assert_array_equal(np.abs(found.values), np.abs(expected))


def test_a_slice_of_a_larger_variable_is_read_alone():
    a = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)
    b = a.copy()
    b[1, 2, 3, 4] += 1
    found = difference(a, b, 3, 1, (1, 0, 3, 0))
    assert found.values.shape == (5, 3)
    assert np.argwhere(found.values).tolist() == [[4, 2]]


def test_a_vector_is_one_row_and_a_scalar_one_pixel():
    assert difference(np.arange(3.0), np.arange(3.0) * 2, None, 0).values.tolist() == [[0, 1, 2]]
    assert difference(np.float32(1), np.float32(3), None, None).values.tolist() == [[2]]


def test_nothing_in_it_has_no_range():
    found = difference(np.zeros((0, 3)), np.zeros((0, 3)))
    assert found.values.shape == (0, 3)
    assert (found.low, found.high) == (None, None)


def test_two_nan_in_one_place_are_equal_and_one_alone_is_told():
    a = np.array([[np.nan, 1.0, np.inf, np.inf, -np.inf]])
    b = np.array([[np.nan, np.nan, np.inf, 0.0, np.inf]])
    found = difference(a, b)
    np.testing.assert_array_equal(found.values, [[0, np.nan, 0, -np.inf, np.inf]])
    assert (found.nan, found.posinf, found.neginf) == (1, 1, 1)
    assert (found.low, found.high) == (0, 0)


def test_a_nan_in_a_block_stays_visible():
    a, b = np.zeros((1, 6)), np.zeros((1, 6))
    b[0, 4], b[0, 5] = np.nan, 100
    np.testing.assert_array_equal(difference(a, b, max_columns=2).values, [[0, np.nan]])


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (np.int64(2**62), np.int64(2**62 + 1), 1),
        (np.int64(-(2**63)), np.int64(2**63 - 1), 2.0**64 - 1),
        (np.uint64(2**64 - 1), np.uint64(2**64 - 2), -1),
        (np.int64(-1), np.uint64(2**64 - 1), 2.0**64),
        (np.uint8(3), np.uint8(5), 2),
        (np.uint8(5), np.uint8(3), -2),
        (np.bool_(True), np.bool_(False), -1),
        (np.int8(-1), np.int64(2**40), 2**40 + 1),
        (np.float16(1), np.float64(1.5), 0.5),
        (np.complex64(3 + 4j), np.complex64(0), 5),
    ],
)
def test_differences_are_exact_for_every_kind_of_number(a, b, expected):
    assert difference_of(np.array([a]), np.array([b])).tolist() == [expected]


def test_unequal_shapes_are_refused_in_words():
    with pytest.raises(RequestRefused, match=r"shape \(2, 3\) in A and \(2, 4\) in B"):
        difference(np.zeros((2, 3)), np.zeros((2, 4)))


def test_strings_are_refused_in_words():
    words = np.array([[b"a", b"b"]], object)
    with pytest.raises(RequestRefused, match="not numbers"):
        difference(words, words)


def test_it_can_be_cancelled_and_says_how_far_it_is():
    cancel = CancelToken()
    difference(np.zeros((4, 4)), np.zeros((4, 4)), cancel=cancel)
    assert cancel.progress == 1
    cancel.cancel()
    with pytest.raises(Cancelled):
        difference(np.zeros((4, 4)), np.zeros((4, 4)), cancel=cancel)


@pytest.mark.parametrize(
    "dtypes", [("float32", "float32"), ("float16", "float64"), ("int64", "int8"), ("complex64", "float32")]
)
def test_a_difference_can_be_put_into_memory_that_is_there(dtypes):
    a, b = (np.array([[1, -2], [3, 0]]).astype(dtype) for dtype in dtypes)
    into = np.full((2, 2), np.nan)
    assert difference_of(a, b, into) is into
    np.testing.assert_array_equal(into, difference_of(a, b))


def test_no_difference_is_a_negative_zero():
    zeros = np.array([0.0, -0.0], np.float32)
    assert not np.signbit(difference_of(zeros, -zeros)).any()
