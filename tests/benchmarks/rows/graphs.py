"""Rows about graphs: the list of a large one, filtering it, and whether the window goes on answering."""

from functools import cache
from pathlib import Path
from statistics import median

from tests.benchmarks.material import Material
from tests.benchmarks.row import Result, Row
from tests.benchmarks.timing import ROUNDS, probe


@cache
def _panel(file: Path) -> dict[str, list[float]]:
    """One run of the probe serves all rows: both sides are measured in one process, in turns."""
    return probe("graph_panel", file, ROUNDS)  # type: ignore[no-any-return]


def _list(material: Material) -> Result:
    found = _panel(material.network)
    mine, parse = median(found["list"]), median(found["parse"])
    return Result(mine / parse, mine, parse)


def _filter(material: Material) -> Result:
    times = _panel(material.network)["filter"]
    return Result(1000 * max(times), median(times), note=f"slowest of {len(times)} keystrokes")


def _gap(material: Material) -> Result:
    gaps = _panel(material.network)["gaps"]
    return Result(1000 * median(gaps), note=f"longest of all rounds {1000 * max(gaps):.0f} ms")


ROWS = (
    Row(
        "graph", ".meta with 50,000 nodes: list on screen", "protobuf's own parse of the bytes", "×", 2, _list
    ),
    Row("graph-filter", "typing in the filter over 50,000 nodes", "–", "ms", 50, _filter),
    Row("gap-graph", "longest silence while it opens and nodes are chosen", "–", "ms", 50, _gap),
)
