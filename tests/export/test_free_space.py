"""Exports for which the disk has no room: refused beforehand, or cleaned up after."""

import errno
import os
import shutil
from collections import namedtuple
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from ckpt_viewer.errors import RequestRefused
from ckpt_viewer.export import export_variables
from tests.memory_checkpoint import MemoryCheckpoint

Usage = namedtuple("Usage", "total used free")
ARRAYS = {"a": np.arange(1000, dtype=np.float32), "b": np.arange(1000, dtype=np.float32)}


def export(target, arrays=ARRAYS, **options):
    checkpoint = MemoryCheckpoint(arrays)
    return export_variables(checkpoint, checkpoint.variables, target, **options)


@pytest.fixture
def leave_free(monkeypatch):
    """The disk says that so many bytes are free."""
    asked = []

    def leave(free, total=10**12):
        monkeypatch.setattr(shutil, "disk_usage", lambda path: asked.append(path) or Usage(total, 0, free))
        return asked

    return leave


@pytest.mark.parametrize("name", ["all.npz", "all.safetensors", "folder"])
def test_what_does_not_fit_is_refused_before_anything_is_written(name, leave_free, tmp_path):
    leave_free(7_999)
    target = tmp_path / name
    with pytest.raises(RequestRefused) as caught:
        export(target)
    message = f"{target} cannot be written: it takes 8,000 bytes, and its disk has 7,999 free."
    assert str(caught.value) == message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["all.npz", "all.safetensors", "folder"])
def test_what_fits_is_written(name, leave_free, tmp_path):
    leave_free(8_000)
    assert len(export(tmp_path / name)) == 2


def test_the_room_counts_in_the_types_that_are_written(leave_free, tmp_path):
    leave_free(3_999)
    arrays = {"half": np.zeros(1000, ml_dtypes.bfloat16)}
    with pytest.raises(RequestRefused, match="takes 4,000 bytes"):
        export(tmp_path / "x.npy", arrays)
    assert export(tmp_path / "x.npy", arrays, raw=True)


def test_a_file_that_is_replaced_gives_no_room_before(leave_free, tmp_path):
    (tmp_path / "x.npy").write_bytes(bytes(4_000))
    leave_free(3_999)
    with pytest.raises(RequestRefused, match="takes 4,000 bytes"):
        export(tmp_path / "x.npy", {"a": ARRAYS["a"]}, force=True)
    assert (tmp_path / "x.npy").read_bytes() == bytes(4_000)


def test_the_files_replaced_before_make_room_for_the_next(leave_free, tmp_path):
    export(tmp_path / "folder")
    leave_free(4_000)
    assert len(export(tmp_path / "folder", force=True)) == 2


def test_a_sparse_file_that_is_replaced_makes_no_more_room_than_it_occupies(leave_free, tmp_path):
    export(tmp_path / "folder")
    os.truncate(tmp_path / "folder/a.npy", 0)
    os.truncate(tmp_path / "folder/a.npy", 1 << 20)
    if not hasattr(os.stat_result, "st_blocks") or (tmp_path / "folder/a.npy").stat().st_blocks:
        pytest.skip("needs a file system with sparse files")
    leave_free(7_999)
    with pytest.raises(RequestRefused, match="takes 8,000 bytes"):
        export(tmp_path / "folder", force=True)


def test_a_file_that_has_another_name_too_makes_no_room(leave_free, tmp_path):
    export(tmp_path / "folder")
    os.link(tmp_path / "folder/a.npy", tmp_path / "kept.npy")
    leave_free(7_999)
    with pytest.raises(RequestRefused, match="takes 8,000 bytes"):
        export(tmp_path / "folder", force=True)


def test_text_is_not_guessed_at(leave_free, tmp_path):
    leave_free(10)
    assert export(tmp_path / "x.csv", {"a": ARRAYS["a"]})


def test_what_cannot_be_written_anyway_takes_no_room(leave_free, tmp_path):
    arrays = {"a": ARRAYS["a"], "b": np.zeros(1000, np.complex128)}
    leave_free(4_000)
    written = export(tmp_path / "x.safetensors", arrays, refused=lambda variable, error: None)
    assert [each.name for each in written] == ["a"]


def test_a_disk_that_tells_nothing_is_tried(leave_free, tmp_path, monkeypatch):
    leave_free(0, total=0)
    assert export(tmp_path / "one.npz")
    monkeypatch.setattr(shutil, "disk_usage", refuse)
    assert export(tmp_path / "two.npz")


def refuse(path: Path):
    raise PermissionError(errno.EACCES, "no")


def test_the_disk_is_that_of_the_nearest_folder_there_is(tmp_path, monkeypatch):
    asked = []
    there = shutil.disk_usage

    def usage(path):
        asked.append(Path(path))
        return there(path)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    export(tmp_path / "new" / "folder", folder=True)
    assert asked[-1] == tmp_path


@pytest.mark.parametrize("name", ["all.npz", "all.safetensors", "folder", "x.npy", "x.csv"])
def test_a_disk_that_fills_up_meanwhile_leaves_nothing_and_is_one_sentence(name, tmp_path):
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    rows = np.zeros(200_000, np.float32)
    arrays = {"a": rows} if name.startswith("x") else {"a": rows, "b": rows}
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(RequestRefused) as caught:
            export(tmp_path / name, arrays)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert str(caught.value).endswith("cannot be written: File too large.")
    assert list(tmp_path.iterdir()) == []
