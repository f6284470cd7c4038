"""A broken index is told of in the same words by the folder it lies in, and by whoever opens it."""

import os
import shutil
from pathlib import Path

import pytest

from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.formats.folders.folder import list_folder
from ckpt_viewer.formats.readers import open_checkpoint
from tests.corpus import SAMPLES, oracle_folder

NAME = "model.ckpt-20"
WHOLE = (SAMPLES / "run" / f"{NAME}.index").read_bytes()
LONG_AGO = 1_600_000_000

INDEXES = {
    "empty": (b"", "is empty."),
    "one byte": (WHOLE[:1], "ends after 1 byte; its footer should be there."),
    "less than a footer": (WHOLE[:47], "ends after 47 bytes; its footer should be there."),
    "the end of one": (WHOLE[-20:], "ends after 20 bytes; its footer should be there."),
    "half": (WHOLE[:292], "ends after 292 bytes; its footer should be there."),
    "a line feed too much": (
        WHOLE + b"\n",
        f"ends after {len(WHOLE) + 1} bytes; its footer should be there.",
    ),
    "zeros": (bytes(584), "holds 584 bytes that are all zero: its content was never written."),
    "text": (b"This is a text.\n" * 9, "is plain text, not a file of a TensorFlow checkpoint."),
    "a text graph": (b'node { name: "x" }\n' * 9, "is not the index of a TensorFlow checkpoint."),
    "anything": (bytes(range(1, 200)), "is not the index of a TensorFlow checkpoint."),
}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    for file in (SAMPLES / "run").glob(f"{NAME}.*"):
        shutil.copy(file, tmp_path)
    return tmp_path / f"{NAME}.index"


def told_by_folder(path: Path) -> list[tuple[str, str, str]]:
    [save] = list_folder(path.parent).saves
    assert not save.openable
    return [(each.code, each.message, each.hint) for each in save.problems]


def told_by_reader(path: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(CheckpointError) as caught:
        open_checkpoint(path.with_suffix(""))
    return [(caught.value.code, str(caught.value), caught.value.hint)]


@pytest.mark.parametrize("young", [False, True])
@pytest.mark.parametrize("what", INDEXES)
def test_a_broken_index(what: str, young: bool, index: Path) -> None:
    content, sentence = INDEXES[what]
    index.write_bytes(content)
    if not young:
        os.utime(index, (LONG_AGO, LONG_AGO))
    [(_, message, hint)] = told = told_by_folder(index)
    assert told == told_by_reader(index)
    assert message == f"{index} {sentence}"
    assert hint


def test_a_folder_in_place_of_the_index(index: Path) -> None:
    index.unlink()
    index.mkdir()
    assert told_by_folder(index) == told_by_reader(index)
    assert told_by_folder(index)[0][1] == f"{index} is a folder, not a file."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
def test_a_pipe_in_place_of_the_index(index: Path) -> None:
    index.unlink()
    os.mkfifo(index)
    assert told_by_folder(index) == told_by_reader(index)
    assert "it is a pipe or a device" in told_by_folder(index)[0][1]


def test_no_index_at_all(index: Path) -> None:
    index.unlink()
    assert told_by_folder(index) == told_by_reader(index)


def test_every_index_without_an_end_that_the_oracle_broke() -> None:
    hard = oracle_folder("seed1-hard")
    if hard is None:
        pytest.skip("no fixtures")
    told = 0
    for folder in sorted((hard / "bad").glob("index_*")):
        for save in list_folder(folder).saves:
            if save.kind == "bundle" and not save.openable:
                assert told_by_folder(folder / f"{save.path.name}.index") == told_by_reader(
                    folder / f"{save.path.name}.index"
                )
                told += 1
    assert told > 5
