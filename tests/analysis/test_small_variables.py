"""Each as numpy and exact sums have it, whatever lies beside it."""

import math
from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest

from ckpt_viewer.analysis.histogram import histogram_of
from ckpt_viewer.analysis.scan import summarize_all
from ckpt_viewer.analysis.small_variables import BINS, SmallOnes, grouped
from ckpt_viewer.analysis.verify import verify
from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.formats.readers import open_checkpoint
from tests.bundle_writer import write_bundle

DTYPES = (np.float32, np.float64, np.float16, ml_dtypes.bfloat16, np.int32, np.int8, np.uint16, np.bool_)


def several(dtype, count=40, seed=0):
    """Of one to ninety-nine elements, of very different sizes."""
    random = np.random.default_rng(seed)
    scales = 10.0 ** random.integers(-3, 4, count)
    return {
        f"v{place:03d}": (random.normal(1, 1, random.integers(1, 100)) * scales[place]).astype(dtype)
        for place in range(count)
    }


def opened(tmp_path, arrays):
    return open_checkpoint(write_bundle(tmp_path / "m.ckpt-1", arrays))


def summaries(checkpoint):
    return {variable.name: found for variable, found in summarize_all(checkpoint, checkpoint.variables)}


def assert_right(summary, values):
    wide = values.astype(np.float64).reshape(-1)
    finite = wide[np.isfinite(wide)]
    assert (summary.count, summary.finite) == (wide.size, finite.size)
    assert (summary.zeros, summary.nan) == ((wide == 0).sum(), np.isnan(wide).sum())
    assert (summary.posinf, summary.neginf) == ((wide == np.inf).sum(), (wide == -np.inf).sum())
    if finite.size:
        assert (summary.min, summary.max) == (finite.min(), finite.max())
        near = {"rel": 1e-12, "abs": 1e-13 * np.abs(finite).max()}
        assert summary.mean == pytest.approx(math.fsum(finite) / finite.size, **near)
        assert summary.std == pytest.approx(finite.std(), rel=1e-9, abs=near["abs"])
        assert_counted(summary.histogram, finite)


def assert_counted(histogram, finite):
    counted = np.histogram(finite, histogram.edges)[0]
    assert histogram.counts.sum() == finite.size
    inside = finite[~np.isin(finite, histogram.edges[-1:])]  # numpy's last bin holds its upper edge too
    assert len(inside) < finite.size or histogram.counts.tolist() == counted.tolist()


@pytest.mark.parametrize("dtype", DTYPES)
def test_neighbours_have_the_figures_that_each_has_alone(tmp_path, dtype):
    arrays = several(dtype)
    with opened(tmp_path, arrays) as checkpoint:
        assert [type(each) for each in grouped(checkpoint, checkpoint.variables)] == [SmallOnes]
        found = summaries(checkpoint)
    for name, values in arrays.items():
        assert_right(found[name], values)
        assert found[name].checksum == "ok"
        assert type(found[name].min) is (int if np.dtype(dtype).kind in "iub" else float)


def test_equal_values_have_that_mean_and_no_spread_and_others_their_last_digits(tmp_path):
    random = np.random.default_rng(4)
    arrays = {f"v{place:03d}": np.full(random.integers(1, 300), random.normal()) for place in range(200)}
    arrays["w"] = np.array([1.0, 1 + 7e-16])
    for name, summary in summaries(opened(tmp_path, arrays)).items():
        values = list(map(Fraction, arrays[name].tolist()))
        mean = sum(values) / len(values)
        spread = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
        assert summary.min <= summary.mean <= summary.max
        assert summary.mean == pytest.approx(float(mean), rel=2e-16, abs=0)
        assert summary.std == pytest.approx(spread, rel=1e-12, abs=0)


def test_their_bins_are_few_and_agree_with_finer_ones(tmp_path):
    arrays = several(np.float32)
    with opened(tmp_path, arrays) as checkpoint:
        for name, found in summaries(checkpoint).items():
            coarse = histogram_of(arrays[name]).merge(found.histogram)
            assert len(found.histogram.counts) <= BINS
            assert found.histogram.counts[0] > 0
            assert found.histogram.counts[-1] > 0
            assert coarse.counts.sum() == 2 * arrays[name].size


def test_what_is_not_usual_among_them_takes_nothing_from_the_others(tmp_path):
    arrays = several(np.float32)
    arrays["v003"] = np.array([np.nan, 1, np.inf, -np.inf], np.float32)
    arrays["v004"] = np.full(5, np.nan, np.float32)
    arrays["v005"] = np.array([1, 3e8, -3e8], np.float32)
    arrays["v006"] = np.zeros(7, np.float32)
    arrays["v007"] = np.array([-1e-45, 3e38], np.float32)
    arrays["v008"] = np.array(-0.0, np.float32)
    with opened(tmp_path, arrays) as checkpoint:
        found = summaries(checkpoint)
    for name, values in arrays.items():
        assert_right(found[name], values)
    assert found["v007"].histogram.first == -1


def test_other_types_and_empty_ones_between_them_keep_their_place(tmp_path):
    arrays = several(np.float32, 30)
    arrays |= {
        "v010a": np.arange(3),
        "v011a": np.zeros((0, 4), np.float32),
        "v012a": np.array([1 + 2j, np.nan], np.complex64),
        "v013a": np.random.default_rng(5).normal(size=9000).astype(np.float32),
    }
    with opened(tmp_path, arrays) as checkpoint:
        names = [variable.name for variable in checkpoint.variables]
        found = list(summarize_all(checkpoint, checkpoint.variables))
    assert [variable.name for variable, _ in found] == names
    by_name = {variable.name: summary for variable, summary in found}
    assert (by_name["v010a"].total, by_name["v011a"].count, by_name["v012a"].nan) == (3, 0, 1)
    assert_right(by_name["v013a"], arrays["v013a"])
    assert all(summary.checksum == "ok" for summary in by_name.values())


def test_one_wrong_byte_is_told_of_its_variable_alone(tmp_path):
    arrays = several(np.float32)
    prefix = write_bundle(tmp_path / "m.ckpt-1", arrays)
    data = prefix.with_name("m.ckpt-1.data-00000-of-00001")
    content = bytearray(data.read_bytes())
    with open_checkpoint(prefix) as checkpoint:
        wrong = checkpoint.find("v020")
    content[wrong.offset] ^= 1
    data.write_bytes(content)
    with open_checkpoint(prefix) as checkpoint:
        found, checks = summaries(checkpoint), verify(checkpoint).variables
    assert [(check.name, check.status) for check in checks if check.status != "ok"] == [("v020", "damaged")]
    assert len(checks) == len(arrays)
    assert [name for name, summary in found.items() if summary.checksum != "ok"] == ["v020"]
    assert found["v020"].problem.message.startswith(
        f"Bytes {wrong.offset} to {wrong.offset + wrong.nbytes} of"
    )


def test_without_the_data_file_each_says_so(tmp_path):
    prefix = write_bundle(tmp_path / "m.ckpt-1", several(np.float32))
    prefix.with_name("m.ckpt-1.data-00000-of-00001").unlink()
    with open_checkpoint(prefix) as checkpoint:
        found, checks = summaries(checkpoint), verify(checkpoint).variables
    assert {check.status for check in checks} == {"missing-data"}
    assert len(found) == len(checks) == 40
    assert {error.problem.code for error in found.values() if isinstance(error, CheckpointError)} == {
        "missing-shard"
    }
