"""Variables that no one saved: types, shapes, slices and values that may fit together, or just not."""

import struct
from collections.abc import Sequence
from itertools import pairwise
from math import prod
from random import Random

from ckpt_viewer.formats.bundle.entries import extents_of
from ckpt_viewer.formats.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from ckpt_viewer.formats.protos.tensor_pb2 import TensorProto
from ckpt_viewer.formats.storage.wire import to_varint, varint
from ckpt_viewer.formats.values.dtypes import DTYPES, item_size, name_of
from ckpt_viewer.formats.values.slice_keys import WHOLE_AXIS, encode_slice_key
from tests.bundle_writer import Record, masked
from tests.v1_writer import Extents, V1Writer, write_extents

_LENGTHS = (0, 1, 1, 2, 2, 3, 4, 5, 7, 16)
_ODD_LENGTHS = (-1, -(2**63), 2**16, 2**31, 2**32, 2**40, 2**62, 2**63 - 1)
_LISTS = ["float_val", "double_val", "int_val", "string_val", "scomplex_val", "int64_val", "bool_val"]
_LISTS += ["dcomplex_val", "half_val", "uint32_val", "uint64_val"]
_NAMES = (
    b"w",
    b"dense/kernel",
    b"a/.ATTRIBUTES/VARIABLE_VALUE",
    b"w/Adam",
    b"\xff\x00\xfe",
    b"\0\0",
    b"x" * 300,
)


def dtype_number(random: Random) -> int:
    return (
        random.choice(list(DTYPES))
        if random.random() < 0.9
        else random.choice((0, 20, 21, 34, 101, 2**31 - 1))
    )


def shape(random: Random) -> list[int]:
    rank = (
        random.choice((0, 1, 1, 2, 2, 3, 4))
        if random.random() < 0.97
        else random.choice((33, 64, 65, 254, 255))
    )
    lengths = [
        random.choice(_LENGTHS) if rank < 30 else random.choice((1, 1, 1, 1, 1, 2)) for _ in range(rank)
    ]
    if lengths and random.random() < 0.08:
        lengths[random.randrange(rank)] = random.choice(_ODD_LENGTHS)
    return lengths


def cuts(random: Random, lengths: Sequence[int]) -> list[Extents]:
    """Slices of a variable: mostly all of it once, sometimes with a gap, an overlap or an edge too far."""
    axis = random.randrange(len(lengths)) if lengths else 0
    if not lengths or lengths[axis] < 1 or lengths[axis] > 64:
        return [tuple((0, length) for length in lengths)]
    places = sorted(random.sample(range(1, lengths[axis] + 1), min(random.randrange(4), lengths[axis])))
    bounds = sorted({0, *places, lengths[axis]})
    found = []
    for start, end in pairwise(bounds):
        extents: list[tuple[int, int]] = [
            WHOLE_AXIS if random.random() < 0.3 else (0, length) for length in lengths
        ]
        extents[axis] = (start, end - start)
        if random.random() < 0.05:
            extents[axis] = random.choice(((start + 1, end - start), (start, end), (-1, 1), (start, 2**62)))
        found.append(tuple(extents))
    return found if random.random() < 0.9 else found[: random.randrange(len(found) + 1)]


def tensor(random: Random, number: int, count: int) -> TensorProto:
    """The values of a tensor in one of the ways a proto spells them; their number need not fit."""
    found = TensorProto(dtype=number)
    if random.random() < 0.2:
        count = random.choice((0, 1, count + 1, max(count - 1, 0)))
    count = min(count, 200)
    way = random.random()
    if way < 0.3:
        found.tensor_content = random.randbytes(count * (item_size(name_of(number)) or 1))
    elif way < 0.35:
        found.float8_val = random.randbytes(count)
    else:
        _fill(found, random, random.choice(_LISTS), count)
    return found


def _fill(found: TensorProto, random: Random, field: str, count: int) -> None:
    if field == "string_val":
        found.string_val.extend(random.randbytes(random.randrange(6)) for _ in range(count))
    elif field in ("float_val", "double_val", "scomplex_val", "dcomplex_val"):
        getattr(found, field).extend(random.choice((0.0, 1.5, float("nan"), -1e30)) for _ in range(count))
    elif field in ("bool_val", "uint32_val", "uint64_val"):
        getattr(found, field).extend(random.randrange(2) for _ in range(count))
    else:
        getattr(found, field).extend(random.choice((0, 1, -1, 2**31 - 1, 300)) for _ in range(count))


def stored_string(text: bytes) -> tuple[bytes, int]:
    """One string as a bundle has it, and the checksum its entry must have."""
    length = struct.pack("<I", len(text))
    checked = struct.pack("<I", masked(length)) + text
    return to_varint(len(text)) + checked, masked(length + checked)


def string_within(stored: bytes) -> bytes:
    """The one string that is stored there."""
    length, at = varint(stored, 0)
    return stored[at + 4 : at + 4 + length]


def bundle_records(random: Random, data: bytes) -> list[Record]:
    """The index of a few variables that lie somewhere in the data."""
    header = BundleHeaderProto(num_shards=1, endianness=random.choice((0, 0, 0, 1)))
    records = {b"": header.SerializeToString()}
    for place in range(random.randrange(1, 5)):
        name = random.choice(_NAMES) + b"%d" % place
        number, lengths = dtype_number(random), shape(random)
        if random.random() < 0.6:
            records[name] = _entry(random, number, lengths, data).SerializeToString()
            continue
        whole = _form(number, lengths)
        for extents in cuts(random, lengths):
            part = whole.slices.add()
            write_extents(part, extents)
            own = [size if length < 0 else length for (_, length), size in zip(extents, lengths, strict=True)]
            key = encode_slice_key(name, extents_of(part))
            records[key] = _entry(random, number, own, data).SerializeToString()
        records[name] = whole.SerializeToString()
    return sorted(records.items())


def _form(number: int, lengths: Sequence[int]) -> BundleEntryProto:
    entry = BundleEntryProto(dtype=number)
    entry.shape.SetInParent()
    for length in lengths:
        entry.shape.dim.add(size=length)
    return entry


def _entry(random: Random, number: int, lengths: Sequence[int], data: bytes) -> BundleEntryProto:
    entry = _form(number, lengths)
    size = prod(lengths) * (item_size(name_of(number)) or random.randrange(1, 9))
    if not 0 <= size < 2**63 or random.random() < 0.05:
        size = random.choice((0, len(data), 2**62))
    entry.size = size
    entry.offset = random.randrange(max(len(data) - size, 0) + 1) if random.random() < 0.95 else 2**62
    entry.crc32c = masked(data[entry.offset : entry.offset + size]) ^ (random.random() < 0.1)
    return entry


def save_v1(random: Random) -> dict[bytes, bytes]:
    """The records of a V1 checkpoint with a few variables."""
    writer = V1Writer()
    for place in range(random.randrange(1, 4)):
        name = random.choice(("w", "dense/kernel", "é", "x" * 300)) + str(place)
        number, lengths = dtype_number(random), shape(random)
        values = {}
        for extents in cuts(random, lengths):
            own = [size if length < 0 else length for (_, length), size in zip(extents, lengths, strict=True)]
            values[extents] = tensor(random, number, min(max(prod(own), 0), 200))
        writer.add(name, number, lengths, values)
    return writer.finished()
