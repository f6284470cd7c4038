"""Taking times so that they can be compared: both sides in turns, in one run, on the same bytes."""

import importlib.util
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.benchmarks.row import Result

ROUNDS = 5
MANY_ROUNDS = 15  # where a round takes a fraction of a second, which one disturbance fills


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turns(
    measured: Callable[[], object],
    reference: Callable[[], object],
    rounds: int = ROUNDS,
    before: Callable[[], object] = lambda: None,
) -> tuple[float, float]:
    """The medians of both, after one round of each that does not count: it fills caches and imports.

    What is to be done `before` each is not measured.
    """
    times = []
    for _ in range(1 + rounds):
        before()
        took = seconds(measured)
        before()
        times.append((took, seconds(reference)))
    mine, others = zip(*times[1:], strict=True)
    return statistics.median(mine), statistics.median(others)


def ratio(
    measured: Callable[[], object],
    reference: Callable[[], object],
    rounds: int = ROUNDS,
    before: Callable[[], object] = lambda: None,
) -> Result:
    """How many times as long as its reference something takes."""
    mine, others = in_turns(measured, reference, rounds, before)
    return Result(mine / others, mine, others)


def how_much_faster(
    measured: Callable[[], object], reference: Callable[[], object], rounds: int = ROUNDS
) -> Result:
    mine, others = in_turns(measured, reference, rounds)
    return Result(others / mine, mine, others)


def probe(name: str, *arguments: object) -> Any:
    """What `tests.benchmarks.probes.NAME` prints, run by itself: imports, memory and threads are its own."""
    command = [sys.executable, "-m", f"tests.benchmarks.probes.{name}", *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None
