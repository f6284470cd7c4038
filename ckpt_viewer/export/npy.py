"""`.npy`: one array; the format is numpy's own (numpy.lib.format)."""

from collections.abc import Iterable
from typing import IO

import numpy as np

from ckpt_viewer.errors import RequestRefused
from ckpt_viewer.export.values import Values, content, fixed_width

MAX_AXES = 64  # of an array of numpy 2


def prepare_npy(values: Values) -> Values:
    if len(values.shape) > MAX_AXES:
        message = f"{values.variable.name} has {len(values.shape)} axes; numpy knows at most {MAX_AXES}."
        raise RequestRefused(message, hint="Use --format csv or --format safetensors.")
    return fixed_width(values)


def write_npy(handle: IO[bytes], entries: Iterable[tuple[str, Values]]) -> None:
    for _, values in entries:
        write_array(handle, values)


def write_array(handle: IO[bytes], values: Values) -> None:
    """Header and values, never more than a block in memory."""
    descr = np.lib.format.dtype_to_descr(values.dtype)
    header = {"descr": descr, "fortran_order": False, "shape": values.shape}
    np.lib.format.write_array_header_1_0(handle, header)
    for block in values.blocks:
        handle.write(content(block))
