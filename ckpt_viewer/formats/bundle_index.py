"""A V2 `.index` → its `Variable`s, the slices of the partitioned ones, and what is wrong with each."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Malformed, Problem
from ckpt_viewer.formats.bundle_entries import Entry, EntryParser, Header
from ckpt_viewer.formats.bundle_slices import SliceStore, StoredSlice
from ckpt_viewer.formats.checkpoint import Role, Variable
from ckpt_viewer.formats.roles import classify
from ckpt_viewer.formats.slice_keys import slice_name
from ckpt_viewer.formats.sstable import Record, Table

_BREATH = 1000
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class BundleIndex:
    """All that an index says.

    Attributes:
        slices: The stored pieces of each partitioned variable that can be read, by its name.
        used: Where the last values in each data file end, by the number of the file.
        orphans: How many slices are stored that no entry lists, by the variable they name.
    """

    header: Header
    variables: tuple[Variable, ...]
    slices: Mapping[str, Sequence[StoredSlice]]
    used: Mapping[int, int]
    orphans: Mapping[str, int]


def read_index(table: Table, path: Path, cancel: CancelToken | None = None) -> BundleIndex:
    """Raises `Malformed` where the table or its header makes no sense; a bad entry marks its variable."""
    records = table.records(cancel)
    key, value = next(records, (None, b""))
    if key != b"":
        raise Malformed("it has no header record", code="bad-header")
    header = Header.parse(value)
    names, entries, sliced = _sorted(EntryParser(header), records, cancel)
    forms = [entry.form for entry in entries]
    roles = classify(names, [form.dtype for form in forms], [form.shape for form in forms])
    listing = _Listing(path, SliceStore(sliced))
    rows = _steadily(zip(names, entries, roles, strict=True), cancel)
    variables = tuple([listing.variable(name, entry, role, owner) for name, entry, (role, owner) in rows])
    used = _used((*entries, *sliced.values()))
    return BundleIndex(header, variables, listing.slices, used, listing.store.orphans())


class _Listing:
    """Makes variables of entries, and keeps what a variable does not tell."""

    def __init__(self, path: Path, store: SliceStore) -> None:
        self.store = store
        self.slices: dict[str, Sequence[StoredSlice]] = {}
        self._path = path

    def variable(self, name: str, entry: Entry, role: Role, owner: str | None) -> Variable:
        form, shard, offset, size, crc32c, slices, fault = entry
        if fault is None and not slices:
            return Variable(name, form.dtype, form.shape, size, role, shard, offset, crc32c, 0, owner)
        if fault is None:
            return self._partitioned(name, entry, role, owner)
        return Variable(
            name, form.dtype, form.shape, max(size, 0), role, owner=owner, problem=self._problem(name, fault)
        )

    def _partitioned(self, name: str, entry: Entry, role: Role, owner: str | None) -> Variable:
        form, problem = entry.form, None
        pieces: tuple[StoredSlice, ...] = ()
        try:
            pieces = self.store.slices_of(name.encode("utf-8", "surrogateescape"), entry)
        except Malformed as error:
            problem = self._problem(name, error.problem)
        self.slices[name] = pieces
        shards = {piece.entry.shard for piece in pieces}
        return Variable(
            name,
            form.dtype,
            form.shape,
            sum(piece.entry.nbytes for piece in pieces),
            role,
            shard=shards.pop() if len(shards) == 1 else None,
            slices=len(entry.slices),
            owner=owner,
            problem=problem,
        )

    def _problem(self, name: str, fault: Problem) -> Problem:
        return Problem(
            fault.code,
            f"The entry of {name!r} in {self._path} cannot be used: {fault.message}.",
            "The other variables are not touched by it.",
        )


def _sorted(
    parser: EntryParser, records: Iterable[Record], cancel: CancelToken | None
) -> tuple[list[str], list[Entry], dict[bytes, Entry]]:
    """Names and entries of the variables, and the entries of slices by their keys."""
    names: list[str] = []
    entries: list[Entry] = []
    sliced: dict[bytes, Entry] = {}
    for key, value in _steadily(records, cancel):
        if key[0] == 0 and slice_name(key) is not None:
            sliced[key] = parser.parse(value)
        else:
            names.append(key.decode("utf-8", "surrogateescape"))
            entries.append(parser.parse(value))
    return names, entries, sliced


def _used(entries: Iterable[Entry]) -> dict[int, int]:
    used: dict[int, int] = {}
    for _, shard, offset, size, _, slices, fault in entries:
        if size and fault is None and not slices and offset + size > used.get(shard, 0):
            used[shard] = offset + size
    return used


def _steadily(items: Iterable[_T], cancel: CancelToken | None) -> Iterator[_T]:
    """The items; on the way it looks at the token, and lets other threads go first."""
    if cancel is None:
        yield from items
        return
    for count, item in enumerate(items):
        if not count % _BREATH:
            cancel.check()
            time.sleep(0)
        yield item
