"""Patterns for names, none of which can take for ever: `re` cannot be interrupted once it has begun."""

import re
import warnings
from collections.abc import Iterable, Sequence
from re import _parser as parser  # type: ignore[attr-defined]  # nothing public tells the parts of a pattern
from typing import Any, Protocol

LONGEST = 200  # characters of a name that a regular expression is tried on
_MOST_WAYS = LONGEST**3 * 1024  # three times anything, and some parts that may be absent
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


class Pattern(Protocol):
    """Says yes or no to names, one a line, in lower case."""

    def accepts(self, names: str) -> bool: ...

    def select(self, names: Sequence[str], rows: Iterable[int]) -> list[int]:
        """The rows whose names it accepts, with less ado for each."""


class Glob:
    """A whole name with `*` for anything; the pieces between are found from left to right."""

    def __init__(self, text: str) -> None:
        first, *between, last = map(re.escape, text.split("*"))
        found = "".join(f"(?>.*?{piece})" for piece in between)  # each once and for all
        self._pattern = re.compile(f"^{first}{found}.*{last}$", re.MULTILINE)

    def accepts(self, names: str) -> bool:
        return self._pattern.search(names) is not None

    def select(self, names: Sequence[str], rows: Iterable[int]) -> list[int]:
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
        with warnings.catch_warnings(action="ignore"):  # half-typed sets are warned about
            self._pattern = re.compile(text, flags)
            if _ways(parser.parse(text, flags)) > _MOST_WAYS:
                raise ValueError("this expression could take for ever")

    def accepts(self, names: str) -> bool:
        return self._pattern.search(_shortened(names)) is not None

    def select(self, names: Sequence[str], rows: Iterable[int]) -> list[int]:
        search = self._pattern.search
        longest = max(map(len, names), default=0)
        looked_at = names if longest <= LONGEST else list(map(_shortened, names))
        return [row for row in rows if search(looked_at[row])]


def _shortened(names: str) -> str:
    if len(names) <= LONGEST:
        return names
    return "\n".join(name[:LONGEST] for name in names.split("\n"))


def _ways(parts: Iterable[tuple[Any, Any]]) -> int:
    """In how many ways the parts may divide a name among them, at most; over `_MOST_WAYS` is for ever."""
    ways = 1
    for operation, detail in parts:
        ways = min(ways * _ways_of(str(operation), detail), _MOST_WAYS + 1)
    return ways


def _ways_of(operation: str, detail: Any) -> int:
    if operation in _REPEATS:
        least, most, inner = detail
        once = _ways(inner)
        if once > 1 and most > 1:
            return _MOST_WAYS + 1
        return once + 1 if most == 1 and least == 0 else once * (min(most, LONGEST) - min(least, LONGEST) + 1)
    if operation == "BRANCH":
        return _ways_of_branches(detail[1])
    if operation == "GROUPREF_EXISTS":
        return _ways(detail[1]) + _ways(detail[2] or ())
    return (
        _ways(detail[-1]) if operation in _HOLD_OTHERS else _ways(detail) if operation in _ARE_OTHERS else 1
    )


def _ways_of_branches(branches: Iterable[Any]) -> int:
    """Those that begin with different letters exclude each other."""
    branches = [list(branch) for branch in branches]
    inner = [_ways(branch) for branch in branches]
    beginnings = [branch[0] if branch else None for branch in branches]
    letters = {chr(first[1]).lower() for first in beginnings if first and str(first[0]) == "LITERAL"}
    return max(inner) if len(letters) == len(branches) else sum(inner)


_HOLD_OTHERS = ("SUBPATTERN", "ASSERT", "ASSERT_NOT")
_ARE_OTHERS = ("ATOMIC_GROUP",)
