"""Large blocks, whose entries are taken apart in groups: what comes of them is what comes of one by one."""

import struct
import tracemalloc
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.storage import restarts
from ckpt_viewer.formats.storage.sstable import entries

KEYS = [f"block_{place // 20:03d}/layer_{place % 20:02d}/kernel".encode() for place in range(700)]


def shared_by(before: bytes, key: bytes) -> int:
    return next((place for place, (a, b) in enumerate(zip(before, key, strict=False)) if a != b), 0)


def written(records: list[tuple[bytes, bytes]], interval: int) -> bytes:
    """A block as TensorFlow writes it: each key whole after so many."""
    body, points = bytearray(), []
    for place, ((before, _), (key, value)) in enumerate(pairwise([(b"", b""), *records])):
        shared = shared_by(before, key) if place % interval else 0
        if not shared and place % interval == 0:
            points.append(len(body))
        body += bytes([shared, len(key) - shared, len(value)]) + key[shared:] + value
    return bytes(body) + struct.pack(f"<{len(points) + 1}I", *points, len(points))


def read(body: bytes) -> object:
    try:
        return list(entries(body).records())
    except Malformed as error:
        return error.problem


def read_one_by_one(body: bytes) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(restarts, "_FEWEST", len(body))
        return read(body)


@pytest.mark.parametrize("interval", [1, 2, 3, 7, 40])
@pytest.mark.parametrize("count", [1, 65, 128, 699, 700])
def test_every_record_is_read_however_often_keys_are_whole(interval: int, count: int) -> None:
    records = [(key, bytes(place % 100)) for place, key in enumerate(KEYS[:count])]
    assert read(written(records, interval)) == records


def test_long_values_between_short_ones_are_read() -> None:
    head = written([(key, b"value") for key in KEYS[:300]], 2)
    assert read(head) == read_one_by_one(head)
    long_value = bytes([0, 4, 0x80 | 72, 1]) + b"long" + bytes(200)
    points = [len(long_value) + place for place in struct.unpack("<150I", head[-604:-4])]
    body = long_value + head[:-604] + struct.pack("<152I", 0, *points, 151)
    assert read(body) == [(b"long", bytes(200)), *read(head)]


@given(st.sampled_from([1, 2, 4]), st.lists(st.tuples(st.integers(0), st.integers(0, 255)), max_size=3))
def test_damage_is_told_as_it_is_one_by_one(interval: int, damage: list[tuple[int, int]]) -> None:
    body = bytearray(written([(key, b"some value") for key in KEYS[:400]], interval))
    for place, byte in damage:
        body[place % len(body)] = byte
    assert read(bytes(body)) == read_one_by_one(bytes(body))


def test_a_block_of_very_many_groups_takes_no_more_memory_than_one_by_one() -> None:
    body = written([(struct.pack(">I", place), b"") for place in range(100_000)], 1)
    assert peak_of(read, body) < 1.1 * peak_of(read_one_by_one, body)


def peak_of(reading: Callable[[bytes], object], body: bytes) -> int:
    tracemalloc.start()
    try:
        reading(body)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_keys_that_share_more_than_there_is_are_refused() -> None:
    body = bytearray(written([(key, b"") for key in KEYS[:200]], 2))
    second = 3 + len(KEYS[0])
    body[second] = 100
    with pytest.raises(Malformed, match="reaches beyond it"):
        entries(bytes(body))
