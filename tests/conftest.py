"""Every test runs without a screen, with settings of its own, and must leave nothing behind.

A test that leaves a thread, a file handle, an active timer or a window fails and says which.
"""

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
GRACE = 2.0  # seconds an ending thread may still need
OPEN_FILES = Path("/proc/self/fd")


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings of whoever runs it."""
    monkeypatch.setenv("CKPT_VIEWER_CONFIG", str(tmp_path_factory.mktemp("config")))


@pytest.fixture(autouse=True)
def nothing_left(own_settings: None, request: pytest.FixtureRequest) -> Iterator[None]:
    threads, files, windows = set(threading.enumerate()), _open_files(), _windows()
    yield
    left = [*_new_threads(threads), *_new_widgets_and_timers(windows), *_new_files(files)]
    if left:
        pytest.fail(f"{request.node.name} left behind: " + "; ".join(left), pytrace=False)


def _new_threads(before: set[threading.Thread]) -> list[str]:
    deadline = time.monotonic() + GRACE
    left = set(threading.enumerate()) - before
    while left and time.monotonic() < deadline:
        time.sleep(0.01)
        left = {thread for thread in left if thread.is_alive()}
    return [f"thread {thread.name}" for thread in left]


def _new_files(before: dict[str, str]) -> list[str]:
    left = {fd: target for fd, target in _open_files().items() if before.get(fd) != target}
    if left:
        gc.collect()
        left = {fd: target for fd, target in _open_files().items() if before.get(fd) != target}
    return [f"open file {target}" for target in left.values()]


def _open_files() -> dict[str, str]:
    """Regular files this process holds open, by descriptor; none where the system does not tell."""
    found: dict[str, str] = {}
    if not OPEN_FILES.is_dir():
        return found
    for link in list(OPEN_FILES.iterdir()):
        try:
            target = str(link.readlink())
        except OSError:  # the descriptor of this very listing
            continue
        if target.startswith("/") and not target.startswith(("/dev/", "/proc/", "/memfd:")):
            found[link.name] = target
    return found


def _windows() -> set[int]:
    """Addresses of the windows there are; a test that never touched Qt is not asked to load it."""
    app = _application()
    if app is None:
        return set()
    from shiboken6 import getCppPointer

    return {getCppPointer(widget)[0] for widget in app.topLevelWidgets()}


def _new_widgets_and_timers(before: set[int]) -> list[str]:
    """Look only once deferred deletions and cycles are gone: before, pyqtgraph's menus look left behind."""
    app = _application()
    if app is None:
        return []
    from PySide6.QtCore import QCoreApplication, QEvent
    from shiboken6 import getCppPointer

    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
    widgets = [widget for widget in app.topLevelWidgets() if getCppPointer(widget)[0] not in before]
    found = [f"window {type(widget).__name__} {widget.objectName()!r}" for widget in widgets]
    deadline = time.monotonic() + GRACE
    while any(timer.isSingleShot() for timer in _active_timers()) and time.monotonic() < deadline:
        app.processEvents()  # it goes off once, and is gone
    for timer in _active_timers():
        found.append(f"timer of {type(timer.parent()).__name__}")
        timer.stop()
    return found


def _active_timers():
    from PySide6.QtCore import QTimer
    from shiboken6 import isValid

    timers = [thing for thing in gc.get_objects() if isinstance(thing, QTimer)]
    return [timer for timer in timers if isValid(timer) and timer.isActive()]


def _application():
    widgets = sys.modules.get("PySide6.QtWidgets")
    return widgets.QApplication.instance() if widgets else None
