"""Patterns for names, none of which can take for ever: `re` cannot be interrupted within a name."""

import re
import time
from collections.abc import Iterable
from typing import Any, Protocol

from ckpt_viewer.expressions import LONGEST, compiled

PATIENCE = 0.5  # seconds that all expressions of a filter may take
_ANY_LINES = r"(?:[^\n]*+\n)*?"  # above the one that is meant
_WAYS = frozenset("*+?{|")  # without these there is one way to go on from each character of a name


class TooSlow(Exception):
    """An expression takes too long for so many names."""


class Pattern(Protocol):
    """Says yes or no to names, one a line, in lower case."""

    def accepts(self, names: str) -> bool: ...

    def answers(self, names: Iterable[str], end: float) -> Iterable[Any]:
        """Something true for each that it accepts, with less ado; after the time `end`, `TooSlow`."""


class Glob:
    """A whole name with `*` for anything; the pieces between are found from left to right."""

    def __init__(self, text: str) -> None:
        first, *between, last = map(re.escape, text.split("*"))
        found = "".join(f"(?>.*?{piece})" for piece in between)  # each once and for all
        end = f".*{last}$" if last else ""
        self._match = re.compile(f"{_ANY_LINES}{first}{found}{end}", re.MULTILINE).match

    def accepts(self, names: str) -> bool:
        return self._match(names) is not None

    def answers(self, names: Iterable[str], end: float) -> Iterable[Any]:
        return map(self._match, names)


class Expression:
    """A regular expression found anywhere in the first `LONGEST` characters of a name.

    Raises:
        re.error: It is none.
        ValueError: It could take for ever.
    """

    def __init__(self, text: str) -> None:
        # The names are in lower case: where the expression is, too, ignoring case would only take longer.
        flags = re.MULTILINE if text == text.lower() else re.MULTILINE | re.IGNORECASE
        self._search = compiled(text, flags).search
        self._is_quick = _WAYS.isdisjoint(text)

    def accepts(self, names: str) -> bool:
        return self._search(_shortened(names)) is not None

    def answers(self, names: Iterable[str], end: float) -> Iterable[Any]:
        names = list(names)
        looked_at = names if max(map(len, names), default=0) <= LONGEST else map(_shortened, names)
        return map(self._search, looked_at) if self._is_quick else self._in_time(looked_at, end)

    def _in_time(self, names: Iterable[str], end: float) -> list[Any]:
        search, clock, found = self._search, time.perf_counter, list[Any]()
        for name in names:
            found.append(search(name))
            if clock() > end:
                raise TooSlow
        return found


def _shortened(names: str) -> str:
    if len(names) <= LONGEST:
        return names
    return "\n".join(name[:LONGEST] for name in names.split("\n"))
