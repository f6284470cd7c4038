"""Patterns for names, none of which can take for ever: `re` cannot be interrupted within a name."""

import re
import time
from collections.abc import Iterable, Sequence
from typing import Protocol

from ckpt_viewer.expressions import LONGEST, compiled

PATIENCE = 0.5  # seconds that all expressions of a filter may take


class TooSlow(Exception):
    """An expression takes too long for so many names."""


class Pattern(Protocol):
    """Says yes or no to names, one a line, in lower case."""

    def accepts(self, names: str) -> bool: ...

    def select(self, names: Sequence[str], rows: Iterable[int], end: float) -> list[int]:
        """The rows whose names it accepts, with less ado for each; after the time `end`, `TooSlow`."""


class Glob:
    """A whole name with `*` for anything; the pieces between are found from left to right."""

    def __init__(self, text: str) -> None:
        first, *between, last = map(re.escape, text.split("*"))
        found = "".join(f"(?>.*?{piece})" for piece in between)  # each once and for all
        self._pattern = re.compile(f"^{first}{found}.*{last}$", re.MULTILINE)

    def accepts(self, names: str) -> bool:
        return self._pattern.search(names) is not None

    def select(self, names: Sequence[str], rows: Iterable[int], end: float) -> list[int]:
        match, search = self._pattern.match, self._pattern.search
        return [row for row in rows if (search if "\n" in names[row] else match)(names[row])]


class Expression:
    """A regular expression found anywhere in the first `LONGEST` characters of a name.

    Raises:
        re.error: It is none.
        ValueError: It could take for ever.
    """

    def __init__(self, text: str) -> None:
        # The names are in lower case: where the expression is, too, ignoring case would only take longer.
        flags = re.MULTILINE if text == text.lower() else re.MULTILINE | re.IGNORECASE
        self._pattern = compiled(text, flags)

    def accepts(self, names: str) -> bool:
        return self._pattern.search(_shortened(names)) is not None

    def select(self, names: Sequence[str], rows: Iterable[int], end: float) -> list[int]:
        search, clock, found = self._pattern.search, time.perf_counter, list[int]()
        longest = max(map(len, names), default=0)
        looked_at = names if longest <= LONGEST else list(map(_shortened, names))
        for row in rows:
            if search(looked_at[row]):
                found.append(row)
            if clock() > end:
                raise TooSlow
        return found


def _shortened(names: str) -> str:
    if len(names) <= LONGEST:
        return names
    return "\n".join(name[:LONGEST] for name in names.split("\n"))
