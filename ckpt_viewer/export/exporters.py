"""Variables → files: the formats, and where each file goes."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, RequestRefused
from ckpt_viewer.export.amounts import refuse_too_much
from ckpt_viewer.export.csv import write_csv
from ckpt_viewer.export.free_space import refuse_without_room
from ckpt_viewer.export.names import Places, safe_parts, unique_keys
from ckpt_viewer.export.npy import prepare_npy, write_npy
from ckpt_viewer.export.npz import write_npz
from ckpt_viewer.export.safetensors import prepare_safetensors, write_safetensors
from ckpt_viewer.export.values import ValueReader, Values
from ckpt_viewer.export.whole_file import (
    is_folder,
    refuse_below_no_folder,
    refuse_existing,
    refuse_without_folder,
    whole_file,
)
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.values.dtypes import is_numeric

MAX_NAME = 60  # characters of a suggested file name
Refused = Callable[[Variable, CheckpointError], None]


def _as_they_are(values: Values) -> Values:
    return values


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format.

    Attributes:
        title: What it is called where people choose it.
        together: Whether all variables go into one file, under their names, or each into its own.
        prepare: Makes values fit the format, or refuses them, before anything is written.
        write: Writes entries of key and values; takes them one after another.
        as_long: Whether a file takes the bytes of its values, and next to nothing else.
    """

    title: str
    ending: str
    together: bool
    write: Callable[[IO[bytes], Iterable[tuple[str, Values]]], None]
    prepare: Callable[[Values], Values] = _as_they_are
    as_long: bool = True


EXPORTERS: Mapping[str, Exporter] = {
    "npy": Exporter("NumPy array", ".npy", False, write_npy, prepare_npy),
    "npz": Exporter("NumPy archive", ".npz", True, write_npz, prepare_npy),
    "csv": Exporter("Comma-separated values", ".csv", False, write_csv, as_long=False),
    "safetensors": Exporter("Safetensors", ".safetensors", True, write_safetensors, prepare_safetensors),
}


@dataclass(frozen=True, slots=True)
class Written:
    """One variable in a file.

    Attributes:
        dtype: What the file holds: numpy's name of the type, `string` for strings.
        key: Its name inside a file of several variables, else empty.
    """

    name: str
    file: Path
    dtype: str
    shape: tuple[int, ...]
    key: str = ""


def export_variables(
    checkpoint: Checkpoint,
    variables: Sequence[Variable],
    target: Path,
    *,
    format: str | None = None,
    raw: bool = False,
    force: bool = False,
    folder: bool = False,
    cancel: CancelToken | None = None,
    refused: Refused | None = None,
) -> list[Written]:
    """Write the values of the variables; every file appears whole or not at all.

    The target is a file, or a folder for the files of several variables: `folder` says so even if it is not
    there and looks like a file. The format is a key of `EXPORTERS`; None goes by the target's ending, else
    `npy`. With `raw`, bfloat16, float8 and such come as their bits instead of wider types; with `force`,
    files that are there are replaced. Folders are made as needed, but not the one a single file goes into.
    `refused` is told of each variable that cannot be written, while the others are; without it the first of
    them raises.
    """
    folder = folder or is_folder(target)
    exporter = _choose(format, target, folder=folder, several=len(variables) != 1)
    reader = ValueReader(checkpoint, variables, raw=raw, cancel=cancel)
    request = _Request(exporter, reader, refused)
    refuse_too_much(checkpoint, variables)
    sizes = [request.size(variable) for variable in variables]
    if exporter.together:
        file = target / f"variables{exporter.ending}" if folder else _in_its_folder(target)
        _refuse_targets(checkpoint, [file], force)
        refuse_without_room(file, [(file, sum(sizes))])
        return request.write_together(variables, file, force)
    if len(variables) == 1 and target.suffix and not folder:
        files = [_one_file(exporter, target, named=format is not None)]
    else:
        places = Places(exporter.ending)
        files = [target / places.take(safe_parts(variable.name)) for variable in variables]
    _refuse_targets(checkpoint, files, force)
    refuse_without_room(target, list(zip(files, sizes, strict=True)))
    return request.write_apart(variables, files, force)


def default_file_name(variables: Sequence[Variable], format: str | None = None) -> str:
    """A file name to suggest: of the one variable, or for several together."""
    several = len(variables) != 1
    stem = "variables" if several else "_".join(safe_parts(variables[0].name))[-MAX_NAME:].lstrip("_. ")
    return (stem or "variable") + EXPORTERS[format or ("npz" if several else "npy")].ending


@dataclass(frozen=True, slots=True)
class _Request:
    exporter: Exporter
    reader: ValueReader
    refused: Refused | None

    def size(self, variable: Variable) -> int:
        """Bytes of its values in the file; 0 where only reading them tells, or where they are refused."""
        if not self.exporter.as_long or not is_numeric(variable.dtype):
            return 0
        try:
            return self.exporter.prepare(self.reader.open(variable)).nbytes
        except CheckpointError:
            return 0

    def write_together(self, variables: Sequence[Variable], file: Path, force: bool) -> list[Written]:
        keys = unique_keys([variable.name for variable in variables])
        written: list[Written] = []
        with whole_file(file, force=force) as handle:
            self.exporter.write(handle, self._entries(variables, keys, file, written))
            if not written:
                raise RequestRefused(f"{file} would hold nothing.", path=file, hint="Choose other variables.")
        return written

    def write_apart(self, variables: Sequence[Variable], files: Sequence[Path], force: bool) -> list[Written]:
        written = []
        for variable, file in zip(variables, files, strict=True):
            try:
                values = self.exporter.prepare(self.reader.open(variable))
                with whole_file(file, force=force) as handle:
                    self.exporter.write(handle, [("", values)])
            except CheckpointError as error:
                self._refuse(variable, error)
            else:
                written.append(Written(variable.name, file, values.dtype_name, values.shape))
        return written

    def _entries(
        self, variables: Sequence[Variable], keys: Sequence[str], file: Path, written: list[Written]
    ) -> Iterator[tuple[str, Values]]:
        for variable, key in zip(variables, keys, strict=True):
            try:
                values = self.exporter.prepare(self.reader.open(variable))
            except CheckpointError as error:
                self._refuse(variable, error)
            else:
                written.append(Written(variable.name, file, values.dtype_name, values.shape, key))
                yield key, values

    def _refuse(self, variable: Variable, error: CheckpointError) -> None:
        """A place that cannot be written to stops everything: the next variable would fare no better."""
        if self.refused is None or error.problem.code in ("not-writable", "exists"):
            raise error
        self.refused(variable, error)


def _choose(format: str | None, target: Path, *, folder: bool, several: bool) -> Exporter:
    """By name, else by the target's ending, else `npy`."""
    if format is not None and format not in EXPORTERS:
        hint = f"The formats are {', '.join(EXPORTERS)}."
        raise RequestRefused(f"There is no format {format!r}.", hint=hint)
    endings = {exporter.ending: exporter for exporter in EXPORTERS.values()}
    by_ending = endings.get(target.suffix.lower())
    exporter = EXPORTERS[format] if format else by_ending or EXPORTERS["npy"]
    if folder:
        return exporter
    if by_ending not in (None, exporter):
        message = f"{target} ends like another format than {format}."
        hint = f"Name it {target.stem}{exporter.ending}, or choose the format by its ending alone."
        raise RequestRefused(message, path=target, hint=hint)
    if several and exporter is by_ending and not exporter.together:
        hint = "Name a folder, or use --format npz to have all in one file."
        raise RequestRefused(f"{target} can hold one variable only.", path=target, hint=hint)
    return exporter


def _one_file(exporter: Exporter, target: Path, *, named: bool) -> Path:
    if not named and target.suffix.lower() != exporter.ending:
        endings = ", ".join(each.ending for each in EXPORTERS.values())
        hint = f"Give --format, or a name ending in {endings}."
        raise RequestRefused(f"{target} does not end like a format.", path=target, hint=hint)
    return _in_its_folder(target)


def _in_its_folder(target: Path) -> Path:
    refuse_without_folder(target)
    return target


def _refuse_targets(checkpoint: Checkpoint, files: Sequence[Path], force: bool) -> None:
    """Before anything is written, so that a request fails whole."""
    own = {file.resolve() for file in checkpoint.files}
    for file in files:
        refuse_below_no_folder(file)
        refuse_existing(file, force=force)
        if force and os.path.lexists(file) and file.resolve() in own:
            message = f"{file} is a file of the checkpoint itself, which is never written to."
            raise RequestRefused(message, path=file, hint="Choose another name.", code="exists")
