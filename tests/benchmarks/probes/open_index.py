"""Seconds to open a checkpoint and know all its rows, roles included, several times."""

import gc
import json
import sys

from ckpt_viewer.cli.entry import COLLECT_AFTER
from ckpt_viewer.formats.readers import open_checkpoint
from tests.benchmarks.timing import seconds


def main(prefix: str, rounds: str) -> None:
    def work() -> None:
        with open_checkpoint(prefix) as checkpoint:
            assert len(checkpoint.variables)

    work()
    print(json.dumps([seconds(work) for _ in range(int(rounds))]))


if __name__ == "__main__":
    gc.set_threshold(COLLECT_AFTER)  # as the command line does
    main(*sys.argv[1:])
