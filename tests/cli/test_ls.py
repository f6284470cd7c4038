import os
from math import prod

import numpy as np
import pytest

from tests.bundle_writer import write_bundle
from tests.cli.conftest import ANSWERS, READABLE, SAMPLES

KEYS = {"name", "dtype", "shape", "bytes", "role", "shard", "crc32c", "slices"}


@pytest.mark.parametrize("checkpoint", READABLE)
def test_it_lists_what_tensorflow_lists(checkpoint, cli):
    ran = cli("ls", SAMPLES / checkpoint, "--json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.document.keys() >= {"path", "kind", "variables", "totals", "problems"}
    found = {each["name"]: (each["dtype"], each["shape"]) for each in ran.document["variables"]}
    assert found == {name: (each["dtype"], each["shape"]) for name, each in ANSWERS[checkpoint].items()}
    assert all(each.keys() >= KEYS for each in ran.document["variables"])


def test_totals_are_over_all_variables(cli):
    document = cli("ls", SAMPLES / "run/model.ckpt-20", "--json").document
    variables = document["variables"]
    assert document["totals"] == {
        "variables": len(variables),
        "parameters": sum(prod(each["shape"]) for each in variables),
        "bytes": sum(each["bytes"] for each in variables),
    }
    assert document["totals"]["variables"] == 15


def test_names_that_people_gave_stand_beside_keys_that_say_something_else(cli):
    lines = cli("ls", SAMPLES / "roles/renamed/model.ckpt").out.splitlines()
    assert lines[1].split() == ["name", "dtype", "shape", "bytes", "role", "full", "name"]
    assert [line.split()[-1] for line in lines[2:6]] == [
        "block",
        "gen/block/RMSProp",
        "bn/moving_mean",
        "global_step",
    ]
    assert "full name" not in cli("ls", SAMPLES / "run/model.ckpt-20").out


def test_slices_are_counted(cli):
    variables = cli("ls", SAMPLES / "partitioned/model.ckpt-9", "--json").document["variables"]
    assert {each["name"]: each["slices"] for each in variables} == {
        "columns": 2,
        "one_part": 0,
        "rows": 3,
        "wide": 4,
        "words": 0,
    }


@pytest.mark.parametrize("ending", ["", ".index", ".meta", ".data-00000-of-00001"])
def test_any_file_of_a_checkpoint_will_do(ending, cli):
    document = cli("ls", f"{SAMPLES}/run/model.ckpt-10{ending}", "--json").document
    assert document["path"] == f"{SAMPLES}/run/model.ckpt-10"
    assert document["kind"] == "bundle"


@pytest.mark.parametrize("path", ["run", "run/checkpoint"])
def test_a_folder_or_state_file_means_its_newest(path, cli):
    assert cli("ls", SAMPLES / path, "--json").document["path"].endswith("run/model.ckpt-20")


def test_text_is_a_table_with_totals(cli):
    ran = cli("ls", SAMPLES / "run/model.ckpt-20")
    lines = ran.out.splitlines()
    assert lines[0] == f"{SAMPLES}/run/model.ckpt-20 · bundle · step 20"
    assert lines[1].split() == ["name", "dtype", "shape", "bytes", "role"]
    assert "hidden/weights/Adam                      float32  4×6      96 B  slot" in lines
    assert lines[-1] == "15 variables, 171 parameters, 688 B"


def test_names_cannot_reach_the_terminal(cli):
    out = cli("ls", SAMPLES / "names/names").out
    assert r"new\nline" in out
    assert r"tab\there" in out
    assert r"rtl/\u202eabc" in out
    assert "\u202e" not in out
    assert r"bad\xff\xfebytes" in cli("ls", SAMPLES / "names/not_utf8").out


def test_an_empty_checkpoint_is_no_error(cli, tmp_path):
    write_bundle(tmp_path / "none", {})
    assert cli("ls", tmp_path / "none").out.endswith(" · bundle\n0 variables, 0 parameters, 0 B\n")
    assert cli("ls", tmp_path / "none", "--json").document["variables"] == []


@pytest.mark.parametrize("path", ["v1_files/old.ckpt-3", "graphs/frozen.pb"])
def test_a_format_that_is_not_read_yet_is_named_as_such(path, cli):
    ran = cli("ls", SAMPLES / path)
    assert ran.status == 0 or "which this version does not read" in ran.err


def test_what_is_missing_is_an_error_with_a_hint(cli, tmp_path):
    ran = cli("ls", tmp_path / "nothing")
    assert (ran.status, ran.out) == (2, "")
    error, hint = ran.err.splitlines()
    assert error.startswith("ckpt-viewer: error: ")
    assert str(tmp_path / "nothing") in error
    assert hint.startswith("hint: ")


def test_an_ambiguous_folder_lists_the_choices(cli):
    ran = cli("ls", SAMPLES / "names", "--json")
    assert (ran.status, ran.out) == (2, "")
    assert "not_utf8" in ran.err


STATES = {
    "stale": ('model_checkpoint_path: "gone"', "stale-path"),
    "bad": ("\x00\x01", "bad-state"),
    "empty": ("", "bad-state"),
}


@pytest.fixture(params=STATES)
def misled(request, run_folder):
    """A run whose state file leads nowhere, and the code of that problem."""
    content, code = STATES[request.param]
    (run_folder / "checkpoint").write_text(content)
    return run_folder, code


def test_a_state_file_that_leads_nowhere_is_a_problem_of_the_folder(cli, misled):
    folder, code = misled
    ran = cli("ls", folder, "--json")
    assert ran.document["path"] == f"{folder}/model.ckpt-20"
    assert [problem["code"] for problem in ran.document["problems"]] == [code]
    ran = cli("ls", folder)
    assert ran.status == 0
    assert ran.err.startswith(f"ckpt-viewer: problem: {folder}/checkpoint ")
    assert cli("ls", folder / "model.ckpt-20", "--json").document["problems"] == []


@pytest.mark.parametrize("words", [[], ["--json"]])
@pytest.mark.parametrize("command", ["stats", "verify", "graph", "diff", "export"])
def test_every_command_tells_of_it(command, words, cli, misled, tmp_path):
    folder, _ = misled
    more = {"diff": [folder], "export": ["global_step", "-o", tmp_path / "x.npy"]}.get(command, [])
    ran = cli(command, folder, *more, *words)
    assert ran.status == 0
    word = "note" if command == "verify" else "problem"  # it takes nothing away from the values
    told = ran.err.count(f"ckpt-viewer: {word}: {folder}/checkpoint ")
    assert told == 1 or (told and command == "verify") or ran.document["problems"]


def test_a_long_name_leaves_the_columns_aligned(cli, tmp_path):
    values = {"w": np.ones(1, "f"), "b": np.ones(1, "f"), "scope/" * 11 + "w": np.ones(1, "f")}
    lines = cli("ls", write_bundle(tmp_path / "m", values)).out.splitlines()
    assert [line.index("float32") for line in lines[2:5]] == [69, 69, 69]


def test_a_folder_that_could_mean_many_is_an_error_that_lists_them_all(cli, tmp_path):
    names = [f"one_of_many_names_{number}" for number in range(60)]
    for name in names:
        write_bundle(tmp_path / name, {"w": np.ones(1, "f")})
        os.utime(tmp_path / f"{name}.index", (1e9, 1e9))
        os.utime(tmp_path / f"{name}.data-00000-of-00001", (1e9, 1e9))
    ran = cli("ls", tmp_path)
    error, hint = ran.err.splitlines()
    assert (ran.status, ran.out) == (2, "")
    assert f"{tmp_path} could mean any of these 60: " in error
    assert error.removesuffix(".").partition("60: ")[2].split(", ") == sorted(names)
    assert hint.startswith("hint: Name one of them, such as ")
