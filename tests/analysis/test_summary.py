"""Against Python's own exact arithmetic, and against TensorFlow's answers."""

import math
import pickle
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import permutations

import ml_dtypes
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ckpt_viewer.analysis.chunks import chunks_of
from ckpt_viewer.analysis.difference import distance_of
from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.analysis.summary import summarize_values
from ckpt_viewer.analysis.timeline import norm_of
from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import UnsupportedFeature
from ckpt_viewer.formats.checkpoint import Piece, Variable
from ckpt_viewer.formats.readers import open_checkpoint
from ckpt_viewer.formats.storage.checksums import crc32c, mask
from ckpt_viewer.formats.storage.source import MemoryBytes
from tests.analysis.arrays import COMPLEX, FLOATS, WHOLE, arrays, finite_numbers, widened
from tests.formats.answers import bundles
from tests.memory_checkpoint import MemoryCheckpoint


def assert_same(one, other):
    """But for the rounding of means and spreads."""
    assert (one.count, one.finite, one.min, one.max) == (other.count, other.finite, other.min, other.max)
    assert (one.zeros, one.nan, one.posinf, one.neginf) == (
        other.zeros,
        other.nan,
        other.posinf,
        other.neginf,
    )
    if isinstance(one.total, int):
        assert one.total == other.total
    if one.mean is not None:
        scale = max(abs(one.min), abs(one.max)) * 1e-12
        assert one.mean == pytest.approx(other.mean, rel=1e-9, abs=scale)
        assert one.std == pytest.approx(other.std, rel=1e-6, abs=scale)


@given(arrays())
def test_the_facts_are_those_of_exact_arithmetic(values):
    summary, numbers = summarize_values(values), finite_numbers(values)
    assert summary.count == len(values)
    assert summary.finite == len(numbers)
    assert summary.zeros == numbers.count(0)
    assert summary.min == min(numbers, default=None)
    assert summary.max == max(numbers, default=None)
    assert summary.histogram is None or summary.histogram.total == len(numbers)


@given(arrays())
def test_mean_and_spread_are_those_of_fractions(values):
    summary, numbers = summarize_values(values), [Fraction(number) for number in finite_numbers(values)]
    assume(numbers)
    mean = sum(numbers) / len(numbers)
    variance = sum((number - mean) ** 2 for number in numbers) / len(numbers)
    largest = max(map(abs, numbers))
    assert abs(Fraction(summary.mean) - mean) <= largest * Fraction(1e-13)
    if largest:
        relative = float(variance / largest**2) ** 0.5
        assert summary.std / float(largest) == pytest.approx(relative, rel=1e-9, abs=1e-12)


@given(arrays(FLOATS + COMPLEX))
def test_what_is_not_finite_is_counted(values):
    summary = summarize_values(values)
    is_complex = values.dtype.kind == "c"
    wide = widened(values)
    assert summary.nan == np.isnan(wide).sum()
    assert summary.count - summary.finite == (~np.isfinite(wide)).sum()
    assert summary.neginf == (0 if is_complex else (wide == -np.inf).sum())


@given(arrays(), st.lists(st.integers(0, 60), max_size=4))
def test_the_parts_of_any_split_merge_to_the_whole(values, cuts):
    merged = summarize_values(values[:0])
    for part in np.split(values, sorted(cuts)):
        merged = merged.merge(summarize_values(part))
    assert_same(merged, summarize_values(values))


@given(arrays(WHOLE))
def test_integers_have_exact_means(values):
    numbers = finite_numbers(values)
    assume(numbers)
    parts = summarize_values(values[:3]).merge(summarize_values(values[3:]))
    assert parts.mean == sum(numbers) / len(numbers)


def test_a_large_offset_takes_nothing_from_the_spread():
    values = np.array([2**62 + step for step in range(100)])
    assert summarize_values(values).std == pytest.approx(np.arange(100).std())
    assert summarize_values(1e9 + np.tile([0.0, 1.0], 1000)).std == pytest.approx(0.5)


def test_many_equal_values_have_their_value_as_mean_and_no_spread():
    summary = summarize_values(np.full(1 << 20, 0.1))
    assert (summary.mean, summary.std) == (0.1, 0.0)


def test_a_spread_near_the_last_digit_is_told():
    flips = np.random.default_rng(0).integers(0, 2, 1 << 20)
    summary = summarize_values(1e15 + flips)
    assert summary.mean == 1e15 + 0.5
    assert summary.std == pytest.approx(flips.std(), rel=1e-9)


@pytest.mark.parametrize("scale", [1e308, 1e-300, 5e-324])
def test_squares_beyond_float64_are_no_obstacle(scale):
    summary = summarize_values(np.array([scale, -scale, scale, -scale]))
    assert (summary.mean, summary.std) == (0.0, scale)


@pytest.mark.parametrize("zeros_first", [False, True])
def test_zeros_beside_what_is_tiny_take_nothing_from_its_spread(zeros_first):
    part, zeros = np.full(262_144, 1e-200), np.zeros(262_144)
    summary = summarize_values(np.concatenate([zeros, part] if zeros_first else [part, zeros]))
    assert summary.std == pytest.approx(5e-201, rel=1e-14, abs=0)
    assert norm_of(summary) == pytest.approx(512e-200, rel=1e-14, abs=0)


def test_a_spread_in_the_last_digits_of_what_is_small_is_told():
    values = 1e-150 * (1 + np.arange(7) * 2.0**-50)
    exact = list(map(Fraction, values.tolist()))
    mean = sum(exact) / 7
    variance = sum((value - mean) ** 2 for value in exact) / 7
    expected = math.sqrt(variance * 10**340) / 1e170
    assert summarize_values(values).std == pytest.approx(expected, rel=1e-12, abs=0)


@pytest.mark.parametrize("value", [0.1, 1 / 3, -1e149, 1e-310])
def test_equal_values_in_several_chunks_have_no_spread(value):
    summary = summarize_values(np.full(1_310_723, value))
    assert (summary.mean, summary.std) == (value, 0.0)


@pytest.mark.parametrize("dtype", COMPLEX)
@pytest.mark.parametrize(
    "shares",
    [[1 + 1j], [1 + 1j, 0], [1 + 1j] * 3 + [1e-300], [-1 + 0.9j, 1j - 1, 1 + 1j], [1j, 1, 0.7 + 0.7j]],
)
def test_magnitudes_too_large_for_a_float_are_told_alike_in_statistics_and_differences(dtype, shares):
    values = (np.array(shares) * np.finfo(dtype).max).astype(dtype)
    values[values == 0] = 1
    with localcontext(prec=60, Emax=10**6, Emin=-(10**6)):
        squares = [Decimal(float(each.real)) ** 2 + Decimal(float(each.imag)) ** 2 for each in values]
        sizes = [square.sqrt() for square in squares]
        mean, rms = sum(sizes) / len(sizes), (sum(squares) / len(sizes)).sqrt()
        std = (sum((size - mean) ** 2 for size in sizes) / len(sizes)).sqrt()
        low, high, mean, rms, std = map(float, (min(sizes), max(sizes), mean, rms, std))  # or infinite
    split = summarize_values(values[:1]).merge(summarize_values(values[1:]))
    for summary in (summarize_values(values), split):
        assert (summary.finite, summary.posinf, summary.zeros) == (len(values), 0, 0)
        assert [summary.min, summary.max] == pytest.approx([low, high], rel=1e-15)
        assert summary.mean == pytest.approx(mean, rel=1e-14)
        assert summary.std == pytest.approx(std, rel=1e-9, abs=float(np.finfo(dtype).max) * 1e-15)
        assert norm_of(summary) == pytest.approx(math.sqrt(len(values)) * rms, rel=1e-12)
    found = distance_of(np.zeros_like(values), values).result()
    assert found.max_abs == summary.max
    assert [found.mean_abs, found.rms] == pytest.approx([mean, rms], rel=1e-14)


def test_nan_in_either_part_makes_a_complex_number_nan():
    values = np.array([complex(np.inf, np.nan), complex(3, 4), complex(np.nan, 0)], np.complex64)
    summary = summarize_values(values)
    assert (summary.nan, summary.posinf, summary.max) == (2, 0, 5.0)


def test_bool_is_counted_as_0_and_1():
    summary = summarize_values(np.array([True, False, True, True]))
    assert (summary.min, summary.max, summary.total, summary.zeros, summary.mean) == (0, 1, 3, 1, 0.75)
    assert type(summary.min) is int


def test_strings_have_a_count_only():
    summary = summarize_values(np.array([[b"a", b"bc"]], object))
    assert (summary.count, summary.min, summary.mean, summary.histogram) == (2, None, None, None)


def test_an_empty_variable_has_nothing_but_its_checksum():
    checkpoint = stored({"x": np.zeros((0, 3), np.float32)})
    summary = summarize(checkpoint, checkpoint.find("x"))
    assert (summary.count, summary.min, summary.std, summary.checksum) == (0, None, None, "ok")


def test_a_scalar_is_summarized():
    checkpoint = stored({"x": np.array(7, np.int64)})
    summary = summarize(checkpoint, checkpoint.find("x"))
    assert (summary.count, summary.min, summary.mean, summary.std) == (1, 7, 7.0, 0.0)


def stored(values):
    """A checkpoint whose checksums are right."""
    checksums = {name: mask(crc32c(array.tobytes())) for name, array in values.items()}
    return MemoryCheckpoint(values, checksums=checksums)


def test_chunks_give_what_the_whole_gives_and_the_checksum_of_all():
    values = np.random.default_rng(0).normal(3, 2, 1_300_000).astype(np.float32)
    values[77] = np.nan
    checkpoint = stored({"x": values})
    summary = summarize(checkpoint, checkpoint.find("x"))
    assert_same(summary, summarize_values(values))
    assert summary.mean == pytest.approx(math.fsum(values[values == values]) / 1_299_999, rel=1e-12)
    assert summary.checksum == "ok"


def test_a_wrong_checksum_is_told_beside_the_facts():
    checkpoint = MemoryCheckpoint({"x": np.arange(5.0)}, checksums={"x": 1})
    summary = summarize(checkpoint, checkpoint.find("x"))
    assert (summary.checksum, summary.max) == ("wrong", 4.0)
    assert "0x00000001 is stored" in summary.problem.message


@pytest.mark.parametrize(
    ("values", "mean"),
    [
        (np.array([1e38, 1.0, -1e38, 0.0], np.float32), 0.25),
        (np.array([3.3e38, 1.0, -3.3e38, 1.0], ml_dtypes.bfloat16), 0.5),
        (np.array([1e308, 1e-308, -1e308]), 1e-308 / 3),
        (np.array([1e308, 1e308, -1e308, -1e308]), 0.0),
        (np.array([5e-324, 5e-324]), 5e-324),
    ],
)
def test_what_large_values_of_both_signs_leave_is_the_mean(values, mean):
    assert summarize_values(values).mean == mean


def test_chunks_that_cancel_each_other_leave_the_same_in_any_order():
    parts = [summarize_values(np.array([value])) for value in (1e200, 1.0, -1e200, 2.0**-40)]
    means = {one.merge(two).merge(three).merge(four).mean for one, two, three, four in permutations(parts)}
    assert means == {(1 + 2.0**-40) / 4}
    assert parts[0].merge(parts[1].merge(parts[2].merge(parts[3]))).mean == means.pop()


def test_without_a_stored_checksum_none_is_claimed():
    checkpoint = MemoryCheckpoint({"x": np.arange(5.0)})
    assert summarize(checkpoint, checkpoint.find("x")).checksum == "none"


class Sliced(MemoryCheckpoint):
    """One variable in two pieces, the second one with the checksum given."""

    def __init__(self, values, second):
        super().__init__({"x": values})
        self._halves, self._second = np.split(values, 2), second

    def pieces(self, variable):
        checksums = mask(crc32c(self._halves[0].tobytes())), self._second
        return [
            Piece(MemoryBytes(half.tobytes()), 0, half.nbytes, (0,), half.shape, variable.dtype, checksum)
            for half, checksum in zip(self._halves, checksums, strict=True)
        ]


@pytest.mark.parametrize(("second", "verdict"), [(None, "none"), (5, "wrong")])
def test_every_piece_has_a_say_in_the_verdict(second, verdict):
    checkpoint = Sliced(np.arange(8.0), second)
    summary = summarize(checkpoint, checkpoint.find("x"))
    assert (summary.checksum, summary.total, summary.mean) == (verdict, 28, 3.5)


def test_big_endian_bytes_are_turned_after_the_checksum():
    content = np.array([1.5, 2.5], ">f4").tobytes()
    piece = Piece(MemoryBytes(content), 0, 8, (0,), (2,), "float32", mask(crc32c(content)), big_endian=True)
    checkpoint = MemoryCheckpoint({"x": np.zeros(2, np.float32)})
    checkpoint.pieces = lambda variable: (piece,)
    summary = summarize(checkpoint, checkpoint.find("x"))
    assert (summary.checksum, summary.min, summary.max) == ("ok", 1.5, 2.5)


def test_any_executor_will_do():
    checkpoint = stored({"x": np.arange(1_200_000)})
    with ThreadPoolExecutor(3) as executor:
        summary = summarize(checkpoint, checkpoint.find("x"), executor=executor)
    assert (summary.total, summary.checksum) == (1_200_000 * 1_199_999 // 2, "ok")


def test_chunks_travel_to_other_processes():
    checkpoint = MemoryCheckpoint({"x": np.arange(9)})
    (chunk,) = chunks_of(checkpoint.pieces(checkpoint.find("x")))
    assert pickle.loads(pickle.dumps(chunk)).load()[0].tolist() == list(range(9))


def test_a_cancelled_token_ends_it():
    checkpoint, cancel = stored({"x": np.arange(3_000_000)}), CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        summarize(checkpoint, checkpoint.find("x"), cancel)


def test_progress_ends_at_the_whole():
    checkpoint, cancel = stored({"x": np.arange(1_000_000)}), CancelToken()
    summarize(checkpoint, checkpoint.find("x"), cancel)
    assert cancel.progress == 1.0


def test_a_type_without_values_is_refused():
    with pytest.raises(UnsupportedFeature):
        summarize(Unreadable({}), Variable("v", "variant", (), 9))


class Unreadable(MemoryCheckpoint):
    def read(self, variable, *, verify=True, cancel=None):
        raise UnsupportedFeature("Values of type variant cannot be shown.")


@pytest.mark.parametrize(("prefix", "answers"), bundles())
def test_tensorflow_says_the_same(prefix, answers):
    with open_checkpoint(prefix) as checkpoint:
        for name, answer in answers.items():
            variable = checkpoint.find(name)
            if (
                variable.problem is None
                and variable.dtype not in ("variant", "resource")
                and "sha256" in answer
            ):
                _compare(summarize(checkpoint, variable), answer, variable.dtype)


def _compare(summary, answer, dtype):
    assert summary.checksum == "ok"
    for fact in ("nan", "posinf", "neginf", "zeros"):
        if fact in answer and dtype != "string":
            assert getattr(summary, fact) == answer[fact], fact
    if dtype == "string" or dtype.startswith("complex") or "nan" not in answer:
        return
    assert _finite(answer["min"], summary.min) == summary.min
    assert _finite(answer["max"], summary.max) == summary.max
    if answer["mean"] is not None:
        scale = max(abs(summary.min), abs(summary.max))
        assert summary.mean == pytest.approx(answer["mean"], rel=1e-9, abs=scale * 1e-12)


def _finite(told, ours):
    """TensorFlow's extremes include the infinities; ours do not."""
    return ours if told in ("inf", "-inf") else told
