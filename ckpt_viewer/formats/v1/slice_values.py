"""The records of a V1 checkpoint that hold values (tensorflow/core/util/saved_tensor_slice.proto).

A record is a TensorProto in two envelopes, and of the TensorProto there is only the list of values: every
value is spelled out. Numbers of a fixed size lie there as in a V2 data file, and are taken from there
without protobuf, which would make a list of objects of them.
"""

from collections.abc import Iterator

import numpy as np

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.formats.storage.wire import BYTES, FIXED32, FIXED64, VARINT, fields
from ckpt_viewer.formats.values.dtypes import item_size

_DATA, _TENSOR = 2, 3  # of SavedTensorSlices, of SavedSlice
_STRINGS = 8
_LONGEST_VARINT = 10
_AT_ONCE = 1 << 20
_CHECK_EVERY = 4096  # values that were written one by one

# The list of a TensorProto that the values of each type are in, and how one by itself is written.
_LISTS: dict[str, tuple[int, int]] = {
    "float32": (5, FIXED32),
    "float64": (6, FIXED64),
    "string": (_STRINGS, BYTES),
    "complex64": (9, FIXED32),
    "int64": (10, VARINT),
    "bool": (11, VARINT),
    "complex128": (12, FIXED64),
    "float16": (13, VARINT),
    "bfloat16": (13, VARINT),
    "uint32": (16, VARINT),
    "uint64": (17, VARINT),
}
_LISTS |= dict.fromkeys(
    ("int8", "int16", "int32", "uint8", "uint16", "qint8", "qint16", "qint32", "quint8", "quint16"),
    (7, VARINT),
)
TYPES = frozenset(_LISTS)


def least_bytes(dtype: str, count: int) -> int:
    """What so many values take in a record at least."""
    wire_type = _LISTS[dtype][1]
    return count * (item_size(dtype) if wire_type in (FIXED32, FIXED64) else 2 if wire_type == BYTES else 1)


def stored_numbers(record: bytes, dtype: str, count: int, cancel: CancelToken | None = None) -> Array:
    """The bytes of `count` values as a V2 data file has them, as uint8; raises `Malformed`."""
    number, wire_type = _LISTS[dtype]
    parts = list(_lists(memoryview(record), number, wire_type, cancel))
    raw = np.frombuffer(parts[0] if len(parts) == 1 else b"".join(parts), np.uint8) if parts else _NOTHING
    if wire_type == VARINT:
        return _integers(raw, dtype, count, cancel)
    if len(raw) != count * item_size(dtype):
        raise _wrong_count(len(raw) // item_size(dtype), count)
    return raw


def stored_strings(record: bytes, count: int, cancel: CancelToken | None = None) -> Array:
    """`count` strings, one-dimensional; raises `Malformed`."""
    found = [bytes(part) for part in _lists(memoryview(record), _STRINGS, BYTES, cancel)]
    if len(found) != count:
        raise _wrong_count(len(found), count)
    values = np.empty(count, object)
    values[:] = found
    return values


_NOTHING: Array = np.empty(0, np.uint8)


def _lists(
    record: memoryview, number: int, wire_type: int, cancel: CancelToken | None
) -> Iterator[memoryview]:
    """The contents of a list in a record: packed ones as a whole, others value by value."""
    for data in _messages(record, _DATA):
        for tensor in _messages(data, _TENSOR):
            for place, field in enumerate(fields(tensor)):
                if cancel is not None and place % _CHECK_EVERY == 0:
                    cancel.check()
                if field.number == number and field.end <= len(tensor):
                    if field.wire_type not in (BYTES, wire_type):
                        raise Malformed("its values are of another type", code="bad-entry")
                    yield tensor[field.start : field.end]


def _messages(content: memoryview, number: int) -> Iterator[memoryview]:
    for field in fields(content):
        if field.number == number and field.wire_type == BYTES and field.end <= len(content):
            yield content[field.start : field.end]


def _integers(raw: Array, dtype: str, count: int, cancel: CancelToken | None) -> Array:
    """Varints as numbers of the size that the type has; what does not fit wraps around."""
    if count > len(raw):
        raise _wrong_count(int(np.count_nonzero(raw < 0x80)), count)
    values = np.empty(count, f"<u{item_size(dtype)}")
    done = at = 0
    while at < len(raw):
        if cancel is not None:
            cancel.check()
        window = raw[at : at + _AT_ONCE]
        ends = np.flatnonzero(window < 0x80) + 1
        if not len(ends):
            raise Malformed("a number does not end", code="bad-entry")
        if done + len(ends) > count:
            raise _wrong_count(int(np.count_nonzero(raw < 0x80)), count)
        numbers = _varints(window, ends)
        values[done : done + len(ends)] = numbers != 0 if dtype == "bool" else numbers
        done, at = done + len(ends), at + int(ends[-1])
    if done < count:
        raise _wrong_count(done, count)
    return values.view(np.uint8)


def _varints(window: Array, ends: Array) -> Array:
    """The numbers that end there, 7 bits a byte, low group first; unsigned."""
    if len(ends) == ends[-1]:
        return window[: len(ends)]
    starts = np.concatenate(([0], ends[:-1]))
    widths = ends - starts
    if (longest := int(widths.max())) > _LONGEST_VARINT:
        raise Malformed("a number does not end", code="bad-entry")
    numbers = np.zeros(len(ends), np.uint64)
    for place in range(longest):
        longer = widths > place
        group = window[starts[longer] + place] & 0x7F
        numbers[longer] |= group.astype(np.uint64) << np.uint64(7 * place)
    return numbers


def _wrong_count(found: int, count: int) -> Malformed:
    return Malformed(f"it stores {found} values where {count} belong", code="bad-size")
