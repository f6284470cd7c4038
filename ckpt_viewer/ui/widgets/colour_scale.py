"""From values to colours: 253 steps of a colour map, and one colour each for NaN, +Inf and −Inf."""

from dataclasses import dataclass
from functools import cache
from math import inf, isfinite, prod

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.ui.theme import Theme

STEPS = 253
NAN, POSINF, NEGINF = 253, 254, 255

_AT_ONCE = 1 << 17  # values that stay in the processor's cache


@dataclass(frozen=True, slots=True)
class ColourMap:
    """A named way from low to high; a diverging one has a neutral middle."""

    title: str
    source: str
    diverging: bool = False


COLOUR_MAPS = (
    ColourMap("Blue – red", "CET-D1", diverging=True),
    ColourMap("Green – violet", "CET-D2", diverging=True),
    ColourMap("Viridis", "viridis"),
    ColourMap("Plasma", "plasma"),
    ColourMap("Cividis", "cividis"),
    ColourMap("Grey", "CET-L1"),
)
_BY_TITLE = {entry.title: entry for entry in COLOUR_MAPS}


@dataclass(frozen=True, slots=True)
class ColourScale:
    """Which colour a value has: `low` and everything below it the first of the map, `high` the last.

    Attributes:
        name: Title of a `COLOUR_MAPS` entry.
    """

    name: str
    low: float
    high: float

    @classmethod
    def fitting(cls, low: float | None, high: float | None, name: str = "") -> "ColourScale":
        """The range as it is, or made symmetric about zero for a diverging map.

        Without a name, values of both signs get the first diverging map and others the first sequential one.
        """
        low, high = (0.0, 0.0) if low is None or high is None else (float(low), float(high))
        if not name:
            name = "Blue – red" if low < 0 < high else "Viridis"
        if _BY_TITLE[name].diverging:
            high = max(abs(low), abs(high))
            low = -high
        return cls(name, low, high)

    @property
    def diverging(self) -> bool:
        return _BY_TITLE[self.name].diverging

    def indices(self, values: Array) -> Array:
        """Places in the colour table, uint8, of the same shape; NaN, +Inf and −Inf have their own."""
        indices = np.empty(values.shape, np.uint8)
        step = max(1, _AT_ONCE // max(prod(values.shape[1:]), 1))
        for start in range(0, len(values), step):
            indices[start : start + step] = self._places(values[start : start + step])
        return indices

    def table(self, colours: Theme) -> Array:
        """256 × RGBA, uint8."""
        table = np.empty((256, 4), np.uint8)
        table[:STEPS] = _map_table(_BY_TITLE[self.name].source)
        for place, name in (
            (NAN, colours.nan_colour),
            (POSINF, colours.posinf_colour),
            (NEGINF, colours.neginf_colour),
        ):
            colour = QColor(name)
            table[place] = (colour.red(), colour.green(), colour.blue(), 255)
        return table

    def _places(self, values: Array) -> Array:
        with np.errstate(all="ignore"):
            places = self._fractions(values)
            places *= STEPS
            np.clip(places, 0, STEPS - 1, out=places)
            if (finite := np.isfinite(values)).all():
                return places.astype(np.uint8)
            places[~finite] = 0
        indices: Array = places.astype(np.uint8)
        indices[np.isnan(values)] = NAN
        indices[values == inf] = POSINF
        indices[values == -inf] = NEGINF
        return indices

    def _fractions(self, values: Array) -> Array:
        """Where between low and high each value is, as floats that can be written to."""
        low, high = self.low, self.high
        if not isfinite(high - low):
            low, high, values = low / 4, high / 4, values / 4
        span = high - low
        if span <= 0:
            return np.where(values > high, 1.0, np.where(values < low, 0.0, 0.5))
        narrow = 1e-30 < span < 1e30 and abs(low) < 1e30 and max(abs(low), abs(high)) < span * 1e4
        fractions: Array = values.astype(np.float32 if narrow and values.dtype.itemsize <= 4 else np.float64)
        fractions -= low
        fractions /= span
        return fractions


@cache
def _map_table(source: str) -> Array:
    table: Array = pg.colormap.get(source).getLookupTable(nPts=STEPS, alpha=True, mode=pg.ColorMap.BYTE)
    return table
