"""The command line against what TensorFlow says of crafted, odd and damaged checkpoints."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import KINDS
from tests.cli.test_export import content
from tests.corpus import oracle_folder

FOLDERS = [folder for folder in map(oracle_folder, ("seed1-small", "seed1-hard")) if folder]
FORMATS = {"v2": "bundle", "v1": "v1"}
COUNTS = ("zeros", "posinf", "neginf")
NO_FILE = (
    "end in a zero byte",
    "axes; numpy knows at most",
    "whose values no file can hold",
    "as the longest",
)


def known() -> list[tuple[Path, dict]]:
    found = []
    for folder in FOLDERS:
        for answers in sorted(folder.glob("*/oracle.json")):
            for prefix, answer in json.loads(answers.read_text()).get("checkpoints", {}).items():
                if FORMATS.get(answer["format"]) in KINDS:
                    found.append((answers.parent / prefix, answer["tensors"]))
    return found


def damaged() -> list[Path]:
    """Those of formats that are read."""
    found = [path.parent for folder in FOLDERS for path in sorted(folder.glob("bad/*/expect.txt"))]
    return [case for case in found if "v1" in KINDS or not case.name.startswith("v1_")]


def name_of(case) -> str:
    return "/".join(case.parts[-3:]) if isinstance(case, Path) else ""


def key(name: str) -> str:
    return os.fsdecode(bytes.fromhex(name[4:])) if name.startswith("hex:") else name


@pytest.mark.parametrize(("prefix", "tensors"), known(), ids=name_of)
def test_statistics_are_those_of_tensorflow(prefix, tensors, cli):
    ran = cli("stats", prefix, "--json")
    assert ran.status == 0, ran.err
    rows = {each["name"]: each for each in ran.document["variables"]}
    assert rows.keys() >= {key(name) for name in tensors}
    for name, answer in tensors.items():
        row = rows[key(name)]
        assert (row["dtype"], row["shape"]) == (answer["dtype"], answer["shape"])
        if answer["dtype"] not in ("string", "variant"):
            check(row, answer)


def check(row, answer):
    assert row["checksum"] in ("ok", "none")
    assert row["nan"] == answer["nan"]
    if row["dtype"].startswith("complex"):
        return
    assert [row[fact] for fact in COUNTS] == [answer[fact] for fact in COUNTS]
    for fact, infinite in (("min", answer["neginf"]), ("max", answer["posinf"])):
        if row[fact] is not None and not infinite:  # ours are over finite values
            assert row[fact] == answer[fact]
    if row["mean"] is None:
        assert answer["mean"] is None
        return
    # Sums of large values of both signs keep what float64 keeps of the large ones.
    largest = max(abs(row["min"]), abs(row["max"]))
    assert row["mean"] == pytest.approx(answer["mean"], rel=1e-9, abs=1e-15 * largest)


@pytest.mark.parametrize(("prefix", "tensors"), known(), ids=name_of)
def test_exported_bytes_are_those_of_tensorflow(prefix, tensors, cli, tmp_path):
    ran = cli("export", prefix, "--all", "--raw", "-o", tmp_path / "out", "--json")
    written = {each["name"]: each["file"] for each in ran.document["written"]}
    for name, answer in tensors.items():
        if key(name) in written and "sha256" in answer:
            digest = hashlib.sha256(content(np.load(written[key(name)]))).hexdigest()
            assert digest == answer["sha256"]
    for problem in ran.document["problems"]:
        assert any(reason in problem["message"] for reason in NO_FILE)


@pytest.mark.parametrize("case", damaged(), ids=name_of)
def test_damage_becomes_a_status_and_a_sentence(case, cli, tmp_path):
    expected = dict(line.split(":", 1) for line in (case / "expect.txt").read_text().splitlines())
    stage, target = expected["stage"].strip(), case / expected["target"].strip()
    for command in ("ls", "stats", "verify"):
        ran = cli(command, target, "--json")
        assert "fault of ckpt-viewer" not in ran.err
        assert "Traceback" not in ran.err
        assert ran.status != 2 or (ran.err.startswith("ckpt-viewer: ") and "\nhint: " in ran.err)
        if stage == "read" and command == "ls":
            assert ran.status == 0
        if ran.out:
            assert ran.document["path"]
    assert "fault of ckpt-viewer" not in cli("graph", target).err
    assert "fault of ckpt-viewer" not in cli("scan", case).err


@pytest.mark.parametrize("case", [case for case in damaged() if case.name.startswith("state_")], ids=name_of)
def test_a_state_file_that_is_passed_over_is_told(case, cli):
    expected = dict(line.split(":", 1) for line in (case / "expect.txt").read_text().splitlines())
    ran = cli("ls", case, "--json")
    assert (ran.status, ran.document["path"]) == (0, str(case / "m"))
    assert bool(ran.document["problems"]) == (expected["class"].strip() != "none")
    assert cli("verify", case).status == 0
