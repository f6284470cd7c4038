"""What is typed into a filter field → which variables are meant.

Terms are separated by blanks, and a variable must satisfy all of them:

- `kernel` is part of the name, in any case; `"sp ace"` where blanks belong to it;
- `conv*` is the whole name, with `*` for anything; `/conv[12]/` is a regular expression found in its
  first 200 characters, unless it could take for ever, such as `/(a+)+$/`;
- `dtype:float32`, `role:slot`: how the word begins, several with commas; `dtype:bf16` and its like work too;
- `shape:3x3` is how the shape begins, `*` any length, `shape:=3x3` all of it, `shape:scalar` none;
- `size:>1M` compares bytes (K, M, G, T are powers of 1024), `params:<=1000` elements.

Names are the key and, where there is one, what people called it (`full_name`).
"""

import operator
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import compress, repeat
from operator import contains
from typing import Any, NamedTuple, Self

import numpy as np

from ckpt_viewer.expressions import fault_of
from ckpt_viewer.formats.checkpoint import ROLES, Array, Variable
from ckpt_viewer.formats.listing import Columns, columns_of
from ckpt_viewer.session import name_patterns
from ckpt_viewer.session.name_patterns import Expression, Glob, Pattern, TooSlow

Accepts = Callable[[Any], bool]

_TERM = re.compile(r'"[^"]*"?|/\S.*?/(?=\s|$)|\S+')
_SIZE = re.compile(r"(>=|<=|>|<|=|)(\d+(?:\.\d+)?)([kmgt]?)i?b?", re.IGNORECASE)
_COMPARISONS = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "": operator.eq,
}
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_SHORT_DTYPES = {
    "f16": "float16",
    "f32": "float32",
    "f64": "float64",
    "half": "float16",
    "double": "float64",
    "bf16": "bfloat16",
    "f8": "float8",
    **{f"i{bits}": f"int{bits}" for bits in (2, 4, 8, 16, 32, 64)},
    **{f"u{bits}": f"uint{bits}" for bits in (2, 4, 8, 16, 32, 64)},
    "c64": "complex64",
    "c128": "complex128",
}


class _Unclear(Exception):
    """A term that cannot be understood, in words for the user."""


class Subject(NamedTuple):
    """What can be asked about beside names: of one variable, and of all."""

    of: Callable[[Variable], Any]
    column: Callable[[Columns], Sequence[Any]]


class Fact(NamedTuple):
    """A question to one value of each variable."""

    subject: Subject
    accepts: Accepts


@dataclass(frozen=True, slots=True)
class Filter:
    """All terms of one filter text.

    Attributes:
        words: Lower-case parts of the name.
        patterns: Matched against the names, one a line, in lower case.
        facts: Questions to what else is known of them.
        problem: Why a term was left out; empty where all were understood.
    """

    words: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    facts: tuple[Fact, ...] = ()
    problem: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Any text gives a filter; what cannot be understood is left out and named in `problem`."""
        words: list[str] = []
        patterns: list[Pattern] = []
        facts: list[Fact] = []
        problem = ""
        for term in _TERM.findall(text):
            key, colon, wanted = term.partition(":")
            try:
                if colon and key.lower() in _FACTS:
                    subject, ask = _FACTS[key.lower()]
                    facts.append(Fact(subject, ask(wanted.lower())))
                elif pattern := _pattern(term):
                    patterns.append(pattern)
                elif word := term.strip('"').lower():
                    words.append(word)
            except _Unclear as unclear:
                problem = problem or str(unclear)
        return cls(tuple(words), tuple(patterns), tuple(facts), problem)

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.patterns or self.facts)

    def accepts(self, variable: Variable) -> bool:
        names = _names(variable)
        return (
            all(word in names for word in self.words)
            and all(pattern.accepts(names) for pattern in self.patterns)
            and all(accepts(subject.of(variable)) for subject, accepts in self.facts)
        )

    def apply(self, variables: Sequence[Variable]) -> list[int]:
        """The rows of those it accepts; keep a `Haystack` to ask the same variables again and again."""
        return Haystack(variables).select(self)


class Haystack:
    """The columns of many variables, made ready once for a filter on every keystroke.

    Attributes:
        left_out: Why the last filter was not followed in full; empty where it was.
    """

    def __init__(self, variables: Sequence[Variable]) -> None:
        self.variables = variables
        self.columns = columns_of(variables)
        self._names = _searched(self.columns)
        self.left_out = ""

    def select(self, wanted: Filter) -> list[int]:
        """The rows of the accepted variables, in their order."""
        rows: list[int] = np.flatnonzero(self.accepted(wanted)).tolist()
        return rows

    def accepted(self, wanted: Filter) -> Array:
        """For each variable whether it is accepted; no step of Python is taken for each."""
        rows = np.ones(len(self._names), bool)
        for word in wanted.words:
            _keep(rows, self._names, partial(_hold, word))
        for subject, accepts in wanted.facts:
            values = subject.column(self.columns)
            among = set(filter(accepts, set(values)))  # many variables share few values
            _keep(rows, values, partial(map, among.__contains__))
        self.left_out, end = "", time.perf_counter() + name_patterns.PATIENCE
        for pattern in wanted.patterns:
            try:
                _keep(rows, self._names, partial(pattern.answers, end=end))
            except TooSlow:
                count = np.count_nonzero(rows)
                self.left_out = f"an expression that takes too long for {count:,} names"
        return rows


def _hold(word: str, names: Iterable[str]) -> Iterable[bool]:
    return map(contains, names, repeat(word))


def _keep(rows: Array, column: Sequence[Any], answers: Callable[[Iterable[Any]], Iterable[Any]]) -> None:
    """Of the rows still kept, those whose value is answered by something true."""
    asked: Iterable[Any] = column if rows.all() else compress(column, rows.tolist())
    rows[rows] = np.fromiter(answers(asked), bool, np.count_nonzero(rows))


def _names(variable: Variable) -> str:
    return _searched(columns_of([variable]))[0]


def _searched(columns: Columns) -> list[str]:
    """Both names of each variable, one a line, in lower case."""
    names, full_names = columns.names, columns.full_names
    if not any(full_names):
        return list(map(str.lower, names))
    pairs = zip(names, full_names, strict=True)
    return [(name if full is None else f"{name}\n{full}").lower() for name, full in pairs]


def _pattern(term: str) -> Pattern | None:
    if len(term) > 2 and term.startswith("/") and term.endswith("/"):
        try:
            return Expression(term[1:-1])
        except (re.error, OverflowError, RecursionError) as error:
            raise _Unclear(f"{term} is no regular expression: {fault_of(error)}.") from error
        except ValueError as error:
            raise _Unclear(f"{term} was left out: {error}.") from error
    if "*" in term and not term.startswith('"'):
        return Glob(term.lower())
    return None


def _begins(wanted: str, spelled: Callable[[str], str] = str) -> tuple[str, ...]:
    return tuple(spelled(part) for part in wanted.split(",") if part)


def _dtype(wanted: str) -> Accepts:
    words = _begins(wanted, lambda part: _SHORT_DTYPES.get(part, part))
    return lambda dtype: not words or dtype.startswith(words)


def _role(wanted: str) -> Accepts:
    words = _begins(wanted)
    unknown = [word for word in words if not any(role.startswith(word) for role in ROLES)]
    if unknown:
        raise _Unclear(f"{unknown[0]} is no role; there are {', '.join(ROLES)}.")
    return lambda role: not words or role.startswith(words)


def _shape(wanted: str) -> Accepts:
    if wanted in ("scalar", "()", "[]", "="):
        return lambda shape: not shape
    lengths = [part for part in re.split("[x×,]", wanted.lstrip("=").strip("()[]")) if part]
    if not all(part in "*?" or (part.isdecimal() and len(part) < 20) for part in lengths):
        raise _Unclear(f"{wanted} is no shape; write it like 3x3x64, with * for any length.")
    axes = tuple(None if part in "*?" else int(part) for part in lengths)
    whole = wanted.startswith("=")
    if None not in axes:
        count = len(axes)
        return lambda shape: (shape if whole else shape[:count]) == axes

    def accepts(shape: tuple[int, ...]) -> bool:
        if len(shape) < len(axes) or (whole and len(shape) != len(axes)):
            return False
        return all(axis is None or axis == length for axis, length in zip(axes, shape, strict=False))

    return accepts


def _amount(step: int) -> Callable[[str], Accepts]:
    def fact(wanted: str) -> Accepts:
        if not wanted.strip("<>="):
            return lambda amount: True  # still being typed
        match = _SIZE.fullmatch(wanted)
        if match is None:
            raise _Unclear(f"{wanted} is no size; write it like >1M, <=64K or 100.")
        compare, limit = _COMPARISONS[match[1]], float(match[2]) * step ** _POWERS[match[3].lower()]
        return lambda amount: bool(compare(amount, limit))

    return fact


_FACTS: dict[str, tuple[Subject, Callable[[str], Accepts]]] = {
    "dtype": (Subject(lambda variable: variable.dtype, lambda columns: columns.dtypes), _dtype),
    "shape": (Subject(lambda variable: variable.shape, lambda columns: columns.shapes), _shape),
    "role": (Subject(lambda variable: variable.role, lambda columns: columns.roles), _role),
    "size": (Subject(lambda variable: variable.nbytes, lambda columns: columns.sizes), _amount(1024)),
    "params": (
        Subject(lambda variable: variable.element_count, lambda columns: columns.element_counts),
        _amount(1000),
    ),
}
