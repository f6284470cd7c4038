"""The checkpoints of TensorFlow before 2016, V1: one table, or several, with the values inside.

Layout: tensorflow/core/util/tensor_slice_writer.h. Opening reads the list of tensors; the record of a value
is looked up by its key when it is read.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import prod
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, DamagedFile, Malformed, NotFound, Problem
from ckpt_viewer.formats.checkpoint import Array, Piece, Variable
from ckpt_viewer.formats.decoded import DecodedBytes, DecodedCheckpoint
from ckpt_viewer.formats.folders import file_names
from ckpt_viewer.formats.folders.parts import missing_shards
from ckpt_viewer.formats.storage.source import unreadable
from ckpt_viewer.formats.v1.merge import Merged, TableSlice, merge_tables
from ckpt_viewer.formats.v1.slice_values import stored_numbers, stored_strings
from ckpt_viewer.formats.v1.table_audit import audit_slice_table
from ckpt_viewer.formats.v1.tables import SliceTable
from ckpt_viewer.formats.values import pieces as reading
from ckpt_viewer.formats.values.boxes import Box
from ckpt_viewer.formats.values.cover_faults import place_text
from ckpt_viewer.formats.values.dtypes import item_size

_HINT = "The file was damaged after it was saved: copy it again."


def open_v1(path: Path, cancel: CancelToken | None = None) -> "SlicesV1":
    """The checkpoint in one file, or in several where the name has question marks for their numbers.

    Files that are missing or damaged are problems as long as one can be read; raises `CheckpointError`.
    """
    files, problems = _files(path)
    tables: list[SliceTable] = []
    errors: list[CheckpointError] = []
    for shard, file in files.items():
        if cancel is not None:
            cancel.check()
        try:
            tables.append(SliceTable.open(file, shard))
        except CheckpointError as error:
            errors.append(error)
    if not tables:
        raise errors[0] if errors else NotFound(f"{path} is not there.", path=path)
    problems += [error.problem for error in errors]
    merged = merge_tables(tables, path, whole=not problems, cancel=cancel)
    _check_any(path, merged)
    return SlicesV1(path, tables, merged, problems)


class SlicesV1(DecodedCheckpoint):
    """An open V1 checkpoint."""

    def __init__(
        self, path: Path, tables: Sequence[SliceTable], merged: Merged, problems: Sequence[Problem]
    ) -> None:
        pattern = file_names.parse_v1_pattern(path.name)
        meta = path.with_name(f"{pattern[0] if pattern else path.name}.meta")
        files = [table.file.path for table in tables] + ([meta] if meta.is_file() else [])
        stamps = {table.file.path: table.stamp for table in tables}
        super().__init__(path, "v1", merged.variables, tuple(problems), files, stamps)
        self._tables, self._slices = tables, merged.slices

    def audit(self, cancel: CancelToken | None = None) -> Iterator[Problem]:
        for table in self._tables:
            yield from audit_slice_table(table, cancel)

    def close(self) -> None:
        super().close()
        for table in self._tables:
            table.file.close()

    def _pieces(self, variable: Variable, keep: bool) -> Sequence[Piece]:
        return tuple(self._piece(variable, each, keep) for each in self._slices[variable.name])

    def _piece(self, variable: Variable, part: TableSlice, keep: bool) -> Piece:
        dtype, path = variable.dtype, part.table.file.path
        item, size = item_size(dtype), prod(part.box.shape) * item_size(dtype)
        decode = partial(_numbers, variable.name, dtype, part)
        source = DecodedBytes(path, size, item, decode, keep=keep)
        return Piece(source, 0, size, *part.box, dtype, None)

    def _strings(self, variable: Variable, cancel: CancelToken | None) -> Array:
        values = reading.allocate(reading.shape_in_memory(variable.shape), "string")
        slices = self._slices[variable.name]
        whole = Box((0,) * len(variable.shape), variable.shape)
        for part in slices:
            if cancel is not None:
                cancel.check()
            found = _texts(variable.name, part, cancel)
            if part.box == whole:
                values.reshape(-1)[:] = found
            else:
                values[part.box.within(whole)] = found.reshape(part.box.shape)
        return values


def _numbers(name: str, dtype: str, part: TableSlice, cancel: CancelToken | None) -> Array:
    try:
        return stored_numbers(_record(name, part, cancel), dtype, prod(part.box.shape), cancel)
    except Malformed as error:
        raise _damaged(name, part, error) from error


def _texts(name: str, part: TableSlice, cancel: CancelToken | None) -> Array:
    try:
        return stored_strings(_record(name, part, cancel), prod(part.box.shape), cancel)
    except Malformed as error:
        raise _damaged(name, part, error) from error


def _record(name: str, part: TableSlice, cancel: CancelToken | None) -> bytes:
    record = part.table.record(name.encode("utf-8", "surrogateescape"), part.extents, cancel)
    if record is None:
        what = f"its slice {place_text(part.box)} is" if part.box.shape else "its value is"
        raise Malformed(f"{what} listed, but not there", code="missing-slice")
    return record


def _damaged(name: str, part: TableSlice, error: Malformed) -> DamagedFile:
    path, problem = part.table.file.path, error.problem
    message = f"{path} is damaged where {name!r} is: {problem.message}."
    return DamagedFile(message, path=path, hint=_HINT, code=problem.code)


def _files(path: Path) -> tuple[Mapping[int | None, Path], list[Problem]]:
    """The files that are there by number, and what is missing of them."""
    pattern = file_names.parse_v1_pattern(path.name)
    if pattern is None or path.is_file():
        return {None: path}, []
    prefix, shards = pattern
    try:
        parsed = {file.name: file_names.parse(file.name) for file in path.parent.iterdir()}
    except OSError as error:
        raise unreadable(path.parent, error) from error
    present = {
        each.shard: name
        for name, each in parsed.items()
        if (each.prefix, each.part, each.shards) == (prefix, "v1-shard", shards) and each.shard < shards
    }
    missing = missing_shards(prefix, present, shards, path.parent, data=False)
    files: dict[int | None, Path] = {shard: path.parent / present[shard] for shard in sorted(present)}
    return files, [problem for _, problem in missing]


def _check_any(path: Path, merged: Merged) -> None:
    """A list of which nothing can be read is worth no more than none."""
    faults = [variable.problem for variable in merged.variables]
    if faults and all(faults) and (first := faults[0]) is not None:
        raise DamagedFile(first.message, path=path, hint=_HINT, code=first.code)
