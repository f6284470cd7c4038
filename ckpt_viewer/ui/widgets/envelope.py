"""One line of a variable, however long, as the least and greatest value of each stretch of it."""

from dataclasses import dataclass

import numpy as np

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Variable
from ckpt_viewer.ui.widgets.axis_bar import AxisChoice
from ckpt_viewer.ui.widgets.drawable import drawable

BLOCK = 1 << 18  # elements read at once


@dataclass(frozen=True, slots=True)
class Envelope:
    """Made from every element, none skipped.

    Attributes:
        start: Index of the first element.
        step: Elements in each stretch; the last one may have fewer.
        count: Elements in all.
        low: Least finite value of each stretch, NaN where it has none; `high` the greatest.
        specials: For NaN, +Inf and −Inf: which stretches hold one.
    """

    start: int
    step: int
    count: int
    low: Array
    high: Array
    specials: tuple[Array, Array, Array]

    @property
    def is_exact(self) -> bool:
        """Whether each stretch is a single element."""
        return self.step == 1

    @property
    def extent(self) -> tuple[float, float] | None:
        finite = np.isfinite(self.low)
        return (float(self.low[finite].min()), float(self.high[finite].max())) if finite.any() else None


def envelope(
    checkpoint: Checkpoint,
    variable: Variable,
    choice: AxisChoice,
    start: int,
    stop: int,
    most: int,
    cancel: CancelToken,
) -> Envelope:
    """The elements from `start` to `stop` along the columns' axis, in at most `most` stretches."""
    step = max(-(-(stop - start) // most), 1)
    size = max(BLOCK // step, 1) * step
    parts = []
    for place in range(start, stop, size):
        region = choice.region(slice(0, 1), slice(place, min(place + size, stop)))
        parts.append(_stretches(drawable(checkpoint.read_region(variable, region, cancel)).ravel(), step))
        cancel.report(place - start, stop - start)
    low, high, *specials = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Envelope(start, step, stop - start, low, high, (specials[0], specials[1], specials[2]))


def _stretches(values: Array, step: int) -> tuple[Array, ...]:
    starts = np.arange(0, len(values), step)
    finite = np.isfinite(values)
    low = np.minimum.reduceat(np.where(finite, values, np.inf).astype(np.float64), starts)
    high = np.maximum.reduceat(np.where(finite, values, -np.inf).astype(np.float64), starts)
    low[np.isinf(low)] = np.nan
    high[np.isinf(high)] = np.nan
    specials = (np.isnan(values), np.isposinf(values), np.isneginf(values))
    return low, high, *(np.logical_or.reduceat(special, starts) for special in specials)
