"""Closing leaves nothing behind, whatever runs: the fixtures of this suite fail a test that does."""

from threading import Event

import numpy as np
import pytest

from ckpt_viewer.formats.folders.folder import Folder
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument
from ckpt_viewer.ui.app import open_window
from tests.memory_checkpoint import MemoryCheckpoint
from tests.memory_provider import MemoryProvider, run
from tests.ui.conftest import settle


def slow_session(tmp_path, started, part):
    """A session whose listing, opening or reading never ends by itself."""

    def endless(cancel):
        started.set()
        while True:
            cancel.check()

    wait = {"open": endless, "read": None}[part]
    folder = Folder(tmp_path, runs=(run(tmp_path, "m", 1, 2),))
    reading = endless if part == "read" else None
    arrays = {"w": np.arange(6.0).reshape(2, 3)}
    return Session(
        MemoryProvider(
            [folder], lambda path: MemoryCheckpoint(arrays, path=path, before_read=reading), before=wait
        )
    )


@pytest.mark.parametrize("part", ["open", "read"])
def test_closing_while_it_works_ends_the_work(qtbot, tmp_path, part):
    started = Event()
    session = slow_session(tmp_path, started, part)
    session.show(CheckpointDocument(tmp_path / "m-1", variable="w"))
    session.add_root(tmp_path)
    window = open_window([], session)
    qtbot.addWidget(window)
    qtbot.waitUntil(started.is_set)
    window.close()
    assert not window.tasks.any_busy()


def test_closing_the_tab_while_it_opens_ends_the_work(qtbot, tmp_path):
    started = Event()
    session = slow_session(tmp_path, started, "open")
    document = CheckpointDocument(tmp_path / "m-1")
    session.show(document)
    window = open_window([], session)
    qtbot.addWidget(window)
    qtbot.waitUntil(started.is_set)
    session.close(document.key)
    assert not window.tasks.busy((document.key, "open"))
    window.close()


def test_closing_while_values_are_scanned_compared_and_drawn(qtbot):
    window = open_window([sample_run()])
    qtbot.addWidget(window)
    settle(qtbot, window)
    window.session.update(window.session.state.current, variable="conv1/kernel")
    window.actions_by_name["scan_values"].trigger()
    window.session.show(ComparisonDocument(sample_run() / "digits-1000", sample_run() / "digits-2000"))
    window.actions_by_name["verify"].trigger()
    window.close()


def test_closing_at_once_after_opening(qtbot):
    window = open_window([sample_run()])
    qtbot.addWidget(window)
    window.close()


def test_opened_checkpoints_are_closed_with_the_window(qtbot, open_quiet, tmp_path):
    folder = Folder(tmp_path, runs=(run(tmp_path, "m", 1, 2),))
    session = Session(MemoryProvider([folder], lambda path: MemoryCheckpoint({"w": np.zeros(2)}, path=path)))
    session.show(CheckpointDocument(tmp_path / "m-1"))
    session.show(ComparisonDocument(tmp_path / "m-1", tmp_path / "m-2"))
    window = open_quiet(session=session)
    window.close()
    assert session.provider.opened
    assert all(checkpoint.closed for checkpoint in session.provider.opened)


def test_a_window_may_be_opened_and_closed_again_and_again(qtbot):
    for _ in range(3):
        window = open_window([sample_run()])
        qtbot.addWidget(window)
        settle(qtbot, window)
        window.close()
