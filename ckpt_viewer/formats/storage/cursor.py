"""A place in some bytes, moved by reading; every step is checked against what is left."""

from ckpt_viewer.errors import Malformed

VARINT_BYTES = 10


class Cursor:
    """Reads forward through bytes that came from a file; raises `Malformed` where they end too early."""

    def __init__(self, content: bytes, at: int = 0, end: int | None = None) -> None:
        self.at = at
        self._content = content
        self._end = len(content) if end is None else end

    @property
    def left(self) -> int:
        return self._end - self.at

    def take(self, count: int) -> bytes:
        if count < 0 or count > self.left:
            raise Malformed(f"{count} bytes are announced where {self.left} are left")
        start, self.at = self.at, self.at + count
        return self._content[start : self.at]

    def varint(self, bits: int = 64) -> int:
        """An unsigned protobuf varint: 7 bits a byte, low group first, the top bit says that more follows."""
        value = 0
        for index in range(min(self.left, VARINT_BYTES)):
            byte = self._content[self.at + index]
            value |= (byte & 0x7F) << 7 * index
            if byte < 0x80:
                self.at += index + 1
                return _fitting(value, bits)
        if self.left < VARINT_BYTES:
            raise Malformed("a number is cut off")
        raise Malformed("a number does not end", code="bad-block")


def _fitting(value: int, bits: int) -> int:
    if value >> bits:
        raise Malformed(f"a number needs more than {bits} bits", code="bad-block")
    return value
