r"""Which variable of B belongs to a variable of A, where their names differ: rules a person can write down.

One rule to a line; the first that applies and names a variable of B wins, exact names before all others:

    dense/kernel = fc/weights         this variable of A is that one of B
    prefix:old/ = new/                names that begin so, either side may be empty
    /layer_(\d+)/ = block\1           a regular expression and what takes the place of its first match
    ema                               an ExponentialMovingAverage of A is the plain variable of B
    # a comment

Spaces around names and " = " do not count. A variable for which no rule finds a partner keeps its name.
"""

import os
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ckpt_viewer.errors import DamagedFile, Problem, RequestRefused
from ckpt_viewer.expressions import compiled, fault_of
from ckpt_viewer.formats.storage.source import open_regular, unreadable

EMA_SUFFIX = "/ExponentialMovingAverage"
_LARGEST = 16 << 20
_KIND = re.compile(r"([A-Za-z]+):(?!\d+$)")  # `w:0` is a name; `regex:w` is meant as a rule

Rule = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class PrefixRule:
    old: str
    new: str

    def __call__(self, name: str) -> str | None:
        return self.new + name.removeprefix(self.old) if name.startswith(self.old) else None


@dataclass(frozen=True, slots=True)
class RegexRule:
    pattern: re.Pattern[str]
    replacement: str

    def __call__(self, name: str) -> str | None:
        changed, found = self.pattern.subn(self.replacement, name, count=1)
        return changed if found else None


@dataclass(frozen=True, slots=True)
class EmaRule:
    """From a moving average to the weight it follows."""

    suffix: str = EMA_SUFFIX

    def __call__(self, name: str) -> str | None:
        return name.removesuffix(self.suffix) if name.endswith(self.suffix) else None


@dataclass(frozen=True, slots=True)
class ExactRule:
    old: str
    new: str

    def __call__(self, name: str) -> str | None:
        return self.new if name == self.old else None


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as it was written, and where."""

    place: str
    text: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class NameMap:
    """Rules from the names of A to those of B; without any, equal names belong together."""

    exact: dict[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    lines: tuple[Line, ...] = field(default=(), compare=False)

    def names_of_b(self, name_in_a: str) -> tuple[str, ...]:
        """What it may be called in B, the likeliest first; its own name comes last."""
        if name_in_a in self.exact:
            return (self.exact[name_in_a],)
        found = [renamed for rule in self.rules if (renamed := rule(name_in_a)) is not None]
        return tuple(dict.fromkeys((*found, name_in_a)))

    def problems(self, names_of_a: Collection[str], names_of_b: Collection[str]) -> list[Problem]:
        """The lines that bring nothing together: most likely one of their sides is mistyped."""
        there = frozenset(names_of_b)
        found = ((line, _idle(line.rule, names_of_a, there)) for line in self.lines)
        hint = "ckpt-viewer ls CKPT lists the names of a side."
        return [
            Problem("not-found", f"{line.place} ({line.text}) matches nothing: {what}.", hint)
            for line, what in found
            if what
        ]


def read_name_map(path: Path) -> NameMap:
    """The rules of a text file; raises `CheckpointError` that names the line it is about."""
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(content) > _LARGEST:
        raise RequestRefused(f"{path} is too large for a list of names.", path=path, code="too-large")
    return parse_name_map(content.decode("utf-8-sig", "surrogateescape"), path)


def parse_name_map(text: str, path: Path) -> NameMap:
    exact: dict[str, str] = {}
    lines: list[Line] = []
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        try:
            rule = _rule(stripped)
            if isinstance(rule, ExactRule) and exact.setdefault(rule.old, rule.new) != rule.new:
                raise ValueError(f"{rule.old!r} has a partner already, {exact[rule.old]!r}")
        except ValueError as error:
            raise _wrong_line(path, number, str(error)) from error
        lines.append(Line(f"Line {number} of {path}", stripped, rule))
    rules = tuple(line.rule for line in lines if not isinstance(line.rule, ExactRule))
    return NameMap(exact, rules, tuple(lines))


def _rule(line: str) -> Rule:
    if line == "ema":
        return EmaRule()
    left, right = _sides(line)
    if left.startswith("prefix:"):
        return PrefixRule(left.removeprefix("prefix:").strip(), right)
    if len(left) > 1 and left.startswith("/") and left.endswith("/"):
        return _regex_rule(left[1:-1], right)
    if not left or not right:
        raise ValueError("a name is missing on one side of the equals sign")
    if kind := _KIND.match(left):
        raise ValueError(f"there is no kind of rule called {kind[1]!r}")
    return ExactRule(left, right)


def _idle(rule: Rule, names_of_a: Iterable[str], names_of_b: Collection[str]) -> str:
    """Why a rule brings nothing together; empty where it does."""
    made = [new for name in names_of_a if (new := rule(name)) is not None]
    if not made:
        return "A has no such variable"
    if any(new in names_of_b for new in made):
        return ""
    return f"B has no variable {made[0]!r}" + (f", nor the {len(made) - 1:,} others" if made[1:] else "")


def _sides(line: str) -> tuple[str, str]:
    """Around the first equals sign that stands alone: names may hold one too, but rarely between spaces."""
    match = re.search(r"(?:^|\s)=(?:\s|$)", line) or re.search("=", line)
    if match is None:
        raise ValueError("there is no equals sign in it")
    return line[: match.start()].strip(), line[match.end() :].strip()


def _regex_rule(pattern: str, replacement: str) -> RegexRule:
    try:
        expression = compiled(pattern)
        expression.sub(replacement, "")
    except (re.error, IndexError, OverflowError, RecursionError) as error:
        raise ValueError(f"the regular expression is wrong: {fault_of(error)}") from error
    return RegexRule(expression, replacement)


def _wrong_line(path: Path, number: int, what: str) -> DamagedFile:
    return DamagedFile(
        f"Line {number} of {path} is no rule: {what}.",
        path=path,
        hint="Write lines such as “name in A = name in B”, “prefix:old/ = new/”, “/regex/ = text” or “ema”.",
        code="refused",
    )
