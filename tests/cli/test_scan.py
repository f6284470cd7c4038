import os
import shutil

from ckpt_viewer.formats.folders import folder
from tests.cli.conftest import KINDS, SAMPLES

KEYS = {"path", "kind", "step", "latest", "bytes", "saved", "files", "problems"}


def test_every_checkpoint_below_is_listed(cli):
    ran = cli("scan", SAMPLES, "--json")
    assert (ran.status, ran.err) == (0, "")
    document = ran.document
    assert document["root"] == str(SAMPLES)
    assert document["problems"] == []
    found = {each["path"].removeprefix(f"{SAMPLES}/"): each["kind"] for each in document["checkpoints"]}
    assert found["run/model.ckpt-20"] == "bundle"
    assert found["v1_files/old.ckpt-3"] == "v1"
    assert found["graphs/saved_model"] == "saved-model"
    assert found["graphs/frozen.pb"] == "frozen-graph"
    assert all(each.keys() >= KEYS for each in document["checkpoints"])


def test_a_run_has_steps_times_and_a_latest(cli, run_folder):
    for file in run_folder.glob("model.ckpt-10*"):
        os.utime(file, (1_700_000_000, 1_700_000_000))
    newest, oldest = cli("scan", run_folder, "--json").document["checkpoints"]
    assert (newest["step"], newest["latest"]) == (20, True)
    assert (oldest["step"], oldest["latest"], oldest["saved"]) == (10, False, "2023-11-14T22:13:20Z")
    files = sorted(run_folder.glob("model.ckpt-10*"))
    assert sorted(oldest["files"]) == [file.name for file in files]
    assert oldest["bytes"] == sum(file.stat().st_size for file in files)


def test_a_time_that_no_calendar_has_is_null(cli, run_folder):
    for file in run_folder.glob("model.ckpt-10*"):
        os.utime(file, (1e15, 1e15))
    oldest = cli("scan", run_folder, "--json").document["checkpoints"][1]
    assert oldest["saved"] is None or oldest["saved"].endswith("Z")


def test_what_opens_a_checkpoint_is_its_path(cli):
    for each in cli("scan", SAMPLES, "--json").document["checkpoints"]:
        if each["kind"] in KINDS:
            assert cli("ls", each["path"]).status == 0


def test_a_missing_shard_is_a_problem_of_its_checkpoint(cli, run_folder):
    (run_folder / "model.ckpt-10.data-00000-of-00001").unlink()
    ran = cli("scan", run_folder, "--json")
    assert ran.status == 0
    problems = {each["step"]: each["problems"] for each in ran.document["checkpoints"]}
    assert problems[20] == []
    assert problems[10][0]["code"] == "missing-shard"
    assert "ckpt-viewer: problem: " in cli("scan", run_folder).err


def test_files_that_may_not_be_read_are_problems_of_their_checkpoint(cli, run_folder, monkeypatch):
    closed = [run_folder / "model.ckpt-10.index", run_folder / "model.ckpt-20.meta"]
    monkeypatch.setattr("ckpt_viewer.cli.scan.os.access", lambda path, mode: path not in closed)
    ran = cli("scan", run_folder)
    assert ran.status == 0
    told = [line for line in ran.err.splitlines() if "problem" in line]
    assert told == [
        f"ckpt-viewer: problem: {path} cannot be read: Permission denied." for path in reversed(closed)
    ]


def test_a_folder_that_may_not_be_read_is_an_error_and_one_below_it_a_problem(cli, run_folder, monkeypatch):
    def refuse(path, cancel):
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return scan_folder(path, cancel)

    scan_folder = folder._scan
    monkeypatch.setattr("ckpt_viewer.formats.folders.folder._scan", refuse)
    closed = run_folder
    ran = cli("scan", run_folder, "--json")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        f"ckpt-viewer: error: {run_folder} cannot be read: Permission denied.",
        "hint: Check who may read it.",
    ]
    ran = cli("scan", run_folder.parent, "--json")
    assert (ran.status, [each["code"] for each in ran.document["problems"]]) == (0, ["not-readable"])


def test_a_lone_meta_is_a_meta_graph(cli, run_folder, tmp_path):
    (tmp_path / "lone").mkdir()
    shutil.copy(run_folder / "model.ckpt-10.meta", tmp_path / "lone/model.meta")
    [found] = cli("scan", tmp_path / "lone", "--json").document["checkpoints"]
    assert found["kind"] == "meta-graph"


def test_text_names_what_is_special(cli, run_folder):
    out = cli("scan", run_folder).out
    assert out.splitlines()[1].endswith("latest")
    assert out.splitlines()[-1] == "2 checkpoints in 1 folder"


def test_an_empty_folder_is_no_error(cli, tmp_path):
    assert cli("scan", tmp_path).out == "0 checkpoints in 1 folder\n"
    assert cli("scan", tmp_path, "--json").document["checkpoints"] == []


def test_a_folder_that_is_not_there_is_an_error(cli, tmp_path):
    ran = cli("scan", tmp_path / "nothing")
    assert ran.status == 2
    assert ran.err.startswith(f"ckpt-viewer: error: {tmp_path / 'nothing'}")
