"""Which part of a variable a picture shows: from the words of a person, and in words for its title."""

import re
from collections.abc import Sequence

from ckpt_viewer.errors import RequestRefused
from ckpt_viewer.session.wording import plural
from ckpt_viewer.ui.widgets.axis_bar import AxisChoice
from ckpt_viewer.ui.widgets.numbers import places_text

_FREE = {"heatmap": (1, 2), "line": (1,)}  # how many axes each kind of picture has room for


def choice_of(kind: str, shape: tuple[int, ...], text: str | None = None) -> AxisChoice:
    """What `0,2,:,:` chooses, or the last axes at the origin of the others; raises `RequestRefused`."""
    if text is None:
        return AxisChoice.along_last(shape) if kind == "line" else AxisChoice.fitting(shape)
    if kind not in _FREE:
        raise RequestRefused(
            f"A {kind} is of all elements, not of a slice.",
            hint="Leave --slice out, or ask for --kind heatmap or line.",
        )
    places = _places(text, shape)
    free = [axis for axis, place in enumerate(places) if place is None]
    if len(free) not in _FREE[kind]:
        wanted = " or ".join(map(str, _FREE[kind]))
        message = f"--slice {text} leaves {plural(len(free), 'axis', 'axes')} free; a {kind} needs {wanted}."
        raise RequestRefused(message, hint=_hint(len(shape)))
    index = tuple(place or 0 for place in places)
    return AxisChoice(free[-2] if len(free) > 1 else None, free[-1], index)


def words_of(choice: AxisChoice, shape: tuple[int, ...]) -> str:
    """`row 0 (0–99)`, `[0, 2, :, :]`; empty where the picture shows everything."""
    free = (choice.rows, choice.columns)
    if all(length == 1 for axis, length in enumerate(shape) if axis not in free):
        return ""
    if len(shape) == 2:
        cut = 0 if choice.columns == 1 else 1
        return f"{('row', 'column')[cut]} {choice.index[cut]} ({places_text(shape[cut])})"
    return f"[{', '.join(':' if axis in free else str(place) for axis, place in enumerate(choice.index))}]"


def _places(text: str, shape: Sequence[int]) -> list[int | None]:
    """An index for each axis, None where it is free; negative ones count from the end."""
    parts = [part.strip() for part in text.strip("[] ").split(",")]
    if len(parts) != len(shape):
        message = f"--slice {text} has {plural(len(parts), 'axis', 'axes')}; the variable has {len(shape)}."
        raise RequestRefused(message, hint=_hint(len(shape)))
    return [_place(part, axis, shape) for axis, part in enumerate(parts)]


def _place(part: str, axis: int, shape: Sequence[int]) -> int | None:
    length, hint = shape[axis], _hint(len(shape))
    if part == ":":
        return None
    if not re.fullmatch(r"-?\d{1,18}", part):
        raise RequestRefused(f"{part!r} in --slice is neither an index nor `:`.", hint=hint)
    place = int(part) + (length if part.startswith("-") else 0)
    if not 0 <= place < length:
        raise RequestRefused(f"There is no index {part} on axis {axis}, which has {length}.", hint=hint)
    return place


def _hint(axes: int) -> str:
    example = ",".join([*"0" * (axes - 1), ":"])
    return f"Give an index or `:` for each axis, such as --slice {example}."
