"""The tensor bundle that TensorFlow saves since 2016: `P.index` and `P.data-00000-of-00001` for a prefix `P`.

Layout: tensorflow/core/util/tensor_bundle/tensor_bundle.h. Opening reads the index alone; data files are
looked at but opened by the first read that needs them.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Protocol

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import (
    CheckpointError,
    DamagedFile,
    Malformed,
    OpaqueValues,
    Problem,
    UnsupportedFeature,
)
from ckpt_viewer.formats.bundle.data_files import DataFiles, changed
from ckpt_viewer.formats.bundle.entries import Header
from ckpt_viewer.formats.bundle.index import BundleIndex, breathe, make_variables
from ckpt_viewer.formats.bundle.opening import index_path, open_index
from ckpt_viewer.formats.bundle.stored_objects import StoredObjects
from ckpt_viewer.formats.checkpoint import Array, Kind, Piece, Variable
from ckpt_viewer.formats.folders.file_names import file_of
from ckpt_viewer.formats.nearest import variable_of
from ckpt_viewer.formats.opened import Opened
from ckpt_viewer.formats.roles.classify import classify
from ckpt_viewer.formats.storage.source import ByteSource, LocalFile, Stamp
from ckpt_viewer.formats.storage.table_audit import audit_table
from ckpt_viewer.formats.values import pieces as reading
from ckpt_viewer.formats.values import variants
from ckpt_viewer.formats.values.boxes import Box
from ckpt_viewer.formats.values.dtypes import is_numeric
from ckpt_viewer.formats.values.strings import decode_strings


class Place(Protocol):
    """Where one stretch of stored values is: an entry of the index, or the variable made of it."""

    @property
    def shard(self) -> int | None: ...
    @property
    def offset(self) -> int | None: ...
    @property
    def nbytes(self) -> int: ...
    @property
    def crc32c(self) -> int | None: ...


def open_bundle(
    prefix: Path,
    cancel: CancelToken | None = None,
    kind: Kind = "bundle",
    *,
    data_folder: Path | None = None,
) -> "Bundle":
    """Read the index of a prefix; raises `CheckpointError`, but not for data files: those are `problems`.

    The data files are beside the index, unless `data_folder` says where else.
    """
    records, stamp = open_index(prefix, cancel)
    data = DataFiles((data_folder or prefix.parent) / prefix.name, records.header.shard_count, records.ends())
    breathe(cancel)
    objects = StoredObjects(prefix, records, data, cancel)
    judgements = classify(records.names, records.dtypes, records.shapes, objects.call, cancel)
    index = make_variables(records, index_path(prefix), judgements, cancel)
    return Bundle(prefix, kind, records.header, index, stamp, data, objects.problems)


class Bundle(Opened):
    """An open tensor bundle; follows the `Checkpoint` protocol. Any thread may read from it."""

    def __init__(
        self,
        path: Path,
        kind: Kind,
        header: Header,
        index: BundleIndex,
        stamp: Stamp,
        data: DataFiles,
        problems: Sequence[Problem] = (),
    ) -> None:
        super().__init__()
        self.path = path
        self.kind: Kind = kind
        self.variables: Sequence[Variable] = index.variables
        self._slices = index.slices
        self.big_endian = header.big_endian
        self._index, self._stamp = index_path(path), stamp
        self._data = data
        self.problems: Sequence[Problem] = (
            *self._data.problems(),
            *_orphan_problems(self._index, index.orphans),
            *problems,
        )
        self.files: Sequence[Path] = _files(path, self._data)

    def pieces(self, variable: Variable) -> Sequence[Piece]:
        self._refuse_without_elements(variable)
        self._check(variable)
        return self._pieces(variable)

    def slice_checksums(self, variable: Variable) -> Mapping[Box, int]:
        return {each.box: each.entry.crc32c for each in self._slices.get(variable.name, ())}

    def sources(self, variables: Sequence[Variable]) -> Sequence[ByteSource | None]:
        if self._closed or self.big_endian or self._is_replaced():
            return [None] * len(variables)
        files = {shard: self._file(shard) for shard in {variable.shard for variable in variables}}
        ends = {shard: file.size if file else -1 for shard, file in files.items()}
        return [
            None
            if each.slices or each.problem or (each.offset or 0) + each.nbytes > ends[each.shard]
            else files[each.shard]
            for each in variables
        ]

    def read(
        self, variable: Variable | str, *, verify: bool = True, cancel: CancelToken | None = None
    ) -> Array:
        found = variable_of(self, variable)
        self._check(found)
        places = self._pieces(found)
        if is_numeric(found.dtype):
            return reading.read_all(places, found.shape, found.dtype, verify=verify, cancel=cancel)
        return self._read_strings(found, places, verify, cancel)

    def audit(self, cancel: CancelToken | None = None) -> Iterator[Problem]:
        index = LocalFile(self._index)
        try:
            yield from audit_table(index)
        finally:
            index.close()
        all_known = not any(variable.problem for variable in self.variables)
        yield from self._data.spare(all_known=all_known)

    def close(self) -> None:
        super().close()
        self._data.close()

    def _check(self, variable: Variable) -> None:
        super()._check(variable)
        if variable.problem is not None:
            raise _unreadable(variable.problem, self.path)
        if self._is_replaced():
            raise changed(self._index)

    def _is_replaced(self) -> bool:
        return Stamp.of(self._index) not in (self._stamp, None)

    def _pieces(self, variable: Variable, *, keep: bool = False) -> tuple[Piece, ...]:
        """Where the values of any type are, each place within a file that is there and long enough."""
        if not variable.slices:
            whole = Box((0,) * len(variable.shape), variable.shape)
            return (self._piece(variable.dtype, whole, variable),)
        return tuple(
            self._piece(variable.dtype, each.box, each.entry) for each in self._slices[variable.name]
        )

    def _file(self, shard: int | None) -> LocalFile | None:
        """None where it cannot be read, or there is none."""
        try:
            return None if shard is None else self._data.source(shard, 0)
        except CheckpointError:
            return None

    def _piece(self, dtype: str, box: Box, place: Place) -> Piece:
        size, offset, shard = place.nbytes, place.offset or 0, place.shard or 0
        # Empty tensors may lie beyond the end of a file, or in one that was never written.
        file = self._data.source(shard, offset + size) if size else LocalFile(self._data.path(shard))
        return Piece(file, offset, size, *box, dtype, place.crc32c, self.big_endian)

    def _read_strings(
        self, variable: Variable, places: Sequence[Piece], verify: bool, cancel: CancelToken | None
    ) -> Array:
        if variable.dtype != "string":
            checked = verify and not self.big_endian
            if checked:
                _check_variants(places, variable, cancel)
            raise self._unsupported(variable, places[0], checked=checked)
        values = reading.allocate(reading.shape_in_memory(variable.shape), "string")
        places, shape = reading.flattened(places, variable.shape)
        target, whole = values.reshape(shape), Box((0,) * len(shape), shape)
        for piece in places:
            box = Box(piece.start, piece.shape)
            target[box.within(whole)] = _strings(piece, variable.name, verify, cancel).reshape(box.shape)
        return values

    def _unsupported(self, variable: Variable, piece: Piece, *, checked: bool) -> UnsupportedFeature:
        head = piece.source.read(piece.offset, min(piece.nbytes, variants.HEAD_SIZE))
        kind = variants.type_name(head)
        what = f"{variable.dtype} ({kind})" if kind else variable.dtype
        error = OpaqueValues if checked else UnsupportedFeature
        return error(
            f"{variable.name!r} in {self.path} is a {what}: its values mean something to TensorFlow only.",
            path=self.path,
        )


def _check_variants(places: Sequence[Piece], variable: Variable, cancel: CancelToken | None) -> None:
    for piece in places:
        raw = reading.read_bytes(piece, cancel)
        try:
            variants.check_variants(raw, prod(piece.shape), piece.crc32c, cancel)
        except Malformed as error:
            raise _damaged(piece, variable.name, error) from error


def _strings(piece: Piece, name: str, verify: bool, cancel: CancelToken | None) -> Array:
    raw = reading.read_bytes(piece, cancel)
    try:
        return decode_strings(
            raw,
            prod(piece.shape),
            piece.crc32c,
            verify=verify,
            big_endian=piece.big_endian,
            cancel=cancel,
        )
    except Malformed as error:
        raise _damaged(piece, name, error) from error


def _damaged(piece: Piece, name: str, error: Malformed) -> DamagedFile:
    path = piece.source.path
    message = f"{path} is damaged where {name!r} is: {error.problem.message}."
    hint = "Copy the file again from where it came from, or use another save."
    return DamagedFile(message, path=path, hint=hint, code=error.problem.code)


def _unreadable(problem: Problem, path: Path) -> CheckpointError:
    kind = UnsupportedFeature if problem.code == "unsupported" else DamagedFile
    return kind(problem.message, path=path, hint=problem.hint, code=problem.code)


def _orphan_problems(path: Path, orphans: Mapping[str, int]) -> list[Problem]:
    if not orphans:
        return []
    name, count = next(iter(orphans.items()))
    others = f", and those of {len(orphans) - 1:,} other names" if len(orphans) > 1 else ""
    message = f"{path} holds slices that no variable in it lists: {count} of {name!r}{others}."
    return [Problem("bad-slice", message, "They are left out; whatever wrote the index lost their variable.")]


def _files(prefix: Path, data: DataFiles) -> tuple[Path, ...]:
    meta = file_of(prefix, ".meta")
    return (index_path(prefix), *data.present(), *([meta] if meta.is_file() else []))
