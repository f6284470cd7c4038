"""Writes V2 checkpoints for tests, pictures and measurements: plain blocks, one shard, any numeric arrays.

The readers' own tests use what TensorFlow wrote; this is for content TensorFlow would not make on demand.
"""

import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

import crc32c
import numpy as np

from ckpt_viewer.formats.protos.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from ckpt_viewer.formats.values.dtypes import BY_NAME

BLOCK = 262_144
MAGIC = bytes.fromhex("57fb808b247547db")
Record = tuple[bytes, bytes]


def write_bundle(prefix: Path, arrays: Mapping[str, np.ndarray], shard_count: int = 1) -> Path:
    """Write `prefix.index` and the first of its data files, which has all values; returns the prefix."""
    prefix.parent.mkdir(parents=True, exist_ok=True)
    header = BundleHeaderProto(num_shards=shard_count)
    header.version.producer = 1
    records: list[Record] = [(b"", header.SerializeToString())]
    offset = 0
    with prefix.with_name(f"{prefix.name}.data-00000-of-{shard_count:05d}").open("wb") as data:
        for name in sorted(arrays, key=lambda name: name.encode("utf-8", "surrogateescape")):
            content = np.ascontiguousarray(arrays[name]).tobytes()
            entry = BundleEntryProto(offset=offset, size=len(content), crc32c=masked(content))
            entry.dtype = BY_NAME[arrays[name].dtype.name].number
            entry.shape.SetInParent()
            for length in np.shape(arrays[name]):
                entry.shape.dim.add(size=length)
            data.write(content)
            offset += len(content)
            records.append((name.encode("utf-8", "surrogateescape"), entry.SerializeToString()))
    prefix.with_name(f"{prefix.name}.index").write_bytes(table(records))
    return prefix


def table(records: Iterable[Record]) -> bytes:
    """The records as a table file: data blocks, an empty metaindex, the index, the footer."""
    out = bytearray()
    handles: list[Record] = []
    waiting: list[Record] = []
    size = 0
    for record in records:
        waiting.append(record)
        size += len(record[0]) + len(record[1]) + 6
        if size >= BLOCK:
            handles.append((waiting[-1][0], _append(out, waiting)))
            waiting, size = [], 0
    if waiting:
        handles.append((waiting[-1][0], _append(out, waiting)))
    metaindex = _append(out, [])
    index = _append(out, handles)
    footer = (metaindex + index).ljust(40, b"\0")
    return bytes(out) + footer + MAGIC


def masked(content: bytes) -> int:
    """The checksum as such files store it."""
    plain = crc32c.crc32c(content)
    return (((plain >> 15) | (plain << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _append(out: bytearray, records: list[Record]) -> bytes:
    """Add a block of these records; returns its handle."""
    body = bytearray()
    restarts = []
    for key, value in records:
        restarts.append(len(body))
        body += varint(0) + varint(len(key)) + varint(len(value)) + key + value
    restarts = restarts or [0]
    body += struct.pack(f"<{len(restarts)}I", *restarts) + struct.pack("<I", len(restarts))
    handle = varint(len(out)) + varint(len(body))
    stored = bytes(body) + b"\0"
    out += stored + struct.pack("<I", masked(stored))
    return handle
