"""Boxes in the index space of a variable: where they meet, how to walk them in C order, what they cover."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

CORNER_LIMIT = 1 << 16
_COMPARISON_LIMIT = 1 << 26


class Box(NamedTuple):
    """Where it begins, and its lengths; one number per axis."""

    start: tuple[int, ...]
    shape: tuple[int, ...]

    @property
    def last(self) -> tuple[int, ...]:
        """Its last element in C order; of no meaning in an empty box."""
        return tuple(start + length - 1 for start, length in zip(self.start, self.shape, strict=True))

    def within(self, outer: "Box") -> tuple[slice, ...]:
        """What selects it from an array that holds the outer box."""
        return tuple(
            slice(start - origin, start - origin + length)
            for start, length, origin in zip(self.start, self.shape, outer.start, strict=True)
        )


def overlap(first: Box, second: Box) -> Box | None:
    start = tuple(map(max, first.start, second.start))
    ends = tuple(
        min(a + length_a, b + length_b)
        for a, length_a, b, length_b in zip(first.start, first.shape, second.start, second.shape, strict=True)
    )
    if any(end <= begin for begin, end in zip(start, ends, strict=True)):
        return None
    return Box(start, tuple(end - begin for begin, end in zip(start, ends, strict=True)))


def in_order(shape: Sequence[int], limit: int) -> Iterator[Box]:
    """Boxes of at most `limit` elements that together are the whole shape, one after the other in C order."""
    if 0 in shape:
        return
    axis, inner = len(shape) - 1, 1
    while axis > 0 and inner * shape[axis] <= limit:
        inner *= shape[axis]
        axis -= 1
    step, below = max(1, limit // inner), len(shape) - axis - 1
    for outer in np.ndindex(*shape[:axis]):
        for first in range(0, shape[axis], step):
            length = min(step, shape[axis] - first)
            yield Box((*outer, first, *(0,) * below), (*(1,) * axis, length, *shape[axis + 1 :]))


def of_flat_range(shape: Sequence[int], start: int, count: int) -> Iterator[Box]:
    """The few boxes that are `count` elements from the `start`-th on, in C order."""
    strides = c_strides(shape)
    end = start + count
    while start < end:
        axis = next(
            axis for axis, stride in enumerate(strides) if start % stride == 0 and start + stride <= end
        )
        index = [start // stride % length for stride, length in zip(strides, shape, strict=True)]
        length = min((end - start) // strides[axis], shape[axis] - index[axis])
        yield Box(tuple(index), (*(1,) * axis, length, *shape[axis + 1 :]))
        start += length * strides[axis]


def c_strides(shape: Sequence[int]) -> list[int]:
    """How many elements apart neighbours along each axis are."""
    return [prod(shape[axis + 1 :]) for axis in range(len(shape))]


def cover_exactly_once(shape: Sequence[int], boxes: Sequence[Box]) -> bool:
    """Whether every element of the shape lies in exactly one box; the boxes must lie within the shape.

    Taking differences along every axis turns a box into signs at its corners and nothing elsewhere, and no
    two ways of covering into the same signs: so the corners of the boxes must leave those of the whole.
    A few boxes with too many corners are compared each with each instead; raises ValueError where neither
    can be done.
    """
    if sum(prod(box.shape) for box in boxes) != prod(shape):
        return False
    axes = [axis for axis, length in enumerate(shape) if any(box.shape[axis] != length for box in boxes)]
    if len(boxes) << len(axes) > CORNER_LIMIT:
        return not _any_overlap(boxes, len(axes))
    corners: Counter[tuple[int, ...]] = Counter()
    for box in boxes:
        _count_corners(corners, box, axes, 1)
    _count_corners(corners, Box((0,) * len(shape), tuple(shape)), axes, -1)
    return not any(corners.values())


def _any_overlap(boxes: Sequence[Box], axis_count: int) -> bool:
    if len(boxes) ** 2 * axis_count > _COMPARISON_LIMIT:
        raise ValueError("too many corners, and too many boxes to compare")
    filled = [box for box in boxes if 0 not in box.shape]
    starts = np.array([box.start for box in filled])
    ends = starts + np.array([box.shape for box in filled])
    return any(
        bool(((starts[:place] < ends[place]) & (starts[place] < ends[:place])).all(axis=1).any())
        for place in range(1, len(filled))
    )


def _count_corners(corners: "Counter[tuple[int, ...]]", box: Box, axes: Sequence[int], sign: int) -> None:
    if 0 in box.shape:
        return
    ends = [((box.start[axis], 1), (box.start[axis] + box.shape[axis], -1)) for axis in axes]
    for corner in product(*ends):
        corners[tuple(place for place, _ in corner)] += sign * prod(side for _, side in corner)
