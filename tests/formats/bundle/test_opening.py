"""An index that is being written is looked at again as long as it grows; a large one can be looked into."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ckpt_viewer.errors import DamagedFile, UnfinishedFile
from ckpt_viewer.formats.bundle import opening
from ckpt_viewer.formats.bundle.bundle_v2 import open_bundle
from ckpt_viewer.formats.bundle.opening import first_of_index
from ckpt_viewer.resources import sample_run
from tests.bundle_writer import write_bundle

WHOLE = (sample_run() / "digits-1000.index").read_bytes()
Waiting = Callable[[object], None]


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    for file in sample_run().glob("digits-1000.*"):
        shutil.copy(file, tmp_path)
    (tmp_path / "digits-1000.index").write_bytes(WHOLE[:100])
    return tmp_path / "digits-1000"


def writes_on(prefix: Path, parts: list[bytes]) -> Waiting:
    """In place of the time to wait: a save that goes on meanwhile."""

    def wait(_cancel: object) -> None:
        if parts:
            with opening.index_path(prefix).open("ab") as file:
                file.write(parts.pop(0))

    return wait


def test_an_index_that_grows_is_read_once_it_has_its_end(
    prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = [WHOLE[100:150], WHOLE[150:500], WHOLE[500:]]
    monkeypatch.setattr(opening, "_wait", writes_on(prefix, parts))
    with open_bundle(prefix) as checkpoint, open_bundle(sample_run() / "digits-1000") as whole:
        assert checkpoint.variables == whole.variables
    assert not parts


def test_an_index_that_grows_and_grows_is_a_save_in_progress(
    prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_wait", writes_on(prefix, [b"x"] * 1000))
    with pytest.raises(UnfinishedFile, match="a save in progress") as raised:
        open_bundle(prefix)
    assert raised.value.code == "partial-save"


@pytest.mark.parametrize("size", [0, 100])
def test_a_young_index_that_grows_no_more_is_damaged_and_the_hint_says_what_else_it_may_be(
    prefix: Path, size: int
) -> None:
    os.truncate(opening.index_path(prefix), size)
    with pytest.raises(UnfinishedFile) as raised:  # looked at again by whoever can wait
        open_bundle(prefix)
    assert raised.value.code == ("truncated" if size else "empty-file")
    assert ("progress" in str(raised.value), "still being saved" in raised.value.hint) == (False, True)
    os.utime(opening.index_path(prefix), (1e9, 1e9))
    with pytest.raises(DamagedFile) as raised_again:
        open_bundle(prefix)
    assert not isinstance(raised_again.value, UnfinishedFile)
    assert (raised_again.value.code, str(raised_again.value)) == (raised.value.code, str(raised.value))
    assert "still being" not in raised_again.value.hint


@pytest.mark.parametrize("left", ["digits-1000_temp", "digits-1000.index.tempstate123"])
def test_a_young_index_beside_what_a_save_has_not_taken_away_yet_is_one_in_progress(
    prefix: Path, left: str
) -> None:
    prefix.with_name(left).mkdir()
    with pytest.raises(UnfinishedFile, match="a save in progress") as raised:
        open_bundle(prefix)
    assert raised.value.code == "partial-save"


@pytest.mark.parametrize(
    "content",
    [
        WHOLE[:200] + bytes([WHOLE[200] ^ 1]) + WHOLE[201:],  # what has its end is written to its end
        WHOLE[:-20] + bytes(20),
        bytes(len(WHOLE)),
        WHOLE[:-9] + b"\n",
    ],
    ids=["flipped", "last bytes zero", "all zero", "last bytes gone"],
)
def test_an_index_that_was_damaged_moments_ago_is_no_save_in_progress(prefix: Path, content: bytes) -> None:
    opening.index_path(prefix).write_bytes(content)
    with pytest.raises(DamagedFile) as raised:
        open_bundle(prefix)
    assert "progress" not in str(raised.value)
    assert not raised.value.hint.startswith("Look again")


def test_the_first_variables_of_a_large_index_are_those_of_the_whole(tmp_path):
    arrays = {f"layer_{place:05d}/kernel": np.zeros((place % 3, 2), np.float32) for place in range(30_000)}
    prefix = write_bundle(tmp_path / "model", arrays)
    first = first_of_index(prefix)
    with open_bundle(prefix) as bundle:
        facts = [(each.name, each.shape, each.dtype, each.nbytes, each.crc32c) for each in bundle.variables]
    assert 100 < len(first) < len(facts)
    found = [(each.name, each.shape, each.dtype, each.nbytes, each.crc32c) for each in first]
    assert found == facts[: len(first)]


def test_a_small_or_damaged_index_has_no_first_variables(tmp_path):
    small = write_bundle(tmp_path / "small", {"w": np.zeros(3, np.float32)})
    assert first_of_index(small) == ()
    (tmp_path / "cut.index").write_bytes(bytes(2 << 20))
    assert first_of_index(tmp_path / "cut") == ()
    assert first_of_index(tmp_path / "absent") == ()
