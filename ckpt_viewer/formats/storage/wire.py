"""The wire format of protocol buffers, walked without a schema.

Used where protobuf's own parser must refuse a whole message: up to the damage, the fields can still be read.
Encoding: https://protobuf.dev/programming-guides/encoding/.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ckpt_viewer.errors import Malformed

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_FIXED_SIZES = {FIXED64: 8, FIXED32: 4}
_LONGEST_VARINT = 10


@dataclass(frozen=True, slots=True)
class Field:
    """One field: for `BYTES` the value is where its content ends, else the number itself.

    Attributes:
        start: Where the content begins.
        end: Where it ends; beyond the end of the data where that was cut.
    """

    number: int
    wire_type: int
    start: int
    end: int
    value: int = 0


def varint(data: bytes | memoryview, position: int) -> tuple[int, int]:
    """The unsigned number at `position`, and where it ends; raises `Malformed`."""
    value = 0
    for place in range(_LONGEST_VARINT):
        if position + place >= len(data):
            raise Malformed("a number is cut short")
        byte = data[position + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, position + place + 1
    raise Malformed("a number has no end", code="bad-graph")


def text(value: bytes) -> str:
    """A name from a file; bytes that are no UTF-8 are kept as surrogate escapes."""
    return value.decode("utf-8", "surrogateescape")


def to_varint(value: int) -> bytes:
    """Bytes of a number; negative ones as the 64 bits of their two's complement."""
    value &= 0xFFFF_FFFF_FFFF_FFFF
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def fields(data: bytes | memoryview) -> Iterator[Field]:
    """The fields of a message in order; raises `Malformed` where they stop making sense.

    A last field that claims more bytes than there are is handed out, then the damage is raised.
    """
    position = 0
    while position < len(data):
        tag, position = varint(data, position)
        number, wire_type = tag >> 3, tag & 7
        if number == 0 or wire_type not in (VARINT, FIXED64, BYTES, FIXED32):
            raise Malformed("a field has a number or a type that does not exist", code="bad-graph")
        field = _field(data, number, wire_type, position)
        yield field
        if field.end > len(data):
            raise Malformed("a field is cut short")
        position = field.end


def _field(data: bytes | memoryview, number: int, wire_type: int, position: int) -> Field:
    if wire_type == VARINT:
        value, end = varint(data, position)
        return Field(number, wire_type, position, end, value)
    if wire_type == BYTES:
        length, start = varint(data, position)
        return Field(number, wire_type, start, start + length)
    return Field(number, wire_type, position, position + _FIXED_SIZES[wire_type])
