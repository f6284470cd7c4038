"""Rows about opening an index, and about what the window does with so many rows."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.material import Material
from tests.benchmarks.row import NotMeasured, Result, Row
from tests.benchmarks.timing import ROUNDS, has_module, probe


def _listed(prefix: Callable[[Material], Path]) -> Callable[[Material], Result]:
    """Each side opens it in a process of its own: TensorFlow's threads would be in our way."""

    def measure(material: Material) -> Result:
        if not has_module("tensorflow"):
            raise NotMeasured("TensorFlow is not installed")
        mine = probe("open_index", prefix(material), ROUNDS)
        theirs = probe("tensorflow_list", prefix(material), ROUNDS)
        return Result(median(mine) / median(theirs), median(mine), median(theirs))

    return measure


def _scaling(material: Material) -> Result:
    """How many times as long each variable takes among 100,000 as among 10,000."""
    thousands = [median(probe("open_index", material.variables(count), ROUNDS)) for count in (1000, 10_000)]
    many = median(probe("open_index", material.many, ROUNDS))
    counts = [material.count(count) for count in (1000, 10_000, 100_000)]
    each = [time / count for time, count in zip([*thousands, many], counts, strict=True)]
    note = ", ".join(
        f"{count:,}: {each_takes * 1e6:.2f} µs" for count, each_takes in zip(counts, each, strict=True)
    )
    return Result(each[2] / each[1], many, note=note)


def _in_window(seconds: Callable[[Any], float]) -> Callable[[Material], Result]:
    def measure(material: Material) -> Result:
        found = [seconds(window) for window in _windows(material.many)]
        return Result(median(found) * 1000, median(found), note=f"the slowest {max(found) * 1000:.0f} ms")

    return measure


@cache
def _windows(prefix: Path) -> list[Any]:
    """Several that had opened nothing yet: what is imported or made once is part of it."""
    return [probe("open_window", prefix) for _ in range(ROUNDS)]


ROWS = (
    Row(
        "index",
        "100,000-variable index: all rows known",
        "TensorFlow's list_variables",
        "×",
        0.5,
        _listed(lambda material: material.many),
    ),
    Row(
        "index-slots",
        "the same where two of three are slots of Adam",
        "TensorFlow's list_variables",
        "×",
        0.5,
        _listed(lambda material: material.trained),
    ),
    Row("scaling-variables", "the same, for each variable", "among 10,000", "×", 1.5, _scaling),
    Row(
        "first-rows",
        "from opening it to its first rows painted",
        "",
        "ms",
        100,
        _in_window(lambda found: found["first_rows"]),
    ),
    Row(
        "gap-opening",
        "longest gap between turns of the event loop meanwhile",
        "",
        "ms",
        50,
        _in_window(lambda found: found["gap"]),
    ),
    Row(
        "filter",
        "a keystroke in the filter over 100,000 names, the slowest",
        "",
        "ms",
        50,
        _in_window(lambda found: max(found["filter"])),
    ),
    Row(
        "sort",
        "sorting 100,000 rows by a column, the slowest",
        "",
        "ms",
        50,
        _in_window(lambda found: max(found["sort"])),
    ),
)
