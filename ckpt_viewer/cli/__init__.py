"""The command line."""

import gc
import os
import sys
from collections.abc import Sequence

# Set before numpy is loaded. Our own threads share the work; those of its linear algebra would only spin
# beside them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.setswitchinterval(0.0005)  # a thread that waits for the interpreter gets it ten times as soon as usual
gc.set_threshold(50_000)  # a hundred thousand variables are no garbage


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, by default that of this process; gives the exit status."""
    from ckpt_viewer.cli.entry import run

    return run(argv)
