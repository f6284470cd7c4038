"""What a verification found, as text for people and for programs."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from ckpt_viewer.analysis.verification import BY_BLOCK, CheckStatus, Verification
from ckpt_viewer.errors import Problem
from ckpt_viewer.session.wording import plural, printable

# What each status is called where there is room for words.
STATUS_WORDS: dict[CheckStatus, str] = {
    "ok": "as saved",
    "damaged": "damaged",
    "missing-data": "data missing",
    "unreadable": "cannot be read",
    "unchecked": "no checksum",
}
_MARKS = re.compile(r"([\\`*_<>\[\]#|~])")
Grade = Literal["problem", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    Attributes:
        what: A word or two.
        variable: Its name as stored; None where it is about the checkpoint as a whole.
        message: What it means, in a sentence or two, and what to do.
    """

    grade: Grade
    what: str
    variable: str | None
    message: str

    @property
    def text(self) -> str:
        where = "" if self.variable is None else f"{printable(self.variable)} — {self.what}: "
        return f"{where}{printable(self.message)}".rstrip(": ")


@dataclass(frozen=True, slots=True)
class Report:
    """A verification put into words, which takes a while where there are many findings."""

    found: Verification
    headline: str
    counts: dict[CheckStatus, int]
    findings: list[Finding]

    @classmethod
    def of(cls, found: Verification) -> Self:
        return cls(found, headline(found), counts(found), findings(found))


def headline(found: Verification) -> str:
    """What came of it, in one sentence."""
    variables, statuses = plural(len(found.variables), "variable"), counts(found)
    sound = statuses.get("ok", 0) + statuses.get("unchecked", 0)
    if not found.ok:
        bad, problems = len(found.variables) - sound, len(found.problems)
        told = [f"{bad:,} damaged or missing"] if bad else []
        told += [f"{plural(problems, 'problem')} with the files"] if problems else []
        return f"{variables} checked: {', '.join(told)}."
    if found.problems:
        return f"{variables} checked: none is damaged, but the graph beside cannot restore them all."
    if sound and not statuses.get("ok"):
        return f"{variables} read: complete, but without checksums there is nothing to check them with."
    told_too = f", with {plural(len(found.notes), 'note')}" if found.notes else ""
    return f"{variables} checked: all as saved{told_too}."


def assurance(found: Verification) -> str:
    """What it means that nothing was found."""
    if any(check.message == BY_BLOCK for check in found.variables):
        return (
            "Every block of its table has the checksum it was saved with; values have none of their own here."
        )
    return "Every byte has the checksum it was saved with."


def beside(found: Verification) -> str:
    """That others were not checked; empty where nobody asked for them."""
    if not found.beside:
        return ""
    others = plural(found.beside, "other checkpoint")
    return (
        f"Only the newest was checked: {others} of the folder {'was' if found.beside == 1 else 'were'} not."
    )


def counts(found: Verification) -> dict[CheckStatus, int]:
    """How many variables have each status, most frequent first."""
    return dict(Counter(check.status for check in found.variables).most_common())


def findings(found: Verification) -> list[Finding]:
    """First what is wrong with the whole, then with variables, then what is odd and does no harm.

    Variables without a checksum are a note together: nothing is known to be wrong with them.
    """
    bad = [check for check in found.variables if check.status not in ("ok", "unchecked")]
    unchecked = [check.message for check in found.variables if check.status == "unchecked"]
    return [
        *(Finding("problem", "problem", None, _sentences(problem)) for problem in found.problems),
        *(Finding("problem", STATUS_WORDS[each.status], each.name, each.message) for each in bad),
        *(Finding("note", "note", None, _sentences(problem)) for problem in found.notes),
        *(
            Finding("note", "note", None, f"{plural(count, 'variable')}: {message}")
            for message, count in Counter(unchecked).items()
        ),
    ]


def as_markdown(path: Path, found: Verification) -> str:
    """Grouped under headings, with nothing in it that Markdown would act on."""
    every = findings(found)
    lines = [
        f"# {_escaped(printable(path.name))}",
        "",
        _escaped(printable(str(path))),
        "",
        headline(found),
        *filter(None, (beside(found),)),
        "",
    ]
    lines += [f"- {status}: {count:,}" for status, count in counts(found).items()]
    lines += _section(
        "The checkpoint", [each for each in every if each.grade == "problem" and not each.variable]
    )
    lines += _section("Variables", [each for each in every if each.variable is not None])
    lines += _section("Notes", [each for each in every if each.grade == "note"])
    return "\n".join(lines) + "\n"


def as_json(path: Path, found: Verification) -> str:
    """What `ckpt-viewer verify --json` prints."""
    return json.dumps(document(path, found), indent=2) + "\n"


def document(path: Path, found: Verification) -> dict[str, Any]:
    """As plain values; `severity` of a problem is `error`, or `note` where it does no harm."""
    return {
        "path": str(path),
        "ok": found.ok,
        "variables": [
            {"name": check.name, "status": check.status, "message": check.message}
            for check in found.variables
        ],
        "problems": [
            *(_problem(problem, "error") for problem in found.problems),
            *(_problem(problem, "note") for problem in found.notes),
        ],
    }


def _problem(problem: Problem, severity: str) -> dict[str, str]:
    return {
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "severity": severity,
    }


def _sentences(problem: Problem) -> str:
    return f"{problem.message} {problem.hint}".rstrip()


def _section(title: str, lines: Sequence[Finding]) -> list[str]:
    return ["", f"## {title}", "", *(f"- {_escaped(each.text)}" for each in lines)] if lines else []


def _escaped(line: str) -> str:
    """Names may hold marks that Markdown would act on."""
    return _MARKS.sub(r"\\\1", line)
