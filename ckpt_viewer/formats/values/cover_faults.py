"""Where the boxes of a partitioned variable leave something out, or meet: named for people."""

from collections.abc import Sequence
from itertools import pairwise
from math import prod

import numpy as np

from ckpt_viewer.formats.values.boxes import Box, overlap
from ckpt_viewer.formats.values.pieces import MOST_AXES

_MOST_BOXES = 512
_MOST_CELLS = 1 << 16


def place_text(box: Box) -> str:
    parts = (f"{start}:{start + length}" for start, length in zip(box.start, box.shape, strict=True))
    return f"[{', '.join(parts)}]"


def first_overlap(boxes: Sequence[Box]) -> tuple[Box, Box] | None:
    """Two boxes that share elements; None where there are none, or too many boxes to look for them."""
    if len(boxes) > _MOST_BOXES:
        return None
    ordered = sorted(boxes)
    pairs = ((one, other) for place, one in enumerate(ordered) for other in ordered[place + 1 :])
    return next((pair for pair in pairs if overlap(*pair)), None)


def first_gap(shape: Sequence[int], boxes: Sequence[Box]) -> Box | None:
    """A box that none of the others covers; None where there is none, or it would take long to find."""
    if len(shape) > MOST_AXES:
        return None
    cuts = [
        sorted({0, length, *(edge for box in boxes for edge in _edges(box, axis))})
        for axis, length in enumerate(shape)
    ]
    cells = [len(edges) - 1 for edges in cuts]
    if len(boxes) > _MOST_BOXES or prod(cells) > _MOST_CELLS:
        return None
    covered = np.zeros(cells, bool)
    for box in boxes:
        covered[tuple(slice(*map(cuts[axis].index, _edges(box, axis))) for axis in range(len(shape)))] = True
    free = np.argwhere(~covered)
    if not len(free):
        return None
    spans = [list(pairwise(edges))[cell] for edges, cell in zip(cuts, free[0].tolist(), strict=True)]
    return Box(tuple(start for start, _ in spans), tuple(end - start for start, end in spans))


def _edges(box: Box, axis: int) -> tuple[int, int]:
    return box.start[axis], box.start[axis] + box.shape[axis]
