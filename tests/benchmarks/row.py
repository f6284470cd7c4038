"""What is measured, and what came out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.benchmarks.material import Material

Unit = Literal["×", "× faster", "ms", "MB"]


class NotMeasured(Exception):
    """What a row needs is not on this machine; the sentence says what."""


@dataclass(frozen=True)
class Result:
    """Medians over all rounds.

    Attributes:
        figure: What the promise is about, in its unit.
        measured: Seconds; None where the figure is no time.
        reference: Seconds the reference took in the same rounds, on the same bytes.
        note: What else should be known to judge the figure.
    """

    figure: float
    measured: float | None = None
    reference: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Row:
    """One promise, or one fact that is worth knowing.

    Attributes:
        name: The word for `--only`.
        reference: What the figure is a ratio to, in words.
        promise: The limit of the figure; None for facts about others, such as how long a peer takes.
    """

    name: str
    what: str
    reference: str
    unit: Unit
    promise: float | None
    measure: Callable[[Material], Result]

    def is_kept(self, figure: float) -> bool:
        if self.promise is None:
            return True
        return figure >= self.promise if self.unit == "× faster" else figure <= self.promise
