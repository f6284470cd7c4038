"""Seconds to summarize a variable, or to compare two, on so many cores, several times."""

import json
import os
import sys

from ckpt_viewer.analysis.comparison import measure, pair_up
from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.formats.readers import open_checkpoint
from tests.benchmarks.timing import ROUNDS, seconds


def main(count: str, work: str, *prefixes: str) -> None:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(count)])
    print(json.dumps(_compared(*prefixes) if work == "compare" else _summarized(*prefixes)))


def _summarized(prefix: str) -> list[float]:
    with open_checkpoint(prefix) as checkpoint:
        variable = checkpoint.find("values")
        return [seconds(lambda: summarize(checkpoint, variable)) for _ in range(ROUNDS)]


def _compared(a: str, b: str) -> list[float]:
    with open_checkpoint(a) as one, open_checkpoint(b) as two:
        pair = pair_up(one, two).pairs[0]
        return [seconds(lambda: measure(one, two, pair)) for _ in range(ROUNDS)]


if __name__ == "__main__":
    main(*sys.argv[1:])
