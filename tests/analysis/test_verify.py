"""Every status, with the sentence that goes with it."""

import json

import numpy as np
import pytest

from ckpt_viewer.analysis.verify import verify
from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import DamagedFile, MissingShard, Problem, UnsupportedFeature
from ckpt_viewer.formats.checkpoint import Piece
from ckpt_viewer.formats.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from ckpt_viewer.formats.protos.tensor_pb2 import TensorProto
from ckpt_viewer.formats.readers import open_checkpoint
from ckpt_viewer.formats.storage.checksums import crc32c, mask
from ckpt_viewer.formats.storage.source import MemoryBytes
from ckpt_viewer.formats.storage.sstable import Footer
from ckpt_viewer.formats.values.slice_keys import encode_slice_key
from tests.bundle_writer import table, write_bundle
from tests.formats.answers import bundles
from tests.memory_checkpoint import MemoryCheckpoint
from tests.v1_writer import V1Writer, whole

VALUES = {"a": np.arange(1_300_000, dtype=np.float32), "b": np.ones(3), "c": np.zeros((0, 2), np.int8)}


def statuses(verification):
    return {check.name: check.status for check in verification.variables}


def test_what_is_as_it_was_saved_is_ok(tmp_path):
    cancel = CancelToken()
    with open_checkpoint(write_bundle(tmp_path / "m", VALUES)) as checkpoint:
        verification = verify(checkpoint, cancel)
    assert statuses(verification) == {"a": "ok", "b": "ok", "c": "ok"}
    assert verification.ok
    assert not verification.problems
    assert cancel.progress == 1.0


def test_a_flipped_bit_is_found_and_only_there(tmp_path):
    prefix = write_bundle(tmp_path / "m", VALUES)
    data = tmp_path / "m.data-00000-of-00001"
    content = bytearray(data.read_bytes())
    content[4_000_000] ^= 8
    data.write_bytes(content)
    with open_checkpoint(prefix) as checkpoint:
        verification = verify(checkpoint)
    assert statuses(verification) == {"a": "damaged", "b": "ok", "c": "ok"}
    assert not verification.ok
    message = verification.variables[0].message
    assert message.startswith(f"Bytes 0 to 5200000 of {data} are not those that were saved")
    assert "Copy the file again" in message


def test_a_cut_file_damages_what_lay_in_it(tmp_path):
    prefix = write_bundle(tmp_path / "m", VALUES)
    data = tmp_path / "m.data-00000-of-00001"
    data.write_bytes(data.read_bytes()[:-8])
    with open_checkpoint(prefix) as checkpoint:
        assert statuses(verify(checkpoint))["b"] == "damaged"


def test_without_the_data_file_nothing_is_there(tmp_path):
    prefix = write_bundle(tmp_path / "m", VALUES)
    (tmp_path / "m.data-00000-of-00001").unlink()
    with open_checkpoint(prefix) as checkpoint:
        verification = verify(checkpoint)
    assert statuses(verification)["a"] == "missing-data"
    assert not verification.ok


def test_without_a_stored_checksum_nothing_can_be_checked():
    verification = verify(MemoryCheckpoint({"x": [1.0], "s": np.array([b"y"], object)}))
    assert statuses(verification) == {"x": "unchecked", "s": "unchecked"}
    assert verification.ok


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DamagedFile("m ends early."), "damaged"),
        (MissingShard("m is not there."), "missing-data"),
        (UnsupportedFeature("No."), "unchecked"),
        (MissingShard("m cannot be read.", code="not-readable"), "unreadable"),
    ],
)
def test_an_error_becomes_a_status(error, status):
    class Failing(MemoryCheckpoint):
        def pieces(self, variable):
            raise error

        def read(self, variable, *, verify=True, cancel=None):
            raise error

    verification = verify(Failing({"x": [1.0], "s": np.array([b"y"], object)}))
    assert set(statuses(verification).values()) == {status}
    assert verification.variables[0].message == str(error)
    assert verification.ok == (status == "unchecked")


def test_variables_that_share_bytes_and_are_as_saved_are_a_note():
    class Sharing(MemoryCheckpoint):
        content = MemoryBytes(bytes(16))

        def pieces(self, variable):
            start = {"a": 0, "b": 4, "c": 12}[variable.name]
            checksum = mask(crc32c(bytes(8 if start < 12 else 4)))
            count = 2 if start < 12 else 1
            return [Piece(self.content, start, 4 * count, (0,), (count,), "float32", checksum)]

    zeros = np.zeros(2, np.float32)
    verification = verify(Sharing({"a": zeros, "b": zeros, "c": zeros[:1]}))
    assert [note.message for note in verification.notes] == ["a and b share bytes of memory."]
    assert verification.ok
    assert set(statuses(verification).values()) == {"ok"}


def test_problems_of_the_checkpoint_are_passed_on():
    problem = Problem("missing-slice", "A slice is gone.")
    verification = verify(MemoryCheckpoint({"x": [1.0]}, problems=[problem]))
    assert verification.problems == (problem,)
    assert not verification.ok
    assert verify(MemoryCheckpoint({"x": [1.0]}, problems=[Problem("stale-path", "It moved.")])).ok


def test_a_cancelled_token_ends_it():
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        verify(MemoryCheckpoint(VALUES), cancel)


@pytest.mark.parametrize(("prefix", "answers"), bundles())
def test_what_tensorflow_reads_is_ok(prefix, answers):
    with open_checkpoint(prefix) as checkpoint:
        found = statuses(verify(checkpoint))
    assert {found[name] for name, answer in answers.items() if "sha256" in answer} <= {"ok"}
    json.dumps(found)


def overwritten(prefix, values):
    """The same index with the data file of another save."""
    other = write_bundle(prefix.parent / "other" / "m", values)
    (other.parent / "m.data-00000-of-00001").replace(prefix.parent / "m.data-00000-of-00001")


def test_wrong_checksums_of_nothing_accuse_no_file(tmp_path):
    records = {b"": BundleHeaderProto(num_shards=1).SerializeToString()}
    for name in (b"a", b"b"):
        entry = BundleEntryProto(dtype=1, crc32c=1)
        entry.shape.dim.add(size=0)
        records[name] = entry.SerializeToString()
    (tmp_path / "m.index").write_bytes(table(sorted(records.items())))
    (tmp_path / "m.data-00000-of-00001").touch()
    with open_checkpoint(tmp_path / "m") as checkpoint:
        assert statuses(verify(checkpoint)) == {"a": "damaged", "b": "damaged"}


def test_a_data_file_of_another_save_is_named_as_that(tmp_path):
    values = {name: np.arange(8.0) for name in "abcd"}
    prefix = write_bundle(tmp_path / "m", values)
    overwritten(prefix, {**{name: np.arange(8.0) + 1 for name in "abc"}, "d": np.arange(8.0)})
    with open_checkpoint(prefix) as checkpoint:
        verification = verify(checkpoint)
    assert statuses(verification) == {"a": "damaged", "b": "damaged", "c": "damaged", "d": "ok"}
    data = tmp_path / "m.data-00000-of-00001"
    [problem] = verification.problems
    assert problem.code == "other-save"
    assert problem.message.startswith(f"3 of the 4 values in {data} do not have")
    assert {check.message for check in verification.variables[:3]} == {
        f"Its bytes are not those that were saved, as most in {data}."
    }


def test_few_wrong_values_are_told_one_by_one(tmp_path):
    values = {name: np.arange(8.0) for name in "abcd"}
    prefix = write_bundle(tmp_path / "m", values)
    overwritten(prefix, {**values, "a": np.ones(8), "b": np.ones(8)})
    with open_checkpoint(prefix) as checkpoint:
        verification = verify(checkpoint)
    assert statuses(verification) == {"a": "damaged", "b": "damaged", "c": "ok", "d": "ok"}
    assert not verification.problems
    assert "checksum is 0x" in verification.variables[0].message


def test_bytes_that_were_never_written_are_told(tmp_path):
    prefix = write_bundle(tmp_path / "m", {"a": np.arange(1_300_000, dtype=np.float32), "b": np.ones(3)})
    data = tmp_path / "m.data-00000-of-00001"
    content = data.read_bytes()
    data.write_bytes(bytes(5_200_000) + content[5_200_000:])
    with open_checkpoint(prefix) as checkpoint:
        lost, _ = verify(checkpoint).variables
    assert "They are all zero: never written, or lost." in lost.message


def test_bytes_no_reader_needs_are_notes(tmp_path):
    prefix = write_bundle(tmp_path / "m", VALUES)
    index = tmp_path / "m.index"
    content = bytearray(index.read_bytes())
    content[Footer.parse(bytes(content[-48:])).metaindex.offset] ^= 1
    content[-10] ^= 1  # the padding before the magic number
    index.write_bytes(content)
    with (tmp_path / "m.data-00000-of-00001").open("ab") as data:
        data.write(bytes(7))
    (tmp_path / "m.data-00000-of-00002").touch()
    with open_checkpoint(prefix) as checkpoint:
        verification = verify(checkpoint)
    assert verification.ok
    assert [note.code for note in verification.notes] == [
        "unused-damage",
        "unused-damage",
        "extra-bytes",
        "mixed-shards",
    ]
    assert "has 7 bytes behind the last value" in verification.notes[2].message


def test_a_missing_data_file_without_values_is_a_note(tmp_path):
    prefix = write_bundle(tmp_path / "m", {"a": np.ones(3)}, shard_count=3)
    with open_checkpoint(prefix) as checkpoint:
        verification = verify(checkpoint)
    assert verification.ok
    [note] = verification.notes
    assert note.code == "unused-shard"
    assert "counts 3 data files; 2 of them, in which no variable has values, are not here" in note.message


def test_values_that_no_list_names_are_looked_at_too(tmp_path):
    writer = V1Writer()
    writer.add("w", 1, (80_000,), {whole(1): TensorProto(float_val=range(80_000))})
    writer.records[encode_slice_key(b"zz", whole(1))] = b"a record without a place in the list"
    path = writer.save(tmp_path / "v1")
    with open_checkpoint(path) as checkpoint:
        verification = verify(checkpoint)
    assert statuses(verification) == {"w": "ok"}
    [problem] = verification.problems
    assert problem.code == "bad-slice"
    assert "1 of 'zz'" in problem.message
    path.write_bytes(path.read_bytes().replace(b"without a place", b"withoutAa place"))
    with open_checkpoint(path) as checkpoint:
        verification = verify(checkpoint)
    assert statuses(verification) == {"w": "ok"}
    assert [problem.code for problem in verification.problems] == ["bad-checksum"]
