"""Plain values out of a graph as one line of text each."""

from collections.abc import Mapping, Sequence, Sized
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from ckpt_viewer.session.wording import plural, printable, shape_text

MOST_ITEMS = 16
MOST_VALUES = 64
MOST_CHARACTERS = 400


def value_text(value: Any, depth: int = 2) -> str:
    """A value of any kind in one line, long ones cut with a mark that says so."""
    for kind, text in _TEXTS:
        if isinstance(value, kind):
            return str(text(value, depth))
    if is_dataclass(value):
        return _mapping_text(parts_of(value), depth)
    return _cut(printable(str(value)))


def parts_of(value: Any) -> Mapping[str, Any]:
    """What lies inside a value, by name or number; nothing in plain ones."""
    if isinstance(value, Mapping):
        return {str(name): part for name, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, list | tuple):
        return {str(number): part for number, part in enumerate(value)}
    return {}


def opens(value: Any) -> bool:
    """Whether its parts deserve lines of their own."""
    if isinstance(value, list | tuple):
        return len(value) > MOST_ITEMS or any(parts_of(part) for part in value)
    return bool(parts_of(value))


def _mapping_text(value: Mapping[Any, Any], depth: int) -> str:
    if depth == 0:
        return plural(len(value), "field")
    shown = [f"{printable(str(name))}: {value_text(part, depth - 1)}" for name, part in _first(value.items())]
    return _cut(", ".join(shown) + _more(value))


def _sequence_text(value: Sequence[Any], depth: int) -> str:
    if depth == 0 and value:
        return plural(len(value), "item")
    return _cut("[" + ", ".join(value_text(part, depth - 1) for part in _first(value)) + _more(value) + "]")


def _array_text(value: np.ndarray[Any, Any], depth: int) -> str:
    flat = value.reshape(-1)
    shown = ", ".join(value_text(item, 0) for item in flat[:MOST_VALUES].tolist())
    dots = ", …" if flat.size > MOST_VALUES else ""
    kind = "string" if value.dtype == object else value.dtype.name
    return f"{kind} {shape_text(value.shape)}: {_cut(shown)}{dots}"


def _first(value: Any) -> list[Any]:
    return list(value)[:MOST_ITEMS]


def _more(value: Sized) -> str:
    return f", … {len(value) - MOST_ITEMS:,} more" if len(value) > MOST_ITEMS else ""


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + "…"


def _bytes_text(value: bytes, depth: int) -> str:
    return _cut(printable(value[: MOST_CHARACTERS + 1].decode("utf-8", "surrogateescape")))


_TEXTS: tuple[tuple[Any, Any], ...] = (
    (str, lambda value, depth: _cut(printable(value))),
    (bytes, _bytes_text),
    (bool, lambda value, depth: "true" if value else "false"),
    (type(None), lambda value, depth: "–"),
    (np.ndarray, _array_text),
    (Mapping, _mapping_text),
    ((list, tuple), _sequence_text),
)
