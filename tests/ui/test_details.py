from pathlib import Path

import numpy as np
import pytest

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.folders.folder import Folder, Run
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, Line
from ckpt_viewer.ui.panels.details import Details
from tests.memory_checkpoint import MemoryCheckpoint
from tests.memory_provider import MemoryProvider, save

RUN = Path("/models/run1")


@pytest.fixture
def details_of(qtbot, tasks):
    """Makes the pane over a session, and closes it after the test."""
    made = []

    def make(session):
        pane = Details(session, tasks)
        qtbot.addWidget(pane)
        made.append(pane)
        return pane

    yield make
    for pane in made:
        pane.leave()


def test_the_chosen_save_is_described(details_of, qtbot):
    session = Session()
    pane = details_of(session)
    session.change(line=Line(sample_run() / "digits-2000"))
    qtbot.waitUntil(lambda: "digits-2000" in pane.toPlainText())
    text = pane.toPlainText()
    for expected in ("2000 (latest)", "1 of 1", "digits-2000.meta", "TF1 style", "State file"):
        assert expected in text


def test_without_a_choice_the_checkpoint_in_front_is_described(details_of, qtbot):
    session = Session()
    pane = details_of(session)
    assert pane.toPlainText() == ""
    session.show(CheckpointDocument(sample_run() / "digits-1000"))
    qtbot.waitUntil(lambda: "digits-1000" in pane.toPlainText())
    session.close(session.state.current)
    assert pane.toPlainText() == ""


def test_problems_are_shown_with_their_hints_and_nothing_is_read_as_markup(details_of, qtbot):
    path = RUN / "<b>m<i>-1"
    problem = Problem("missing-shard", "<img src=x> is not there.", "Copy it.")
    provider = MemoryProvider(
        [Folder(RUN, runs=(Run(RUN, "m", (save(path),)),))],
        lambda path: MemoryCheckpoint({"w": np.zeros(2)}, problems=[problem]),
    )
    session = Session(provider)
    pane = details_of(session)
    session.change(line=Line(path))
    qtbot.waitUntil(lambda: "Copy it." in pane.toPlainText())
    assert "<b>m<i>-1" in pane.toPlainText()
    assert "⚠ <img src=x> is not there." in pane.toPlainText()


def test_a_folder_that_is_gone_is_told(details_of, qtbot):
    session = Session(MemoryProvider())
    pane = details_of(session)
    session.change(line=Line(Path("/gone/m-1")))
    qtbot.waitUntil(lambda: "/gone is not there." in pane.toPlainText())


def test_the_text_can_be_selected_but_not_changed(details_of, qtbot):
    session = Session()
    pane = details_of(session)
    session.change(line=Line(sample_run() / "digits-1500"))
    qtbot.waitUntil(lambda: bool(pane.toPlainText()))
    pane.selectAll()
    assert "digits-1500" in pane.textCursor().selectedText()
    qtbot.keyClicks(pane, "x")
    assert pane.isReadOnly()
