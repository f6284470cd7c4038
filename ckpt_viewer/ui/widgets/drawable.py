"""Elements of any type as real floats that can be drawn."""

import numpy as np

from ckpt_viewer.analysis.numbers import numbers_of
from ckpt_viewer.formats.checkpoint import Array


def drawable(values: Array) -> Array:
    """float32 where that holds every element exactly, else float64; of complex numbers the magnitude."""
    numbers = numbers_of(values)
    return numbers.astype(np.float32 if numbers.dtype == np.float32 else np.float64)


def is_complex(dtype: str) -> bool:
    return dtype.startswith("complex")
