"""Real numbers for whatever a variable holds: exact, and of the few types the arithmetic is written for."""

from functools import cache

import numpy as np

from ckpt_viewer.analysis.buffers import buffer
from ckpt_viewer.formats.checkpoint import Array

_AS_THEY_ARE = {np.dtype(kind) for kind in (np.float32, np.float64, np.int64, np.uint64)}


@cache
def is_whole(dtype: "np.dtype[np.generic]") -> bool:
    """Whether it holds integers or truth values."""
    return dtype.name.startswith(("int", "uint", "bool"))


def numbers_of(values: Array, memory: str = "numbers") -> Array:
    """The same values as float32, float64, int64 or uint64; of complex ones the magnitude as float64.

    A complex number with a NaN in either part counts as NaN. What had to be widened lies in this thread's
    buffer of the name given, until the next call for it.
    """
    if values.dtype in _AS_THEY_ARE:
        return values
    if values.dtype.kind == "c":
        return _magnitude(values, memory)
    if values.dtype.name == "bfloat16":
        bits = buffer(memory, values.size, np.uint32).reshape(values.shape)
        np.copyto(bits, values.view(np.uint16))
        bits <<= 16
        return bits.view(np.float32)
    wide = np.float64 if is_whole(values.dtype) and values.dtype.itemsize > 2 else np.float32
    widened = buffer(memory, values.size, wide).reshape(values.shape)
    with np.errstate(invalid="ignore"):  # a signalling NaN is no reason to warn
        np.copyto(widened, values, casting="unsafe")
    return widened


def _magnitude(values: Array, memory: str) -> Array:
    magnitude = buffer(memory, values.size, np.float64).reshape(values.shape)
    with np.errstate(all="ignore"):
        np.hypot(values.real, values.imag, out=magnitude, dtype=np.float64)
    if not np.isfinite(magnitude).all():
        magnitude[np.isnan(values)] = np.nan
        overflown = np.isinf(magnitude) & np.isfinite(values)
        magnitude[overflown] = np.finfo(np.float64).max
    return magnitude
