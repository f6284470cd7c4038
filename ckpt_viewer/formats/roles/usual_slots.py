"""Slots such as `<owner>/Adam` and `<owner>/Adam_1`, most of what a training saves, judged many at a time."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from ckpt_viewer.formats.roles.judgement import Judgement
from ckpt_viewer.formats.roles.optimizer_slots import slot_in_order
from ckpt_viewer.formats.roles.saved_names import SavedNames

MOST_SLOTS = 12  # of one name that are counted


class UsualSlots:
    """Those right below a variable of their shape and type.

    Args:
        places: Of all variables that may be slots, by the last part of their names.
    """

    def __init__(self, saved: SavedNames, places: Mapping[str, Sequence[int]]) -> None:
        self._saved, self._places = saved, places
        self._owners: dict[str, Sequence[str]] = {}
        self._sets: dict[str, frozenset[str]] = {}

    def judge(self, leaf: str, base: str, number: int, *, is_paired: bool) -> Iterator[Judgement | None]:
        """On each variable whose name ends so; None where it is not as simple as that.

        Args:
            leaf: What it ends with, a key of `places`.
            base: The same without its number.
            number: 0 where there is none.
            is_paired: Whether the optimizer keeps two or more for each variable.
        """
        shapes, dtypes, owners = self._saved.shapes, self._saved.dtypes, self._owners_of(leaf)
        later = list(takewhile(bool, (self._having(f"{base}_{count}") for count in range(1, MOST_SLOTS))))
        slots = [slot_in_order(base, number, 1 + count) for count in range(len(later) + 1)]
        most, having_most = slots[-1], self._having(leaf).intersection(*later)
        others = [leaf] if not is_paired else [base, f"{base}_{number - 1}"] if number else [f"{base}_1"]
        partners, more_partners = self._having(others[0]), self._having(others[-1])
        beside = map(self._saved.place_of.get, owners)
        for place, owner, found in zip(self._places[leaf], owners, beside, strict=True):
            if (
                found is None
                or not owner
                or (owner not in partners and owner not in more_partners)
                or shapes[found] != shapes[place]
                or dtypes[found] != dtypes[place]
            ):
                yield None
            elif owner in having_most:
                yield Judgement("slot", owner, most)
            else:
                yield Judgement("slot", owner, slots[_leading(owner, later)])

    def _owners_of(self, leaf: str) -> Sequence[str]:
        if leaf not in self._owners:
            names, end = self._saved.names, -len(leaf) - 1
            self._owners[leaf] = [names[place][:end] for place in self._places.get(leaf, ())]
        return self._owners[leaf]

    def _having(self, leaf: str) -> frozenset[str]:
        if leaf not in self._sets:
            self._sets[leaf] = frozenset(self._owners_of(leaf))
        return self._sets[leaf]


def _leading(owner: str, later: Sequence[frozenset[str]]) -> int:
    """Of how many that come first it is a member."""
    return next((count for count, owners in enumerate(later) if owner not in owners), len(later))
