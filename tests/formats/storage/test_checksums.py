"""CRC-32C, masked and combined."""

from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.formats.storage.checksums import EMPTY, combine, crc32c, mask, unmask

WORDS = st.integers(0, 2**32 - 1)


def test_the_published_check_value() -> None:
    assert crc32c(b"123456789") == 0xE3069283


@given(WORDS)
def test_unmasking_undoes_masking(checksum: int) -> None:
    assert unmask(mask(checksum)) == checksum


def test_the_checksum_of_nothing_is_what_tensorflow_stores_for_empty_tensors() -> None:
    assert mask(crc32c(b"")) == EMPTY


@given(st.binary(), st.binary())
def test_two_checksums_make_that_of_both_stretches(first: bytes, second: bytes) -> None:
    assert combine(crc32c(first), crc32c(second), len(second)) == crc32c(first + second)


def test_long_stretches_combine_too() -> None:
    zeros = bytes(5_000_011)
    assert combine(crc32c(b"ab"), crc32c(zeros), len(zeros)) == crc32c(b"ab" + zeros)
