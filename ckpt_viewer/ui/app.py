"""The program with its window."""

import gc
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

from ckpt_viewer import resources
from ckpt_viewer.session import last_session
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.settings import Settings
from ckpt_viewer.threads import switch_soon
from ckpt_viewer.ui import error_report, theme
from ckpt_viewer.ui.icons import application_icon
from ckpt_viewer.ui.main_window import MainWindow

if TYPE_CHECKING:
    from ckpt_viewer.ui.watchdog import Watchdog

NAME = "ckpt-viewer"
INTERRUPTED = 130


def main(paths: Sequence[Path], demo: bool = False, compare: tuple[Path, Path] | None = None) -> int:
    """Open the window and stay until it closes; returns the exit status."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName(NAME)
    app.setDesktopFileName(NAME)
    app.setWindowIcon(application_icon())
    sys.excepthook = error_report.hook
    interrupts = Interrupts(app)
    window = open_window([resources.sample_run()] if demo else paths, restore=compare is None)
    SchemeFollower(app, window.session.settings)
    if compare:
        window.open_comparison(*compare)
    watchdog = _watchdog()
    status = app.exec()
    window.close()
    interrupts.close()
    if watchdog:
        watchdog.close()
    sys.excepthook = sys.__excepthook__
    return INTERRUPTED if interrupts.happened else status


def open_window(
    paths: Sequence[Path] = (), session: Session | None = None, *, restore: bool = True
) -> MainWindow:
    """Show the main window inside a running `QApplication`; without paths, what was open last time."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    own = session is None
    session = session or Session(settings=Settings.of_user())
    if not theme.is_applied():
        theme.apply(app, session.settings.remembered.scheme)
    if own and restore and not paths:
        last_session.restore(session)
    window = MainWindow(session)
    theme.dress(window)
    window.show()
    window.activateWindow()
    window.tree.setFocus()
    switch_soon()
    gc.freeze()  # what the window is made of need not be looked through with each large index
    if paths:
        window.open_paths([Path(path) for path in paths])
    return window


def _watchdog() -> "Watchdog | None":
    """For whoever looks for what keeps the window waiting (CONTRIBUTING); nobody else pays for it."""
    if os.environ.get("CKPT_VIEWER_WATCHDOG") != "1":
        return None
    from ckpt_viewer.ui.watchdog import Watchdog

    return Watchdog()


class SchemeFollower(QObject):
    """Changes the colours with the system's, as long as the user has not chosen any."""

    def __init__(self, app: QApplication, settings: Settings) -> None:
        super().__init__(app)
        self._app, self._settings = app, settings
        app.styleHints().colorSchemeChanged.connect(self._follow)

    def _follow(self) -> None:
        if self._settings.remembered.scheme == "system":
            theme.apply(self._app, "system")


class Interrupts(QObject):
    """Ctrl-C ends the program at once and cleanly: the signal wakes the event loop through a socket."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.happened = False
        self._ears, self._mouth = socket.socketpair()
        self._mouth.setblocking(False)
        self._before = (
            signal.signal(signal.SIGINT, self._interrupt),
            signal.set_wakeup_fd(self._mouth.fileno()),
        )
        self._notifier = QSocketNotifier(self._ears.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._hear)

    def close(self) -> None:
        handler, wakeup = self._before
        signal.signal(signal.SIGINT, handler)
        signal.set_wakeup_fd(wakeup)
        self._notifier.setEnabled(False)
        self._ears.close()
        self._mouth.close()

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self.happened = True
        QApplication.exit(INTERRUPTED)

    def _hear(self) -> None:
        """Reading lets Python run the handler; it may have run before there was a loop to end."""
        self._ears.recv(64)
        if self.happened:
            QApplication.exit(INTERRUPTED)
