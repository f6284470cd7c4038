"""B − A of one plane as a picture.

A pixel stands for its whole block: it is the b − a whose magnitude is largest there, never a difference of
two aggregates, in which opposite changes would cancel.
"""

from typing import cast

import numpy as np

from ckpt_viewer.analysis.buffers import buffer
from ckpt_viewer.analysis.numbers import numbers_of
from ckpt_viewer.analysis.preview import Picture, plane, quick_plane
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import RequestRefused
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Region, Variable
from ckpt_viewer.formats.values.dtypes import is_numeric, numpy_dtype

_LOW_WORD = np.int64(2**32 - 1)


def difference_plane(
    a: Checkpoint,
    variable_a: Variable,
    b: Checkpoint,
    variable_b: Variable,
    rows_axis: int | None,
    columns_axis: int | None,
    index: tuple[int, ...],
    *,
    max_rows: int = 2048,
    max_columns: int = 2048,
    quick: bool = False,
    cancel: CancelToken | None = None,
) -> Picture:
    """The picture on the grid that `plane` (`quick_plane`) gives both sides; of complex numbers |b − a|.

    Equal values differ by 0, also two NaN or two equal infinities in the same place. Raises `RequestRefused`
    for unequal shapes and for values that are no numbers, and what reading raises.
    """
    _check(variable_a, variable_b)
    count = variable_a.element_count
    variable = Variable(variable_a.name, "float64", variable_a.shape, 8 * count)
    both = cast(Checkpoint, _Subtracted(a, variable_a, b, variable_b))
    make = quick_plane if quick else plane
    return make(
        both,
        variable,
        rows_axis,
        columns_axis,
        index,
        max_rows=max_rows,
        max_columns=max_columns,
        cancel=cancel,
    )


def difference_of(a: Array, b: Array, into: Array | None = None) -> Array:
    """B − A as float64, subtracted exactly before it is rounded once; of complex numbers the magnitude."""
    difference = np.empty(np.broadcast(a, b).shape) if into is None else into
    if a.dtype.kind in "iub" and b.dtype.kind in "iub":
        difference[...] = _whole_difference(a, b)
    elif "c" in (a.dtype.kind, b.dtype.kind):
        difference[...] = _complex_difference(a, b)
    else:
        _subtract(numbers_of(a, "a as numbers"), numbers_of(b, "b as numbers"), difference)
    return difference


class _Subtracted:
    """Poses as a checkpoint whose one variable is B − A: all that drawing a plane asks of it is a region."""

    def __init__(self, a: Checkpoint, variable_a: Variable, b: Checkpoint, variable_b: Variable) -> None:
        self._a, self._variable_a, self._b, self._variable_b = a, variable_a, b, variable_b

    def read_region(
        self,
        variable: Variable,
        region: Region,
        cancel: CancelToken | None = None,
        into: Array | None = None,
    ) -> Array:
        a, b = (
            checkpoint.read_region(
                variable, region, cancel, None if into is None else _like(into, name, variable)
            )
            for name, checkpoint, variable in (
                ("a", self._a, self._variable_a),
                ("b", self._b, self._variable_b),
            )
        )
        return difference_of(a, b, into)


def _like(block: Array, name: str, variable: Variable) -> Array:
    """Memory of this thread for as many values of a variable."""
    return buffer(name, block.size, numpy_dtype(variable.dtype)).reshape(block.shape)


def _check(one: Variable, other: Variable) -> None:
    if one.shape != other.shape:
        raise RequestRefused(
            f"{one.name} has the shape {one.shape} in A and {other.shape} in B.",
            hint="A difference needs equal shapes; A and B can still be looked at.",
        )
    for variable in (one, other):
        if not is_numeric(variable.dtype):
            raise RequestRefused(f"{variable.name} holds values of type {variable.dtype}, not numbers.")


def _whole_difference(a: Array, b: Array) -> Array:
    """Upper and lower words apart: int64 would overflow, float64 would round before subtracting."""
    if max(a.dtype.itemsize, b.dtype.itemsize) < 8:
        return (b.astype(np.int64) - a.astype(np.int64)).astype(np.float64)
    (high_a, low_a), (high_b, low_b) = _words(a), _words(b)
    return np.asarray((high_b - high_a).astype(np.float64) * 2.0**32 + (low_b - low_a))


def _words(values: Array) -> tuple[Array, Array]:
    wide = values.astype(np.uint64 if values.dtype == np.uint64 else np.int64)
    return (wide >> wide.dtype.type(32)).astype(np.int64), wide.astype(np.int64) & _LOW_WORD


def _subtract(a: Array, b: Array, difference: Array) -> None:
    with np.errstate(all="ignore"):
        np.subtract(b, a, out=difference, dtype=np.float64)
        difference += 0.0  # of two zeros it is the positive one, whatever their signs
        if not np.isfinite(difference).all():
            difference[(a == b) | (np.isnan(a) & np.isnan(b))] = 0.0


def _complex_difference(a: Array, b: Array) -> Array:
    a, b = a.astype(np.complex128), b.astype(np.complex128)
    with np.errstate(all="ignore"):
        same = (a == b) | (np.isnan(a) & np.isnan(b))
        return np.where(same, 0.0, np.abs(b - a))
