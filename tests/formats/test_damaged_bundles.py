"""Damaged V2 checkpoints: what each is called, what stays readable, and that none costs much memory.

The fixtures name a class of problem; `CODES` says which of our codes are that class. They are skipped where
absent; the damage done to our own samples at the end of this file always runs.
"""

import os
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.formats.bundle.bundle_v2 import open_bundle
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from tests.bundle_writer import table
from tests.corpus import SAMPLES, oracle_folder

MEMORY = 64 << 20
CODES = {
    "bad-block": {"bad-block", "bad-checksum"},
    "bad-header": {"bad-header"},
    "bad-magic": {"truncated"},
    "bad-shape": {"bad-shape"},
    "bad-slice": {"bad-slice"},
    "block-crc": {"bad-checksum"},
    "block-type": {"bad-block"},
    "data-crc": {"bad-checksum"},
    "data-range": {"truncated", "bad-entry"},
    "empty-file": {"empty-file"},
    "entry-unparsable": {"bad-entry", "bad-dtype"},
    "key-order": {"bad-order"},
    "lfs-pointer": {"lfs-pointer"},
    "missing-data": {"missing-shard"},
    "missing-index": {"missing-index"},
    "missing-shard": {"missing-shard"},
    "missing-slice": {"missing-slice"},
    "no-header": {"bad-header"},
    "not-a-checkpoint": {"not-a-checkpoint"},
    "not-a-file": {
        "not-readable",
        "missing-index",
    },  # an empty folder gets lost where git carries the fixtures
    "shape-overflow": {"bad-shape"},
    "shard-id": {"bad-entry"},
    "size-mismatch": {"bad-size"},
    "snappy-bomb": {"bad-block", "too-large"},
    "snappy-corrupt": {"bad-block"},
    "too-short": {"truncated"},
    "truncated": {"truncated", "bad-checksum"},
    "unknown-dtype": {"bad-dtype"},
    "version-too-new": {"unsupported"},
}


def damaged(*stages: str) -> list[Any]:
    folder = oracle_folder("seed1-hard")
    found = []
    for file in sorted(folder.glob("bad/*/expect.txt")) if folder else ():
        expected = dict(line.split(":", 1) for line in file.read_text().splitlines())
        expected = {key: text.strip() for key, text in expected.items()}
        if expected["stage"] in stages and not expected["target"].startswith("v1"):
            found.append(pytest.param(file.parent / expected["target"], expected, id=file.parent.name))
    return found


@contextmanager
def little_memory() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


def opened_or_refused(prefix: Path) -> Sequence[Variable] | None:
    try:
        return open_bundle(prefix).variables
    except CheckpointError:
        return None


def unreadable(checkpoint: Checkpoint) -> dict[str, CheckpointError]:
    """What refuses to be read, and how."""
    errors = {}
    for variable in checkpoint.variables:
        try:
            checkpoint.read(variable)
        except CheckpointError as error:
            errors[variable.name] = error
    return errors


@pytest.mark.parametrize(("prefix", "expected"), damaged("open", "list"))
def test_a_damaged_index_says_so(prefix: Path, expected: dict[str, str]) -> None:
    with little_memory(), pytest.raises(CheckpointError) as caught:
        open_bundle(prefix)
    assert caught.value.problem.code in CODES[expected["class"]]
    assert str(prefix.parent) in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(("prefix", "expected"), damaged("read"))
def test_what_is_not_damaged_stays_readable(prefix: Path, expected: dict[str, str]) -> None:
    with little_memory(), open_bundle(prefix) as checkpoint:
        errors = unreadable(checkpoint)
        names = {variable.name for variable in checkpoint.variables}
    assert errors
    assert {error.problem.code for error in errors.values()} <= CODES[expected["class"]]
    assert names - set(errors) == set(expected.get("readable", "").split())
    assert all(str(prefix.parent) in str(error) for error in errors.values())


@pytest.mark.parametrize(("prefix", "expected"), damaged("none"))
def test_harmless_damage_does_no_harm(prefix: Path, expected: dict[str, str]) -> None:
    with open_bundle(prefix) as checkpoint:
        assert not checkpoint.problems
        readable = {each.name for each in checkpoint.variables} - set(unreadable(checkpoint))
    assert readable >= set(expected.get("readable", "").split())


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of one of our samples, to be damaged."""
    for file in (SAMPLES / "run").glob("model.ckpt-10.*"):
        write_long_ago(tmp_path / file.name, file.read_bytes())
    return tmp_path / "model.ckpt-10"


@pytest.mark.parametrize("kept_in_columns", [False, True])
def test_a_string_of_less_than_no_bytes_is_refused(kept_in_columns: bool, tmp_path: Path) -> None:
    header, entry = BundleHeaderProto(num_shards=1), BundleEntryProto(dtype=7, size=-1)
    entry.shape.SetInParent()
    names = [b"%04d" % number for number in range(3000 if kept_in_columns else 1)]
    records = [(name, entry.SerializeToString()) for name in names]
    (tmp_path / "m.index").write_bytes(table([(b"", header.SerializeToString()), *records]))
    (tmp_path / "m.data-00000-of-00001").write_bytes(bytes(64))
    with open_bundle(tmp_path / "m") as bundle:
        problems = [variable.problem for variable in bundle.variables]
    assert {problem and problem.code for problem in problems} == {"bad-size"}


def write_long_ago(path: Path, content: bytes) -> None:
    """A damaged index that was written just now would be tried twice."""
    path.write_bytes(content)
    os.utime(path, (0, 0))


def test_an_index_cut_anywhere_is_never_taken_for_whole(copied: Path) -> None:
    index = copied.with_name("model.ckpt-10.index")
    whole = index.read_bytes()
    for length in range(len(whole)):
        write_long_ago(index, whole[:length])
        with pytest.raises(CheckpointError) as caught:
            open_bundle(copied)
        assert caught.value.problem.code in {"empty-file", "truncated"}, length


def test_any_bit_flipped_in_the_index_is_noticed_or_harmless(copied: Path) -> None:
    index = copied.with_name("model.ckpt-10.index")
    whole = index.read_bytes()
    expected = open_bundle(copied).variables
    for place in range(len(whole)):
        write_long_ago(index, whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        assert opened_or_refused(copied) in (expected, None), place


def test_any_bit_flipped_in_the_data_marks_one_variable(copied: Path) -> None:
    data = copied.with_name("model.ckpt-10.data-00000-of-00001")
    whole = data.read_bytes()
    for place in range(0, len(whole), 7):
        data.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with open_bundle(copied) as checkpoint:
            assert [error.problem.code for error in unreadable(checkpoint).values()] == ["bad-checksum"], (
                place
            )


def test_data_cut_anywhere_leaves_the_rest_readable(copied: Path) -> None:
    data = copied.with_name("model.ckpt-10.data-00000-of-00001")
    whole = data.read_bytes()
    for length in range(0, len(whole), 50):
        data.write_bytes(whole[:length])
        with open_bundle(copied) as checkpoint:
            beyond = {each.name for each in checkpoint.variables if each.offset + each.nbytes > length}
            errors = unreadable(checkpoint)
            assert set(errors) == beyond
            assert {error.problem.code for error in errors.values()} == {"truncated"}
            assert [problem.code for problem in checkpoint.problems] == ["truncated"]
