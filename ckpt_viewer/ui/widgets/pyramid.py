"""A picture at half, a quarter, … of its size, so that drawing it small hides no extreme."""

from collections.abc import Callable

import numpy as np

from ckpt_viewer.formats.checkpoint import Array


class Pyramid:
    """Halves rows and columns apart, each when first asked for.

    Args:
        values: Two-dimensional floats.
        aggregate: What two neighbours become: a word of `JOINS`.
    """

    def __init__(self, values: Array, aggregate: str) -> None:
        self._join = JOINS[aggregate]
        self._levels: dict[tuple[int, int], Array] = {(0, 0): values}

    def level(self, rows: int, columns: int) -> Array:
        """The picture with its rows halved `rows` times, its columns `columns` times."""
        if (rows, columns) not in self._levels:
            rougher = self.level(rows, columns - 1) if columns else self.level(rows - 1, 0)
            self._levels[rows, columns] = self._halved(rougher, axis=1 if columns else 0)
        return self._levels[rows, columns]

    def _halved(self, values: Array, axis: int) -> Array:
        values = np.moveaxis(values, axis, 0)
        if len(values) % 2:
            values = np.concatenate([values, values[-1:]])
        with np.errstate(all="ignore"):
            halved = self._join(values[0::2], values[1::2])
        return np.moveaxis(halved, 0, axis)


def _larger_magnitude(one: Array, other: Array) -> Array:
    return np.where((np.abs(other) > np.abs(one)) | np.isnan(other), other, one)


def _mean(one: Array, other: Array) -> Array:
    return one / 2 + other / 2


JOINS: dict[str, Callable[[Array, Array], Array]] = {
    "absmax": _larger_magnitude,
    "mean": _mean,
    "min": np.minimum,
    "max": np.maximum,
}
