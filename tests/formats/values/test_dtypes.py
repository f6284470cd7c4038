"""Types by number and name, and what their bytes become."""

import ml_dtypes
import numpy as np
import pytest

from ckpt_viewer.errors import UnsupportedFeature
from ckpt_viewer.formats.values.dtypes import (
    DTYPES,
    decode,
    is_numeric,
    is_stored_as_is,
    item_size,
    name_of,
    numpy_dtype,
)

EVERY_BYTE = np.arange(256, dtype=np.uint8)
NUMERIC = [dtype.name for dtype in DTYPES.values() if dtype.item_size]


def test_numbers_that_name_no_type_stay_visible() -> None:
    assert name_of(1) == "float32"
    assert name_of(101) == "float32_ref"
    assert name_of(0) == "invalid"
    assert name_of(77) == "dtype 77"
    assert name_of(-3) == "dtype -3"


@pytest.mark.oracle
def test_names_are_tensorflows() -> None:
    tensorflow = pytest.importorskip("tensorflow")
    for number, dtype in DTYPES.items():
        theirs = tensorflow.dtypes.as_dtype(number)
        assert dtype.name == theirs.name
        if dtype.item_size:
            assert dtype.item_size == theirs.size


def test_what_has_no_values_to_show_says_so() -> None:
    assert not is_numeric("string")
    assert numpy_dtype("string") == np.dtype(object)
    for name in ("resource", "variant", "dtype 77", "invalid"):
        assert not is_numeric(name)
        assert item_size(name) == 0
        with pytest.raises(UnsupportedFeature, match=name):
            numpy_dtype(name)


@pytest.mark.parametrize("name", NUMERIC)
def test_little_endian_bytes_keep_their_bits(name: str) -> None:
    raw = EVERY_BYTE[: 256 // 16 * 16]
    values = decode(raw, name)
    assert values.dtype == numpy_dtype(name)
    assert len(values) == len(raw) // item_size(name)
    if is_stored_as_is(name):
        assert values.tobytes() == raw.tobytes()


@pytest.mark.parametrize("name", NUMERIC)
def test_big_endian_bytes_are_turned_round(name: str) -> None:
    raw = EVERY_BYTE.copy()
    unit = item_size(name) // 2 if name.startswith("complex") else item_size(name)
    turned = raw.reshape(-1, unit)[:, ::-1].reshape(-1).copy()
    assert decode(raw, name, big_endian=True).tobytes() == decode(turned, name).tobytes()


def test_any_byte_but_zero_is_true() -> None:
    assert decode(EVERY_BYTE, "bool").tolist() == [False] + [True] * 255


@pytest.mark.parametrize(("name", "count"), [("int4", 16), ("uint4", 16), ("int2", 4), ("uint2", 4)])
def test_low_bits_alone_count_and_carry_the_sign(name: str, count: int) -> None:
    low = -count // 2 if name.startswith("int") else 0
    expected = [low + (pattern - low) % count for pattern in range(256)]
    assert decode(EVERY_BYTE, name).astype(np.int64).tolist() == expected


def test_float4_ignores_the_high_bits() -> None:
    values = decode(EVERY_BYTE, "float4_e2m1fn").astype(np.float32).reshape(16, 16)
    assert values[0].tolist() == [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6]
    assert (values == values[0]).all()


def test_bfloat16_is_the_upper_half_of_a_float32() -> None:
    patterns = np.array([0x3F80, 0xC000, 0x7F80], "<u2")
    values = decode(patterns.view(np.uint8), "bfloat16")
    assert values.dtype == ml_dtypes.bfloat16
    assert values.astype(np.float32).tolist() == [1, -2, np.inf]
