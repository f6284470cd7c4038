"""The pairs of a comparison as columns: a keystroke, or what comes ten times a second, looks at no pair."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import nan
from operator import attrgetter

import numpy as np

from ckpt_viewer.analysis.comparison import STATUSES, Difference, Pair, Status
from ckpt_viewer.cancellation import CancelToken, in_breaths
from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.session.filters import Filter, Haystack

Names = tuple[str | None, str | None]
_AT_ONCE = 100  # pairs
_CODES = {status: code for code, status in enumerate(STATUSES)}
_IN_ORDER = np.array([sorted(STATUSES).index(status) for status in STATUSES])
_FROM_ZEROS, _RATIO, _NONFINITE = range(3)  # what weighs more than any of those before it
_asked = attrgetter("name", "dtype", "shape", "nbytes", "role", "full_name")


def names_of(pair: Pair) -> Names:
    return (pair.a.name if pair.a else None, pair.b.name if pair.b else None)


def full_name(pair: Pair) -> str:
    """What people called it; empty where that is its key."""
    return next((side.full_name for side in (pair.a, pair.b) if side and side.full_name), "")


def changed_part(difference: Difference) -> float | None:
    """In percent of all elements."""
    return 100 * difference.changed / difference.count if difference.count else None


def is_beyond_ratio(difference: Difference) -> bool:
    """Whether it changed in a way that ‖Δ‖/‖A‖ cannot tell."""
    return bool(difference.nonfinite or (difference.relative is None and difference.max_abs))


def relative_rank(difference: Difference) -> complex | None:
    """A NaN that came or went weighs more than any ratio; a change from all zeros has none, and less.

    Complex numbers are sorted by their real parts first.
    """
    if difference.nonfinite:
        return complex(_NONFINITE, difference.relative or 0.0)
    if difference.relative is not None:
        return complex(_RATIO, difference.relative)
    return complex(_FROM_ZEROS, difference.max_abs) if difference.max_abs else None


_FIGURES: Mapping[str, Callable[[Difference], complex | None]] = {
    "max_abs": attrgetter("max_abs"),
    "mean_abs": attrgetter("mean_abs"),
    "relative": relative_rank,
    "cosine": attrgetter("cosine"),
    "changed": changed_part,
}


class PairColumns:
    """Made in a worker; what is found out later is put in by `update`.

    Attributes:
        places: Where in `pairs` a pair is, by its names.
        renamed: Whether a pair has two names.
        called: Whether a pair has a name that people gave, beside its key.
        figures: What sorts the pairs by a figure; NaN where it is not known.
    """

    def __init__(self, pairs: Sequence[Pair] = (), cancel: CancelToken | None = None) -> None:
        count = len(pairs)
        self.pairs, self.names = list(pairs), [pair.name for pair in pairs]
        self.places = {names_of(pair): place for place, pair in enumerate(pairs)}
        self.renamed = any(a is not None and b is not None and a != b for a, b in self.places)
        self.called = any(map(full_name, in_breaths(pairs, cancel)))
        self.figures = {name: np.full(count, nan, complex) for name in _FIGURES}
        self._statuses, self._damaged = np.zeros(count, np.int8), np.zeros(count, bool)
        self._text_ranks: dict[Callable[[Pair], str], Array] = {}
        for start in in_breaths(range(0, count, _AT_ONCE), cancel, look_every=1):
            self._put(range(start, min(start + _AT_ONCE, count)), pairs[start : start + _AT_ONCE])
        others = [place for place, pair in in_breaths(enumerate(pairs), cancel) if _is_other_in_b(pair)]
        self._places_in_b = np.array(others, np.int64)
        self._in_b = Haystack([side for place in others if (side := pairs[place].b)])
        self._haystack = Haystack([side for pair in pairs if (side := pair.a or pair.b)])

    def __len__(self) -> int:
        return len(self.pairs)

    @property
    def counts(self) -> dict[Status, int]:
        return dict(zip(STATUSES, np.bincount(self._statuses, minlength=len(STATUSES)).tolist(), strict=True))

    @property
    def damaged(self) -> int:
        """How many have a side that is not what was saved."""
        return int(np.count_nonzero(self._damaged))

    @property
    def unread(self) -> bool:
        """Whether all is known from the checksums alone."""
        return all(pair.how == "checksum" for pair in self.pairs)

    @property
    def left_out(self) -> str:
        """Why the last filter was not followed in full."""
        return self._haystack.left_out or self._in_b.left_out

    def within(self, tolerance: float) -> int:
        """How many have changed by no more than a tolerance above 0, as `grade` has it."""
        relative = self.figures["relative"]
        small = (relative.real == _RATIO) & (relative.imag <= tolerance)
        return int(np.count_nonzero(small & self.of("changed"))) if tolerance > 0 else 0

    def of(self, shown: str) -> Array:
        """For each pair whether it is shown under this word: a status, `different` or `all`."""
        words = [("all", status, "different" if status != "identical" else "") for status in STATUSES]
        of_each: Array = np.array([shown in each for each in words])[self._statuses]
        return of_each

    def accepted(self, wanted: Filter) -> Array:
        """For each pair whether the filter accepts one of its sides."""
        accepted = self._haystack.accepted(wanted)
        accepted[self._places_in_b[self._in_b.accepted(wanted)]] = True
        return accepted

    def by_name(self) -> Array:
        """What sorts by the names: pairs are in their order."""
        return np.arange(len(self))

    def by_status(self) -> Array:
        order: Array = _IN_ORDER[self._statuses]
        return order

    def by_text(self, text: Callable[[Pair], str]) -> Array:
        """What sorts by a text that stays as it is; made once, which takes its time."""
        if text not in self._text_ranks:
            texts = list(map(text, self.pairs))
            ranks = {each: rank for rank, each in enumerate(sorted(set(texts)))}
            self._text_ranks[text] = np.fromiter(map(ranks.__getitem__, texts), np.int64, len(texts))
        return self._text_ranks[text]

    def update(self, pairs: Iterable[Pair]) -> None:
        """Put newer knowledge in place of older."""
        known = {place: pair for pair in pairs if (place := self.places.get(names_of(pair))) is not None}
        self._put(list(known), list(known.values()))

    def _put(self, places: Sequence[int], pairs: Sequence[Pair]) -> None:
        for place, pair in zip(places, pairs, strict=True):
            self.pairs[place] = pair
        at = np.array(places, np.int64)
        self._statuses[at] = [_CODES[pair.status] for pair in pairs]
        self._damaged[at] = [bool(pair.damage) for pair in pairs]
        for name, figure in _FIGURES.items():
            self.figures[name][at] = [_known(figure, pair.difference) for pair in pairs]


def _known(figure: Callable[[Difference], complex | None], difference: Difference | None) -> complex:
    value = figure(difference) if difference else None
    return nan if value is None else value


def _is_other_in_b(pair: Pair) -> bool:
    """Whether a filter could accept its side in B alone."""
    return bool(pair.a and pair.b) and _asked(pair.a) != _asked(pair.b)
