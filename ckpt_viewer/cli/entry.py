"""From the words of a command line to an exit status: whatever happens becomes one of the four."""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from ckpt_viewer.cancellation import Cancelled
from ckpt_viewer.cli.parser import Request, UsageError, parse
from ckpt_viewer.cli.printing import abandon, finish_output, print_error, print_failure
from ckpt_viewer.cli.signals import raise_what_comes
from ckpt_viewer.errors import AmbiguousPath, CheckpointError
from ckpt_viewer.threads import switch_soon

COLLECT_AFTER = 500_000  # new objects: those of a hundred thousand variables are no garbage
FINE, FINDINGS, FAILED, INTERRUPTED = 0, 1, 2, 130
BUG_HINT = "This is a fault of ckpt-viewer, not of your files; --debug shows what to report."


def run(argv: Sequence[str], whole_process: bool = False) -> int:
    """`whole_process` where no other code lives beside the command: the garbage collector is its own then."""
    words = list(argv)
    _open_closed_streams()
    switch_soon()
    try:
        status = _carry_out(parse(words), whole_process)
        finish_output()
        return status
    except BaseException as error:
        return _told(error, with_trace="--debug" in words and not isinstance(error, SystemExit))


def _carry_out(request: Request, whole_process: bool) -> int:
    command = import_module(f"ckpt_viewer.cli.{request.module}")
    if whole_process and request.module != "window":  # it has a `GarbageClock`, and hears signals by itself
        raise_what_comes()
        gc.freeze()  # what the imports made stays to the end
        gc.set_threshold(COLLECT_AFTER)
        gc.enable()
    status: int = command.run(request.options)
    return status


def _told(error: BaseException, with_trace: bool) -> int:
    try:
        if with_trace:
            import traceback

            traceback.print_exception(error)
        return _status_of(error)
    except OSError:  # nobody can be told, so the status has to
        return FAILED


def _status_of(error: BaseException) -> int:
    match error:
        case SystemExit():
            return error.code if isinstance(error.code, int) else FINE
        case KeyboardInterrupt() | Cancelled():
            return INTERRUPTED
        case AmbiguousPath():
            print_error(error.in_full, error.hint)
        case CheckpointError():
            print_failure(error.problem)
        case UsageError():
            print_error(str(error), error.hint)
        case MemoryError():
            print_error("There is not enough memory for this.", "Close other programs, or ask for less.")
        case OSError():
            abandon(sys.stdout)
            message = f"{error.filename or 'The output'} cannot be used: {error.strerror or error}."
            print_error(message, "Check that it is there, its permissions, and the space left.")
        case _:
            print_error(f"{type(error).__name__}: {error}", BUG_HINT)
    return FAILED


def _open_closed_streams() -> None:
    """Python has no stream where a shell closed it (`>&-`): what is said there goes nowhere."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - as long as the process lives
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123
