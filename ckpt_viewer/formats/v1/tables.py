"""One file of a V1 checkpoint: a table that lists its tensors under the empty key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from google.protobuf.message import DecodeError

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, DamagedFile, Malformed, NotACheckpoint, UnsupportedFeature
from ckpt_viewer.formats.bundle.entries import Form, extents_of
from ckpt_viewer.formats.folders.index_end import without_end
from ckpt_viewer.formats.foreign import HEAD_SIZE, name_foreign
from ckpt_viewer.formats.peek import begun_table, table_format
from ckpt_viewer.formats.protos.saved_tensor_slice_pb2 import SavedSliceMeta, SavedTensorSlices
from ckpt_viewer.formats.storage.source import LocalFile, Stamp
from ckpt_viewer.formats.storage.sstable import Table
from ckpt_viewer.formats.values.slice_keys import Extent, encode_slice_key

_FORMAT_VERSION = 1
_COPY_AGAIN = "It was damaged or cut after it was saved: copy it again."


@dataclass(frozen=True, slots=True)
class ListedTensor:
    """What a file says of one tensor: all of it, and which slices it holds itself."""

    name: bytes
    form: Form
    slices: tuple[tuple[Extent, ...], ...]

    @classmethod
    def of(cls, listed: SavedSliceMeta) -> Self:
        slices = tuple(tuple(extents_of(each)) for each in listed.slice)
        return cls(listed.name, Form.parse(listed.type, listed.shape), slices)


@dataclass(frozen=True, slots=True)
class SliceTable:
    """Attributes: shard: its number, None where it is the only file."""

    shard: int | None
    file: LocalFile
    stamp: Stamp
    table: Table
    tensors: Sequence[ListedTensor]

    @classmethod
    def open(cls, path: Path, shard: int | None) -> Self:
        """Read what it lists, and no values; raises `CheckpointError`."""
        file = LocalFile(path)
        try:
            if file.size == 0:
                raise DamagedFile(f"{path} is empty.", path=path, hint=_COPY_AGAIN, code="empty-file")
            table = Table(file)
            return cls(shard, file, file.stamp, table, _listed(table))
        except Malformed as error:
            raise _explained(file, error) from error
        finally:
            file.close()

    def record(
        self, name: bytes, extents: Sequence[Extent], cancel: CancelToken | None = None
    ) -> bytes | None:
        """Raises `Malformed` where its block is damaged."""
        return self.table.find(encode_slice_key(name, extents), cancel)

    def record_sizes(self, slices: Iterable[tuple[bytes, Sequence[Extent]]]) -> Mapping[bytes, int]:
        """Bytes that the records of slices take together, by name; without those that cannot be read."""
        keys = {encode_slice_key(name, extents): name for name, extents in slices}
        sizes: dict[bytes, int] = {}
        try:
            for key, size in self.table.value_sizes(keys):
                sizes[keys[key]] = sizes.get(keys[key], 0) + size
        except (Malformed, CheckpointError):
            pass  # whoever reads the value hears of it
        finally:
            self.file.close()
        return sizes


def _listed(table: Table) -> tuple[ListedTensor, ...]:
    record = table.find(b"")
    try:
        slices = SavedTensorSlices.FromString(record or b"")
    except DecodeError as error:
        raise Malformed("its first record is no list of tensors", code="bad-header") from error
    if not slices.HasField("meta"):
        raise Malformed("it has no list of its tensors", code="bad-header")
    versions = slices.meta.versions
    if versions.min_consumer > _FORMAT_VERSION or _FORMAT_VERSION in versions.bad_consumers:
        raise Malformed("it was written for a later reader than there is", code="unsupported")
    return tuple(map(ListedTensor.of, slices.meta.tensor))


def _explained(file: LocalFile, error: Malformed) -> CheckpointError:
    path, problem = file.path, error.problem
    head = file.read(0, min(file.size, HEAD_SIZE))
    if problem.code == "truncated" and (foreign := name_foreign(head, path)):
        return foreign
    if problem.code == "bad-header" and begun_table(head) == "index":
        message = f"{path} is the index of a newer checkpoint under another name."
        return NotACheckpoint(message, path=path, hint=f"Rename it to {path.name}.index.")
    if problem.code == "unsupported":
        return UnsupportedFeature(f"{path} cannot be read: {problem.message}.", path=path)
    if problem.code == "truncated" and table_format(path) is None:
        return without_end(path)
    message = f"{path} is damaged: {problem.message}."
    return DamagedFile(message, path=path, hint=_COPY_AGAIN, code=problem.code)
