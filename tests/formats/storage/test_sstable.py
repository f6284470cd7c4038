"""Tables: what TensorFlow wrote reads back, and whatever contradicts itself is `Malformed`."""

import struct
from contextlib import suppress
from pathlib import Path

import cramjam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.storage.source import LocalFile, MemoryBytes
from ckpt_viewer.formats.storage.sstable import BlockHandle, Footer, Table, entries, read_block
from tests.bundle_writer import masked, table, varint
from tests.corpus import SAMPLES

RECORDS = [(b"", b"header"), (b"a", b"1"), (b"a/b", b""), (b"\xff", b"x" * 300)]


def read(content: bytes) -> list[tuple[bytes, bytes]]:
    return list(Table(MemoryBytes(content)).records())


def stored(body: bytes, kind: int = 0) -> bytes:
    """A block as it lies in a file."""
    checked = body + bytes([kind])
    return checked + struct.pack("<I", masked(checked))


def block_of(*records: bytes, restarts: bytes = struct.pack("<II", 0, 1)) -> bytes:
    return b"".join(records) + restarts


def one_block(body: bytes, kind: int = 0) -> bytes:
    """A table whose only data block is this one."""
    data = stored(body, kind)
    handle = varint(0) + varint(len(body))
    index = stored(block_of(varint(0) + varint(1) + varint(len(handle)) + b"\xff" + handle))
    footer = varint(0) + varint(0) + varint(len(data)) + varint(len(index) - 5)
    return data + index + footer.ljust(40, b"\0") + Footer.MAGIC


def test_what_was_written_reads_back() -> None:
    assert read(table(RECORDS)) == RECORDS


def test_many_blocks_read_as_one_table() -> None:
    records = [(f"{number:06}".encode(), bytes(1000)) for number in range(1000)]
    content = table(records)
    assert len(Table(MemoryBytes(content)).handles) > 1
    assert read(content) == records


@pytest.mark.parametrize("index", sorted(SAMPLES.glob("*/*.index")), ids=lambda path: path.stem)
def test_a_key_is_found_where_listing_finds_it(index: Path) -> None:
    source = LocalFile(index)
    found = Table(source)
    for key, value in found.records():
        assert found.find(key) == value
        assert found.find(key + b"\0") is None
    source.close()


def test_a_compressed_block_reads_like_a_plain_one() -> None:
    body = block_of(*(varint(0) + varint(2) + varint(3) + b"%02d" % number + b"abc" for number in range(50)))
    packed = bytes(cramjam.snappy.compress_raw(body))
    assert read(one_block(packed, kind=1)) == read(one_block(body))


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (b"", "truncated"),
        (varint(2**31) + b"\x00a", "bad-block"),
        (varint(300 << 20) + bytes(15 << 20), "too-large"),
        (varint(10) + b"\x05\x01", "bad-block"),
        (varint(4) + b"\x00a", "bad-block"),
    ],
    ids=["nothing", "more than it can hold", "more than any table has", "a copy from nowhere", "too little"],
)
def test_a_compressed_block_that_lies_is_refused(packed: bytes, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        read(one_block(packed, kind=1))
    assert caught.value.problem.code == code


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "cannot even be empty"),
        (struct.pack("<II", 0, 0), "claims 0 restart points"),
        (struct.pack("<II", 0, 2**30), "restart points"),
        (block_of(b"\x05\x01\x01ab"), "reaches beyond"),
        (block_of(b"\x00\x01\x50ab"), "reaches beyond"),
        (block_of(b"\x00" + b"\xff" * 11), "does not end"),
        (block_of(b"\x00" + varint(2**32) + b"\x00"), "32 bits"),
        (block_of(b"\x00\x01\x00a", b"\x00\x01\x00a"), "comes twice"),
        (block_of(b"\x00\x01\x00b", b"\x00\x01\x00a"), "comes after"),
    ],
)
def test_a_block_that_contradicts_itself_says_how(body: bytes, what: str) -> None:
    with pytest.raises(Malformed, match=what):
        read(one_block(body))


def test_a_packing_nobody_knows_is_refused() -> None:
    with pytest.raises(Malformed, match="kind 2"):
        read(one_block(block_of(), kind=2))


def test_a_block_of_no_entries_is_fine() -> None:
    assert read(one_block(block_of())) == []


def test_an_index_that_names_one_block_again_and_again_ends() -> None:
    data = stored(block_of(b"\x00\x01\x00a"))
    handle = varint(0) + varint(len(data) - 5)
    index = stored(
        block_of(*(varint(0) + varint(1) + varint(len(handle)) + b"z" + handle for _ in range(3000)))
    )
    footer = varint(0) + varint(0) + varint(len(data)) + varint(len(index) - 5)
    with pytest.raises(Malformed, match="comes twice") as caught:
        read(data + index + footer.ljust(40, b"\0") + Footer.MAGIC)
    assert caught.value.problem.code == "bad-order"


def table_of(blocks: list[bytes], entries_of_index: list[tuple[bytes, int]]) -> bytes:
    """A table of these block bodies, and an index of keys with the number of their block."""
    out, handles = b"", []
    for body in blocks:
        handles.append(varint(len(out)) + varint(len(body)))
        out += stored(body)
    records = [(key, handles[place]) for key, place in entries_of_index]
    index = stored(
        block_of(*(varint(0) + varint(len(key)) + varint(len(value)) + key + value for key, value in records))
    )
    footer = varint(0) + varint(0) + varint(len(out)) + varint(len(index) - 5)
    return out + index + footer.ljust(40, b"\0") + Footer.MAGIC


ONE, TWO = block_of(b"\x00\x01\x00a"), block_of(b"\x00\x01\x00b")


@pytest.mark.parametrize(
    ("blocks", "index", "what"),
    [
        ([ONE, block_of()], [(b"a", 0), (b"b", 1)], "has no entries"),
        ([block_of()], [(b"a", 0), (b"b", 0)], "overlap or are one"),
        ([ONE, TWO], [(b"b", 1), (b"c", 0)], "overlap or are one"),
        ([ONE, TWO], [(b"b", 0), (b"a", 1)], "comes after"),
        ([ONE, TWO], [(b"b", 0), (b"b", 1)], "comes twice"),
    ],
    ids=["an empty block", "a block twice", "blocks out of order", "keys out of order", "a key twice"],
)
def test_an_index_that_could_make_reading_endless_is_refused(
    blocks: list[bytes], index: list[tuple[bytes, int]], what: str
) -> None:
    with pytest.raises(Malformed, match=what):
        read(table_of(blocks, index))


def test_keys_that_grow_by_one_byte_each_do_not_fill_the_memory() -> None:
    grown = b"".join(varint(number) + b"\x01\x00a" for number in range(20_000))
    with pytest.raises(Malformed, match="far longer than all of it") as caught:
        entries(block_of(grown))
    assert caught.value.problem.code == "bad-block"


def test_keys_that_share_a_long_prefix_as_writers_store_it_are_read() -> None:
    prefix = b"p" * 5000
    records = []
    for number in range(1600):
        fresh, shared = b"%06d" % number, len(prefix) if number % 16 else 0
        key = fresh if shared else prefix + fresh
        records.append(varint(shared) + varint(len(key)) + varint(0) + key)
    found = entries(block_of(*records))
    assert found.keys[-1] == prefix + b"001599"


@pytest.mark.parametrize(
    "handle",
    [BlockHandle(1 << 60, 5), BlockHandle(0, 1 << 60), BlockHandle(0, 96), BlockHandle(0, 2**64 - 1)],
)
def test_a_block_out_of_reach_takes_no_memory(handle: BlockHandle) -> None:
    with pytest.raises(Malformed, match="it has 100 bytes"):
        read_block(MemoryBytes(bytes(100)), handle)


def test_a_short_file_is_no_table() -> None:
    with pytest.raises(Malformed, match="it has 47 bytes"):
        read(bytes(47))
    with pytest.raises(Malformed, match="does not end as a table does"):
        read(bytes(48))


def test_any_flipped_byte_is_noticed_unless_nothing_reads_it() -> None:
    content = table(RECORDS)
    for place in range(len(content)):
        damaged = content[:place] + bytes([content[place] ^ 0x40]) + content[place + 1 :]
        with suppress(Malformed):
            assert read(damaged) == RECORDS, place


@given(st.binary(max_size=200))
def test_any_bytes_are_a_block_or_malformed(body: bytes) -> None:
    with suppress(Malformed):
        found = entries(body)
        assert len(found.keys) == len(list(found.records()))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_malformed(content: bytes) -> None:
    for tail in (b"", Footer.MAGIC):
        with suppress(Malformed):
            read(content + tail)


@given(st.binary(max_size=120), st.sampled_from([0, 1, 2]))
def test_any_checked_block_is_read_or_malformed(body: bytes, kind: int) -> None:
    with suppress(Malformed):
        keys = [key for key, _ in read(one_block(body, kind))]
        assert keys == sorted(set(keys))
