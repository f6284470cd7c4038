"""Writes V1 checkpoints for tests: what TensorFlow would not, such as lists that promise too much."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ckpt_viewer.formats.bundle.entries import extents_of
from ckpt_viewer.formats.protos.saved_tensor_slice_pb2 import SavedTensorSlices
from ckpt_viewer.formats.protos.tensor_pb2 import TensorProto, TensorSliceProto
from ckpt_viewer.formats.values.slice_keys import WHOLE_AXIS, Extent, encode_slice_key
from tests.bundle_writer import table

Extents = tuple[Extent, ...]


class V1Writer:
    """Collects tensors and their records; `save` writes them as one file."""

    def __init__(self) -> None:
        self._meta = SavedTensorSlices()
        self._meta.meta.versions.producer = 1
        self.records: dict[bytes, bytes] = {}

    def add(self, name: str, dtype: int, shape: Iterable[int], values: Mapping[Extents, TensorProto]) -> None:
        """List a tensor, and store the values of its slices; extents are written as they are given."""
        listed = self._meta.meta.tensor.add(name=name.encode(), type=dtype)
        listed.shape.SetInParent()
        for length in shape:
            listed.shape.dim.add(size=length)
        for extents, data in values.items():
            part = listed.slice.add()
            write_extents(part, extents)
            record = SavedTensorSlices()
            record.data.name = name.encode()
            record.data.data.CopyFrom(data)
            self.records[encode_slice_key(name.encode(), extents_of(part))] = record.SerializeToString()

    def save(self, path: Path) -> Path:
        path.write_bytes(table(sorted(self.finished().items())))
        return path

    def finished(self) -> dict[bytes, bytes]:
        """All records by their keys, the list of tensors among them."""
        self.records[b""] = self._meta.SerializeToString()
        return self.records


def write_extents(part: TensorSliceProto, extents: Extents) -> None:
    for extent in extents:
        added = part.extent.add()
        if extent != WHOLE_AXIS:
            added.start, added.length = extent


def whole(rank: int) -> Extents:
    return (WHOLE_AXIS,) * rank
