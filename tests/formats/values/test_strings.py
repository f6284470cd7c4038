"""String tensors: lengths, two checksums, and bytes that claim more than is there."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.storage.checksums import EMPTY, crc32c, mask
from ckpt_viewer.formats.values.strings import decode_strings
from tests.bundle_writer import varint

WORDS = [b"", b"one", b"\xff\0", b"x" * 300, b"end\0"]


def encoded(words: list[bytes], order: str = "<") -> tuple[bytes, int]:
    """The bytes of a tensor, and the masked checksum of its entry."""
    checksum = crc32c(b"".join(struct.pack(f"{order}I", len(word)) for word in words))
    check = struct.pack(f"{order}I", mask(checksum))
    content = b"".join(words)
    raw = b"".join(varint(len(word)) for word in words) + check + content
    return raw, mask(crc32c(check + content, checksum))


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_what_was_written_reads_back(words: list[bytes]) -> None:
    raw, stored = encoded(words)
    assert decode_strings(raw, len(words), stored).tolist() == words


def test_a_big_endian_writer_checks_its_own_byte_order() -> None:
    raw, stored = encoded(WORDS, ">")
    assert decode_strings(raw, len(WORDS), stored, big_endian=True).tolist() == WORDS
    with pytest.raises(Malformed, match="lengths"):
        decode_strings(raw, len(WORDS), stored)


def test_no_strings_take_four_bytes_or_none() -> None:
    assert encoded([]) == (bytes.fromhex("d8ea82a2"), mask(crc32c(bytes.fromhex("d8ea82a2"))))
    assert decode_strings(bytes.fromhex("d8ea82a2"), 0, None).tolist() == []
    assert decode_strings(b"", 0, EMPTY).tolist() == []


def test_every_flipped_bit_is_noticed() -> None:
    raw, stored = encoded(WORDS)
    for place in range(len(raw)):
        damaged = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises(Malformed) as caught:
            decode_strings(damaged, len(WORDS), stored)
        assert caught.value.problem.code in {"bad-checksum", "bad-size"}


def test_unverified_strings_are_handed_out_where_their_lengths_fit() -> None:
    raw, _ = encoded([b"one", b"two"])
    assert decode_strings(raw[:-1] + b"0", 2, 1, verify=False).tolist() == [b"one", b"tw0"]


@pytest.mark.parametrize(("count", "size"), [(1 << 40, 800), (1 << 33, 0), (5, 8)])
def test_more_strings_than_bytes_are_refused_before_memory_is_taken(count: int, size: int) -> None:
    with pytest.raises(Malformed, match=f"{size} bytes cannot hold {count} strings"):
        decode_strings(bytes(size), count, None)


def test_a_length_that_overruns_is_refused_though_its_checksum_is_right() -> None:
    lengths = struct.pack("<QI", 1 << 50, 1)
    raw = varint(1 << 50) + varint(1) + struct.pack("<I", mask(crc32c(lengths))) + b"xy"
    with pytest.raises(Malformed, match="should have 1125899906842625 bytes") as caught:
        decode_strings(raw, 2, None)
    assert caught.value.problem.code == "bad-size"


def test_many_strings_are_split_in_parts_that_fit_together() -> None:
    words = [b"%d" % number for number in range(20_000)]
    raw, stored = encoded(words)
    assert decode_strings(raw, len(words), stored).tolist() == words


def test_a_cancelled_token_stops_the_splitting() -> None:
    raw, stored = encoded(WORDS)
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        decode_strings(raw, len(WORDS), stored, cancel=token)


@given(st.binary(max_size=60), st.integers(0, 20), st.booleans())
def test_any_bytes_are_strings_or_malformed(raw: bytes, count: int, verify: bool) -> None:
    with suppress(Malformed):
        assert len(decode_strings(raw, count, None, verify=verify)) == count
