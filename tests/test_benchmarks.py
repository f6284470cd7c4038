"""The measurements run, and say of each promise whether it is kept. What they find is no matter here."""

import json
import subprocess
import sys

import pytest

from tests.benchmarks.report import Outcome, table
from tests.benchmarks.row import NotMeasured, Result, Row
from tests.benchmarks.rows import ROWS
from tests.benchmarks.timing import in_turns


def row(unit, promise):
    return Row("name", "what is measured", "its reference", unit, promise, measure=None)


@pytest.mark.parametrize(
    ("unit", "promise", "figure", "missed"),
    [("×", 4, 4.0, False), ("×", 4, 4.1, True), ("× faster", 8, 8.0, False), ("× faster", 8, 7.9, True)],
)
def test_a_promise_is_kept_up_to_its_limit(unit, promise, figure, missed):
    assert Outcome(row(unit, promise), Result(figure)).is_missed is missed


def test_what_was_not_measured_or_not_promised_is_not_missed():
    assert not Outcome(row("×", 4), reason="TensorFlow is not installed").is_missed
    assert not Outcome(row("×", None), Result(1e9)).is_missed


def test_the_table_has_figure_promise_and_verdict():
    outcomes = [
        Outcome(row("ms", 50), Result(61.0, 0.061, note="the second round")),
        Outcome(row("×", 2), reason="Netron is not installed"),
    ]
    head, missed, left_out = table(outcomes).splitlines()
    assert head.split()[:3] == ["row", "what", "figure"]
    assert "61 ms" in missed
    assert "≤ 50 ms" in missed
    assert "missed" in missed
    assert missed.endswith("(the second round)")
    assert "not measured: Netron is not installed" in left_out


def test_both_sides_take_turns_after_a_round_that_does_not_count():
    turns = []
    in_turns(lambda: turns.append("mine"), lambda: turns.append("other"), rounds=2)
    assert turns == ["mine", "other"] * 3


def test_names_of_rows_are_told_apart():
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_a_row_that_cannot_be_measured_here_says_why(monkeypatch, tmp_path):
    from tests.benchmarks.__main__ import _measured
    from tests.benchmarks.material import Material

    def without(material):
        raise NotMeasured("there is one core only")

    (outcome,) = _measured([Row("cores", "", "", "×", 1, without)], Material(tmp_path))
    assert outcome.verdict == "not measured: there is one core only"


def test_small_sizes_are_measured_and_leave_nothing_behind(tmp_path):
    rows = ("summary", "compare", "export", "small-variables", "compare-equal", "exact-picture")
    only = [word for name in rows for word in ("--only", name)]
    words = ["-m", "tests.benchmarks", "--json", "--size", "0.002", "--folder", str(tmp_path), *only]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True)
    found = json.loads(done.stdout)
    assert {each["row"] for each in found} == set(rows)
    assert all(each["figure"] > 0 and each["verdict"] in ("kept", "missed") for each in found)
    assert done.returncode == (1 if any(each["verdict"] == "missed" for each in found) else 0)
    assert list(tmp_path.iterdir()) == []
