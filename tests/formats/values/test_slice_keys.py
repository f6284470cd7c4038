"""Ordered code: keys read back, and sort as what they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.formats.values.slice_keys import encode_slice_key, slice_name

INT64 = st.integers(-(2**63), 2**63 - 1)
NAMES = st.binary(max_size=12) | st.text("\x00ÿa", max_size=6).map(lambda text: text.encode("latin-1"))


@pytest.mark.parametrize(
    ("value", "code"), [(0, "80"), (4, "84"), (63, "bf"), (64, "c040"), (-1, "7f"), (-65, "3fbf")]
)
def test_numbers_are_coded_as_tensorflow_does(value: int, code: str) -> None:
    assert encode_slice_key(b"", [(value, 0)]).hex() == "00" + "0001" + "0101" + code + "80"


def test_a_whole_axis_has_its_own_code() -> None:
    assert encode_slice_key(b"w", [(0, -1)]).endswith(bytes.fromhex("807f"))


@given(NAMES, st.lists(st.tuples(INT64, INT64), max_size=4))
def test_a_key_tells_its_variable(name: bytes, extents: list[tuple[int, int]]) -> None:
    assert slice_name(encode_slice_key(name, extents)) == name


@given(INT64, INT64)
def test_keys_sort_as_their_numbers_do(one: int, other: int) -> None:
    keys = [encode_slice_key(b"w", [(value, 1)]) for value in sorted((one, other))]
    assert keys == sorted(keys)


@given(st.binary())
def test_any_bytes_are_a_slice_key_or_a_plain_name(key: bytes) -> None:
    name = slice_name(b"\x00" + key)
    assert name is None or isinstance(name, bytes)
    assert slice_name(b"w" + key) is None
