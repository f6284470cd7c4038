"""How the threads of this program share the interpreter."""

import sys

SWITCH_SECONDS = 0.0005


def switch_soon() -> None:
    """Let a thread that waits for the interpreter have it ten times as soon as Python does by itself.

    The screen's thread needs it several times in each turn; workers meet at every call of numpy.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
