from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData

from ckpt_viewer.ui import dragged_files
from ckpt_viewer.ui.dragged_files import DragFolder
from tests.memory_checkpoint import MemoryCheckpoint
from tests.ui.value_parts import with_problem

ARRAYS = {"a/kernel": np.arange(6.0).reshape(2, 3), "a_kernel": np.ones(3)}


@pytest.fixture
def folder(qapp):
    folder = DragFolder()
    yield folder
    folder.clean_up()


def files_of(dragged):
    return [Path(url.toLocalFile()) for url in dragged.urls()]


def test_dropped_variables_arrive_as_files_of_their_values(folder):
    checkpoint = MemoryCheckpoint(ARRAYS)
    dragged = folder.files(checkpoint, checkpoint.variables)
    assert isinstance(dragged, QMimeData)
    files = files_of(dragged)
    assert [file.name for file in files] == ["a_kernel.npy", "a_kernel.npy"]
    for file, values in zip(files, ARRAYS.values(), strict=True):
        assert np.array_equal(np.load(file), values)
    assert files_of(dragged) == files
    folder.clean_up()
    assert not any(file.exists() for file in files)


def test_nothing_is_read_until_the_drop(folder):
    def fail(cancel):
        raise AssertionError

    checkpoint = MemoryCheckpoint(ARRAYS, before_read=fail)
    assert folder.files(checkpoint, checkpoint.variables).hasUrls()


def test_what_takes_too_long_to_write_is_not_dragged(folder, monkeypatch):
    monkeypatch.setattr(dragged_files, "MOST_BYTES", 50)
    checkpoint = MemoryCheckpoint(ARRAYS)
    assert folder.files(checkpoint, checkpoint.variables) is None
    assert folder.files(checkpoint, checkpoint.variables[1:]) is not None
    assert folder.files(checkpoint, ()) is None


def test_a_variable_that_cannot_be_read_is_left_out(folder):
    checkpoint = with_problem(MemoryCheckpoint(ARRAYS), "a/kernel")
    assert len(files_of(folder.files(checkpoint, checkpoint.variables))) == 1
