"""Which names lie together in scopes, as numbers: very many are grouped anew without a look at each."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ckpt_viewer.formats.checkpoint import Array

_AT_ONCE = 10_000  # names looked at in one step
_ALONE = np.iinfo(np.int64).max


class ScopeOrder:
    """Names in an order in which those of each scope are neighbours: as if all ended in a slash.

    Attributes:
        places: Where each is in `names`.
        shared: How long the scope is that it shares with the one before, its last slash included.
    """

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.names = names
        self.places = self.shared = np.zeros(0, np.int64)

    def steps(self) -> Iterator[None]:
        """Find it out, which takes its time."""
        closed: list[str] = []
        for start in range(0, len(self.names), _AT_ONCE):
            closed += [f"{name}/" for name in self.names[start : start + _AT_ONCE]]
            if start:
                yield
        places = sorted(range(len(closed)), key=closed.__getitem__)
        shared = [0]
        for number, (one, other) in enumerate(pairwise(places), 1):
            shared.append(_shared(closed[one], closed[other]))
            if number % _AT_ONCE == 0:
                yield
        self.places, self.shared = np.array(places, np.int64), np.array(shared[: len(places)], np.int64)
        if len(places) > _AT_ONCE:
            yield

    def only(self, places: Array) -> "Scoped":
        """Some of the names, in an order of their own."""
        rank = np.full(len(self.names), -1)
        rank[places] = np.arange(len(places))
        at = np.flatnonzero(rank[self.places] >= 0)
        shared = np.zeros(len(at), np.int64)
        if len(at) > 1:
            shared[1:] = np.minimum.reduceat(self.shared[: at[-1] + 1], at[:-1] + 1)
        chosen = self.places[at]
        return Scoped(self.names, chosen, shared, rank[chosen])


class Group(NamedTuple):
    """Neighbours that begin alike, and how long that beginning is."""

    low: int
    high: int
    length: int


class Scoped(NamedTuple):
    """Names as `ScopeOrder` has them; `rank` says where each comes in the order that is shown."""

    names: Sequence[str]
    places: Array
    shared: Array
    rank: Array

    def groups(self, low: int, high: int, length: int) -> Array:
        """Neighbours that are alike for this long, by what comes next in their names, as they are shown.

        A line holds what makes a `Group`.
        """
        if low >= high:
            return np.zeros((0, 3), np.int64)
        shared = self.shared[low:high].copy()
        starts = np.flatnonzero(shared <= length)
        starts = starts if starts.size and starts[0] == 0 else np.append(0, starts)
        shared[starts] = _ALONE
        lengths = np.minimum.reduceat(shared, starts)
        shown = np.argsort(np.minimum.reduceat(self.rank[low:high], starts))
        ends = np.append(starts[1:], high - low)
        return np.column_stack((starts + low, ends + low, lengths))[shown]

    def length(self, group: Group) -> int:
        """A name that is alone is alike in full."""
        alone = group.high - group.low == 1
        return len(self.names[self.places[group.low]]) + 1 if alone else group.length

    def shown(self, at: Array) -> Array:
        """The places of these neighbours as they are shown."""
        return self.places[at[np.argsort(self.rank[at])]]


def _shared(one: str, other: str) -> int:
    """How long the longest scope is that both of these, which end in a slash, begin with."""
    length = 0
    for part, other_part in zip(one.split("/"), other.split("/"), strict=False):
        if part != other_part:
            break
        length += len(part) + 1
    return min(length, len(one), len(other))
