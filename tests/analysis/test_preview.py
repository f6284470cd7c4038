"""Pictures against one block at a time."""

from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.analysis import preview
from ckpt_viewer.analysis.preview import plane, quick_plane
from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import RequestRefused
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.values.boxes import c_strides
from tests.counted_bytes import CountedCheckpoint
from tests.memory_checkpoint import MemoryCheckpoint

ONE_BLOCK = {
    "absmax": lambda block: max(block.max(), block.min(), key=abs),
    "mean": lambda block: block.mean(),
    "min": lambda block: block.min(),
    "max": lambda block: block.max(),
}


def picture(values, rows=0, columns=1, index=None, draw=plane, **limits):
    checkpoint = MemoryCheckpoint({"x": values})
    place = (0,) * np.ndim(values) if index is None else index
    return draw(checkpoint, checkpoint.find("x"), rows, columns, place, **limits)


def pixel(block, aggregate):
    for marker in (np.isnan, np.isposinf, np.isneginf):
        if marker(block).any():
            return block[marker(block)][0]
    return ONE_BLOCK[aggregate](block)


def one_by_one(values, shown):
    rows, columns = shown.row_step, shown.column_step
    return [
        [
            pixel(values[top : top + rows, left : left + columns].ravel(), shown.aggregate)
            for left in range(0, values.shape[1], columns)
        ]
        for top in range(0, values.shape[0], rows)
    ]


SHAPES = st.tuples(st.integers(1, 30), st.integers(1, 30))


@given(st.data(), SHAPES, st.sampled_from(list(ONE_BLOCK)), st.booleans())
def test_each_pixel_tells_of_its_whole_block(data, shape, aggregate, turned):
    numbers = st.one_of(st.sampled_from([np.nan, np.inf, -np.inf, -0.0]), st.floats(-9, 9, width=32))
    flat = data.draw(st.lists(numbers, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    values = np.array(flat).reshape(shape)
    axes = (1, 0) if turned else (0, 1)
    shown = picture(values, *axes, max_rows=7, max_columns=4, aggregate=aggregate)
    expected = one_by_one(values.T if turned else values, shown)
    np.testing.assert_allclose(shown.values, expected, rtol=1e-12, atol=1e-12)
    assert shown.values.shape[0] <= 7
    assert shown.values.shape[1] <= 4


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_larger_magnitude_is_found_at_both_ends_of_a_type(dtype):
    most, least = np.finfo(dtype).max, np.finfo(dtype).smallest_subnormal
    blocks = [[most, most], [-most, -most], [most, -most], [-least, 0], [least, -least], [-most, 1]]
    shown = picture(np.array(blocks, dtype), max_columns=1)
    assert shown.values.ravel().tolist() == [most, -most, most, -least, least, -most]


@given(st.lists(st.sampled_from([np.nan, np.inf, -np.inf, 1.0, -2.5]), min_size=1, max_size=40))
def test_the_range_is_that_of_all_finite_values(flat):
    values = np.array(flat, np.float32)
    shown, finite = picture(values, None, 0, max_columns=3), values[np.isfinite(values)]
    assert (shown.low, shown.high) == ((finite.min(), finite.max()) if len(finite) else (None, None))
    assert shown.nan == np.isnan(values).sum()
    assert (shown.posinf, shown.neginf) == (np.isposinf(values).sum(), np.isneginf(values).sum())


def test_one_outlier_among_millions_is_seen():
    values = np.zeros((1500, 2000), np.float32)
    values[777, 1111] = -100
    shown = picture(values, max_rows=50, max_columns=50)
    assert shown.values.min() == -100
    assert np.count_nonzero(shown.values) == 1
    assert shown.exact


@pytest.mark.parametrize("axes", [(0, 1), (1, 0)])
@pytest.mark.parametrize("aggregate", list(ONE_BLOCK))
def test_many_slabs_make_one_picture(monkeypatch, axes, aggregate):
    monkeypatch.setattr(preview, "_SLAB_ELEMENTS", 4000)
    values = np.random.default_rng(0).normal(size=(331, 517))
    shown = picture(values, *axes, max_rows=40, max_columns=60, aggregate=aggregate)
    np.testing.assert_allclose(shown.values, one_by_one(values if axes == (0, 1) else values.T, shown))


def test_other_axes_stand_still():
    values = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    assert picture(values, 3, 1, (1, 0, 2, 0)).values.tolist() == values[1, :, 2, :].T.tolist()
    assert picture(values, 1, 2, (1, 0, 0, 4)).values.tolist() == values[1, :, :, 4].tolist()


def test_a_vector_is_one_row_and_a_scalar_one_cell():
    assert picture(np.arange(5), None, 0).values.tolist() == [[0, 1, 2, 3, 4]]
    assert picture(np.arange(5), 0, None).values.tolist() == [[0], [1], [2], [3], [4]]
    assert picture(np.array(7.5), None, None).values.tolist() == [[7.5]]


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_an_empty_plane_is_an_empty_picture(shape):
    shown = picture(np.zeros(shape, np.float32))
    assert (shown.values.shape, shown.low) == (shape, None)


@pytest.mark.parametrize(
    ("dtype", "kept"),
    [
        ("float16", "float32"),
        ("bool", "float32"),
        ("int32", "float64"),
        ("uint64", "float64"),
        ("complex64", "float64"),
    ],
)
def test_what_is_shown_of_other_types(dtype, kept):
    values = np.array([[0, 1], [1, 0]]).astype(dtype)
    shown = picture(values * 1j if dtype == "complex64" else values)
    assert shown.values.dtype == kept
    assert shown.values.tolist() == [[0, 1], [1, 0]]


def test_a_quick_picture_takes_every_nth():
    values = np.arange(100.0).reshape(10, 10)
    shown = picture(values, draw=quick_plane, max_rows=4, max_columns=5)
    assert shown.values.tolist() == values[::3, ::2].tolist()
    assert not shown.exact
    turned = picture(values, 1, 0, draw=quick_plane, max_rows=4, max_columns=5)
    assert turned.values.tolist() == values.T[::3, ::2].tolist()
    assert picture(values, draw=quick_plane).exact


def test_means_of_the_largest_numbers_do_not_overflow():
    assert picture(np.full((1, 4), 1.5e308), max_columns=1, aggregate="mean").values.item() == 1.5e308


def test_a_mean_is_right_beside_an_infinity():
    values = np.array([[np.inf, 1e-310], [2.0, 3e-310], [1.5e308, 8.0], [1.5e308, 4.0]])
    shown = picture(values, max_rows=2, aggregate="mean")
    assert shown.values.tolist() == [[np.inf, 2e-310], [1.5e308, 6.0]]


def test_an_exact_picture_reads_every_byte_once():
    checkpoint = CountedCheckpoint((3000, 900))
    plane(checkpoint, checkpoint.find("x"), 0, 1, (0, 0), max_rows=100, max_columns=100)
    assert checkpoint.content.read_bytes == 3000 * 900 * 4


@pytest.mark.parametrize(
    ("shape", "axes"),
    [
        ((71_000, 71_000), (0, 1)),
        ((71_000, 71_000), (1, 0)),
        ((10_000_000, 512), (0, 1)),
        ((5_000_000_000,), (None, 0)),
        ((3000, 2000, 900), (0, 1)),
        ((3000, 2000, 900), (2, 0)),
        ((3000, 2000, 900), (1, 2)),
    ],
)
def test_a_quick_picture_reads_little_of_much(shape, axes):
    checkpoint = CountedCheckpoint(shape)
    shown = quick_plane(checkpoint, checkpoint.find("x"), *axes, (1,) * len(shape))
    assert shown.exact == (axes == (1, 2))
    assert checkpoint.content.read_bytes <= 32 << 20
    assert checkpoint.content.reads <= 2048
    assert min(shown.values.shape) >= 16 or None in axes


@given(
    st.lists(st.integers(1, 1 << 40), min_size=2, max_size=4),
    st.permutations([0, 1, None]),
)
def test_some_quick_picture_is_within_reach_of_any_plane(shape, axes):
    variable = Variable("x", "float32", tuple(shape), 4 * prod(shape))
    grid = preview._Grid.of(variable, *axes[:2], (0,) * len(shape), (2048, 2048))
    rougher = grid.within_reach(c_strides(shape))
    assert prod(rougher.pixels) <= preview._QUICK_ELEMENTS
    assert all(new >= old for new, old in zip(rougher.steps, grid.steps, strict=True))


@pytest.mark.parametrize("draw", [plane, quick_plane])
def test_of_more_axes_than_numpy_has_there_is_no_picture(draw):
    checkpoint = CountedCheckpoint((1,) * 63 + (2, 3))
    with pytest.raises(RequestRefused, match="65 axes"):
        draw(checkpoint, checkpoint.find("x"), 63, 64, (0,) * 65)


def test_strings_have_no_picture():
    with pytest.raises(RequestRefused, match="not numbers"):
        picture(np.array([b"x"], object), None, 0)


def test_a_cancelled_token_ends_it():
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        picture(np.zeros((9, 9)), cancel=cancel)


def test_a_place_that_is_none_is_refused():
    with pytest.raises(RequestRefused, match="no elements at"):
        picture(np.zeros((0, 3, 4)), 1, 2)
    with pytest.raises(RequestRefused, match="no elements at"):
        picture(np.zeros((2, 3, 4)), 1, 2, (2, 0, 0))


def test_a_quick_look_tells_how_far_it_is():
    class Told(CancelToken):
        def report(self, done, total):
            told.append(done / total)
            super().report(done, total)

    told = []
    values = np.arange(3000.0 * 30).reshape(3000, 30)
    checkpoint = MemoryCheckpoint({"w": values})
    picture = quick_plane(checkpoint, checkpoint.find("w"), 0, 1, (0, 0), cancel=Told())
    assert told == sorted(told)
    assert len(told) > 4
    assert told[-1] == 1
    assert np.array_equal(picture.values, values[:: picture.row_step, :: picture.column_step])
