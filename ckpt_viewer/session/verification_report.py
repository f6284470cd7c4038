"""What a verification found, as text for people and for programs."""

import json
from collections import Counter
from pathlib import Path

from ckpt_viewer.analysis.verify import Verification
from ckpt_viewer.session.wording import plural, printable


def headline(found: Verification) -> str:
    """What came of it, in one sentence."""
    checked = f"{plural(len(found.variables), 'variable')} checked"
    return f"{checked}: all is well." if found.ok else f"{checked}: {plural(_bad(found), 'finding')}."


def counts(found: Verification) -> dict[str, int]:
    """How many variables have each status, most frequent first."""
    return dict(Counter(check.status for check in found.variables).most_common())


def findings(found: Verification) -> list[str]:
    """One line each: first what is wrong with the whole, then with variables."""
    whole = [f"{problem.message} {problem.hint}".rstrip() for problem in found.problems]
    return whole + [
        f"{printable(check.name)} — {check.status}: {check.message}".rstrip(": ")
        for check in found.variables
        if check.status != "ok"
    ]


def as_markdown(path: Path, found: Verification) -> str:
    lines = [f"# {printable(path.name)}", "", f"`{printable(str(path))}`", "", headline(found), ""]
    lines += [f"- {status}: {count:,}" for status, count in counts(found).items()]
    if told := findings(found):
        lines += ["", "## Findings", "", *(f"- {_escaped(line)}" for line in told)]
    return "\n".join(lines) + "\n"


def as_json(path: Path, found: Verification) -> str:
    """The keys of `ckpt-viewer verify --json`."""
    content = {
        "path": str(path),
        "ok": found.ok,
        "variables": [
            {"name": check.name, "status": check.status, "message": check.message}
            for check in found.variables
        ],
        "problems": [
            {"code": problem.code, "message": problem.message, "hint": problem.hint}
            for problem in found.problems
        ],
    }
    return json.dumps(content, indent=2)


def _bad(found: Verification) -> int:
    return len(findings(found))


def _escaped(line: str) -> str:
    """Names may hold marks that Markdown would act on."""
    return "".join("\\" + mark if mark in "\\`*_<>[]#|" else mark for mark in line)
