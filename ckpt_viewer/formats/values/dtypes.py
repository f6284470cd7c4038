"""TensorFlow's types by number and name, and what numpy makes of their bytes.

Numbers: tensorflow/core/framework/types.proto. Types of 4 and 2 bits take a byte for each element, with the
value in its low bits; quantized types are plain integers, their scale is not in the checkpoint.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ckpt_viewer.errors import UnsupportedFeature

REFERENCE = 100  # what a graph adds to the number of a type for a reference to it

_ML_DTYPES = "ml_dtypes."
_Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class DType:
    """One type.

    Attributes:
        numpy: What numpy calls it, or `ml_dtypes`; empty for types that have no values to show.
        item_size: Bytes an element takes on disk; 0 where elements have no fixed size.
        low_bits: How many bits of the byte count, 8 for all types that use whole bytes.
    """

    number: int
    name: str
    numpy: str = ""
    item_size: int = 0
    low_bits: int = 8

    @property
    def values(self) -> "np.dtype[Any] | None":
        """What its values become."""
        return _numpy_dtype(self.numpy) if self.numpy else None

    @property
    def swapped_unit(self) -> int:
        """How many bytes change places together where the writer's byte order was the other one."""
        is_complex = self.values is not None and self.values.kind == "c"
        return self.item_size // 2 if is_complex else self.item_size


def _numeric(number: int, name: str, numpy: str = "") -> DType:
    return DType(number, name, numpy or name, np.dtype(numpy or name).itemsize)


def _small(number: int, name: str, item_size: int = 1, low_bits: int = 8) -> DType:
    return DType(number, name, _ML_DTYPES + name, item_size, low_bits)


@cache
def _numpy_dtype(name: str) -> "np.dtype[Any]":
    if not name.startswith(_ML_DTYPES):
        return np.dtype(name)
    import ml_dtypes  # few checkpoints need it, every command would wait for it

    small: np.dtype[Any] = np.dtype(getattr(ml_dtypes, name.removeprefix(_ML_DTYPES)))
    return small


_ALL = (
    _numeric(1, "float32"),
    _numeric(2, "float64"),
    _numeric(3, "int32"),
    _numeric(4, "uint8"),
    _numeric(5, "int16"),
    _numeric(6, "int8"),
    DType(7, "string", "object"),
    _numeric(8, "complex64"),
    _numeric(9, "int64"),
    _numeric(10, "bool"),
    _numeric(11, "qint8", "int8"),
    _numeric(12, "quint8", "uint8"),
    _numeric(13, "qint32", "int32"),
    _small(14, "bfloat16", item_size=2),
    _numeric(15, "qint16", "int16"),
    _numeric(16, "quint16", "uint16"),
    _numeric(17, "uint16"),
    _numeric(18, "complex128"),
    _numeric(19, "float16"),
    DType(20, "resource"),
    DType(21, "variant"),
    _numeric(22, "uint32"),
    _numeric(23, "uint64"),
    _small(24, "float8_e5m2"),
    _small(25, "float8_e4m3fn"),
    _small(26, "float8_e4m3fnuz"),
    _small(27, "float8_e4m3b11fnuz"),
    _small(28, "float8_e5m2fnuz"),
    _small(29, "int4", low_bits=4),
    _small(30, "uint4", low_bits=4),
    _small(31, "int2", low_bits=2),
    _small(32, "uint2", low_bits=2),
    _small(33, "float4_e2m1fn", low_bits=4),
)
DTYPES: dict[int, DType] = {dtype.number: dtype for dtype in _ALL}
BY_NAME: dict[str, DType] = {dtype.name: dtype for dtype in _ALL}
_SIGNED = {"int4", "int2"}


@cache
def name_of(number: int) -> str:
    """TensorFlow's name; `float32_ref` for references, `invalid` for 0, `dtype 77` for numbers not in use."""
    if number == 0:
        return "invalid"
    if number in DTYPES:
        return DTYPES[number].name
    if number - REFERENCE in DTYPES:
        return DTYPES[number - REFERENCE].name + "_ref"
    return f"dtype {number}"


@cache
def numpy_dtype(name: str) -> "np.dtype[Any]":
    """The dtype that reading gives, objects (`bytes`) for strings; raises `UnsupportedFeature`."""
    dtype = BY_NAME.get(name)
    if dtype is None or dtype.values is None:
        raise UnsupportedFeature(f"Values of type {name} cannot be shown.")
    return dtype.values


def is_numeric(name: str) -> bool:
    """Whether its elements are numbers (or truth values) of a fixed size."""
    dtype = BY_NAME.get(name)
    return dtype is not None and dtype.item_size > 0


def item_size(name: str) -> int:
    """Bytes that one element takes on disk; 0 for strings and whatever else has no fixed size."""
    dtype = BY_NAME.get(name)
    return dtype.item_size if dtype else 0


@cache
def is_stored_as_is(name: str, big_endian: bool = False) -> bool:
    """Whether the bytes on disk are the bytes of the array, so that nothing is left to decode."""
    dtype = BY_NAME[name]
    return dtype.low_bits == 8 and name != "bool" and (dtype.swapped_unit == 1 or big_endian == _HOST_IS_BIG)


def decode(raw: _Array, name: str, big_endian: bool = False) -> _Array:
    """Values in native byte order from the bytes as stored (one-dimensional uint8); a view where possible.

    Any non-zero byte is True; the unused high bits of 4- and 2-bit types are ignored.
    """
    if is_stored_as_is(name, big_endian):
        return raw.view(numpy_dtype(name))
    dtype = BY_NAME[name]
    if name == "bool":
        truths: _Array = raw != 0
        return truths
    if dtype.low_bits < 8:
        return _low_bits(raw, dtype)
    unit = dtype.swapped_unit
    stored = raw.view(f"{'>' if big_endian else '<'}u{unit}")
    return stored.astype(f"=u{unit}", copy=False).view(numpy_dtype(name))


_HOST_IS_BIG = np.dtype(">u2").isnative


def _low_bits(raw: _Array, dtype: DType) -> _Array:
    low = raw & np.uint8((1 << dtype.low_bits) - 1)
    if dtype.name in _SIGNED:
        sign = np.uint8(1 << (dtype.low_bits - 1))
        low = (low ^ sign) - sign  # wraps around, which is what extends the sign
    return low.view(numpy_dtype(dtype.name))
