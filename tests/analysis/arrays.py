"""Arrays for property tests: all types, with the values that arithmetic trips over."""

from typing import Any

import ml_dtypes
import numpy as np
from hypothesis import strategies as st

from ckpt_viewer.formats.checkpoint import Array

FLOATS = ("float16", "float32", "float64", "bfloat16", "float8_e5m2", "float8_e4m3fn", "float8_e4m3fnuz")
WHOLE = ("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "int4", "uint2")
COMPLEX = ("complex64", "complex128")


def dtype_of(name: str) -> "np.dtype[Any]":
    return np.dtype(getattr(ml_dtypes, name, None) or name)


@st.composite
def arrays(draw: st.DrawFn, names: tuple[str, ...] = FLOATS + WHOLE + COMPLEX, most: int = 60) -> Array:
    """Any bits at all: NaN, infinities, denormals and extremes come by themselves."""
    dtype = dtype_of(draw(st.sampled_from(names)))
    count = draw(st.integers(0, most))
    if dtype.name.startswith(("int4", "uint2", "bool")):
        return np.array(draw(st.lists(st.integers(0, 1), min_size=count, max_size=count)), np.int8).astype(
            dtype
        )
    special = [np.array(value, dtype).tobytes() for value in (0, 1, 1, 100)]
    bits = st.binary(min_size=dtype.itemsize, max_size=dtype.itemsize)
    each = st.one_of(st.sampled_from(special), bits)
    return np.frombuffer(b"".join(draw(st.lists(each, min_size=count, max_size=count))), dtype).copy()


def finite_numbers(values: Array) -> list[float | int]:
    """As Python sees them: exact integers, exact floats, magnitudes of complex numbers."""
    if values.dtype.name.startswith(("int", "uint", "bool")):
        return [int(value) for value in values]
    if values.dtype.kind == "c":
        with np.errstate(all="ignore"):
            parts = values[np.isfinite(values)].astype(np.complex128)
            return np.hypot(parts.real, parts.imag).tolist()
    wide = widened(values)
    return wide[np.isfinite(wide)].tolist()


def widened(values: Array) -> Array:
    """As float64 or complex128; a signalling NaN makes the processor complain."""
    with np.errstate(invalid="ignore"):
        return values.astype(np.complex128 if values.dtype.kind == "c" else np.float64)
