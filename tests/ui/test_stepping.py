from threading import Event

import numpy as np
import pytest

from ckpt_viewer.formats.folders.folder import Folder
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument
from ckpt_viewer.ui.stepping import Stepping
from tests.memory_checkpoint import MemoryCheckpoint
from tests.memory_provider import MemoryProvider, run


class Stage:
    """Five saves and a worker that answers when `answer` is set."""

    def __init__(self, folder, tasks, qtbot):
        self.folder, self.answer, self.said = folder, Event(), []
        self._tasks, self._qtbot = tasks, qtbot
        provider = MemoryProvider([Folder(folder, runs=(run(folder, "m", 1, 2, 3, 4, 5),))])
        provider.before = lambda cancel: self.answer.wait(5)
        self.session = Session(provider)
        self.stepping = Stepping(self.session, tasks, self.said.append, self.fail)

    def show(self, step, **fields):
        self.session.show(CheckpointDocument(self.folder / f"m-{step}", **fields))

    def step(self, *ways):
        for by in ways:
            self.stepping.step(by)

    def settle(self):
        self.answer.set()
        self._qtbot.waitUntil(lambda: not self._tasks.any_busy())

    def names(self):
        return [document.path.name for document in self.session.state.documents]

    def fail(self, error):
        raise error


@pytest.fixture
def stage(tmp_path, tasks, qtbot):
    return Stage(tmp_path, tasks, qtbot)


def test_quick_steps_add_up(stage):
    stage.show(1)
    stage.step(1, 1, 1)
    stage.settle()
    assert stage.session.state.document.path.name == "m-4"
    assert stage.said == []


def test_there_and_back_is_nowhere(stage):
    stage.show(2)
    stage.step(1, -1)
    stage.settle()
    assert stage.names() == ["m-2"]


@pytest.mark.parametrize(
    ("start", "by", "end", "word"), [(4, 1, "m-5", "last"), (2, -1, "m-1", "first"), (5, 1, "m-5", "last")]
)
def test_steps_end_at_the_end_of_the_run_and_say_so(stage, start, by, end, word):
    stage.show(start)
    stage.step(by, by)
    stage.settle()
    assert stage.names() == [end]
    assert stage.said == [f"This is the {word} save of its run."]


def test_what_was_chosen_meanwhile_is_kept(stage):
    stage.show(1, variable="v1")
    stage.step(1)
    stage.session.update(stage.session.state.current, variable="v4", filter="v")
    stage.settle()
    assert stage.session.state.document == CheckpointDocument(stage.folder / "m-2", variable="v4", filter="v")


def test_a_tab_closed_meanwhile_stays_closed(stage):
    stage.show(5)
    stage.show(1)
    stage.step(1)
    stage.session.close(stage.session.state.current)
    stage.settle()
    assert stage.names() == ["m-5"]
    assert stage.session.state.document.path.name == "m-5"


def test_each_tab_counts_its_own_steps(stage):
    stage.show(1)
    stage.step(1, 1)
    stage.show(5)
    stage.step(-1)
    stage.settle()
    assert stage.names() == ["m-3", "m-4"]
    assert stage.session.state.document.path.name == "m-4"


def test_of_a_comparison_b_steps(stage):
    stage.session.compare(stage.folder / "m-1", stage.folder / "m-2")
    stage.step(1, 1)
    stage.settle()
    assert stage.session.state.document == ComparisonDocument(stage.folder / "m-1", stage.folder / "m-4")


def test_in_the_window_closing_the_tab_ends_the_step(open_quiet, tmp_path):
    folder = Folder(tmp_path, runs=(run(tmp_path, "m", 1, 2, 3),))
    session = Session(MemoryProvider([folder], lambda path: MemoryCheckpoint({"w": np.ones(2)}, path=path)))
    for step in (3, 1):
        session.show(CheckpointDocument(tmp_path / f"m-{step}"))
    window = open_quiet(session=session)
    window.actions_by_name["next"].trigger()
    window.actions_by_name["close_tab"].trigger()
    assert not window.tasks.busy((f"checkpoint {tmp_path / 'm-1'}", "step"))
    assert session.state.document.path.name == "m-3"
