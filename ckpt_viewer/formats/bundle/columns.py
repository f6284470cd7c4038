"""The entries of a whole block at once: nearly all are written alike, so numpy takes them apart in columns.

TensorFlow writes the fields of BundleEntryProto in the order of their numbers and leaves out zeros. Entries
that do not look so, and those with anything unusual about them, go one by one through `EntryParser`.
"""

from typing import Any

import numpy as np

from ckpt_viewer.formats.bundle.entries import Entry, EntryParser, Form, Header
from ckpt_viewer.formats.storage.sstable import Entries

# Field numbers with their wire types, as the byte before each value.
_DTYPE, _SHAPE, _SHARD, _OFFSET, _SIZE, _CRC32C = 0x08, 0x12, 0x18, 0x20, 0x28, 0x35
_CRC_FIELD_BYTES = 5
_VARINT_BYTES = 9  # ten are needed by negative numbers only
_MORE = 0x80  # in a byte of a varint: another one follows
_LONGEST = 256

_Column = np.ndarray[Any, np.dtype[Any]]


class EntryColumns:
    """Entries in the order they were added.

    Attributes:
        unusual: Those with slices or a fault, by their place; the columns hold zeros there.
        reach: Where the last values of the others end in each data file, by its number.
    """

    def __init__(self, header: Header) -> None:
        self.forms: list[Form] = []
        self.shards: list[int] = []
        self.offsets: list[int] = []
        self.sizes: list[int] = []
        self.checksums: list[int] = []
        self.unusual: dict[int, Entry] = {}
        self.reach: dict[int, int] = {}
        self._parser = EntryParser(header)
        self._forms_by_head = _FormsByHead(self._parser)
        self._shard_count = header.shard_count

    def parse(self, value: bytes) -> Entry:
        """One entry by itself, not added."""
        return self._parser.parse(value)

    def append(self, entry: Entry) -> None:
        self.forms.append(entry.form)
        for column in (self.shards, self.offsets, self.sizes, self.checksums):
            column.append(0)
        self._set(len(self.forms) - 1, entry)

    def extend(self, block: Entries, first: int) -> None:
        """Add the entries of a block from the `first`-th on."""
        starts, ends = block.starts[first:], block.ends[first:]
        fields = _Fields(block.body, np.array(starts, np.int64), np.array(ends, np.int64))
        heads = zip(starts, fields.head_ends.tolist(), strict=True)
        body, by_head = block.body, self._forms_by_head
        forms = [by_head[body[start:end]] for start, end in heads]
        expected = np.array([form.nbytes for form in forms], np.int64)
        plain = (
            fields.canonical
            & (fields.size == expected)
            & (expected >= 0)
            & (fields.shard < self._shard_count)
        )
        base = len(self.forms)
        self.forms += forms
        self.shards += fields.shard.tolist()
        self.offsets += fields.offset.tolist()
        self.sizes += fields.size.tolist()
        self.checksums += fields.checksum.tolist()
        self._reach_over(fields, plain & (fields.size > 0))
        for place in np.flatnonzero(~plain).tolist():
            self._set(base + place, self._parser.parse(block.body[starts[place] : ends[place]]))

    def _set(self, place: int, entry: Entry) -> None:
        usual = not (entry.fault or entry.slices)
        self.forms[place] = entry.form
        self.shards[place] = entry.shard if usual else 0
        self.offsets[place] = entry.offset if usual else 0
        self.sizes[place] = entry.nbytes if usual else 0
        self.checksums[place] = entry.crc32c if usual else 0
        if not usual:
            self.unusual[place] = entry
        elif entry.nbytes:
            self._reach_to(entry.shard, entry.offset + entry.nbytes)

    def _reach_over(self, fields: "_Fields", counted: _Column) -> None:
        shards, places = np.unique(fields.shard[counted], return_inverse=True)
        ends = np.zeros(len(shards), np.uint64)  # which hold the sum of any two of 63 bits
        np.maximum.at(
            ends, places, (fields.offset.astype(np.uint64) + fields.size.astype(np.uint64))[counted]
        )
        for shard, end in zip(shards.tolist(), ends.tolist(), strict=True):
            self._reach_to(shard, end)

    def _reach_to(self, shard: int, end: int) -> None:
        self.reach[shard] = max(end, self.reach.get(shard, 0))


class _FormsByHead(dict[bytes, Form]):
    """Forms by the bytes of type and shape, which most entries share with others."""

    def __init__(self, parser: EntryParser) -> None:
        self._parser = parser

    def __missing__(self, head: bytes) -> Form:
        form = self[head] = self._parser.parse(head).form
        return form


class _Fields:
    """The fields of many entries; where `canonical` is false, those of that entry have no meaning."""

    def __init__(self, body: bytes, starts: _Column, ends: _Column) -> None:
        # With some bytes behind it, every entry can be looked at as if it were long enough.
        stored = np.frombuffer(body + bytes(_LONGEST), np.uint8)
        limits = ends - _CRC_FIELD_BYTES
        shape_sizes = stored[starts + 3].astype(np.int64)
        self.head_ends = starts + 4 + shape_sizes
        self.canonical = (
            (stored[starts] == _DTYPE)
            & (stored[starts + 1] < _MORE)
            & (stored[starts + 2] == _SHAPE)
            & (shape_sizes < _MORE)
            & (self.head_ends <= limits)
        )
        self.head_ends[~self.canonical] = 0
        at = self.head_ends.copy()
        self.shard, self.offset, self.size = (
            self._varint(stored, at, limits, tag) for tag in (_SHARD, _OFFSET, _SIZE)
        )
        self.canonical &= (at == limits) & (stored[at] == _CRC32C)
        self.checksum = sum(stored[at + 1 + byte].astype(np.int64) << 8 * byte for byte in range(4))

    def _varint(self, stored: _Column, at: _Column, limits: _Column, tag: int) -> _Column:
        """The field where it comes next, 0 where it does not; moves `at` behind it."""
        value = np.zeros(len(at), np.int64)
        more = self.canonical & (stored[at] == tag) & (at < limits)
        at += more
        for shift in range(0, 7 * _VARINT_BYTES, 7):
            byte = stored[at]
            value |= np.where(more, (byte & 0x7F).astype(np.int64) << shift, 0)
            at += more
            more &= byte >= _MORE
            if not more.any():
                break
        self.canonical &= ~more
        return value
