"""The fast way through the entries says what the slow way says, however they are written."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.formats.bundle.columns import EntryColumns
from ckpt_viewer.formats.bundle.entries import Entry, EntryParser, Header
from ckpt_viewer.formats.protos.tensor_bundle_pb2 import BundleEntryProto
from ckpt_viewer.formats.storage.sstable import Entries

HEADER = Header(shard_count=3, big_endian=False)
NUMBERS = st.sampled_from([0, 1, 2, 127, 128, 800, 2**31, 2**40, 2**62, -1, -8])


@st.composite
def entry_values(draw: st.DrawFn) -> bytes:
    """Entries that may be right, wrong in any field, written in another order, or cut and joined."""
    shape = draw(st.lists(st.sampled_from([0, 1, 2, 20, 2**40, -1]), max_size=3))
    entry = BundleEntryProto(dtype=draw(st.sampled_from([0, 1, 2, 7, 9, 21, 77])))
    entry.shape.SetInParent()
    for length in shape:
        entry.shape.dim.add(size=length)
    right = int(np.prod(shape, dtype=object)) * 4
    entry.size = draw(st.sampled_from([right, right * 2, 800])) % 2**62
    entry.offset = draw(NUMBERS)
    entry.shard_id = draw(st.sampled_from([0, 0, 2, 3, -1]))
    entry.crc32c = draw(st.integers(0, 2**32 - 1))
    value = entry.SerializeToString()
    cut = draw(st.integers(0, len(value)))
    return draw(st.sampled_from([value, value, value[cut:] + value[:cut], value[:cut], value + value[cut:]]))


def columns_of(values: list[bytes]) -> list[Entry]:
    body, starts, ends = b"key", [], []
    for value in values:
        starts.append(len(body))
        body += value
        ends.append(len(body))
    columns = EntryColumns(HEADER)
    columns.extend(Entries(body + bytes(8), [b"key"] * len(values), starts, ends), 0)
    plain = zip(columns.forms, columns.shards, columns.offsets, columns.sizes, columns.checksums, strict=True)
    return [columns.unusual.get(place) or Entry(*fields) for place, fields in enumerate(plain)]


@given(st.lists(entry_values(), max_size=6))
def test_both_ways_say_the_same(values: list[bytes]) -> None:
    parser = EntryParser(HEADER)
    for fast, slow in zip(columns_of(values), map(parser.parse, values), strict=True):
        assert fast._replace(slices=len(fast.slices)) == slow._replace(slices=len(slow.slices))


@given(st.lists(st.binary(max_size=40), max_size=5))
def test_any_bytes_are_an_entry_or_a_fault(values: list[bytes]) -> None:
    parser = EntryParser(HEADER)
    assert [each.fault for each in columns_of(values)] == [parser.parse(value).fault for value in values]


def test_a_form_that_many_entries_share_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = BundleEntryProto(dtype=1, shard_id=2, offset=2**40, size=24, crc32c=2**32 - 1)
    entry.shape.dim.add(size=6)
    parsed: list[bytes] = []
    parse = EntryParser.parse

    def counted(parser: EntryParser, value: bytes) -> Entry:
        parsed.append(value)
        return parse(parser, value)

    monkeypatch.setattr(EntryParser, "parse", counted)
    found = columns_of([entry.SerializeToString()] * 100)
    assert len(parsed) == 1
    assert {each[1:5] for each in found} == {(2, 2**40, 24, 2**32 - 1)}
