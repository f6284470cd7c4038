"""The command line."""

import gc
import os
import signal
import sys

TYPE_CHECKING = False  # as mypy takes it, without loading `typing`
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

# Set before numpy is loaded. Our own threads share the work; those of its linear algebra would only spin
# beside them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run one command, by default that of this process; gives the exit status."""
    if argv is not None:
        return _run(argv)
    gc.disable()  # until everything is imported
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, end_at_once)
    status = _run(sys.argv[1:], whole_process=True)
    gc.freeze()  # Python would look through it all before it ends
    return status


def end_at_once(number: int, frame: "FrameType | None") -> None:
    """At Ctrl-C while modules are loaded: nothing is begun, and an exception would seem to be their fault."""
    os._exit(130)


def _run(argv: "Sequence[str]", whole_process: bool = False) -> int:
    from ckpt_viewer.cli.entry import run

    return run(argv, whole_process)
