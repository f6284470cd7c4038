"""Reading forward through bytes: any bytes give a value or `Malformed`."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.storage.cursor import Cursor
from tests.bundle_writer import varint


@given(st.integers(0, 2**64 - 1), st.binary())
def test_a_varint_reads_as_it_was_written(value: int, behind: bytes) -> None:
    cursor = Cursor(varint(value) + behind)
    assert cursor.varint() == value
    assert cursor.left == len(behind)


@given(st.binary(max_size=12), st.integers(0, 12))
def test_any_bytes_give_a_number_or_malformed(content: bytes, end: int) -> None:
    cursor = Cursor(content, end=min(end, len(content)))
    with suppress(Malformed):
        assert 0 <= cursor.varint() < 2**64
    assert cursor.left >= 0


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "cut off"),
        (b"\x80", "cut off"),
        (b"\x80" * 11, "does not end"),
        (b"\xff" * 9 + b"\x7f", "64 bits"),
    ],
)
def test_what_is_no_varint_says_why(content: bytes, what: str) -> None:
    with pytest.raises(Malformed, match=what):
        Cursor(content).varint()


def test_a_length_of_32_bits_is_held_to_them() -> None:
    assert Cursor(varint(2**32 - 1)).varint(32) == 2**32 - 1
    with pytest.raises(Malformed, match="32 bits"):
        Cursor(varint(2**32)).varint(32)


def test_more_bytes_than_are_left_are_not_taken() -> None:
    cursor = Cursor(b"abcdef", 2, 5)
    assert cursor.take(2) == b"cd"
    for count in (2, -1, 1 << 60):
        with pytest.raises(Malformed):
            cursor.take(count)
    assert cursor.take(1) == b"e"
