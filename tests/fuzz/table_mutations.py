"""Damage to tables: their records, blocks and handles, with checksums that are right all the same, or not."""

import struct
from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random

import cramjam

from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.storage.source import MemoryBytes
from ckpt_viewer.formats.storage.sstable import Table
from ckpt_viewer.formats.storage.wire import to_varint
from tests.bundle_writer import MAGIC, Record, masked
from tests.fuzz.byte_mutations import MOST_BYTES, WORDS, mutated_bytes
from tests.fuzz.message_mutations import mutated_message

Records = list[Record]
_EDGES = (0, 1, 2, 127, 128, 255, 2**16, 2**31, 2**32 - 1, 2**32, 2**63, 2**64 - 1)


def mutated_table(content: bytes, random: Random, donors: Sequence[bytes]) -> bytes:
    """The table written anew after damage to its records, or to what holds them, or to both."""
    records = list(records_of(content))
    if not records:
        return mutated_bytes(content, random, donors)
    values = [value for _, value in records]
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        random.choice(_MUTATIONS)(records, random.randrange(len(records)) if records else 0, random, values)
    if random.random() < 0.85:
        records.sort()
    return FaultyTable(random, faulty=random.random() < 0.4).written(records)[:MOST_BYTES]


@lru_cache(64)
def records_of(content: bytes) -> tuple[Record, ...]:
    """Every record of a good table; none of a bad one."""
    try:
        return tuple(Table(MemoryBytes(content)).records())
    except Malformed:
        return ()


def _value(records: Records, place: int, random: Random, values: Sequence[bytes]) -> None:
    if records:
        key, value = records[place]
        records[place] = key, mutated_message(value, random, values)


def _key(records: Records, place: int, random: Random, values: Sequence[bytes]) -> None:
    if records:
        key, value = records[place]
        records[place] = mutated_bytes(key, random, [key for key, _ in records])[:4096], value


def _delete(records: Records, place: int, random: Random, values: Sequence[bytes]) -> None:
    del records[place : place + 1]


def _copy(records: Records, place: int, random: Random, values: Sequence[bytes]) -> None:
    """The record again, under its key or keys near it."""
    if records:
        key, value = records[place]
        for number in range(random.choice((1, 1, 2, 40))):
            records.append((key + random.choice((b"", b"\0", b"/x%d" % number, b"\xff")), value))


def _exchange(records: Records, place: int, random: Random, values: Sequence[bytes]) -> None:
    if records:
        other = random.randrange(len(records))
        (key, value), (key_2, value_2) = records[place], records[other]
        records[place], records[other] = (key, value_2), (key_2, value)


_Mutation = Callable[[Records, int, Random, Sequence[bytes]], None]
_MUTATIONS: tuple[_Mutation, ...] = (_value, _value, _value, _value, _key, _delete, _copy, _exchange)


class FaultyTable:
    """Writes tables in all the ways there are, and where it is `faulty`, a little wrong somewhere."""

    def __init__(self, random: Random, *, faulty: bool) -> None:
        self._random = random
        self._out = bytearray()
        self._shares = random.random() < 0.5
        self._packs = random.random() < 0.4
        self._restart_every = random.choice((1, 2, 16, 10_000))
        self._faults = random.randrange(1, 3) if faulty else 0

    def written(self, records: Records) -> bytes:
        handles: Records = []
        for part in self._split(records):
            key = part[-1][0] if part else b""
            if self._fault(0.1):
                key = mutated_bytes(key, self._random, [key])
            handles.append((key, self._block(part)))
        if handles and self._fault(0.15):
            self._shuffle(handles)
        footer = self._block([]) + self._block(handles)
        if self._fault(0.3):
            footer = mutated_bytes(footer, self._random, [footer])
        return bytes(self._out) + footer[:40].ljust(40, b"\0") + MAGIC

    def _fault(self, chance: float) -> bool:
        if self._faults and self._random.random() < chance:
            self._faults -= 1
            return True
        return False

    def _split(self, records: Records) -> list[Records]:
        count = self._random.choice((1, 1, 2, 5)) if records else 1
        size = -(-len(records) // count) or 1
        return [records[first : first + size] for first in range(0, max(len(records), 1), size)]

    def _shuffle(self, handles: Records) -> None:
        place = self._random.randrange(len(handles))
        key, handle = handles[place]
        if self._random.random() < 0.5:
            handles[place:place] = [(key, handle)] * self._random.choice((1, 2, 100))
        else:
            self._random.shuffle(handles)

    def _block(self, records: Records) -> bytes:
        """Add a block; returns its handle."""
        body, kind = self._body(records), 0
        if self._packs:
            body, kind = self._packed(body), 1
        if self._fault(0.1):
            body = mutated_bytes(body, self._random, [body])
        if self._fault(0.05):
            kind = self._random.choice((0, 1, 2, 4, 255))
        stored = body + bytes([kind])
        checksum = masked(stored) ^ (1 << self._random.randrange(32) if self._fault(0.05) else 0)
        offset, size = len(self._out), len(body)
        self._out += stored + struct.pack("<I", checksum)
        if self._fault(0.15):
            offset, size = self._wrong(offset), self._wrong(size)
        return to_varint(offset) + to_varint(size)

    def _packed(self, body: bytes) -> bytes:
        packed = bytes(cramjam.snappy.compress_raw(body))
        if self._fault(0.3):
            header = len(to_varint(len(body)))
            return to_varint(self._wrong(len(body))) + packed[header:]
        return packed

    def _body(self, records: Records) -> bytes:
        body, restarts, before = bytearray(), [], b""
        for place, (key, value) in enumerate(records):
            shared = 0
            if place % self._restart_every == 0:
                restarts.append(len(body))
            elif self._shares:
                shared = _common(before, key)
            body += self._entry(shared, key[shared:], value)
            before = key
        count = len(restarts or [0])
        if self._fault(0.1):
            count = self._wrong(count) % (1 << 32)
        return (
            bytes(body)
            + struct.pack(f"<{len(restarts or [0])}I", *(restarts or [0]))
            + struct.pack("<I", count)
        )

    def _entry(self, shared: int, fresh: bytes, value: bytes) -> bytes:
        numbers = [shared, len(fresh), len(value)]
        if self._fault(0.05):
            place = self._random.randrange(3)
            numbers[place] = self._wrong(numbers[place])
        head = b"".join(map(to_varint, numbers))
        if self._fault(0.02):
            head = self._random.choice(WORDS)
        return head + fresh + value

    def _wrong(self, number: int) -> int:
        choices = (number + 1, max(number - 1, 0), number * 2, number + 5, self._random.choice(_EDGES))
        return self._random.choice(choices)


def _common(before: bytes, key: bytes) -> int:
    length = 0
    for one, other in zip(before, key, strict=False):
        if one != other:
            break
        length += 1
    return length
