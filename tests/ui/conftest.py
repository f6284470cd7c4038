"""What GUI tests share: a task runner that is closed again, windows, and waiting for them to rest."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ckpt_viewer.session.session import Session
from ckpt_viewer.ui import readout
from ckpt_viewer.ui.app import open_window
from ckpt_viewer.ui.main_window import MainWindow
from ckpt_viewer.ui.task_runner import TaskRunner

OpenWindow = Callable[..., MainWindow]
ROOMY = 1280, 760  # wider than the screen of tests


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.close()
    runner.deleteLater()


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What widgets say in the status bar, one after the other."""
    texts: list[str] = []
    monkeypatch.setattr(readout, "show", lambda _widget, text: texts.append(text))
    return texts


@pytest.fixture
def open_quiet(qtbot: QtBot) -> OpenWindow:
    """Opens a window, waits until it has nothing left to do, and has it closed after the test."""

    def open_and_wait(*paths: Path, session: Session | None = None) -> MainWindow:
        window = open_window(list(paths), session)
        qtbot.addWidget(window)
        if not window.session.settings.layout(window.objectName()):
            window.resize(*ROOMY)
        settle(qtbot, window)
        return window

    return open_and_wait


def settle(qtbot: QtBot, window: MainWindow) -> None:
    for _ in range(2):
        qtbot.waitUntil(lambda: not window.tasks.any_busy() and window.documents.at_rest(), timeout=20_000)
        qtbot.wait(20)
