"""Rows about what somebody does with very many rows on the screen."""

from collections.abc import Callable
from functools import cache, partial
from operator import itemgetter
from pathlib import Path
from statistics import median

from tests.benchmarks.material import Material
from tests.benchmarks.row import Result, Row
from tests.benchmarks.timing import probe

ROUNDS = 3

Gaps = dict[str, float]


def _longest(word: str, rounds: Callable[[Material], list[Gaps]], material: Material) -> Result:
    """The median over all rounds of the longest gap after the steps that begin with this word."""
    found = [max(_after(word, gaps), key=itemgetter(1)) for gaps in rounds(material)]
    step, _ = max(found, key=itemgetter(1))
    return Result(1000 * median(seconds for _, seconds in found), note=f"the longest of all: {step}")


def _after(word: str, gaps: Gaps) -> list[tuple[str, float]]:
    return [(step, seconds) for step, seconds in gaps.items() if step.startswith(word)]


def _pairs(material: Material) -> list[Gaps]:
    return _rounds("many_pairs", material.many, material.many_later)


def _rows(material: Material) -> list[Gaps]:
    return _rounds("many_rows", material.many)


@cache
def _rounds(name: str, *prefixes: Path) -> list[Gaps]:
    return [probe(name, *prefixes) for _ in range(ROUNDS)]


def _row(name: str, what: str, word: str, rounds: Callable[[Material], list[Gaps]]) -> Row:
    return Row(name, what, "–", "ms", 50, partial(_longest, word, rounds))


ROWS = (
    _row("gap-comparing", "longest gap while 100,000 pairs are compared", "compare", _pairs),
    _row("filter-pairs", "a keystroke in the filter over 100,000 pairs, the slowest", "filter", _pairs),
    _row("gap-pairs", "choosing and sorting 100,000 pairs, the slowest", "show", _pairs),
    _row("gap-copying-pairs", "longest gap while 100,000 pairs are copied", "copy", _pairs),
    _row("gap-copying", "longest gap while 100,000 rows are copied", "copy", _rows),
    _row("gap-scopes", "longest gap with 100,000 rows by scope, typing in the filter", "scope", _rows),
)
