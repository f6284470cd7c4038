"""A picture at half, a quarter, … of its size, so that drawing it small hides no extreme."""

import numpy as np

from ckpt_viewer.analysis.blocks import Aggregate, Steps, joined
from ckpt_viewer.formats.checkpoint import Array

_AT_ONCE = 1 << 18  # values that stay in the processor's cache


class Pyramid:
    """Halves rows and columns apart, each when first asked for.

    Args:
        values: Two-dimensional floats.
        aggregate: What two neighbours become.
    """

    def __init__(self, values: Array, aggregate: Aggregate) -> None:
        self._aggregate: Aggregate = aggregate
        self._levels: dict[tuple[int, int], Array] = {(0, 0): values}

    def level(self, rows: int, columns: int) -> Array:
        """The picture with its rows halved `rows` times, its columns `columns` times."""
        if (rows, columns) not in self._levels:
            finer = self.level(rows, columns - 1) if columns else self.level(rows - 1, 0)
            self._levels[rows, columns] = self._halved(finer, (1, 2) if columns else (2, 1))
        return self._levels[rows, columns]

    def _halved(self, values: Array, steps: Steps) -> Array:
        height, width = (-(-length // step) for length, step in zip(values.shape, steps, strict=True))
        halved = np.empty((height, width), values.dtype)
        rows = max(1, _AT_ONCE // max(values.shape[1], 1) // steps[0])
        for top in range(0, height, rows):
            part = values[top * steps[0] : (top + rows) * steps[0]]
            halved[top : top + rows], _ = joined(part, steps, self._aggregate)
        return halved
