"""Seconds to read a variable into an array, its checksum verified, several times."""

import json
import sys

from ckpt_viewer.formats.readers import open_checkpoint
from tests.benchmarks.timing import seconds


def main(prefix: str, rounds: str) -> None:
    with open_checkpoint(prefix) as checkpoint:
        checkpoint.read("values")
        print(json.dumps([seconds(lambda: checkpoint.read("values")) for _ in range(int(rounds))]))


if __name__ == "__main__":
    main(*sys.argv[1:])
