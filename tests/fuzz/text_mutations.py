"""Damage to text: its words and marks left out, repeated, exchanged and nested."""

import re
from collections.abc import Sequence
from functools import lru_cache
from random import Random

from tests.fuzz.byte_mutations import MOST_BYTES

_TOKEN = re.compile(rb'"(?:\\.|[^"\\\n])*"|[A-Za-z_]\w*|[-+.\w]+|\s+|.', re.DOTALL)
_WORDS = [
    b"{", b"}", b"<", b">", b"[", b"]", b":", b";", b",", b'"', b"'", b"#", b"\\", b" ", b"\n", b"\r", b"\0",
    b"-", b"0", b"1", b"-1", b"0x", b"0x10", b"007", b"08", b"1e999", b"-1e-999", b"inf", b"-inf", b"nan",
    b"1.5f", b"99999999999999999999999999", b"9223372036854775807", b"-9223372036854775809",
    b"18446744073709551615", b"18446744073709551616", b"4294967296", b"2147483648", b"DT_FLOAT", b"DT_STRING",
    b"DT_FLOAT_REF", b"DT_NONE", b"true", b"t", b"False", b'"\\777"', b'"\\xff"', b'"\\U0010ffff"',
    b'"\\U00110000"', b'"\\ud800"', b'"\\"', b'"\\n\\0\\x00"', b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\xa9",
    b"[type.googleapis.com/tensorflow.AssetFileDef]", b"node", b"attr", b"key", b"value", b"tensor", b"shape",
    b"dim", b"size", b"func", b"list", b"name", b"op", b"input", b"int_val", b"float_val", b"tensor_content",
    b"all_model_checkpoint_paths", b"model_checkpoint_path", b'"/"', b'"../../x"', b'"a\\tb"', b'"~"',
]  # fmt: skip
_OPENERS = [b"{ ", b"node { ", b"attr { value { ", b"x < ", b"[", b"value { list { func { attr { "]


def mutated_text(content: bytes, random: Random, donors: Sequence[bytes]) -> bytes:
    tokens = list(_tokens(content))
    for _ in range(random.choice((1, 1, 2, 4))):
        place = random.randrange(len(tokens) + 1)
        random.choice(_MUTATIONS)(tokens, place, random, donors)
    return b"".join(tokens)[:MOST_BYTES]


@lru_cache(64)
def _tokens(content: bytes) -> tuple[bytes, ...]:
    return tuple(_TOKEN.findall(content))


def _replace(tokens: list[bytes], place: int, random: Random, donors: Sequence[bytes]) -> None:
    tokens[place : place + 1] = [random.choice(_WORDS)]


def _insert(tokens: list[bytes], place: int, random: Random, donors: Sequence[bytes]) -> None:
    tokens.insert(place, random.choice(_WORDS))


def _delete(tokens: list[bytes], place: int, random: Random, donors: Sequence[bytes]) -> None:
    del tokens[place : place + random.choice((1, 1, 1, 5, 50))]


def _repeat(tokens: list[bytes], place: int, random: Random, donors: Sequence[bytes]) -> None:
    part = tokens[place : place + random.choice((1, 3, 20))]
    tokens[place:place] = part * random.choice((1, 1, 2, 2, 30, 1000))
    del tokens[MOST_BYTES:]


def _exchange(tokens: list[bytes], place: int, random: Random, donors: Sequence[bytes]) -> None:
    other = random.randrange(len(tokens) + 1)
    tokens[place : place + 1], tokens[other : other + 1] = (
        tokens[other : other + 1],
        tokens[place : place + 1],
    )


def _nest(tokens: list[bytes], place: int, random: Random, donors: Sequence[bytes]) -> None:
    opener = random.choice(_OPENERS)
    tokens.insert(place, opener * random.choice((1, 10, 95, 3000)))


def _splice(tokens: list[bytes], place: int, random: Random, donors: Sequence[bytes]) -> None:
    other = _tokens(random.choice(donors)) if donors else ()
    first = random.randrange(len(other) + 1)
    tokens[place:place] = other[first : first + random.choice((1, 5, 60))]


def _cut(tokens: list[bytes], place: int, random: Random, donors: Sequence[bytes]) -> None:
    del tokens[place:]


_MUTATIONS = (_replace, _replace, _insert, _delete, _repeat, _exchange, _nest, _splice, _cut)
