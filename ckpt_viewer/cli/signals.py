"""Signals that end a command: what it has begun is tidied up first."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.cli import end_at_once


def raise_what_comes() -> None:
    """From now on they are exceptions, unless whoever started us wants them ignored."""
    if signal.getsignal(signal.SIGINT) is end_at_once:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, terminate)


def terminate(number: int, frame: FrameType | None) -> None:
    """The status is the one that a shell tells of a process the signal has killed."""
    sys.exit(128 + number)


@contextmanager
def held_back(cancel: CancelToken) -> Iterator[None]:
    """Around Qt, whose imports and painting take no exception: the token is cancelled, and the end raises."""
    raising = {signal.default_int_handler, terminate}
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    handlers = {number: handler for number, handler in handlers.items() if handler in raising}
    if threading.current_thread() is not threading.main_thread():
        handlers = {}  # they come to the main thread alone
    came: list[int] = []

    def hold_back(number: int, frame: FrameType | None) -> None:
        came.append(number)
        cancel.cancel()

    for number in handlers:
        signal.signal(number, hold_back)
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])
