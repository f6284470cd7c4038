"""Whether there is a screen to show a window on, and what it takes."""

import os
import sys

from ckpt_viewer.errors import RequestRefused

WITHOUT_WINDOW = "The other commands work without a window: ckpt-viewer -h lists them."


def has_display() -> bool:
    """On Linux and its like; elsewhere there always is one."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def check_display() -> None:
    if not has_display():
        message = "There is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set)."
        raise RequestRefused(message, hint=WITHOUT_WINDOW)


def prepare_drawing() -> None:
    """A picture needs no screen, also where there is one."""
    if os.environ.setdefault("QT_QPA_PLATFORM", "offscreen") == "offscreen":
        # Qt warns of window hints that nobody asked this platform for.
        os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")


def check_libraries() -> None:
    """Before Qt is imported, which ends the process where a library of the system is missing."""
    from ckpt_viewer.ui.platform_check import missing_libraries

    if message := missing_libraries():
        raise RequestRefused(message, hint=WITHOUT_WINDOW)
