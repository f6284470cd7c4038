"""Graphs written as text: the text format of protocol buffers → the same message in its wire format.

Language: https://protobuf.dev/reference/protobuf/textformat-spec/. protobuf's own text parser recurses, so a
file of 100 KB can end the program; this one keeps its own stack, skips fields it does not know, gives up on
what is nested deeper than any graph needs, and keeps what came before the damage.
"""

import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Malformed, Problem
from ckpt_viewer.formats.graphs.collections import AGGREGATIONS, ANY_PROTOS, SAVER_VERSIONS, SYNCHRONIZATIONS
from ckpt_viewer.formats.protos.collections_pb2 import AnyValue
from ckpt_viewer.formats.storage.wire import BYTES, to_varint
from ckpt_viewer.formats.values import dtypes

DEEPEST = 90  # protobuf itself reads 100 levels
_MOST_OPEN = 10_000
_CHECK_EVERY = 4096
_TOKEN = re.compile(
    rb"""(?P<blank>[\s,;]++|\#[^\n]*+)
    |(?P<word>-?[A-Za-z_]\w*+)
    |(?P<number>[-+]?(?:0[xX][0-9a-fA-F]++|(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][-+]?[0-9]++)?[fF]?))
    |(?P<text>"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+')
    |(?P<url>\[\s*[\w.-]+/[\w./-]+\s*\])
    |(?P<mark>[{}<>\[\]:])
    |(?P<wrong>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(
    rb"\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL
)
_LETTERS = dict(zip(b"abfnrtv", b"\a\b\f\n\r\t\v", strict=True))
_CLOSING = {b"{": b"}", b"<": b">"}
_TRUE, _FALSE = (b"true", b"True", b"t", b"1"), (b"false", b"False", b"f", b"0")


def _words() -> dict[bytes, int]:
    """The names that TensorFlow's enums have in text, as numbers."""
    words = {"DT_INVALID": 0}
    spelled = {"float32": "FLOAT", "float64": "DOUBLE", "float16": "HALF"}
    for number, dtype in dtypes.DTYPES.items():
        name = f"DT_{spelled.get(dtype.name, dtype.name.upper())}"
        words |= {name: number, f"{name}_REF": number + dtypes.REFERENCE}
    for prefix, names in (
        ("", SAVER_VERSIONS),
        ("VARIABLE_SYNCHRONIZATION_", SYNCHRONIZATIONS),
        ("VARIABLE_AGGREGATION_", AGGREGATIONS),
    ):
        words |= {prefix + name: number for number, name in enumerate(names)}
    words["VARIABLE_AGGREGATION_ONLY_FIRST_REPLICA"] = AGGREGATIONS.index("ONLY_FIRST_REPLICA")
    return {name.encode(): number for name, number in words.items()}


ENUM_WORDS = _words()


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text graph as wire bytes, and what had to be left out."""

    content: bytes
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Frame:
    """A message being read; without a descriptor, whose classes have no common type, it is skipped."""

    descriptor: Any
    number: int
    closing: bytes
    content: bytearray = field(default_factory=bytearray)


def first_field(text: bytes) -> str:
    """The first word of a text message, which tells what it is; empty where there is none."""
    for token in _TOKEN.finditer(text):
        if token.lastgroup != "blank":
            return token[0].decode("ascii", "replace") if token.lastgroup == "word" else ""
    return ""


def encode(text: bytes, message: type[Message], cancel: CancelToken | None = None) -> Encoded:
    """The wire bytes of a text message.

    Raises `Malformed` with the line where the text breaks before its first whole field; a later break is a
    problem, and what came before it is kept.
    """
    reader = _TextReader(text, message.DESCRIPTOR, cancel)
    problems: list[Problem] = []
    try:
        reader.read()
    except Malformed as error:
        if not reader.whole:
            raise
        problems.append(Problem(error.problem.code, f"The text breaks off: {error.problem.message}."))
    if reader.too_deep:
        sentence = f"What is nested deeper than {DEEPEST} levels was left out ({reader.too_deep} times)."
        problems.append(Problem("bad-graph", sentence))
    return Encoded(bytes(reader.whole), tuple(problems))


class _TextReader:
    """Reads fields into the innermost open message; a closed one becomes a field of the next."""

    def __init__(self, text: bytes, descriptor: Any, cancel: CancelToken | None) -> None:
        self.whole = bytearray()
        self.too_deep = 0
        self._text, self._cancel = text, cancel
        self._frames = [_Frame(descriptor, 0, b"", self.whole)]
        self._tokens = self._scan()
        self._ahead: re.Match[bytes] | None = None

    def read(self) -> None:
        while (token := self._next()) is not None:
            frame = self._frames[-1]
            if token.lastgroup in ("word", "url"):
                self._field(token)
            elif frame.closing and token[0] == frame.closing:
                self._close()
            else:
                raise self._broken(token, "a field name was expected")
        if len(self._frames) > 1:
            raise Malformed(f"it ends inside of {len(self._frames) - 1} open messages")

    def _scan(self) -> Iterator[re.Match[bytes]]:
        for count, token in enumerate(_TOKEN.finditer(self._text)):
            if self._cancel is not None and count % _CHECK_EVERY == 0:
                self._cancel.report(token.start(), len(self._text))
            if token.lastgroup != "blank":
                yield token

    def _next(self) -> re.Match[bytes] | None:
        token, self._ahead = self._ahead, None
        return token if token is not None else next(self._tokens, None)

    def _peek(self) -> re.Match[bytes] | None:
        if self._ahead is None:
            self._ahead = next(self._tokens, None)
        return self._ahead

    def _field(self, name: re.Match[bytes]) -> None:
        value = self._next()
        if value is not None and value[0] == b":":
            value = self._next()
        if value is None:
            raise Malformed(f"it ends after the name {name[0].decode('ascii', 'replace')}")
        known = self._known(name)
        if value[0] != b"[":
            self._value(known, value)
            return
        while (value := self._next()) is not None and value[0] != b"]":
            self._value(known, value)

    def _known(self, name: re.Match[bytes]) -> Any:
        descriptor = self._frames[-1].descriptor
        if descriptor is None:
            return None
        if name.lastgroup == "url" and descriptor is AnyValue.DESCRIPTOR:
            self._add_bytes(1, name[0][1:-1].strip())
            return descriptor.fields_by_name["value"]
        found = descriptor.fields_by_name.get(name[0].decode("ascii", "replace"))
        return found

    def _value(self, known: Any, value: re.Match[bytes]) -> None:
        if value[0] in _CLOSING:
            self._open(known, _CLOSING[value[0]])
        elif value.lastgroup == "text":
            content = self._joined_text(value)
            if known is not None and known.type in (FieldDescriptor.TYPE_BYTES, FieldDescriptor.TYPE_STRING):
                self._add_bytes(known.number, content)
        elif value.lastgroup in ("word", "number"):
            self._scalar(known, value)
        else:
            raise self._broken(value, "a value was expected")

    def _open(self, known: Any, closing: bytes) -> None:
        if len(self._frames) > _MOST_OPEN:
            raise Malformed(f"more than {_MOST_OPEN} messages lie inside of each other", code="bad-graph")
        inner: Any = known.message_type if known is not None else None
        if known is not None and inner is None and known.containing_type is AnyValue.DESCRIPTOR:
            inner = _message_of_url(bytes(self._frames[-1].content))
        if inner is not None and len(self._frames) > DEEPEST:
            inner, self.too_deep = None, self.too_deep + 1
        self._frames.append(_Frame(inner, known.number if known is not None else 0, closing))

    def _close(self) -> None:
        frame = self._frames.pop()
        if frame.descriptor is not None:
            self._add_bytes(frame.number, bytes(frame.content))

    def _joined_text(self, value: re.Match[bytes]) -> bytes:
        """Strings that follow each other are one."""
        parts = [_unescaped(value[0][1:-1])]
        while (token := self._peek()) is not None and token.lastgroup == "text":
            parts.append(_unescaped(token[0][1:-1]))
            self._ahead = None
        return b"".join(parts)

    def _scalar(self, known: Any, value: re.Match[bytes]) -> None:
        if known is None:
            return
        kind = _SCALARS.get(known.type)
        try:
            if kind is None:
                raise ValueError
            wire_type, encode_value = kind
            self._frames[-1].content += to_varint(known.number << 3 | wire_type) + encode_value(value[0])
        except (ValueError, OverflowError, struct.error) as error:
            raise self._broken(value, f"it does not fit the field {known.name}") from error

    def _add_bytes(self, number: int, content: bytes) -> None:
        out = self._frames[-1].content
        out += to_varint(number << 3 | BYTES) + to_varint(len(content))
        out += content

    def _broken(self, token: re.Match[bytes], why: str) -> Malformed:
        line = self._text.count(b"\n", 0, token.start()) + 1
        found = token[0][:20].decode("utf-8", "replace")
        return Malformed(f"line {line} has {found!r} where {why}", code="bad-graph")


def _message_of_url(any_value: bytes) -> Any:
    name = AnyValue.FromString(any_value).type_url.rpartition(b"/")[2].rpartition(b".")[2]
    proto = ANY_PROTOS.get(name.decode("utf-8", "replace"))
    return proto.DESCRIPTOR if proto is not None else None


def _unescaped(text: bytes) -> bytes:
    return _ESCAPE.sub(_character, text) if b"\\" in text else text


def _character(escape: re.Match[bytes]) -> bytes:
    octal, hexadecimal, short, long, letter = escape.groups()
    if octal:
        return bytes([int(octal, 8) & 0xFF])
    if hexadecimal:
        return bytes([int(hexadecimal, 16)])
    if short or long:
        code = int(short or long, 16)
        return chr(code).encode("utf-8", "surrogatepass") if code < 0x110000 else b"?"
    return bytes([_LETTERS.get(letter[0], letter[0])])


def _integer(word: bytes) -> bytes:
    if word in ENUM_WORDS:
        return to_varint(ENUM_WORDS[word])
    value = _whole_number(word)
    if not -(1 << 63) <= value < 1 << 64:
        raise ValueError
    return to_varint(value)


def _whole_number(word: bytes) -> int:
    digits = word.lstrip(b"+-")
    base = 16 if digits[:2].lower() == b"0x" else 8 if digits[:1] == b"0" and digits.isdigit() else 10
    if len(digits) > 24:
        raise ValueError
    return int(word, base)


def _truth(word: bytes) -> bytes:
    if word not in _TRUE + _FALSE:
        raise ValueError
    return b"\1" if word in _TRUE else b"\0"


def _floating(word: bytes) -> float:
    bare = word.lower().lstrip(b"+-")
    if bare[:2] == b"0x":
        raise ValueError
    return float(word if bare.startswith((b"inf", b"nan")) else word.rstrip(b"fF"))


def _float32(word: bytes) -> bytes:
    value = _floating(word)
    try:
        return struct.pack("<f", value)
    except OverflowError:
        return struct.pack("<f", float("inf") if value > 0 else float("-inf"))


def _float64(word: bytes) -> bytes:
    return struct.pack("<d", _floating(word))


_INTEGERS: Sequence[int] = (
    FieldDescriptor.TYPE_INT32,
    FieldDescriptor.TYPE_INT64,
    FieldDescriptor.TYPE_UINT32,
    FieldDescriptor.TYPE_UINT64,
)
_SCALARS: dict[int, tuple[int, Callable[[bytes], bytes]]] = {
    **dict.fromkeys(_INTEGERS, (0, _integer)),
    FieldDescriptor.TYPE_BOOL: (0, _truth),
    FieldDescriptor.TYPE_FLOAT: (5, _float32),
    FieldDescriptor.TYPE_DOUBLE: (1, _float64),
}
