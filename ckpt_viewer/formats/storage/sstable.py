"""The table that an `.index` and a V1 checkpoint are: sorted keys and values in checksummed blocks.

Layout: tensorflow/core/lib/io/table_format.txt; a LevelDB table without filters. Nothing in it is
trusted: a handle is tried against the size of the file before memory is taken, a compressed block against
a limit before it is unpacked, and keys must ascend, which also ends every walk through blocks that repeat.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from operator import lt
from typing import ClassVar, NamedTuple, Self

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.storage.checksums import crc32c, unmask
from ckpt_viewer.formats.storage.cursor import Cursor
from ckpt_viewer.formats.storage.restarts import grouped_entries
from ckpt_viewer.formats.storage.source import ByteSource

UNPACKED_LIMIT = 256 << 20
_RAW, _SNAPPY = 0, 1
_TRAILER_BYTES = 5  # the kind of the block, and its checksum
_WORD = 4
_STEP_BYTES = 4 << 20
_SMALLEST_BLOCK = 6  # compressed
_LARGE_VALUE = 1 << 19  # from this size on, a value has a block of its own
MOST_EXPANSION = 22  # three packed bytes make 64 at most
_SHARED_AT_LEAST = 1 << 20
_KEYS_AT_LEAST = 16 << 20  # bytes of all keys of a table, however small it is
_MOST_SHARED = 16  # as often as the keys lie there: the sixteenth key after a whole one is whole again

Record = tuple[bytes, bytes]


class BlockHandle(NamedTuple):
    """Where a block is; the size leaves out its trailer."""

    offset: int
    size: int

    @classmethod
    def parse(cls, cursor: Cursor) -> Self:
        return cls(cursor.varint(), cursor.varint())


@dataclass(frozen=True, slots=True)
class Footer:
    """The table's last bytes: where its two indexes are."""

    SIZE: ClassVar[int] = 48
    MAGIC: ClassVar[bytes] = bytes.fromhex("57fb808b247547db")
    metaindex: BlockHandle
    index: BlockHandle

    @classmethod
    def parse(cls, tail: bytes) -> Self:
        if len(tail) != cls.SIZE or not tail.endswith(cls.MAGIC):
            raise Malformed("it does not end as a table does")
        cursor = Cursor(tail, end=cls.SIZE - len(cls.MAGIC))
        return cls(metaindex=BlockHandle.parse(cursor), index=BlockHandle.parse(cursor))


class Entries(NamedTuple):
    """The entries of one block: their keys, and where in the body their values begin and end."""

    body: bytes
    keys: Sequence[bytes]
    starts: Sequence[int]
    ends: Sequence[int]

    def records(self) -> Iterator[Record]:
        for key, start, end in zip(self.keys, self.starts, self.ends, strict=True):
            yield key, self.body[start:end]

    def find(self, key: bytes) -> bytes | None:
        row = bisect_left(self.keys, key)
        is_there = row < len(self.keys) and self.keys[row] == key
        return self.body[self.starts[row] : self.ends[row]] if is_there else None

    def check_order(self, before: bytes | None) -> None:
        """Raise `Malformed` unless the keys ascend, from the last one of the block before."""
        keys = self.keys if before is None else (before, *self.keys)
        if all(map(lt, keys, islice(keys, 1, None))):
            return
        previous, key = next(pair for pair in pairwise(keys) if pair[0] >= pair[1])
        names = [repr(each.decode("utf-8", "backslashreplace")) for each in (previous, key)]
        what = "comes twice" if key == previous else f"comes after {names[0]}"
        raise Malformed(f"its keys are not in order: {names[1]} {what}", code="bad-order")


class Table:
    """An open table; the index block is read at once, data blocks as they are asked for.

    Raises `Malformed` for whatever contradicts itself, and what the source raises.
    """

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        if source.size < Footer.SIZE:
            raise Malformed(f"it has {source.size} bytes; the footer of a table alone has {Footer.SIZE}")
        self.footer = Footer.parse(source.read(source.size - Footer.SIZE, Footer.SIZE))
        index = entries(read_block(source, self.footer.index))
        self.handles = tuple(BlockHandle.parse(Cursor(value)) for _, value in index.records())
        index.check_order(None)
        _check_apart(self.handles)
        self._last_keys = index.keys
        self._latest: tuple[int, Entries] = -1, Entries(b"", (), (), ())

    def blocks(self, cancel: CancelToken | None = None) -> Iterator[Entries]:
        """All data blocks; raises `Malformed` (`bad-order`) where a key does not ascend."""
        last: bytes | None = None
        may_hold = max(_KEYS_AT_LEAST, (_MOST_SHARED + MOST_EXPANSION) * self._source.size)
        for handle in self.handles:
            if cancel is not None:
                cancel.check()
            block = entries(read_block(self._source, handle))
            if not block.keys and len(self.handles) > 1:
                raise _bad(f"the block at byte {handle.offset} has no entries")
            may_hold -= sum(map(len, block.keys))
            if may_hold < 0:
                raise _bad("the keys of the table are far longer than all of it")
            block.check_order(last)
            last = block.keys[-1] if block.keys else last
            yield block

    def records(self, cancel: CancelToken | None = None) -> Iterator[Record]:
        """Every key with its value, in order of keys."""
        for block in self.blocks(cancel):
            yield from block.records()

    def find(self, key: bytes, cancel: CancelToken | None = None) -> bytes | None:
        """The value of one key, reading only the block it must be in."""
        place = bisect_left(self._last_keys, key)
        if place == len(self.handles):
            return None
        return self._block(place, cancel).find(key)

    def value_sizes(self, keys: Collection[bytes]) -> Iterator[tuple[bytes, int]]:
        """How many bytes the values of those keys take that are there, reading each block once at most.

        A large block holds one value only, so its own size is near enough and spares reading it.
        """
        places = {bisect_left(self._last_keys, key): key for key in keys}
        for place in sorted(places.keys() & set(range(len(self.handles)))):
            if self.handles[place].size >= _LARGE_VALUE:
                yield places[place], self.handles[place].size
                continue
            block = self._block(place)
            for found, start, end in zip(block.keys, block.starts, block.ends, strict=True):
                if found in keys:
                    yield found, end - start

    def _block(self, place: int, cancel: CancelToken | None = None) -> Entries:
        """One data block; a small one is kept until the next, for the other values in it."""
        latest, block = self._latest
        if latest == place:
            return block
        handle = self.handles[place]
        block = entries(read_block(self._source, handle, cancel))
        if handle.size < _LARGE_VALUE:
            self._latest = place, block
        return block


def _check_apart(handles: Sequence[BlockHandle]) -> None:
    """Raise `Malformed` unless each block begins after the one before: none may be read again and again."""
    for before, handle in pairwise(handles):
        if handle.offset < before.offset + before.size + _TRAILER_BYTES:
            if handle.size < _SMALLEST_BLOCK:
                raise _bad(f"its index names a block of {handle.size} bytes, which none is")
            what = f"the blocks at byte {before.offset} and byte {handle.offset}"
            raise Malformed(f"{what} are out of order, overlap or are one", code="bad-order")


def read_block(source: ByteSource, handle: BlockHandle, cancel: CancelToken | None = None) -> bytes:
    """The unpacked body of one block; raises `Malformed` where it is out of reach, damaged or too large."""
    if handle.offset > source.size or handle.size + _TRAILER_BYTES > source.size - handle.offset:
        raise Malformed(
            f"it has {source.size} bytes, and a block of {handle.size} should begin at byte {handle.offset}"
        )
    stored = bytearray(handle.size + _TRAILER_BYTES)
    view, found = memoryview(stored), 0
    for start in range(0, len(stored), _STEP_BYTES):
        if cancel is not None:
            cancel.check()
        source.read_into(handle.offset + start, view[start : start + _STEP_BYTES])
        found = crc32c(view[start : min(start + _STEP_BYTES, handle.size + 1)], found)
    if found != unmask(int.from_bytes(view[handle.size + 1 :], "little")):
        raise Malformed(f"the block at byte {handle.offset} does not match its checksum", code="bad-checksum")
    kind = stored[handle.size]
    if kind == _RAW:
        return bytes(view[: handle.size])
    if kind == _SNAPPY:
        return _unpack(bytes(view[: handle.size]))
    raise _bad(f"the block at byte {handle.offset} is packed in a way no table is (kind {kind})")


def entries(body: bytes) -> Entries:
    """The entries of one block body in the order they lie there; raises `Malformed`."""
    end = _end_of_entries(body)
    may_share = max(_SHARED_AT_LEAST, _MOST_SHARED * len(body))
    keys, starts, ends, at, shared = grouped_entries(body, end, may_share)
    may_share -= shared
    key = keys[-1] if keys else b""
    while at < end:
        # At least eight bytes follow `end`, so these three are there.
        shared, fresh, length = body[at], body[at + 1], body[at + 2]
        if shared | fresh | length < 0x80:
            at += 3
        else:
            cursor = Cursor(body, at, end)
            shared, fresh, length = cursor.varint(32), cursor.varint(32), cursor.varint(32)
            at = cursor.at
        start = at + fresh
        if shared > len(key) or start + length > end:
            raise _bad("an entry of a block reaches beyond it")
        may_share -= shared
        if may_share < 0:
            raise _bad(f"the keys of a block of {len(body)} bytes are far longer than all of it")
        key = key[:shared] + body[at:start]
        at = start + length
        keys.append(key)
        starts.append(start)
        ends.append(at)
    return Entries(body, keys, starts, ends)


def _end_of_entries(body: bytes) -> int:
    """Where the restart points begin: offsets, and at the very end their number."""
    if len(body) < 2 * _WORD:
        raise _bad(f"a block of {len(body)} bytes cannot even be empty")
    restarts = int.from_bytes(body[-_WORD:], "little")
    end = len(body) - _WORD * (restarts + 1)
    if restarts < 1 or end < 0:
        raise _bad(f"a block of {len(body)} bytes claims {restarts} restart points")
    return end


def _unpack(packed: bytes) -> bytes:
    import cramjam  # hardly any table is packed

    announced = Cursor(packed).varint(32)
    if announced > MOST_EXPANSION * len(packed):
        raise _bad(f"a compressed block of {len(packed)} bytes announces {announced}, more than it can hold")
    if announced > UNPACKED_LIMIT:
        raise Malformed(
            f"a compressed block announces {announced} bytes, more than any table has", code="too-large"
        )
    try:
        unpacked = bytearray(announced)
        written = cramjam.snappy.decompress_raw_into(packed, unpacked)
    except cramjam.DecompressionError as error:
        raise _bad("a compressed block cannot be unpacked") from error
    if written != announced:
        raise _bad(f"a compressed block holds {written} bytes and announces {announced}")
    return bytes(unpacked)


def _bad(message: str) -> Malformed:
    return Malformed(message, code="bad-block")
