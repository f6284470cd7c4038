"""What verifying a checkpoint found, apart from how it is found: a window at rest needs no more."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, Self

from ckpt_viewer.errors import Problem

CheckStatus = Literal["ok", "damaged", "missing-data", "unreadable", "unchecked"]
STATUSES: tuple[CheckStatus, ...] = ("ok", "damaged", "missing-data", "unreadable", "unchecked")

# Problems of a checkpoint as a whole that take nothing away from its values, nor from restoring them.
_NOTES = {
    "stale-path", "bad-state", "not-listed", "unsupported", "not-a-graph", "not-a-checkpoint",
    "graph-shape", "extra-keys", "mixed-shards", "partial-save", "unused-damage", "unused-shard",
    "extra-bytes", "shared-bytes",
}  # fmt: skip
# What is said of values that have no checksum of their own, where the file has one with every block.
BY_BLOCK = "The blocks of the file that hold it match their checksums."
# Problems that keep TensorFlow from restoring what is whole.
_UNRESTORABLE = {"missing-key", "graph-mismatch"}


@dataclass(frozen=True, slots=True)
class VariableCheck:
    """What was found of one variable.

    Attributes:
        message: One sentence on what the status means here, and what to do.
        cause: Is alike for those that are bad for one reason, whatever their messages say.
    """

    name: str
    status: CheckStatus
    message: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of it.

    Attributes:
        problems: What is wrong with the whole.
        ok: Nothing is damaged, missing or unreadable; the graph beside it may still not restore it.
        notes: What is odd and does no harm.
        beside: How many others of a folder were not looked at, where it was asked for as a whole.
    """

    variables: tuple[VariableCheck, ...]
    problems: tuple[Problem, ...]
    ok: bool
    notes: tuple[Problem, ...] = ()
    beside: int = 0

    @property
    def all_well(self) -> bool:
        """Whether nothing was found but what does no harm."""
        return self.ok and not self.problems

    def with_more(self, found: Iterable[Problem], *, notes: bool = False) -> Self:
        """The same, and what else was found; as `notes`, whatever it is, it does no harm."""
        fresh = [each for each in dict.fromkeys(found) if each not in (*self.problems, *self.notes)]
        problems = [] if notes else [each for each in fresh if each.code not in _NOTES]
        return replace(
            self,
            problems=(*self.problems, *problems),
            notes=(*self.notes, *(each for each in fresh if each not in problems)),
            ok=self.ok and all(each.code in _UNRESTORABLE for each in problems),
        )
