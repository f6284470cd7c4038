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
    _end_at_ctrl_c()
    status = _run(sys.argv[1:], whole_process=True)
    _end_at_ctrl_c()
    gc.freeze()  # Python would look through it all before it ends
    return status


def end_at_once(number: int, frame: "FrameType | None") -> None:
    """While modules are loaded nothing is begun, and an exception would seem to be their fault.

    Once all is done there is nothing left to tidy up either.
    """
    os._exit(130)


def _end_at_ctrl_c() -> None:
    """Unless whoever started us wants it ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, end_at_once)


def _run(argv: "Sequence[str]", whole_process: bool = False) -> int:
    from ckpt_viewer.cli.entry import run

    return run(argv, whole_process)
