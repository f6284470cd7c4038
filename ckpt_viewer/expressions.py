"""Regular expressions that people write: none that could take for ever, for `re` cannot be interrupted."""

import re
import warnings
from collections.abc import Iterable
from re import _parser as parser  # type: ignore[attr-defined]  # nothing public tells the parts of a pattern
from typing import Any

LONGEST = 200  # characters of a name that are counted on
_MOST_WAYS = (LONGEST + 1) ** 3  # three times anything
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


# What `re` says of an expression → what we say.
_FAULTS = {
    "missing ), unterminated subpattern": "a ( is not closed",
    "unbalanced parenthesis": "a ) closes nothing",
    "unterminated character set": "a [ is not closed",
    "nothing to repeat": "there is nothing before *, + or ? that it could repeat",
    "multiple repeat": "one of *, + and ? cannot repeat another",
    "bad escape": "a \\ stands before what it does not go with",
    "bad character range": "a range in [ ] goes backwards",
    "invalid group reference": "it refers to a group that is not there",
}


def fault_of(error: Exception) -> str:
    """Why it is no expression, in our words: `a ( is not closed (character 5)`."""
    if isinstance(error, IndexError):  # what `re` raises for names of groups in a replacement
        return _FAULTS["invalid group reference"]
    if not isinstance(error, re.error):
        return "it is too large"
    ours = next((words for theirs, words in _FAULTS.items() if error.msg.startswith(theirs)), "")
    place = "" if error.pos is None else f" (character {error.pos + 1})"
    return f"{ours or 'it cannot be understood'}{place}"


def compiled(text: str, flags: int = 0) -> re.Pattern[str]:
    """The expression, ready for use.

    Raises:
        re.error, IndexError, OverflowError, RecursionError: It is none.
        ValueError: It could take for ever.
    """
    with warnings.catch_warnings(action="ignore"):  # half-typed sets are warned about
        pattern = re.compile(text, flags)
        if _ways(parser.parse(text, flags)) > _MOST_WAYS:
            raise ValueError("this expression could take for ever")
    return pattern


def _ways(parts: Iterable[tuple[Any, Any]]) -> int:
    """In how many ways the parts may divide a name among them, at most; over `_MOST_WAYS` is for ever."""
    ways = 1
    for operation, detail in parts:
        found = _ways_of(str(operation), detail)
        if 1 < found < LONGEST:
            found += 1  # the ends of several `.*` come in order, which makes them fewer; choices do not
        ways = min(ways * found, _MOST_WAYS + 1)
    return ways


def _ways_of(operation: str, detail: Any) -> int:
    if operation in _REPEATS:
        least, most, inner = detail
        once = _ways(inner)
        if most > 1 and (once > 1 or inner.getwidth()[0] == 0):  # of nothing, memory is full of repeats
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
    """Those that begin with different ASCII letters exclude each other; `ſ` and `s` are one in some cases."""
    branches = [list(branch) for branch in branches]
    inner = [_ways(branch) for branch in branches]
    beginnings = [branch[0] if branch else None for branch in branches]
    literals = [chr(first[1]) for first in beginnings if first and str(first[0]) == "LITERAL"]
    letters = {letter.lower() for letter in literals if letter.isascii()}
    return max(inner) if len(letters) == len(branches) else sum(inner)


_HOLD_OTHERS = ("SUBPATTERN", "ASSERT", "ASSERT_NOT")
_ARE_OTHERS = ("ATOMIC_GROUP",)
