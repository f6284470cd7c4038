"""Blocks in C order: bounded, complete, and never a wrong piece to its end."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from ckpt_viewer.errors import DamagedFile
from ckpt_viewer.formats.bundle.bundle_v2 import open_bundle
from ckpt_viewer.formats.values.streaming import blocks
from tests.bundle_writer import write_bundle
from tests.corpus import SAMPLES
from tests.memory_checkpoint import MemoryCheckpoint

VALUES = np.arange(1000, dtype=np.float32)


def test_blocks_are_as_large_as_asked_but_the_last() -> None:
    checkpoint = MemoryCheckpoint({"w": VALUES.reshape(10, 100)})
    assert [len(block) for block in blocks(checkpoint, checkpoint.find("w"), size=1600)] == [400, 400, 200]


def test_each_block_is_the_callers_own() -> None:
    checkpoint = MemoryCheckpoint({"w": VALUES})
    first, second, *_ = blocks(checkpoint, checkpoint.find("w"), size=400)
    first[:] = 0
    assert second[0] == 100


def test_an_empty_variable_gives_no_blocks() -> None:
    checkpoint = MemoryCheckpoint({"w": np.zeros((3, 0))})
    assert list(blocks(checkpoint, checkpoint.find("w"))) == []


def test_the_last_block_of_a_wrong_piece_is_not_handed_out(tmp_path: Path) -> None:
    prefix = write_bundle(tmp_path / "m", {"w": VALUES})
    data = prefix.with_name("m.data-00000-of-00001")
    data.write_bytes(b"\x01" + data.read_bytes()[1:])
    with open_bundle(prefix) as bundle:
        stream = blocks(bundle, bundle.find("w"), size=1000)
        assert sum(len(next(stream)) for _ in range(3)) == 750
        with pytest.raises(DamagedFile, match="checksum"):
            next(stream)
        unchecked = list(blocks(bundle, bundle.find("w"), size=1000, verify=False))
        assert np.concatenate(unchecked)[1:].tolist() == VALUES[1:].tolist()


def test_a_cut_variable_streams_in_its_own_order_not_that_of_its_pieces() -> None:
    with open_bundle(SAMPLES / "contract" / "cut") as bundle:
        stream = list(blocks(bundle, bundle.find("kernel"), size=28))
    assert np.concatenate(stream).tolist() == list(range(60))


def test_memory_stays_bounded(tmp_path: Path) -> None:
    prefix = write_bundle(tmp_path / "m", {"w": np.zeros(16 << 20, np.uint8)})
    with open_bundle(prefix) as bundle:
        tracemalloc.start()
        total = sum(len(block) for block in blocks(bundle, bundle.find("w"), size=1 << 20))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert total == 16 << 20
    assert peak < 4 << 20
