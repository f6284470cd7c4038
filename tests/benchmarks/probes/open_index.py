"""Seconds to open a checkpoint and know all its rows, roles included, several times."""

import json
import sys

from ckpt_viewer.formats.readers import open_checkpoint
from tests.benchmarks.timing import seconds


def main(prefix: str, rounds: str) -> None:
    def work() -> None:
        with open_checkpoint(prefix) as checkpoint:
            assert len(checkpoint.variables)

    work()
    print(json.dumps([seconds(work) for _ in range(int(rounds))]))


if __name__ == "__main__":
    main(*sys.argv[1:])
