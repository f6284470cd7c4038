"""The pairs made from two checkpoints' variables, and how each pair differs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Variable

Status = Literal["identical", "changed", "shape", "dtype", "only-a", "only-b"]
STATUSES: tuple[Status, ...] = ("identical", "changed", "shape", "dtype", "only-a", "only-b")
How = Literal["checksum", "bytes"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What reading both sides showed. Two NaN in the same place are equal; strings have only the counts.

    Attributes:
        changed: Elements that differ.
        max_abs: Largest |b − a| over the places where both are finite; None where there are none.
        mean_abs: Mean of |b − a| over those places.
        rms: Root of the mean of (b − a)² over those places.
        relative: ‖b − a‖ / ‖a‖; None where ‖a‖ is 0.
        cosine: a·b / (‖a‖ ‖b‖); None where either is 0.
    """

    count: int
    changed: int
    max_abs: float | None
    mean_abs: float | None
    rms: float | None
    relative: float | None
    cosine: float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A variable of A, of B, or one of each.

    Attributes:
        how: By what the status is known.
        difference: None until both sides were read.
        problem: Why they could not be read.
    """

    a: Variable | None
    b: Variable | None
    status: Status
    how: How = "checksum"
    difference: Difference | None = None
    problem: Problem | None = None

    @property
    def name(self) -> str:
        variable = self.a or self.b
        return variable.name if variable else ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All pairs, in the order of their names."""

    a: Path
    b: Path
    pairs: tuple[Pair, ...]

    @property
    def counts(self) -> dict[Status, int]:
        counts = dict.fromkeys(STATUSES, 0)
        for pair in self.pairs:
            counts[pair.status] += 1
        return counts
