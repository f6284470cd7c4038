"""Damage to protocol buffers: the fields of a message at any depth, the lengths around them put right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.storage.wire import BYTES, FIXED32, FIXED64, VARINT, fields, to_varint
from tests.fuzz.byte_mutations import MOST_BYTES, mutated_bytes

_DEEPEST = 12
_EDGES = [0, 1, 2, 7, 15, 16, 20, 21, 63, 64, 127, 128, 254, 255, 256, 65535, 65536]
_EDGES += [2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**40, 2**62, 2**63 - 1, 2**63, 2**64 - 1, 2**64 - 8]


@dataclass(frozen=True, slots=True)
class Part:
    """One field as it lies there: its number, how it is written, and the bytes of its content."""

    number: int
    wire_type: int
    content: bytes

    def encoded(self) -> bytes:
        tag = to_varint(self.number << 3 | self.wire_type)
        return tag + (to_varint(len(self.content)) if self.wire_type == BYTES else b"") + self.content


def mutated_message(content: bytes, random: Random, donors: Sequence[bytes], depth: int = 0) -> bytes:
    """The message with one of its fields changed, at any depth; bytes that are none are changed as such."""
    found = parts_of(content)
    if not found:
        return mutated_bytes(content, random, donors)
    parts = list(found)
    place = random.randrange(len(parts))
    part = parts[place]
    if part.wire_type == BYTES and part.content and depth < _DEEPEST and random.random() < 0.75:
        parts[place] = replace(part, content=mutated_message(part.content, random, donors, depth + 1))
    else:
        random.choice(_MUTATIONS)(parts, place, random, donors)
    return b"".join(each.encoded() for each in parts)[:MOST_BYTES]


@lru_cache(4096)
def parts_of(content: bytes) -> tuple[Part, ...]:
    """The fields of a message; none where the bytes are no message."""
    try:
        return tuple(
            Part(each.number, each.wire_type, content[each.start : each.end]) for each in fields(content)
        )
    except Malformed:
        return ()


Parts = list[Part]


def _number(parts: Parts, place: int, random: Random, donors: Sequence[bytes]) -> None:
    """Another value, of the kind that the field has."""
    part = parts[place]
    if part.wire_type == BYTES:
        parts[place] = replace(part, content=mutated_bytes(part.content, random, donors))
        return
    value = random.choice(_EDGES) if random.random() < 0.8 else random.getrandbits(random.randrange(1, 65))
    size = {FIXED32: 4, FIXED64: 8}.get(part.wire_type)
    written = to_varint(value) if size is None else (value % (1 << 8 * size)).to_bytes(size, "little")
    parts[place] = replace(part, content=written)


def _delete(parts: Parts, place: int, random: Random, donors: Sequence[bytes]) -> None:
    del parts[place]


def _duplicate(parts: Parts, place: int, random: Random, donors: Sequence[bytes]) -> None:
    times = min(random.choice((1, 1, 2, 16, 300)), MOST_BYTES // (len(parts[place].content) + 1))
    parts[place:place] = [parts[place]] * times


def _swap(parts: Parts, place: int, random: Random, donors: Sequence[bytes]) -> None:
    other = random.randrange(len(parts))
    parts[place], parts[other] = parts[other], parts[place]


def _renumber(parts: Parts, place: int, random: Random, donors: Sequence[bytes]) -> None:
    parts[place] = replace(parts[place], number=random.choice((*range(1, 20), 100, 2**29 - 1)))


def _retype(parts: Parts, place: int, random: Random, donors: Sequence[bytes]) -> None:
    parts[place] = replace(parts[place], wire_type=random.choice((VARINT, FIXED64, BYTES, 3, 4, FIXED32)))


def _nest(parts: Parts, place: int, random: Random, donors: Sequence[bytes]) -> None:
    """The field inside of itself, as deep as it goes."""
    part = parts[place]
    content, number = part.content, random.choice((part.number, part.number, 1, 2, 5, 7, 10))
    for _ in range(random.choice((1, 3, 30, 99, 101, 300))):
        content = Part(number, BYTES, content).encoded()
    parts[place] = Part(part.number, BYTES, content)


def _wrong_length(parts: Parts, place: int, random: Random, donors: Sequence[bytes]) -> None:
    """A length that is not that of the content: the fields behind it are read at the wrong place."""
    part = parts[place]
    claimed = random.choice((len(part.content) + 1, max(len(part.content) - 1, 0), random.choice(_EDGES)))
    tag = to_varint(part.number << 3 | BYTES)
    parts[place] = _Raw(tag + to_varint(claimed) + part.content)


class _Raw(Part):
    """A field that is written as it is."""

    def __init__(self, content: bytes) -> None:
        super().__init__(0, BYTES, content)

    def encoded(self) -> bytes:
        return self.content


def _transplant(parts: Parts, place: int, random: Random, donors: Sequence[bytes]) -> None:
    """A field of another message in its place, under its own or that other number."""
    other = parts_of(random.choice(donors)) if donors else ()
    while other and (inner := parts_of(other[-1].content)) and random.random() < 0.6:
        other = inner
    if other:
        taken = random.choice(other)
        kept = replace(taken, number=parts[place].number)
        parts[place] = kept if random.random() < 0.5 else taken


def _empty(parts: Parts, place: int, random: Random, donors: Sequence[bytes]) -> None:
    parts[place] = replace(parts[place], wire_type=BYTES, content=b"")


_Mutation = Callable[[Parts, int, Random, Sequence[bytes]], None]
_MUTATIONS: tuple[_Mutation, ...] = (
    _number,
    _number,
    _number,
    _delete,
    _duplicate,
    _swap,
    _renumber,
    _retype,
    _nest,
    _wrong_length,
    _transplant,
    _empty,
)
