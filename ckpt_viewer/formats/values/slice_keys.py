"""The keys that slices of partitioned variables are stored under, and that V1 checkpoints use throughout.

Ordered code (tensorflow/core/lib/strings/ordered_code.cc): bytes that sort as what they stand for. A key is
0, the variable's name, the rank, then start and length of each axis; a whole axis is start 0, length -1.
"""

import re
from collections.abc import Sequence

from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.storage.cursor import Cursor

Extent = tuple[int, int]
WHOLE_AXIS: Extent = (0, -1)
_END_OF_TEXT = b"\x00\x01"
_ESCAPE = re.compile(b"\x00\xff|\xff\x00")
_TEXT = re.compile(b"(?:[^\x00\xff]|\x00\xff|\xff\x00)*")


def encode_slice_key(name: bytes, extents: Sequence[Extent]) -> bytes:
    """The key of one slice, its extents as the index lists them: the same region can have two keys."""
    numbers = b"".join(_signed(start) + _signed(length) for start, length in extents)
    return _unsigned(0) + _text(name) + _unsigned(len(extents)) + numbers


def slice_name(key: bytes) -> bytes | None:
    """The variable a slice key belongs to; None where the key is an ordinary name."""
    if not key.startswith(b"\x00"):
        return None
    try:
        name, cursor = _parse_text(key)
        rank = _parse_unsigned(cursor)
        for _ in range(2 * rank):
            _skip_signed(cursor)
    except Malformed:
        return None
    return None if cursor.left else name


def _unsigned(value: int) -> bytes:
    digits = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return bytes([len(digits)]) + digits


def _text(text: bytes) -> bytes:
    parts = (part.replace(b"\xff", b"\xff\x00") for part in text.split(b"\x00"))
    return b"\x00\xff".join(parts) + _END_OF_TEXT


def _signed(value: int) -> bytes:
    """As many leading ones as the number has bytes, a zero, then the number; all inverted for negatives."""
    magnitude = ~value if value < 0 else value
    length = magnitude.bit_length() // 7 + 1
    ones = ((1 << length) - 1) << (7 * length)
    code = (magnitude | ones) & ((1 << 8 * length) - 1)
    if value < 0:
        code ^= (1 << 8 * length) - 1
    return code.to_bytes(length, "big")


def _parse_text(key: bytes) -> tuple[bytes, Cursor]:
    """The name after the first byte, and a cursor behind it."""
    found = _TEXT.match(key, 1)
    end = found.end() if found else 1
    cursor = Cursor(key, end)
    if cursor.take(len(_END_OF_TEXT)) != _END_OF_TEXT:
        raise Malformed("a name does not end")
    return _ESCAPE.sub(lambda escape: escape[0][:1], key[1:end]), cursor


def _parse_unsigned(cursor: Cursor) -> int:
    return int.from_bytes(cursor.take(cursor.take(1)[0]), "big")


def _skip_signed(cursor: Cursor) -> None:
    first = cursor.take(1)[0]
    leading = first if first >= 0x80 else first ^ 0xFF
    length = 8 - (leading ^ 0xFF).bit_length()
    if length == 8:  # the ones go on into the second byte
        second = cursor.take(1)[0] ^ (0 if first >= 0x80 else 0xFF)
        length += 8 - (second ^ 0xFF).bit_length()
        cursor.take(length - 2)
    else:
        cursor.take(length - 1)
