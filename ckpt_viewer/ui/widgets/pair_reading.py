"""What the pictures of a pair are read from, and in which words it is told where there is none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ckpt_viewer.analysis.comparison import Pair
from ckpt_viewer.analysis.difference_picture import difference_of, difference_plane
from ckpt_viewer.analysis.preview import Picture, plane, quick_plane
from ckpt_viewer.cancellation import CancelToken, Share
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Variable
from ckpt_viewer.formats.values.dtypes import is_numeric
from ckpt_viewer.session.wording import plural, printable, shape_text
from ckpt_viewer.ui.widgets.axis_bar import AxisChoice
from ckpt_viewer.ui.widgets.numbers import plain_number, screen_count, screen_number
from ckpt_viewer.ui.widgets.picture import Box

MOST_STRING_BYTES = 1 << 20
MOST_STRINGS = 6
Said = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sides:
    """A pair with the checkpoints its two variables are read from."""

    a: Checkpoint
    b: Checkpoint
    pair: Pair

    @property
    def there(self) -> dict[str, tuple[Checkpoint, Variable]]:
        """Checkpoint and variable of each side that has one."""
        sides = {"a": (self.a, self.pair.a), "b": (self.b, self.pair.b)}
        return {side: (checkpoint, variable) for side, (checkpoint, variable) in sides.items() if variable}

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        return tuple(variable.shape for _, variable in self.there.values())

    @property
    def can_subtract(self) -> bool:
        return len(self.shapes) == 2 and self.shapes[0] == self.shapes[1]

    @property
    def bar_shape(self) -> tuple[int, ...]:
        """What both sides have in common; that of A where they have different numbers of axes."""
        first, last = self.shapes[0], self.shapes[-1]
        return tuple(map(min, first, last)) if len(first) == len(last) else first

    def largest_slice(self, choice: AxisChoice) -> int:
        """How many elements the larger side has in the slice."""
        lengths = [
            self.choice(side, choice).lengths(variable.shape) for side, (_, variable) in self.there.items()
        ]
        return max(rows * columns for rows, columns in lengths)

    @property
    def title(self) -> str:
        return printable(self.pair.name)

    def choice(self, side: str, choice: AxisChoice) -> AxisChoice:
        """The slice of one side: the one chosen, or its own last axes where it has another number of them."""
        _, variable = self.there[side]
        fits = len(variable.shape) == len(choice.index)
        return choice if fits else AxisChoice.fitting(variable.shape)


@dataclass(frozen=True, slots=True)
class Pictures:
    """What is there to show of a pair, or a sentence in its place.

    Attributes:
        pictures: By side: `a`, `b`, `difference`.
        lengths: Rows and columns of elements, by side.
    """

    pictures: Mapping[str, Picture] = field(default_factory=dict)
    lengths: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    note: str = ""
    sentence: Said | None = None

    @property
    def exact(self) -> bool:
        """Whether every element was read."""
        return all(picture.exact for picture in self.pictures.values())

    def range_of(self, side: str, shared: bool) -> tuple[float | None, float | None]:
        """The finite range of one side, or of A and B together."""
        sides = [self.pictures[name] for name in (("a", "b") if shared else (side,)) if name in self.pictures]
        lows = [picture.low for picture in sides if picture.low is not None]
        highs = [picture.high for picture in sides if picture.high is not None]
        return (min(lows), max(highs)) if lows and highs else (None, None)

    def specials(self, sides: Iterable[str]) -> tuple[int, int, int]:
        """How many NaN, +Inf and −Inf there are in all of these."""
        shown = [self.pictures[side] for side in sides if side in self.pictures]
        return (
            sum(picture.nan for picture in shown),
            sum(picture.posinf for picture in shown),
            sum(picture.neginf for picture in shown),
        )


@dataclass(frozen=True, slots=True)
class Detail:
    """Exact elements of a box, by side."""

    box: Box
    values: Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Value:
    """One element: its full index, and it on each side as text."""

    place: str
    texts: Mapping[str, str]


def instead_of_pictures(pair: Pair) -> Said | None:
    """What to say of a pair that is not worth reading."""
    if pair.problem is not None:
        return pair.problem.message, pair.problem.hint
    if not any(side.element_count for side in (pair.a, pair.b) if side):
        return "There are no elements", f"The shape is {shape_text((pair.a or pair.b).shape)}."  # type: ignore[union-attr]
    return None


def read_pictures(sides: Sides, choice: AxisChoice, quick: bool, cancel: CancelToken) -> Pictures:
    """Runs in a worker; `quick` reads only every n-th element of large slices. Raises what reading raises."""
    variables = [variable for _, variable in sides.there.values()]
    if not all(is_numeric(variable.dtype) for variable in variables):
        return Pictures(sentence=_string_sentence(sides, cancel))
    if all(variable.element_count == 1 for variable in variables):
        return Pictures(sentence=_scalar_sentence(sides, cancel))
    choices = {side: sides.choice(side, choice) for side in sides.there}
    lengths = {side: choices[side].lengths(sides.there[side][1].shape) for side in choices}
    steps = len(lengths) + sides.can_subtract
    shares = [Share(cancel, step, 1, steps) for step in range(steps)]
    pictures = {
        side: _plane(*sides.there[side], choices[side], quick, share)
        for side, share in zip(choices, shares, strict=False)
    }
    if sides.can_subtract:
        lengths["difference"] = lengths["a"]
        pictures["difference"] = _difference(sides, choice, quick, shares[-1])
    return Pictures(pictures, lengths, _note(sides, pictures))


def read_detail(sides: Sides, choice: AxisChoice, box: Box, cancel: CancelToken) -> Detail:
    """The elements of a box, as floats (of complex ones the magnitude), and their difference."""
    rows, columns = slice(box.row, box.row_end), slice(box.column, box.column_end)
    raw = {side: _region(sides, side, choice, rows, columns, cancel) for side in sides.there}
    values = {side: _drawn(block) for side, block in raw.items()}
    if sides.can_subtract:
        values["difference"] = difference_of(raw["a"], raw["b"])
    return Detail(box, values)


def read_value(sides: Sides, choice: AxisChoice, place: tuple[int, int], cancel: CancelToken) -> Value:
    """One element of each side that has it, exactly."""
    rows, columns = slice(place[0], place[0] + 1), slice(place[1], place[1] + 1)
    blocks = {side: _region(sides, side, choice, rows, columns, cancel) for side in sides.there}
    elements = {side: block[0, 0] for side, block in blocks.items() if block.size}
    texts = {side: screen_number(element, 8) for side, element in elements.items()}
    if sides.can_subtract:
        texts["difference"] = _subtraction_text(elements["a"], elements["b"])
    first = next(iter(sides.there))
    return Value(str(list(sides.choice(first, choice).element(*place))), texts)


def _difference(sides: Sides, choice: AxisChoice, quick: bool, cancel: CancelToken) -> Picture:
    a, b = sides.there["a"], sides.there["b"]
    return difference_plane(*a, *b, choice.rows, choice.columns, choice.index, quick=quick, cancel=cancel)


def _plane(
    checkpoint: Checkpoint, variable: Variable, choice: AxisChoice, quick: bool, cancel: CancelToken
) -> Picture:
    make = quick_plane if quick else plane
    return make(checkpoint, variable, choice.rows, choice.columns, choice.index, cancel=cancel)


def _region(
    sides: Sides, side: str, choice: AxisChoice, rows: slice, columns: slice, cancel: CancelToken
) -> Array:
    checkpoint, variable = sides.there[side]
    own = sides.choice(side, choice)
    height, width = own.lengths(variable.shape)
    box = own.region(_within(rows, height), _within(columns, width))
    return own.flat(checkpoint.read_region(variable, box, cancel))


def _within(part: slice, length: int) -> slice:
    return slice(min(part.start, length), min(part.stop, length))


def _drawn(block: Array) -> Array:
    if block.dtype.kind == "c":
        return np.abs(block)
    return block if block.dtype.kind == "f" else block.astype(np.float64)


def _note(sides: Sides, pictures: Mapping[str, Picture]) -> str:
    for picture in pictures.values():
        if not picture.exact:
            block = f"{picture.row_step}×{picture.column_step}"
            return f"Overview, one of each {block} elements; the rest is being read."
    if sides.pair.damage:
        return " ".join(["Damaged.", *(problem.message for problem in sides.pair.damage)])
    shapes = [shape_text(shape) for shape in sides.shapes]
    if len(shapes) == 1:
        return f"Only in {next(iter(sides.there)).upper()}."
    if not sides.can_subtract:
        return f"A is {shapes[0]}, B is {shapes[1]}; both begin at the origin."
    if sides.pair.status == "identical":
        return "All elements are equal."
    return ""


def _scalar_sentence(sides: Sides, cancel: CancelToken) -> Said:
    elements = {
        side: checkpoint.read(variable, cancel=cancel).reshape(-1)[0]
        for side, (checkpoint, variable) in sides.there.items()
    }
    if len(elements) == 1:
        side, element = next(iter(elements.items()))
        return f"{side.upper()} = {screen_number(element, 9)}", f"{sides.title} is only in {side.upper()}."
    a, b = elements["a"], elements["b"]
    text = f"A = {screen_number(a, 9)}     B = {screen_number(b, 9)}"
    return text, f"B − A = {_subtraction_text(a, b)}"


def _subtraction_text(a: np.generic, b: np.generic) -> str:
    """Exact for whole numbers of any size, in double precision for others."""
    if isinstance(a, np.integer | np.bool_) and isinstance(b, np.integer | np.bool_):
        return screen_number(int(b) - int(a))
    if np.iscomplexobj(a) or np.iscomplexobj(b):
        return screen_number(complex(b) - complex(a), 8)
    return screen_number(float(difference_of(np.asarray(a), np.asarray(b))), 8)


def _string_sentence(sides: Sides, cancel: CancelToken) -> Said:
    variables = [variable for _, variable in sides.there.values()]
    if any(is_numeric(variable.dtype) for variable in variables):
        return "One side holds numbers, the other does not", "There is no difference to show."
    difference = sides.pair.difference
    counted = (
        f"{screen_count(difference.changed)} of {plural(difference.count, 'string')} differ"
        if difference
        else ""
    )
    title = counted or f"{plural(variables[0].element_count, 'string')} of no number"
    if max(variable.nbytes for variable in variables) > MOST_STRING_BYTES or not sides.can_subtract:
        return title, "Strings have no picture."
    a, b = (
        checkpoint.read(variable, cancel=cancel).reshape(-1) for checkpoint, variable in sides.there.values()
    )
    return title, _string_lines(a, b)


def _string_lines(a: Array, b: Array) -> str:
    places = [place for place, (one, other) in enumerate(zip(a, b, strict=True)) if one != other]
    lines = [f"[{place}]  {_quoted(a[place])}  →  {_quoted(b[place])}" for place in places[:MOST_STRINGS]]
    if len(places) > MOST_STRINGS:
        lines.append(f"and {screen_count(len(places) - MOST_STRINGS)} more")
    return "\n".join(lines) or "All strings are equal."


def _quoted(value: bytes) -> str:
    text = printable(plain_number(value[:80]))
    return f"“{text}{'…' if len(value) > 80 else ''}”"
