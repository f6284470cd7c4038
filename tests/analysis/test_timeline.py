from contextlib import closing
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from ckpt_viewer.analysis.histogram import histogram_of
from ckpt_viewer.analysis.summary import summarize_values
from ckpt_viewer.analysis.timeline import first_step, follow, norm_of, ridge_of
from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import DamagedFile, MissingShard
from tests.memory_checkpoint import MemoryCheckpoint

chance = np.random.default_rng(11)
W = {step: chance.normal(step / 10, 1, (40, 30)).astype(np.float32) for step in (10, 20, 30, 40)}


class Opener:
    """Opens checkpoints of arrays by step; an error in place of arrays is raised."""

    def __init__(self, arrays, **options):
        self.arrays, self.options, self.opened = arrays, options, []

    def __call__(self, path, cancel):
        found = self.arrays[int(path.name)]
        if isinstance(found, Exception):
            raise found
        checkpoint = MemoryCheckpoint(found, path=path, **self.options)
        self.opened.append(checkpoint)
        return checkpoint


def run(arrays, name="w", **options):
    """Every point by its step, as last told, and who opened them."""
    opener = Opener(arrays, **options)
    saves = [(step, Path(str(step))) for step in sorted(arrays, reverse=True)]
    return {point.step: point for point in follow(opener, saves, name)}, opener


def test_every_step_has_the_figures_numpy_computes():
    points, _ = run({step: {"w": values} for step, values in W.items()})
    for step, values in W.items():
        wide, summary = values.astype(np.float64), points[step].summary
        assert (summary.min, summary.max) == (wide.min(), wide.max())
        assert summary.mean == pytest.approx(wide.mean(), rel=1e-12)
        assert summary.std == pytest.approx(wide.std(), rel=1e-12)
        assert points[step].norm == pytest.approx(np.linalg.norm(wide), rel=1e-14)


def test_the_change_is_measured_from_the_step_before():
    points, _ = run({step: {"w": values} for step, values in W.items()})
    assert points[10].change is None
    for old, new in ((10, 20), (20, 30), (30, 40)):
        a, b = W[old].astype(np.float64), W[new].astype(np.float64)
        assert points[new].change.since == old
        assert points[new].change.relative == pytest.approx(
            np.linalg.norm(b - a) / np.linalg.norm(a), rel=1e-12
        )


def test_the_newest_step_comes_first_and_again_once_its_change_is_known():
    opener = Opener({step: {"w": W[step]} for step in (10, 20)})
    told = [(p.step, p.change is not None) for p in follow(opener, [(20, Path("20")), (10, Path("10"))], "w")]
    assert told == [(20, False), (10, False), (20, True)]


def test_a_step_that_cannot_be_opened_is_passed_over():
    lost = MissingShard("20.data is not there.")
    points, _ = run({10: {"w": W[10]}, 20: lost, 30: {"w": W[30]}})
    assert points[20].problem is lost.problem
    assert points[30].change.since == 10
    a, b = W[10].astype(np.float64), W[30].astype(np.float64)
    assert points[30].change.relative == pytest.approx(np.linalg.norm(b - a) / np.linalg.norm(a))


def test_a_step_that_lacks_the_variable_says_so():
    points, _ = run({10: {"w": W[10]}, 20: {"v": W[20]}, 30: {"w": W[30]}})
    assert points[20].problem.message == "20 has no variable 'w'."
    assert points[20].lacks_variable
    assert points[10].summary is not None


@pytest.mark.parametrize(("other", "word"), [(W[10].T, "shape"), (W[10].astype(np.float64), "type")])
def test_another_shape_or_type_has_figures_but_no_change(other, word):
    points, _ = run({10: {"w": other}, 20: {"w": W[20]}})
    assert points[10].summary.count == 1200
    assert points[20].change.relative is None
    assert points[20].change.problem.message == f"w has another {word} at step 10 than at step 20."


def test_values_that_fail_while_they_are_compared_leave_the_figures():
    reads = count(1)

    def fail(_cancel):
        if next(reads) > 2:  # each step is summarized before the two are compared
            raise DamagedFile("it ends early.")

    points, _ = run({10: {"w": W[10]}, 20: {"w": W[20]}}, before_read=fail)
    assert points[20].summary is not None
    assert points[20].change.problem.message == "it ends early."


def test_strings_have_no_figures():
    points, _ = run({10: {"w": np.array([b"a", b"b"], object)}})
    assert points[10].summary is None
    assert "holds string" in points[10].problem.message


def test_a_change_from_all_zeros_has_no_ratio():
    points, _ = run({10: {"w": W[10] * 0}, 20: {"w": W[20]}})
    assert points[20].change.relative is None
    assert points[20].change.problem is None


def test_two_saves_are_open_at_most_and_none_in_the_end():
    most = 0
    opener = Opener({step: {"w": values} for step, values in W.items()})
    for _ in follow(opener, [(step, Path(str(step))) for step in (40, 30, 20, 10)], "w"):
        most = max(most, sum(not checkpoint.closed for checkpoint in opener.opened))
    assert most == 2
    assert all(checkpoint.closed for checkpoint in opener.opened)


def test_stopping_half_way_closes_what_is_open():
    opener = Opener({step: {"w": values} for step, values in W.items()})
    with closing(follow(opener, [(step, Path(str(step))) for step in (40, 30, 20)], "w")) as points:
        for _ in range(2):
            next(points)
    assert len(opener.opened) == 2
    assert all(checkpoint.closed for checkpoint in opener.opened)


def test_a_cancelled_token_ends_it_and_closes_what_is_open():
    token = CancelToken()
    opener = Opener({step: {"w": values} for step, values in W.items()})
    points = follow(opener, [(40, Path("40")), (30, Path("30"))], "w", token)
    next(points)
    token.cancel()
    with pytest.raises(Cancelled):
        next(points)
    assert all(checkpoint.closed for checkpoint in opener.opened)


def test_progress_reaches_the_whole():
    token = CancelToken()
    opener = Opener({step: {"w": values} for step, values in W.items()})
    figures = [token.progress or 0 for _ in follow(opener, [(40, Path("40")), (30, Path("30"))], "w", token)]
    assert figures == sorted(figures)
    assert token.progress == 1


@pytest.mark.parametrize(
    "values",
    [
        np.array([3.0, -4.0]),
        np.array([1e200, 1e200]),
        np.array([3e-200, 4e-200]),
        np.array([1e8, 1e8 + 1]),
        np.array([2**62, -(2**62)]),
        np.array([3 + 4j, 0j]),
        np.array([3.0, np.nan, np.inf, 4.0]),
        chance.normal(size=(1000, 700)),
    ],
)
def test_the_norm_is_that_of_the_finite_elements(values):
    finite = values[np.isfinite(values)]
    scale = np.abs(finite).max()
    expected = np.linalg.norm(finite / scale) * scale
    assert norm_of(summarize_values(values)) == pytest.approx(expected, rel=1e-13)


def test_nothing_finite_has_no_norm_and_a_sum_too_large_is_infinite():
    assert norm_of(summarize_values(np.array([np.nan]))) is None
    assert norm_of(summarize_values(np.full(4, 1.7e308))) == np.inf


def test_the_first_step_with_nan_is_the_oldest():
    broken = W[30].copy()
    broken[3, 4] = np.nan
    points, _ = run({10: {"w": W[10]}, 20: {"w": broken}, 30: {"w": broken}})
    assert first_step(points.values(), lambda summary: summary.nan > 0) == 20
    assert first_step(points.values(), lambda summary: summary.posinf > 0) is None


def test_a_ridge_counts_every_element_in_the_same_bins():
    histograms = [histogram_of(values) for values in W.values()]
    ridge = ridge_of([histograms[0], None, *histograms[1:]], 64)
    assert ridge.counts[1] is None
    assert len(ridge.edges) <= 65
    for values, counts in zip(W.values(), [row for row in ridge.counts if row is not None], strict=True):
        expected, _ = np.histogram(values.astype(np.float64), ridge.edges)
        assert counts.tolist() == expected.tolist()


def test_a_ridge_of_nothing_has_no_bins():
    ridge = ridge_of([None, None], 64)
    assert ridge.counts == (None, None)
    assert len(ridge.edges) == 1
