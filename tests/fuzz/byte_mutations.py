"""Damage that knows no format: bytes flipped, cut, repeated and put where they do not belong."""

from collections.abc import Sequence
from random import Random

MOST_BYTES = 100_000  # an input does not outgrow this
WORDS = [
    bytes(4),
    b"\xff" * 4,
    b"\xff" * 8,
    b"\x80" * 9 + b"\x01",
    b"\xff" * 9 + b"\x01",
    b"\xff\xff\xff\xff\x0f",
    b"\xff\xff\xff\xff\x07",
    b"\x7f",
    b"\x80",
    b"\n",
    b"\r\n",
    b"\x00",
]


def mutated_bytes(content: bytes, random: Random, donors: Sequence[bytes]) -> bytes:
    changed = random.choice(_MUTATIONS)(bytearray(content), random, donors)
    return bytes(changed[:MOST_BYTES])


def _flip(content: bytearray, random: Random, donors: Sequence[bytes]) -> bytearray:
    for _ in range(random.choice((1, 1, 1, 2, 8)) if content else 0):
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    return content


def _set(content: bytearray, random: Random, donors: Sequence[bytes]) -> bytearray:
    for _ in range(random.choice((1, 1, 2, 4)) if content else 0):
        content[random.randrange(len(content))] = random.choice((0, 1, 127, 128, 255, random.randrange(256)))
    return content


def _cut_end(content: bytearray, random: Random, donors: Sequence[bytes]) -> bytearray:
    return content[: random.randrange(len(content) + 1)]


def _cut_out(content: bytearray, random: Random, donors: Sequence[bytes]) -> bytearray:
    first, length = _stretch(content, random)
    del content[first : first + length]
    return content


def _insert(content: bytearray, random: Random, donors: Sequence[bytes]) -> bytearray:
    at = random.randrange(len(content) + 1)
    content[at:at] = (
        random.choice(WORDS) if random.random() < 0.7 else random.randbytes(random.randrange(1, 40))
    )
    return content


def _overwrite(content: bytearray, random: Random, donors: Sequence[bytes]) -> bytearray:
    at, word = random.randrange(len(content) + 1), random.choice(WORDS)
    content[at : at + len(word)] = word
    return content


def _repeat(content: bytearray, random: Random, donors: Sequence[bytes]) -> bytearray:
    first, length = _stretch(content, random)
    times = random.choice((1, 2, 3, 100, 1000))
    content[first:first] = content[first : first + length] * min(times, MOST_BYTES // max(length, 1))
    return content


def _swap(content: bytearray, random: Random, donors: Sequence[bytes]) -> bytearray:
    first, length = _stretch(content, random)
    moved = content[first : first + length]
    del content[first : first + length]
    at = random.randrange(len(content) + 1)
    content[at:at] = moved
    return content


def _splice(content: bytearray, random: Random, donors: Sequence[bytes]) -> bytearray:
    other = random.choice(donors) if donors else b"\0"
    return content[: random.randrange(len(content) + 1)] + other[random.randrange(len(other) + 1) :]


def _zero(content: bytearray, random: Random, donors: Sequence[bytes]) -> bytearray:
    first, length = _stretch(content, random)
    content[first : first + length] = bytes(length)
    return content


def _stretch(content: bytearray, random: Random) -> tuple[int, int]:
    first = random.randrange(len(content) + 1)
    return first, min(random.choice((1, 2, 4, 8, 64, 1024)), len(content) - first)


_MUTATIONS = (_flip, _flip, _set, _cut_end, _cut_out, _insert, _overwrite, _repeat, _swap, _splice, _zero)
