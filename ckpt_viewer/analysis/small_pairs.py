"""Many small pairs whose sides lie side by side in their files, read and compared together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ckpt_viewer.analysis.difference import Distance, Sums, distance_of, is_safe, widened
from ckpt_viewer.analysis.numbers import numbers_of
from ckpt_viewer.analysis.small_variables import FEWEST, Neighbours, SmallOnes
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Variable
from ckpt_viewer.formats.values.dtypes import item_size


@dataclass(frozen=True, slots=True)
class SmallPairs:
    """Pairs of variables of one type, none of them empty.

    Attributes:
        start: The place of the first one among those that were grouped, `end` that behind the last.
    """

    start: int
    end: int
    a: SmallOnes
    b: SmallOnes

    def distances(self) -> Iterator[tuple[Distance, Problem | None, Problem | None]]:
        """Of each pair, with what is wrong with the bytes of A and of B; raises `CheckpointError`."""
        values_a, wrong_a = self.a.read("raw a")
        values_b, wrong_b = self.b.read("raw b")
        bounds = self.a.bounds // item_size(self.a.variables[0].dtype)
        for place, distance in enumerate(_distances(values_a, values_b, bounds)):
            yield distance, wrong_a.get(place), wrong_b.get(place)


def grouped_pairs(
    a: Checkpoint, b: Checkpoint, pairs: Sequence[tuple[Variable, Variable]]
) -> Iterator[int | SmallPairs]:
    """The pairs, alike in shape and type, in their order: small neighbours together, of others the place."""
    if len(pairs) < FEWEST:
        yield from range(len(pairs))
        return
    of_a, of_b = (Neighbours(side, own) for side, own in zip((a, b), zip(*pairs, strict=True), strict=True))
    for start, end in of_a.runs(np.union1d(of_a.begins(), of_b.begins())):
        small_a, small_b = of_a.small_ones(start, end), of_b.small_ones(start, end)
        if small_a and small_b:
            yield SmallPairs(start, end, small_a, small_b)
        else:
            yield from range(start, end)


def _distances(values_a: Array, values_b: Array, bounds: Array) -> Iterator[Distance]:
    """Of the stretches between the bounds; what is not of ordinary size is looked at by itself."""
    starts, counts = bounds[:-1], np.diff(bounds)
    numbers_a, numbers_b = numbers_of(values_a, "numbers a"), numbers_of(values_b, "numbers b")
    with np.errstate(all="ignore"):
        changed = np.add.reduceat(np.not_equal(numbers_a, numbers_b), starts, dtype=np.int64)
        a, b = widened(numbers_a, "a"), widened(numbers_b, "b")
        gaps = np.absolute(b - a)
        largest = np.maximum.reduceat(gaps, starts)
        sums = [np.add.reduceat(each, starts) for each in (gaps, gaps * gaps, a * a, b * b, a * b)]
    columns = (starts, bounds[1:], counts, changed, largest, *sums)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for start, end, count, differ, most, *amounts in rows:
        distance = Distance(count, differ, 0, count, most, Sums(*amounts))
        yield distance if is_safe(distance) else distance_of(values_a[start:end], values_b[start:end])
