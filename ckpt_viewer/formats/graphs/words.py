"""A column of few words that come again and again: op types, devices."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any, Self

import numpy as np


@dataclass(frozen=True, slots=True)
class Words:
    """Each word once, in the order they were met, and for each row the number of its word."""

    words: tuple[str, ...]
    codes: np.ndarray[Any, np.dtype[np.int32]]

    @classmethod
    def of(cls, column: Iterable[Any], spelled: Callable[[Any], str] = str) -> Self:
        numbers: defaultdict[Any, int] = defaultdict(count().__next__)
        codes = np.fromiter(map(numbers.__getitem__, column), np.int32)
        return cls(tuple(map(spelled, numbers)), codes)

    def __getitem__(self, row: int) -> str:
        return self.words[int(self.codes[row])]

    def counts(self) -> dict[str, int]:
        """How many rows have each word."""
        return dict(zip(self.words, np.bincount(self.codes).tolist(), strict=True))
