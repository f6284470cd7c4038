"""Exact statistics of one variable, made per chunk and merged."""

from dataclasses import dataclass
from typing import Literal, Self

from ckpt_viewer.analysis.histogram import Histogram

Checksum = Literal["ok", "wrong", "none"]
Number = int | float


@dataclass(frozen=True, slots=True)
class Summary:
    """Facts over all elements; `min max mean std` over the finite ones, of the magnitude if complex.

    Attributes:
        count: All elements.
        finite: Those that are neither NaN nor infinite.
        min: Exact: an int for integers and bool (True is 1), a float otherwise; None without finite ones.
        mean: None without finite ones.
        m2: Sum of squared distances from the mean, so that two summaries merge without loss.
        zeros: Elements equal to zero, either sign.
        checksum: Whether the stored checksum was found; `none` where none is stored.
    """

    count: int
    finite: int
    min: Number | None
    max: Number | None
    mean: float | None
    m2: float
    zeros: int
    nan: int
    posinf: int
    neginf: int
    histogram: Histogram | None = None
    checksum: Checksum = "none"

    @property
    def std(self) -> float | None:
        """Population standard deviation (divided by the number of finite elements)."""
        return None if self.mean is None else float((self.m2 / self.finite) ** 0.5)

    def merge(self, other: Self) -> Self: ...
