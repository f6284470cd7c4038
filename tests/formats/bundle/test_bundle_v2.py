"""Opening and reading V2 bundles: the contract on TensorFlow-made samples, and what is special to bundles."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import CheckpointError, DamagedFile, MissingShard, NotFound, RequestRefused
from ckpt_viewer.formats.bundle.bundle_v2 import Bundle, open_bundle
from ckpt_viewer.formats.checkpoint import Checkpoint
from ckpt_viewer.formats.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from tests.bundle_writer import masked, table, write_bundle
from tests.corpus import SAMPLES
from tests.formats.checkpoint_contract import ARRAYS, WORDS, CheckpointContract
from tests.memory_checkpoint import MemoryCheckpoint


class TestWholeBundle(CheckpointContract):
    @pytest.fixture
    def checkpoint(self) -> Iterator[Checkpoint]:
        with open_bundle(SAMPLES / "contract" / "whole") as bundle:
            yield bundle


class TestPartitionedBundle(CheckpointContract):
    @pytest.fixture
    def checkpoint(self) -> Iterator[Checkpoint]:
        with open_bundle(SAMPLES / "contract" / "cut") as bundle:
            yield bundle


class TestMemoryCheckpoint(CheckpointContract):
    @pytest.fixture
    def checkpoint(self) -> Checkpoint:
        return MemoryCheckpoint({**ARRAYS, "words": WORDS})


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A bundle of two variables that may be damaged, written long ago."""
    prefix = write_bundle(
        tmp_path / "m.ckpt", {"a": np.arange(4, dtype=np.float32), "b": np.ones(2, np.int64)}
    )
    for file in tmp_path.iterdir():
        os.utime(file, (0, 0))
    return prefix


@pytest.fixture
def data(written: Path) -> Path:
    return written.with_name("m.ckpt.data-00000-of-00001")


def test_a_partitioned_variable_tells_its_slices() -> None:
    with open_bundle(SAMPLES / "partitioned" / "model.ckpt-9") as bundle:
        slices = {each.name: (each.slices, each.shard, each.crc32c) for each in bundle.variables}
        assert {name: told[0] for name, told in slices.items()} == {
            "columns": 2, "one_part": 0, "rows": 3, "wide": 4, "words": 0,
        }  # fmt: skip
        assert slices["rows"][1:] == (0, None)
        assert slices["columns"][1:] == (1, None)


def test_slices_in_two_files_belong_to_neither() -> None:
    with open_bundle(SAMPLES / "partitioned" / "merged") as bundle:
        assert bundle.find("table").shard is None
        assert [path.name for path in bundle.files] == [
            "merged.index", "merged.data-00000-of-00002", "merged.data-00001-of-00002",
        ]  # fmt: skip


def test_partitioned_strings_are_put_together() -> None:
    with open_bundle(SAMPLES / "contract" / "unjoined") as bundle:
        assert bundle.read("words").tolist() == WORDS.tolist()
        assert bundle.find("words").slices == 2


def test_more_axes_than_numpy_has_are_read_flat() -> None:
    with open_bundle(SAMPLES / "shapes" / "shapes") as bundle:
        variable = bundle.find("rank100")
        assert len(variable.shape) == 100
        assert bundle.read(variable).tolist() == [1, 2, 3]
        assert bundle.read_region(variable, (slice(1, None),)).tolist() == [2, 3]
        assert bundle.read_flat(variable, 2, 1).tolist() == [3]


def test_a_slot_knows_its_owner() -> None:
    with open_bundle(SAMPLES / "run" / "model.ckpt-20") as bundle:
        slot = bundle.find("hidden/weights/Adam")
        assert (slot.role, slot.owner) == ("slot", "hidden/weights")
        assert bundle.find("global_step").role == "counter"


def test_a_variant_is_listed_and_named_but_not_read() -> None:
    with open_bundle(SAMPLES / "variant" / "variant") as bundle:
        assert bundle.find("list").dtype == "variant"
        assert bundle.find("list").nbytes > 0
        with pytest.raises(CheckpointError, match="tensorflow::TensorList") as caught:
            bundle.read("list")
        assert caught.value.problem.code == "unsupported"
        assert bundle.read("plain").tolist() == [1, 2, 3]


def test_variables_are_listed_without_their_data(written: Path, data: Path) -> None:
    data.unlink()
    with open_bundle(written) as bundle:
        assert [each.name for each in bundle.variables] == ["a", "b"]
        assert [problem.code for problem in bundle.problems] == ["missing-shard"]
        assert data.name in bundle.problems[0].message
        with pytest.raises(MissingShard, match=data.name) as caught:
            bundle.read("a")
        assert caught.value.path == data


def test_an_interrupted_save_is_recognised(written: Path, data: Path) -> None:
    data.rename(data.with_name(data.name + ".tempstate123"))
    with open_bundle(written) as bundle, pytest.raises(MissingShard) as caught:
        bundle.read("a")
    assert "interrupted" in caught.value.hint


def test_a_short_data_file_is_told_before_it_is_read(written: Path, data: Path) -> None:
    data.write_bytes(data.read_bytes()[:20])
    with open_bundle(written) as bundle:
        assert [problem.code for problem in bundle.problems] == ["truncated"]
        assert bundle.read("a").tolist() == [0, 1, 2, 3]
        with pytest.raises(DamagedFile, match="ends after 20 bytes"):
            bundle.read("b")
        with pytest.raises(DamagedFile):
            bundle.pieces(bundle.find("b"))


def test_a_pointer_in_place_of_the_data_says_so(written: Path, data: Path) -> None:
    data.write_bytes(b"version https://git-lfs")
    with open_bundle(written) as bundle, pytest.raises(CheckpointError, match="git-LFS pointer") as caught:
        bundle.read("b")
    assert caught.value.problem.code == "lfs-pointer"


def test_wrong_values_can_be_looked_at_all_the_same(written: Path, data: Path) -> None:
    content = bytearray(data.read_bytes())
    content[0] ^= 1
    data.write_bytes(content)
    with open_bundle(written) as bundle:
        with pytest.raises(DamagedFile, match="checksum") as caught:
            bundle.read("a")
        assert caught.value.problem.code == "bad-checksum"
        assert bundle.read("a", verify=False)[1:].tolist() == [1, 2, 3]
        assert bundle.read("b").tolist() == [1, 1]


def test_a_save_over_an_open_checkpoint_is_noticed(written: Path, data: Path) -> None:
    with open_bundle(written) as bundle:
        assert bundle.read("a").tolist() == [0, 1, 2, 3]
        write_bundle(written, {"a": np.ones(9, np.float32)})
        with pytest.raises(DamagedFile, match="replaced") as caught:
            bundle.read("a")
    assert caught.value.problem.code == "changed-on-disk"


def test_data_replaced_before_it_is_opened_is_noticed(written: Path, data: Path) -> None:
    with open_bundle(written) as bundle:
        data.write_bytes(bytes(100))
        with pytest.raises(DamagedFile, match="replaced"):
            bundle.read("a", verify=False)


def test_nothing_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"m\.ckpt\.index is not there"):
        open_bundle(tmp_path / "m.ckpt")


def test_data_without_an_index_says_so(written: Path) -> None:
    written.with_name("m.ckpt.index").unlink()
    with pytest.raises(NotFound, match="says nothing") as caught:
        open_bundle(written)
    assert caught.value.problem.code == "missing-index"


def test_a_folder_in_place_of_the_index_says_so(written: Path) -> None:
    index = written.with_name("m.ckpt.index")
    index.unlink()
    index.mkdir()
    with pytest.raises(NotFound, match="is a folder") as caught:
        open_bundle(written)
    assert caught.value.problem.code == "not-readable"


def test_an_index_still_being_written_is_tried_again(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = written.with_name("m.ckpt.index")
    whole = index.read_bytes()
    index.write_bytes(whole[:50])
    monkeypatch.setattr("ckpt_viewer.formats.bundle.opening.time.sleep", lambda _: index.write_bytes(whole))
    with open_bundle(written) as bundle:
        assert len(bundle.variables) == 2


def test_two_thousand_million_claimed_files_are_not_looked_for(tmp_path: Path) -> None:
    prefix = tmp_path / "m"
    header = bytes.fromhex("08ffffffff07")  # num_shards 2147483647
    prefix.with_name("m.index").write_bytes(table([(b"", header), (b"w", bytes.fromhex("080112003004"))]))
    with open_bundle(prefix) as bundle:
        assert bundle.variables[0].problem is not None


def test_opening_can_be_stopped(written: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        open_bundle(written, cancel)


def test_opening_leaves_no_file_open_and_reading_closes_its_own(written: Path) -> None:
    bundle = open_bundle(written)
    bundle.read("a")
    bundle.close()
    assert isinstance(bundle, Bundle)


def test_what_no_array_holds_is_refused_before_memory_is_taken(written: Path, data: Path) -> None:
    with open_bundle(written) as bundle:
        with pytest.raises(RequestRefused, match="2 axes"):
            bundle.read_region(bundle.find("a"), (slice(None),) * 2)
        with pytest.raises(RequestRefused, match="forwards"):
            bundle.read_region(bundle.find("a"), (slice(None, None, -1),))
        with pytest.raises(RequestRefused, match="were asked of 4"):
            bundle.read_flat(bundle.find("a"), 3, 2)


def test_an_empty_variable_needs_no_data_file(tmp_path: Path) -> None:
    prefix = write_bundle(tmp_path / "m", {"none": np.zeros((0, 3), np.float32)})
    prefix.with_name("m.data-00000-of-00001").unlink()
    with open_bundle(prefix) as bundle:
        assert not bundle.problems
        assert bundle.read("none").shape == (0, 3)


def test_axes_count_although_the_rank_is_called_unknown(tmp_path: Path) -> None:
    """As they do for TensorFlow, whose restore op reads such an entry."""
    header, content = BundleHeaderProto(num_shards=1), np.arange(6, dtype=np.float32).tobytes()
    entry = BundleEntryProto(dtype=1, size=len(content), crc32c=masked(content))
    entry.shape.unknown_rank = True
    for length in (2, 3):
        entry.shape.dim.add(size=length)
    (tmp_path / "m.index").write_bytes(
        table([(b"", header.SerializeToString()), (b"w", entry.SerializeToString())])
    )
    (tmp_path / "m.data-00000-of-00001").write_bytes(content)
    with open_bundle(tmp_path / "m") as bundle:
        assert bundle.read("w").tolist() == [[0, 1, 2], [3, 4, 5]]


def test_an_empty_variable_has_a_checksum_too(tmp_path):
    prefix = write_bundle(tmp_path / "m-1", {"e": np.zeros((0, 3), np.float32)})
    with open_bundle(prefix) as checkpoint:
        variable = replace(checkpoint.find("e"), crc32c=0)
        assert checkpoint.read("e").shape == (0, 3)
        with pytest.raises(DamagedFile, match="0x00000000 is stored"):
            checkpoint.read(variable)
        assert checkpoint.read(variable, verify=False).shape == (0, 3)
