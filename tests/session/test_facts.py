import shutil
from pathlib import Path

import numpy as np
import pytest

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.folders.folder import Folder, Run, Save, SavedFile, StateFile
from ckpt_viewer.formats.graphs.fingerprint import read_fingerprint
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.facts import READ_AT_MOST, gather, time_text
from ckpt_viewer.session.provider import Files
from ckpt_viewer.session.totals import totals_of
from tests.corpus import SAMPLES
from tests.memory_checkpoint import MemoryCheckpoint
from tests.memory_provider import MemoryProvider, run

TOKEN = CancelToken()
RUN = Path("/models/run1")


def test_a_save_is_described_by_its_files_and_its_index():
    facts = gather(Files(), sample_run() / "digits-2000", TOKEN)
    lines = dict(facts.lines)
    assert facts.title == "digits-2000"
    assert lines["step"] == "2000 (latest)"
    assert lines["shards"] == "1 of 1"
    assert lines["saved as"] == "graph variables (TF1 style)"
    assert {file.name for file in facts.files} == {
        "digits-2000.index",
        "digits-2000.data-00000-of-00001",
        "digits-2000.meta",
    }
    assert dict(facts.state)["latest"] == "digits-2000"


def test_an_object_based_checkpoint_is_told_apart():
    folder = Folder(RUN, runs=(run(RUN, "ckpt", 1),))
    arrays = {"_CHECKPOINTABLE_OBJECT_GRAPH": np.array(b"x", object), "w": np.zeros(3, np.float32)}
    facts = gather(MemoryProvider([folder], lambda path: MemoryCheckpoint(arrays)), RUN / "ckpt-1", TOKEN)
    assert dict(facts.lines)["saved as"] == "Python objects (TF2 style)"


def test_a_checkpoint_that_cannot_be_opened_still_has_its_files_and_a_problem():
    facts = gather(MemoryProvider([Folder(RUN, runs=(run(RUN, "m", 1),))]), RUN / "m-1", TOKEN)
    assert len(facts.files) == 2
    assert [problem.code for problem in facts.problems] == ["not-a-checkpoint"]


def test_a_large_index_is_not_read_for_a_click():
    large = Save(RUN / "m-1", "bundle", 1, (SavedFile("m-1.index", READ_AT_MOST + 1, 0.0),))
    provider = MemoryProvider([Folder(RUN, runs=(Run(RUN, "m", (large,)),))])
    facts = gather(provider, RUN / "m-1", TOKEN)
    assert "variables" not in dict(facts.lines)
    assert facts.problems == ()


def test_the_same_problem_is_told_once():
    problem = Problem("missing-shard", "The data file is not there.")
    broken = Save(RUN / "m-1", "bundle", 1, (), problems=(problem,))
    provider = MemoryProvider(
        [Folder(RUN, runs=(Run(RUN, "m", (broken,)),))],
        lambda path: MemoryCheckpoint({"w": np.zeros(1)}, problems=[problem]),
    )
    assert gather(provider, RUN / "m-1", TOKEN).problems == (problem,)


def test_what_the_state_file_says_is_told():
    state = StateFile(
        RUN / "checkpoint", "m-2", ("m-1", "m-2"), (1e9, 2e9), 3e9, {"m-1": RUN / "m-1", "m-2": RUN / "m-2"}
    )
    provider = MemoryProvider(
        [Folder(RUN, runs=(run(RUN, "m", 1, 2),), state=state)], lambda path: MemoryCheckpoint({})
    )
    lines = dict(gather(provider, RUN / "m-1", TOKEN).state)
    assert lines["keeps"] == "2 checkpoints"
    assert lines["timestamp"] == time_text(1e9)
    assert lines["last preserved"] == time_text(3e9)


def test_paths_of_the_state_file_that_lead_elsewhere_are_counted(tmp_path):
    shutil.copy(sample_run() / "digits-1000.index", tmp_path)
    kept = ("/far/digits-1000", "digits-5", "../b/digits-6", "digits-7")
    written = "".join(f'all_model_checkpoint_paths: "{path}"\n' for path in kept)
    (tmp_path / "checkpoint").write_text('model_checkpoint_path: "/far/digits-1000"\n' + written)
    lines = dict(gather(Files(), tmp_path / "digits-1000", TOKEN).state)
    assert lines["found as"] == "digits-1000"
    assert lines["keeps"] == "4 checkpoints"
    assert lines["outside of the folder"] == "1 checkpoint"
    assert lines["not here"] == "2 checkpoints"


def test_a_graph_alone_is_not_blamed_for_being_no_checkpoint(tmp_path):
    shutil.copy(sample_run() / "digits-1000.meta", tmp_path / "net.pb")
    facts = gather(Files(), tmp_path / "net.pb", TOKEN)
    assert dict(facts.lines)["kind"] == "graph (MetaGraphDef)"
    assert facts.problems == ()


def test_the_shards_of_another_save_are_not_counted(tmp_path):
    names = [
        f"m.data-{number:05d}-of-{count:05d}" for count, there in ((3, 2), (5, 5)) for number in range(there)
    ]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    shutil.copy(sample_run() / "digits-1000.index", tmp_path / "m.index")
    assert dict(gather(Files(), tmp_path / "m", TOKEN).lines)["shards"] == "5 of 5"


def test_a_saved_model_is_told_by_its_fingerprint():
    model = SAMPLES / "graphs" / "saved_model"
    lines = dict(gather(Files(), model, TOKEN).lines)
    assert lines["fingerprint"] == read_fingerprint(model)[0].uuid


@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), 1e300, -1e300])
def test_times_no_calendar_holds_are_left_out(seconds):
    assert time_text(seconds) == ""


def test_totals_add_up_by_role_and_dtype():
    arrays = {
        "w": np.zeros((10, 10), np.float32),
        "w/Adam": np.zeros((10, 10), np.float32),
        "w/Adam_1": np.zeros((10, 10), np.float32),
        "step": np.zeros((), np.int64),
    }
    roles = {"w/Adam": "slot", "w/Adam_1": "slot", "step": "counter"}
    totals = totals_of(MemoryCheckpoint(arrays, roles=roles).variables)
    assert [(total.name, total.variables, total.bytes) for total in totals.roles] == [
        ("slot", 2, 800),
        ("weight", 1, 400),
        ("counter", 1, 8),
    ]
    assert [total.name for total in totals.dtypes] == ["float32", "int64"]
    assert totals.title("slot") == "Adam state"
    assert f"{totals.share(totals.roles[0]):.0%}" == "66%"
    assert totals.text == "1 weight · 100 params · 4 variables in all"
    assert totals.largest[0].nbytes == 400


def test_totals_of_nothing_are_nothing():
    totals = totals_of(())
    assert totals.whole.bytes == 0
    assert totals.roles == ()
    assert totals.text == "0 variables"
