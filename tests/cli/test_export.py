import hashlib
import os
import shutil
import struct

import numpy as np
import pytest
import safetensors.numpy

from tests.bundle_writer import write_bundle
from tests.cli.conftest import ANSWERS, READABLE, SAMPLES, flip

BOOKKEEPING = "_CHECKPOINTABLE_OBJECT_GRAPH"


@pytest.mark.parametrize("checkpoint", sorted({*READABLE} - {"variant/variant"}))
def test_files_hold_the_bytes_that_tensorflow_restores(checkpoint, cli, tmp_path):
    ran = cli("export", SAMPLES / checkpoint, "--all", "--raw", "-o", tmp_path / "out", "--json")
    refused = set(ANSWERS[checkpoint]) - {each["name"] for each in ran.document["written"]}
    assert ran.status == (2 if refused - {BOOKKEEPING} else 0)
    assert len(ran.document["problems"]) == len(refused)
    for problem in ran.document["problems"]:
        assert "end in a zero byte" in problem["message"] or "axes; numpy knows at most" in problem["message"]
    for each in ran.document["written"]:
        assert tmp_path / "out" in (tmp_path / "out" / each["file"]).parents
        answer = ANSWERS[checkpoint][each["name"]]
        values = np.load(each["file"])
        assert list(values.shape) == each["shape"] == answer["shape"]
        assert hashlib.sha256(content(values)).hexdigest() == answer["sha256"]


def content(values):
    if values.dtype.kind != "S":
        # Types of 4 and 2 bits are hashed with their high bits zero.
        return values.tobytes()
    return b"".join(struct.pack("<Q", len(each)) + each for each in values.reshape(-1).tolist())


def test_one_name_and_a_file(cli, tmp_path):
    ran = cli("export", SAMPLES / "run", "hidden/weights", "-o", tmp_path / "x.npy", "--json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.document["path"] == f"{SAMPLES}/run/model.ckpt-20"
    [written] = ran.document["written"]
    assert written.items() >= {
        "name": "hidden/weights", "file": str(tmp_path / "x.npy"), "dtype": "float32", "shape": [4, 6],
    }.items()  # fmt: skip
    assert np.load(tmp_path / "x.npy").shape == (4, 6)


def test_several_go_into_a_folder_that_follows_their_slashes(cli, tmp_path):
    ran = cli("export", SAMPLES / "run", "hidden/weights", "output/weights", "-o", tmp_path / "out")
    assert ran.status == 0
    assert np.load(tmp_path / "out/hidden/weights.npy").shape == (4, 6)
    assert np.load(tmp_path / "out/output/weights.npy").shape == (6, 2)


@pytest.mark.parametrize("ending", ["npz", "safetensors"])
def test_one_file_for_all(ending, cli, tmp_path):
    target = tmp_path / f"all.{ending}"
    assert cli("export", SAMPLES / "run", "--all", "-o", target).status == 0
    loaded = np.load(target) if ending == "npz" else safetensors.numpy.load_file(target)
    assert sorted(loaded) == sorted(ANSWERS["run/model.ckpt-20"])
    values = loaded["hidden/weights"]
    answer = ANSWERS["run/model.ckpt-20"]["hidden/weights"]
    assert hashlib.sha256(values.tobytes()).hexdigest() == answer["sha256"]


def test_names_stay_inside_and_apart(cli, tmp_path):
    ran = cli("export", SAMPLES / "names/names", "--all", "-o", tmp_path / "in/out", "--json")
    assert ran.status == 0
    files = [each["file"] for each in ran.document["written"]]
    assert len({file.casefold() for file in files}) == len(ANSWERS["names/names"])
    assert sorted(str(path) for path in tmp_path.rglob("*.npy")) == sorted(files)
    assert all(path.name == "out" for path in (tmp_path / "in").iterdir())


def test_bfloat16_becomes_float32_and_raw_its_bits(cli, tmp_path):
    for words, dtype in (((), "float32"), (("--raw",), "uint16")):
        target = tmp_path / f"{dtype}.npy"
        ran = cli("export", SAMPLES / "dtypes/all", "bfloat16", "-o", target, "--json", *words)
        assert ran.document["written"][0]["dtype"] == dtype
        assert np.load(target).dtype == dtype
    assert np.load(tmp_path / "float32.npy")[3] == -1.5
    assert np.load(tmp_path / "uint16.npy")[3] == 0xBFC0


def test_strings_that_do_not_fit_are_refused_and_csv_takes_them(cli, tmp_path):
    ran = cli("export", SAMPLES / "strings/strings", "nuls", "-o", tmp_path / "x.npy")
    assert ran.status == 2
    assert "--format csv" in ran.err.splitlines()[1]
    assert cli("export", SAMPLES / "strings/strings", "nuls", "-o", tmp_path / "x.csv").status == 0
    assert (tmp_path / "x.csv").read_bytes() == b'"\0"\n"a\0b"\n""\n"end\0"\n'


def test_bookkeeping_that_does_not_fit_is_told_but_no_failure(cli, tmp_path):
    ran = cli("export", SAMPLES / "graphs/saved_model", "--all", "-o", tmp_path / "x.npz", "--json")
    assert ran.status == 0
    assert [each["name"] for each in ran.document["written"]] == ["scale/.ATTRIBUTES/VARIABLE_VALUE"]
    assert ran.err.startswith(f"ckpt-viewer: problem: {BOOKKEEPING} ")
    assert cli("export", SAMPLES / "graphs/saved_model", BOOKKEEPING, "-o", tmp_path / "x.npy").status == 2


def test_an_existing_file_is_left_alone_unless_forced(cli, tmp_path):
    target = tmp_path / "x.npy"
    target.write_text("precious")
    ran = cli("export", SAMPLES / "run", "global_step", "-o", target)
    assert ran.status == 2
    assert "is already there" in ran.err
    assert target.read_text() == "precious"
    assert cli("export", SAMPLES / "run", "global_step", "-o", target, "--force").status == 0
    assert np.load(target) == 20


@pytest.mark.parametrize(
    "name",
    [
        f"model.ckpt-{step}{ending}"
        for step in (10, 20)
        for ending in (".index", ".meta", ".data-00000-of-00001")
    ]
    + ["checkpoint", "state", "v1", "frozen.pb", "model.ckpt-30.meta"],
)
def test_no_file_of_a_checkpoint_is_ever_written_to(name, cli, run_folder):
    shutil.copy(run_folder / "checkpoint", run_folder / "state")
    shutil.copy(SAMPLES / "v1_files" / "old.ckpt-3", run_folder / "v1")
    shutil.copy(SAMPLES / "graphs" / "frozen.pb", run_folder / "frozen.pb")
    before = {file: file.read_bytes() for file in run_folder.iterdir()}
    target = run_folder / name
    words = ("global_step", "-o", target, "--format", "npz", "--force")
    ran = cli("export", run_folder / "model.ckpt-20", *words)
    assert ran.status == 2
    assert f"error: {target} belongs to a checkpoint, of which nothing is ever changed.\n" in ran.err
    assert {file: file.read_bytes() for file in run_folder.iterdir()} == before


@pytest.mark.parametrize("name", ["fingerprint.pb", "assets/words.txt", "variables/notes.txt"])
def test_no_file_of_a_saved_model_is_ever_written_to(name, cli, tmp_path):
    model = tmp_path / "model"
    shutil.copytree(SAMPLES / "graphs" / "saved_model", model)
    target = model / name
    target.write_bytes(b"precious")
    words = ("global_step", "-o", target, "--format", "npy", "--force")
    assert cli("export", SAMPLES / "run", *words).status == 2
    assert target.read_bytes() == b"precious"
    assert cli("export", SAMPLES / "run", "global_step", "-o", model / "new.npy").status == 0


@pytest.mark.skipif(os.name == "nt", reason="permissions differ there")
def test_a_file_that_is_replaced_keeps_its_permissions(cli, tmp_path):
    target = tmp_path / "x.npy"
    target.touch()
    target.chmod(0o600)
    assert cli("export", SAMPLES / "run", "global_step", "-o", target, "--force").status == 0
    assert (np.load(target), target.stat().st_mode & 0o777) == (20, 0o600)


def test_damaged_values_are_not_written(cli, run_folder, tmp_path):
    flip(run_folder / "model.ckpt-20.data-00000-of-00001", 0)
    ran = cli("export", run_folder, "--all", "-o", tmp_path / "out.npz")
    assert ran.status == 2
    assert ran.err.startswith("ckpt-viewer: error: ")
    assert not list(tmp_path.glob("out*"))
    assert not list(tmp_path.rglob("*.part"))


def test_the_whole_ones_of_a_damaged_checkpoint_are_written(cli, run_folder, tmp_path):
    flip(run_folder / "model.ckpt-20.data-00000-of-00001", 0)
    ran = cli("export", run_folder, "--all", "-o", tmp_path / "out", "--json")
    assert ran.status == 2
    assert len(ran.document["written"]) == 14
    told = f" 1 of 15 variables in {run_folder / 'model.ckpt-20'} was not written to {tmp_path / 'out'}."
    assert ran.err.splitlines()[-2].endswith(told)
    assert [each["code"] for each in ran.document["problems"]] == ["bad-checksum"]
    assert len(list((tmp_path / "out").rglob("*.npy"))) == 14


def test_a_place_that_cannot_be_written_is_told_once(cli, tmp_path):
    (tmp_path / "file").write_text("")
    ran = cli("export", SAMPLES / "run", "--all", "-o", tmp_path / "file/out")
    assert (ran.status, len(ran.err.splitlines())) == (2, 2)


@pytest.mark.parametrize("words", [[], ["global_step", "--all"]])
def test_either_names_or_all(words, cli, tmp_path):
    ran = cli("export", SAMPLES / "run", *words, "-o", tmp_path / "out")
    assert ran.status == 2
    assert "--all" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_name_that_is_not_there_writes_nothing(cli, tmp_path):
    ran = cli("export", SAMPLES / "run", "global_step", "missing", "-o", tmp_path / "out")
    assert ran.status == 2
    assert not (tmp_path / "out").exists()


def test_the_same_name_twice_is_once(cli, tmp_path):
    assert cli("export", SAMPLES / "run", "global_step", "global_step", "-o", tmp_path / "x.npy").status == 0


def test_a_target_with_a_slash_is_a_folder(cli, tmp_path):
    assert cli("export", SAMPLES / "run", "global_step", "-o", f"{tmp_path}/out.v2/").status == 0
    assert (tmp_path / "out.v2/global_step.npy").exists()


def test_a_relative_target_is_beside_where_one_stands(cli, tmp_path, monkeypatch):
    write_bundle(tmp_path / "small", {"-o": np.ones(2, "f")})
    monkeypatch.chdir(tmp_path)
    assert cli("export", "-o", "x.npy", "--", "small", "-o").status == 0
    assert np.load("x.npy").sum() == 2


def test_names_out_of_files_are_printed_escaped(cli, tmp_path):
    out = cli("export", SAMPLES / "names/names", "new\nline", "-o", tmp_path / "x.npy").out
    assert out == rf"new\nline → {tmp_path}/x.npy (float32 2)" + "\n"


def test_standard_output_takes_no_files(cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = cli("export", SAMPLES / "run", "global_step", "-o", "-")
    assert ran.status == 2
    assert "Standard output takes no files" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_all_of_nothing_is_said_to_be_nothing(cli, tmp_path):
    write_bundle(tmp_path / "none", {})
    ran = cli("export", tmp_path / "none", "--all", "-o", tmp_path / "out")
    assert (ran.status, ran.out) == (2, "")
    assert f"Nothing was written to {tmp_path / 'out'}: the checkpoint has no variables." in ran.err
    assert not (tmp_path / "out").exists()


def test_an_output_without_a_name_is_refused(cli):
    ran = cli("export", SAMPLES / "run", "global_step", "-o", "")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("ckpt-viewer: error: The output has no name.")
