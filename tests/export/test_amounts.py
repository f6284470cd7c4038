"""Small checkpoints whose export would fill the disk."""

from pathlib import Path

import pytest

from ckpt_viewer.errors import RequestRefused
from ckpt_viewer.export import export_variables
from ckpt_viewer.formats.protos.graph_pb2 import GraphDef
from ckpt_viewer.formats.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from ckpt_viewer.formats.readers import open_checkpoint
from tests.bundle_writer import masked, table

INT8, STRING = 6, 7
LENGTH = 1 << 20


def shared(folder: Path, count: int, length: int, dtype: int = INT8) -> Path:
    """A bundle of so many variables that all have the same bytes."""
    data = bytes(length)
    entry = BundleEntryProto(dtype=dtype, size=length, crc32c=masked(data))
    entry.shape.dim.add(size=length)
    records = [(b"v%06d" % place, entry.SerializeToString()) for place in range(count)]
    header = BundleHeaderProto(num_shards=1).SerializeToString()
    (folder / "m.index").write_bytes(table([(b"", header), *records]))
    (folder / "m.data-00000-of-00001").write_bytes(data)
    return folder / "m"


def test_bytes_given_to_hundreds_of_variables_are_not_written_hundreds_of_times(tmp_path: Path) -> None:
    with open_checkpoint(shared(tmp_path, 100, LENGTH)) as checkpoint:
        with pytest.raises(RequestRefused, match="would write 104,857,600 bytes, far more than it has"):
            export_variables(checkpoint, checkpoint.variables, tmp_path / "all.npz")
        assert not (tmp_path / "all.npz").exists()
        assert export_variables(checkpoint, checkpoint.variables[:2], tmp_path / "two.npz")


def test_little_is_written_however_often_it_is_shared(tmp_path: Path) -> None:
    with open_checkpoint(shared(tmp_path, 500, 300)) as checkpoint:
        assert len(export_variables(checkpoint, checkpoint.variables, tmp_path / "all.npz")) == 500


def test_shared_strings_are_seen_too(tmp_path: Path) -> None:
    with (
        open_checkpoint(shared(tmp_path, 100, LENGTH, STRING)) as checkpoint,
        pytest.raises(RequestRefused, match=r"Exporting from .*m would write 104,857,600 bytes"),
    ):
        export_variables(checkpoint, checkpoint.variables, tmp_path / "all", folder=True, format="csv")


def test_constants_of_one_repeated_value_do_not_fill_the_disk(tmp_path: Path) -> None:
    graph = GraphDef()
    for place in range(3):
        tensor = graph.node.add(name=f"w{place}", op="Const").attr.add(key="value").value.tensor
        tensor.dtype = 1
        tensor.tensor_shape.dim.add(size=1 << 29)
        tensor.float_val.append(1)
    (tmp_path / "g.pb").write_bytes(graph.SerializeToString())
    with (
        open_checkpoint(tmp_path / "g.pb") as checkpoint,
        pytest.raises(RequestRefused, match="would write 6,442,450,944 bytes"),
    ):
        export_variables(checkpoint, checkpoint.variables, tmp_path / "all.npz")


def test_what_lies_in_files_that_are_gone_does_not_count(tmp_path: Path) -> None:
    prefix = shared(tmp_path, 100, LENGTH)
    prefix.with_name("m.data-00000-of-00001").unlink()
    with open_checkpoint(prefix) as checkpoint:
        refused = []
        written = export_variables(
            checkpoint,
            checkpoint.variables,
            tmp_path / "all",
            folder=True,
            refused=lambda variable, error: refused.append(error.code),
        )
        assert not written
        assert set(refused) == {"missing-shard"}
