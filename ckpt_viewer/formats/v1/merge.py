"""What the tables of a V1 checkpoint list → its variables, with the slices each is in, and what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import NamedTuple

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Malformed, Problem
from ckpt_viewer.formats.bundle.entries import Form, bad_slice, box_of
from ckpt_viewer.formats.bundle.slices import check_cover
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.roles.classify import classify
from ckpt_viewer.formats.storage.sstable import MOST_EXPANSION
from ckpt_viewer.formats.v1.slice_values import TYPES, least_bytes
from ckpt_viewer.formats.v1.tables import SliceTable
from ckpt_viewer.formats.values.boxes import Box
from ckpt_viewer.formats.values.pieces import MOST_AXES
from ckpt_viewer.formats.values.slice_keys import Extent

_CHECK_EVERY = 1024


class TableSlice(NamedTuple):
    """One slice of a variable, and the table that has its values."""

    table: SliceTable
    extents: Sequence[Extent]
    box: Box


@dataclass(slots=True)
class _Tensor:
    """A tensor put together from the files that list it."""

    form: Form
    slices: list[tuple[SliceTable, Sequence[Extent]]]
    agrees: bool = True


class Merged(NamedTuple):
    """Attributes: slices: of each variable that can be read, by its name."""

    variables: tuple[Variable, ...]
    slices: Mapping[str, Sequence[TableSlice]]


def merge_tables(
    tables: Sequence[SliceTable], path: Path, *, whole: bool, cancel: CancelToken | None = None
) -> Merged:
    """The variables in order of their names as bytes; `whole` where no file is missing."""
    tensors = sorted(_tensors(tables).items())
    names = [name.decode("utf-8", "surrogateescape") for name, _ in tensors]
    forms = [tensor.form for _, tensor in tensors]
    judgements = classify(names, [form.dtype for form in forms], [form.shape for form in forms])
    limit = MOST_EXPANSION * sum(table.stamp.size for table in tables)
    strings = _sizes_of_strings(tables)
    variables, slices = [], {}
    for place, (name, (key, tensor)) in enumerate(zip(names, tensors, strict=True)):
        if cancel is not None and place % _CHECK_EVERY == 0:
            cancel.check()
        variable = _variable(name, tensor, strings.get(key, 0))
        try:
            slices[name] = _checked_slices(tensor, limit, whole)
        except Malformed as error:
            variable = replace(variable, problem=_problem(path, name, error))
        variables.append(replace(variable, **judgements[place]._asdict()))
    return Merged(tuple(variables), slices)


def _variable(name: str, tensor: _Tensor, string_bytes: int) -> Variable:
    form, shards = tensor.form, {table.shard for table, _ in tensor.slices}
    nbytes = string_bytes if form.dtype == "string" else max(form.nbytes, 0)
    shard = shards.pop() if len(shards) == 1 else None
    slices = len(tensor.slices) if len(tensor.slices) > 1 else 0
    return Variable(name, form.dtype, form.shape, nbytes, shard=shard, slices=slices)


def _problem(path: Path, name: str, error: Malformed) -> Problem:
    message = f"{name!r} in {path} cannot be read: {error.problem.message}."
    return Problem(error.problem.code, message, "The other variables are not touched by it.")


def _tensors(tables: Sequence[SliceTable]) -> dict[bytes, _Tensor]:
    tensors: dict[bytes, _Tensor] = {}
    for table in tables:
        for listed in table.tensors:
            tensor = tensors.setdefault(listed.name, _Tensor(listed.form, []))
            tensor.agrees &= tensor.form == listed.form
            tensor.slices += [(table, extents) for extents in listed.slices]
    return tensors


def _sizes_of_strings(tables: Sequence[SliceTable]) -> dict[bytes, int]:
    """Bytes that the records of each string tensor take; those of numbers follow from their shapes."""
    sizes: dict[bytes, int] = {}
    for table in tables:
        texts = [listed for listed in table.tensors if listed.form.dtype == "string"]
        slices = [(listed.name, extents) for listed in texts for extents in listed.slices]
        for name, size in table.record_sizes(slices).items() if slices else ():
            sizes[name] = sizes.get(name, 0) + size
    return sizes


def _checked_slices(tensor: _Tensor, limit: int, whole: bool) -> tuple[TableSlice, ...]:
    """The slices of a tensor; raises `Malformed` unless they are all of it, and fit into the files."""
    form = tensor.form
    if form.fault is not None:
        raise Malformed(form.fault.message, code=form.fault.code)
    if not tensor.agrees:
        raise Malformed("its files do not agree on its type and shape", code="bad-entry")
    if form.dtype not in TYPES:
        raise Malformed(f"values of type {form.dtype} are in no V1 checkpoint", code="unsupported")
    if len(form.shape) > MOST_AXES and len(tensor.slices) > 1:
        raise Malformed(f"it is cut in slices of more than {MOST_AXES} axes", code="unsupported")
    slices = tuple(_boxes(tensor))
    boxes = [each.box for each in slices]
    try:
        check_cover(form.shape, boxes)
    except Malformed as error:
        if whole or error.problem.code != "missing-slice":
            raise
        raise Malformed("a part of it is in a file that is not here", code="missing-shard") from error
    if least_bytes(form.dtype, prod(form.shape)) > limit:
        raise Malformed(
            f"{prod(form.shape):,} values of type {form.dtype} do not fit into its files", code="bad-size"
        )
    return slices


def _boxes(tensor: _Tensor) -> Iterator[TableSlice]:
    seen = set()
    for table, extents in tensor.slices:
        if (key := (table.shard, extents)) in seen:
            raise bad_slice("it lists a slice twice")
        seen.add(key)
        yield TableSlice(table, extents, box_of(extents, tensor.form.shape))
