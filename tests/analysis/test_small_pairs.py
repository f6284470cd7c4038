"""Small pairs side by side, against each one measured by itself and against numpy."""

import ml_dtypes
import numpy as np
import pytest

from ckpt_viewer.analysis.comparison import Pair, compare, measure, pair_up
from ckpt_viewer.analysis.measuring import measure_all, unmeasured
from ckpt_viewer.analysis.small_pairs import SmallPairs, grouped_pairs
from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.formats.readers import open_checkpoint
from tests.bundle_writer import write_bundle

DTYPES = (
    np.float32,
    np.float64,
    np.float16,
    ml_dtypes.bfloat16,
    np.int32,
    np.int64,
    np.int8,
    np.bool_,
    np.complex64,
)
COUNT = 40


def two_sides(dtype, seed=0):
    """Of one to ninety-nine elements, of very different sizes; some alike, some with NaN and infinities."""
    random = np.random.default_rng(seed)
    a, b = {}, {}
    for place in range(COUNT):
        shape, scale = random.integers(1, 100), 10.0 ** random.integers(-3, 4)
        values = random.normal(1, 1, shape) * scale
        moved = values + random.normal(0, 0.1, shape) * scale * (place % 5 > 0)
        if place % 7 == 0 and np.dtype(dtype).kind not in "iub":
            values[0], moved[-1] = np.nan, np.inf
        a[f"v{place:03d}"], b[f"v{place:03d}"] = values.astype(dtype), moved.astype(dtype)
    return a, b


@pytest.fixture
def opened(tmp_path):
    def open_both(a, b):
        return [
            open_checkpoint(write_bundle(tmp_path / f"{name}.ckpt-1", arrays))
            for name, arrays in (("a", a), ("b", b))
        ]

    return open_both


def grouped(a, b):
    pairs = pair_up(a, b).pairs
    return list(grouped_pairs(a, b, [(pair.a, pair.b) for pair in pairs]))


def assert_alike(found, expected):
    assert (found.status, found.how, found.damage) == (expected.status, expected.how, expected.damage)
    for figure in ("count", "changed", "max_abs", "nonfinite"):
        assert getattr(found.difference, figure) == getattr(expected.difference, figure)
    for figure in ("mean_abs", "rms", "relative", "cosine"):
        value = getattr(expected.difference, figure)
        near = value if value is None else pytest.approx(value, rel=1e-12, abs=1e-14)
        assert getattr(found.difference, figure) == near


@pytest.mark.filterwarnings("ignore:.*invalid value:RuntimeWarning", "ignore:.*Casting complex:Warning")
@pytest.mark.parametrize("dtype", DTYPES)
def test_each_is_as_if_measured_by_itself(opened, dtype):
    a, b = opened(*two_sides(dtype))
    if np.dtype(dtype).itemsize < 8 or dtype is np.float64:
        assert [type(each) for each in grouped(a, b)] == [SmallPairs]
    together = list(compare(a, b, exact=True))
    assert len(together) == COUNT
    for pair in together:
        assert_alike(pair, measure(a, b, Pair(pair.a, pair.b, "changed"), exact=True))


def test_the_figures_are_those_of_numpy(opened):
    arrays_a, arrays_b = two_sides(np.float32)
    for pair in compare(*opened(arrays_a, arrays_b), exact=True):
        one, other = (arrays[pair.name].astype(np.float64) for arrays in (arrays_a, arrays_b))
        finite = np.isfinite(one) & np.isfinite(other)
        gaps = np.abs(other - one)[finite]
        assert pair.difference.changed == ((one != other) & ~(np.isnan(one) & np.isnan(other))).sum()
        if len(gaps):
            assert pair.difference.max_abs == gaps.max()
            assert pair.difference.rms == pytest.approx(np.sqrt((gaps**2).mean()), rel=1e-9)


def test_neighbours_in_one_file_only_go_by_themselves(opened):
    a, b = two_sides(np.float32)
    b["v020x"] = np.zeros(5, np.float32)
    one, other = opened(a, b)
    both = [(pair.a, pair.b) for pair in pair_up(one, other).pairs if pair.a and pair.b]
    assert [(each.start, each.end) for each in grouped_pairs(one, other, both)] == [(0, 21), (21, COUNT)]


def test_a_wrong_byte_is_told_of_its_own_pair_alone(opened):
    a, b = opened(*two_sides(np.float32))
    variable = b.find("v017")
    with b.pieces(variable)[0].source.path.open("r+b") as file:
        file.seek(variable.offset)
        file.write(bytes([file.read(1)[0] ^ 1]))
    damaged = [pair for pair in compare(a, b, exact=True) if pair.damage]
    assert [pair.name for pair in damaged] == ["v017"]
    assert "checksum" in damaged[0].damage[0].message


def test_what_a_cut_file_still_has_is_compared(opened):
    a, b = opened(*two_sides(np.float32))
    variable = b.find("v030")
    with b.pieces(variable)[0].source.path.open("r+b") as file:
        file.truncate(variable.offset)
    unread = [pair.name for pair in compare(a, b, exact=True) if pair.problem]
    assert unread == [f"v{place:03d}" for place in range(30, COUNT)]


def test_all_are_handed_on_with_the_small_ones_first(opened):
    a, b = two_sides(np.float32)
    a["a"], b["a"] = np.zeros(100_000, np.float32), np.ones(100_000, np.float32)
    sides, found, token = opened(a, b), [], CancelToken()
    waiting = unmeasured(pair_up(*sides).pairs)
    measure_all(*sides, waiting, found.append, token)
    assert [pair.name for pair in found] == [*sorted(pair.name for pair in waiting if pair.name != "a"), "a"]
    assert all(pair.difference for pair in found)
    assert token.progress == 1


def test_measuring_stops_when_it_is_cancelled(opened):
    sides, token = opened(*two_sides(np.float32)), CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        measure_all(*sides, unmeasured(pair_up(*sides).pairs), pytest.fail, token)
