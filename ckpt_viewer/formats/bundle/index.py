"""A V2 `.index` → its `Variable`s, the slices of the partitioned ones, and what is wrong with each."""

import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Malformed, Problem
from ckpt_viewer.formats.bundle.columns import EntryColumns
from ckpt_viewer.formats.bundle.entries import Entry, Header
from ckpt_viewer.formats.bundle.slices import SliceStore, StoredSlice
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.listing import Columns, Listing, Places
from ckpt_viewer.formats.roles.judgement import Judgement
from ckpt_viewer.formats.storage.sstable import Entries, Table
from ckpt_viewer.formats.values.slice_keys import slice_name


@dataclass(frozen=True, slots=True)
class BundleIndex:
    """All that an index says.

    Attributes:
        slices: The stored pieces of each partitioned variable that can be read, by its name.
        orphans: How many slices are stored that no entry lists, by the variable they name.
    """

    variables: Sequence[Variable]
    slices: Mapping[str, Sequence[StoredSlice]]
    orphans: Mapping[str, int]


def read_records(table: Table, cancel: CancelToken | None = None, enough: int | None = None) -> "Records":
    """All records, or those of the first blocks that have enough variables.

    Raises `Malformed` where the table or its header makes no sense; a bad entry is kept with its fault.
    """
    blocks = (block for block in table.blocks(cancel) if block.keys)
    first = next(blocks, None)
    if first is None or first.keys[0] != b"":
        raise Malformed("it has no header record", code="bad-header")
    records = Records(Header.parse(first.body[first.starts[0] : first.ends[0]]))
    records.add(first, 1)
    for block in blocks:
        if enough is not None and len(records.names) >= enough:
            break
        breathe(cancel)
        records.add(block)
    return records


def make_variables(
    records: "Records", path: Path, judgements: Sequence[Judgement], cancel: CancelToken | None = None
) -> BundleIndex:
    """The variables of an index at `path`; a bad entry marks its variable."""
    listing = _Listed(path, SliceStore(records.sliced))
    variables = listing.variables(records, judgements, cancel)
    return BundleIndex(variables, listing.slices, listing.store.orphans())


class Records:
    """The records behind the header: those under plain names, and those under the keys of slices."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.names: list[str] = []
        self.columns = EntryColumns(header)
        self.sliced: dict[bytes, Entry] = {}

    def add(self, block: Entries, first: int = 0) -> None:
        plain = bisect_left(block.keys, b"\x01", first)
        for key, value in islice(block.records(), first, plain):
            entry = self.columns.parse(value)
            if slice_name(key) is not None:
                self.sliced[key] = entry
            else:
                self.names.append(key.decode("utf-8", "surrogateescape"))
                self.columns.append(entry)
        self.names += [key.decode("utf-8", "surrogateescape") for key in block.keys[plain:]]
        self.columns.extend(block, plain)

    @cached_property
    def dtypes(self) -> list[str]:
        """Once all are added; so are the shapes."""
        return [form.dtype for form in self.columns.forms]

    @cached_property
    def shapes(self) -> list[tuple[int, ...]]:
        return [form.shape for form in self.columns.forms]

    def ends(self) -> dict[int, int]:
        """Where the last values in each data file end, by the number of the file."""
        ends = dict(self.columns.reach)
        for entry in self.sliced.values():
            if entry.fault is None and entry.nbytes:
                ends[entry.shard] = max(entry.offset + entry.nbytes, ends.get(entry.shard, 0))
        return ends


class _Listed:
    """Makes variables of entries, and keeps what a variable does not tell."""

    def __init__(self, path: Path, store: SliceStore) -> None:
        self.store = store
        self.slices: dict[str, Sequence[StoredSlice]] = {}
        self._path = path

    def variables(
        self, records: Records, judgements: Sequence[Judgement], cancel: CancelToken | None
    ) -> Listing:
        names, columns = records.names, records.columns
        unusual: dict[int, Variable] = {}
        sizes = list(columns.sizes)
        for place, entry in columns.unusual.items():
            breathe(cancel)
            unusual[place] = self._unusual(names[place], entry, judgements[place])
            sizes[place] = unusual[place].nbytes
        facts = Columns(names, records.dtypes, records.shapes, sizes, judgements)
        return Listing(facts, Places(columns.shards, columns.offsets, columns.checksums), unusual)

    def _unusual(self, name: str, entry: Entry, judgement: Judgement) -> Variable:
        if entry.fault is None:
            return self._partitioned(name, entry, judgement)
        form, problem = entry.form, self._problem(name, entry.fault)
        size = max(entry.nbytes, 0)
        return Variable(name, form.dtype, form.shape, size, **judgement._asdict(), problem=problem)

    def _partitioned(self, name: str, entry: Entry, judgement: Judgement) -> Variable:
        problem = None
        pieces: tuple[StoredSlice, ...] = ()
        try:
            pieces = self.store.slices_of(name.encode("utf-8", "surrogateescape"), entry)
        except Malformed as error:
            problem = self._problem(name, error.problem)
        self.slices[name] = pieces
        shards = {piece.entry.shard for piece in pieces}
        return Variable(
            name,
            entry.form.dtype,
            entry.form.shape,
            sum(piece.entry.nbytes for piece in pieces),
            **judgement._asdict(),
            shard=shards.pop() if len(shards) == 1 else None,
            slices=len(entry.slices),
            problem=problem,
        )

    def _problem(self, name: str, fault: Problem) -> Problem:
        message = f"The entry of {name!r} in {self._path} cannot be used: {fault.message}."
        return Problem(fault.code, message, "The other variables are not touched by it.")


def breathe(cancel: CancelToken | None) -> None:
    """Look at the token, and let the thread that draws the screen go first."""
    if cancel is not None:
        cancel.check()
        time.sleep(0)
