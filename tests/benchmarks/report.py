"""The table of what came out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.row import Result, Row

_TITLES = ("row", "what", "figure", "promise", "", "time", "reference", "which is")


@dataclass(frozen=True)
class Outcome:
    """A row with its result, or with why there is none."""

    row: Row
    result: Result | None = None
    reason: str = ""

    @property
    def is_missed(self) -> bool:
        return self.result is not None and not self.row.is_kept(self.result.figure)

    @property
    def figure(self) -> str:
        return f"{self.result.figure:.3g} {self.row.unit}" if self.result else "–"

    @property
    def verdict(self) -> str:
        if self.result is None:
            return f"not measured: {self.reason}"
        if self.row.promise is None:
            return ""
        return "missed" if self.is_missed else "kept"

    def as_dict(self) -> dict[str, Any]:
        row, result = self.row, self.result
        return {
            "row": row.name,
            "what": row.what,
            "reference": row.reference,
            "unit": row.unit,
            "promise": row.promise,
            "figure": result and result.figure,
            "seconds": result and result.measured,
            "reference_seconds": result and result.reference,
            "note": result.note if result else "",
            "verdict": self.verdict,
        }


def table(outcomes: Iterable[Outcome]) -> str:
    lines = [_TITLES, *(_cells(outcome) for outcome in outcomes)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_line(cells, widths) for cells in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _cells(outcome: Outcome) -> tuple[str, ...]:
    row, result = outcome.row, outcome.result
    sign = "≥" if row.unit == "× faster" else "≤"
    promise = f"{sign} {row.promise:g} {row.unit}" if row.promise is not None else "–"
    measured, reference = (_time(time) for time in (result and result.measured, result and result.reference))
    note = f" ({result.note})" if result and result.note else ""
    return (
        row.name,
        row.what,
        outcome.figure,
        promise,
        outcome.verdict,
        measured,
        reference,
        row.reference + note,
    )


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"
