"""How facts are put into words: plain text for tables, tooltips, copies and the command line."""

from collections.abc import Callable, Sequence
from math import floor, log10

from ckpt_viewer.errors import Problem
from ckpt_viewer.printable import printable as printable

BINARY_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
COUNT_UNITS = ("", "k", "M", "G", "T")
_AXES_TOLD = 8


def size_text(count: int) -> str:
    """Bytes as people read them: `812 B`, `6.8 KiB`, `1.0 GiB`."""
    return _scaled(count, BINARY_UNITS, 1024, " ")


def count_text(count: int) -> str:
    """A rounded count: `812`, `1.7k`, `25.6M`."""
    return _scaled(count, COUNT_UNITS, 1000, "")


def shape_text(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape)) or "scalar"


def short_shape_text(shape: Sequence[int]) -> str:
    """The first axes, and how many there are, where all of them would fill a line: `2×2×…  (64 axes)`."""
    if len(shape) <= _AXES_TOLD:
        return shape_text(shape)
    return f"{shape_text(shape[:_AXES_TOLD])}×…  ({len(shape)} axes)"


def number_text(value: float | None) -> str:
    """Four significant digits, or all of a short integer; empty for None."""
    if value is None:
        return ""
    if isinstance(value, int) and abs(value) < 10**9:
        return str(value)
    return f"{value:.4g}"


def percent_text(value: float, number: Callable[[float], str] = number_text) -> str:
    """Percent, to four digits: never 100 unless all, never 0 unless none."""
    if 0 < value < 0.001:
        return "< 0.001 %"
    return f"{number(min(value, 99.99) if value < 100 else value)} %"


def _significant(value: float, digits: int) -> str:
    return f"{value:.{digits}g}"


def cosine_text(value: float, error: float, number: Callable[[float, int], str] = _significant) -> str:
    """Four digits, or as many as tell it from 1; `~0` where rounding alone may have made it."""
    if value and abs(value) <= error:
        return "~0"
    apart = 1 - abs(value)
    return number(value, min(max(4, 1 - floor(log10(apart))), 16) if apart else 4)


def beyond_ratio_text(ratio: str) -> str:
    """What stands for ‖Δ‖/‖A‖ where it cannot tell all: it left a NaN out, or A is all zeros."""
    return f"NaN, {ratio}" if ratio else "∞"


def plural(count: int, singular: str, several: str = "") -> str:
    """`1 variable`, `3 variables`."""
    return f"{count:,} {singular if count == 1 else several or singular + 's'}"


def problems_text(problems: Sequence[Problem]) -> str:
    """One problem and below it its hint; of several each a paragraph, under how many there are."""
    told = list(dict.fromkeys((problem.message, problem.hint) for problem in problems))
    if len(told) < 2:
        return "\n".join(filter(None, told[0])) if told else ""
    return "\n".join([f"{len(told):,} problems", *(f"• {' '.join(parts).strip()}" for parts in told)])


def _scaled(count: int, units: Sequence[str], step: int, gap: str) -> str:
    if count < step:
        return f"{count}{gap}{units[0]}".rstrip()
    value, unit = float(count), 0
    while value >= step - 0.05 and unit < len(units) - 1:
        value, unit = value / step, unit + 1
    return f"{value:.1f}{gap}{units[unit]}"
