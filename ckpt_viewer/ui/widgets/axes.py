"""Axes that stay readable for any values: whole cells, and numbers from 1e-308 to 1e308."""

from collections.abc import Sequence
from math import ceil, floor, inf, log10
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QFont, QFontMetricsF

from ckpt_viewer.ui.widgets.numbers import real_text, screen_count

_TICK_PIXELS = {"bottom": 110, "top": 110, "left": 48, "right": 48}
_BETWEEN = 6  # pixels between two names
_LEAST_TICKS = 3  # fewer do not say how far apart values are
_WHOLE_DIGITS = 6  # of whole numbers: 1500 and not 1.5e+3
_LARGEST = float(np.finfo(np.float64).max)


class IndexAxis(pg.AxisItem):  # type: ignore[misc]
    """Whole numbers at the middle of the cells they count, up to `length` cells.

    With `tile`, so many cells are counted as one, from `first` on.
    """

    length = 0
    tile, first = 1, 0

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        minVal, maxVal = sorted((minVal, maxVal))
        apart = 40 if self.orientation == "left" else 56
        least, most = minVal / self.tile, min(maxVal, self.length) / self.tile
        step = max(round(_round_step((maxVal - minVal) / self.tile * apart / max(size, 1.0))), 1)
        start = ceil(max(least - 0.5, 0) / step) * step
        return [(step, [(place + 0.5) * self.tile for place in range(start, ceil(most), step)])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [f"{int(value / self.tile) + self.first}" for value in values]


class CountAxis(pg.AxisItem):  # type: ignore[misc]
    """Whole counts in the locale's way, or powers of ten where it is logarithmic."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.logMode:
            return [screen_count(round(10**value)) if value >= 0 else "" for value in values]
        return [screen_count(int(value)) if value == int(value) else "" for value in values]


class ValueAxis(pg.AxisItem):  # type: ignore[misc]
    """Names values on a view whose own coordinates run from 0 at `low` to 1 at `high`.

    A view in plain values fails where neighbours differ in the sixteenth digit, or the span overflows.
    """

    low, high = 0.0, 1.0

    def set_span(self, low: float, high: float) -> None:
        """Both finite; equal ones get room on both sides."""
        low, high = max(low, -_LARGEST), min(high, _LARGEST)
        if low >= high:
            room = max(abs(low) / 2, 0.5 if low == 0 else 0.0)
            low, high = low - room, high + room
        self.low, self.high = low, high
        self.picture = None
        self.update()

    def places(self, values: Any) -> Any:
        """Where values (a number or an array) are on the view."""
        quarter = 0.25 if max(abs(self.low), abs(self.high)) > 1e300 else 1.0
        with np.errstate(all="ignore"):
            return (values * quarter - self.low * quarter) / (self.high * quarter - self.low * quarter)

    def value(self, place: float) -> float:
        return self.low * (1 - place) + self.high * place

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        most = max(2, size / _TICK_PIXELS[self.orientation])
        choices = [self._places(minVal, maxVal, count) for count in (most, most * 2)]
        fitting = [places for places in choices if self._fits(places, size / max(maxVal - minVal, 1e-300))]
        enough = [places for places in fitting if len(places) >= _LEAST_TICKS]
        return [(1.0, (enough or fitting or [[max(minVal, 0.0), min(maxVal, 1.0)]])[0])]

    def _places(self, least: float, most: float, count: float) -> list[float]:
        ticks = _ticks(self.value(least), self.value(most), count)
        return [place for place in map(float, map(self.places, ticks)) if least <= place <= most]

    def _fits(self, places: list[float], pixels: float) -> bool:
        """Whether there are two at least, and their names beside each other."""
        if len(places) < 2 or self.orientation in ("left", "right"):
            return len(places) > 1
        widest = max(map(QFontMetricsF(QFont()).horizontalAdvance, self.tickStrings(places, 1, 1)))
        return widest + _BETWEEN < (places[1] - places[0]) * pixels

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        named = [self.value(place) for place in values]
        step = min(named[1] - named[0], _LARGEST) if len(named) > 1 else self.high / 4 - self.low / 4
        return [_tick_text(value, step) for value in named]


def _ticks(low: float, high: float, most: float) -> list[float]:
    if not -inf < low < high < inf:
        return []
    step = _round_step(high / most - low / most)
    if not step or low / step + 1 == low / step:
        return [low]
    return [number * step for number in range(ceil(low / step), floor(high / step) + 1)]


def _tick_text(value: float, step: float) -> str:
    if value == 0 or abs(value) < abs(step) * 1e-6:
        return "0"
    digits = ceil(log10(abs(value / step))) + 1 if step else 6
    least = _WHOLE_DIGITS if step >= 1 else 3
    return real_text(value, min(max(digits + 1, least), 17))


def _round_step(least: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is no less."""
    if not 0 < least < inf:
        return 0.0 if least <= 0 else least
    power = 10.0 ** floor(log10(least))
    return next((factor * power for factor in (1, 2, 5) if factor * power >= least * (1 - 1e-9)), 10 * power)
