from math import prod

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
    assert lines[0].split() == ["name", "dtype", "shape", "bytes", "role"]
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
    assert cli("ls", tmp_path / "none").out == "0 variables, 0 parameters, 0 B\n"
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
