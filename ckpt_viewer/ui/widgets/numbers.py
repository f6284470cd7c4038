"""Numbers for the eye, as the user's locale writes them, and for the clipboard, plain and complete."""

from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QLocale

STATISTIC_DIGITS = 5
SHORT = 7  # characters in one cell of a picture
_WHOLE_UP_TO = 10**6


def screen_number(value: Any, digits: int = 6) -> str:
    """An element or a statistic in the locale's way; bytes and whole numbers in full, None as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return QLocale().toString(int(value)) if -(2**63) <= value < 2**63 else str(int(value))
    if np.iscomplexobj(value):
        sign = "−" if value.imag < 0 else "+"
        return f"{screen_number(value.real, digits)}{sign}{screen_number(abs(value.imag), digits)}i"
    return real_text(float(value), digits)


def element_count_text(count: int) -> str:
    text = "1 element" if count == 1 else "{0} elements"
    return QCoreApplication.translate("Numbers", text).format(screen_number(count))


def statistic(value: Any) -> str:
    """A statistic as tables and strips show it; None as nothing."""
    return screen_number(value, STATISTIC_DIGITS)


def short_number(value: float) -> str:
    """At most seven characters, for one cell of a picture."""
    if abs(value) < _WHOLE_UP_TO and value == int(value):
        return str(int(value))
    texts = (real_text(value, digits) for digits in (3, 2, 1))
    return next((text for text in texts if len(text) <= SHORT), "…")


def plain_number(value: Any) -> str:
    """The shortest text that gives the same element back, with a point and no grouping."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return str(value.item() if isinstance(value, np.integer | np.bool_) else value)


def screen_count(value: int) -> str:
    return QLocale().toString(value)


def places_text(length: int) -> str:
    """The places along an axis, which are counted from 0: `0–99`."""
    return f"0–{length - 1}" if length > 1 else "0"


def size_text(rows: int, columns: int) -> str:
    """`1 row × 12 columns`."""
    down, across = "row" if rows == 1 else "rows", "column" if columns == 1 else "columns"
    return f"{screen_count(rows)} {down} × {screen_count(columns)} {across}"


def real_text(value: float, digits: int) -> str:
    """A floating point number in the locale's way, to so many significant digits."""
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "+Inf" if value > 0 else "−Inf"
    locale = QLocale()
    option = QLocale.NumberOption
    locale.setNumberOptions(option.OmitGroupSeparator | option.OmitLeadingZeroInExponent)
    return locale.toString(value, "g", digits)
