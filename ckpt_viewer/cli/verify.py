"""`verify CKPT`."""

from argparse import Namespace
from collections import Counter
from collections.abc import Sequence

from ckpt_viewer.analysis.verify import Verification, verify
from ckpt_viewer.cli.opening import open_and_notice, print_title
from ckpt_viewer.cli.printing import print_json, print_line, print_problems, print_table
from ckpt_viewer.cli.progress import Progress
from ckpt_viewer.errors import DamagedFile, MissingShard, Problem
from ckpt_viewer.session.wording import printable


def run(options: Namespace) -> int:
    try:
        with Progress("verifying") as progress:
            opened = open_and_notice(options.checkpoint, progress.cancel)
            with opened.checkpoint as checkpoint:
                verification = verify(checkpoint, progress.cancel)
    except (DamagedFile, MissingShard) as error:
        # What cannot even be opened is the gravest finding, and no less one than a wrong checksum.
        _print_unopened(options, error.problem)
        return 1
    problems = [*opened.noticed, *verification.problems]
    if options.json:
        _print_document(str(checkpoint.path), verification, problems)
    else:
        print_title(checkpoint)
        _print_text(verification)
    print_problems(opened.noticed if options.json else problems)
    return 0 if verification.ok else 1


def _print_unopened(options: Namespace, problem: Problem) -> None:
    if options.json:
        path = options.checkpoint
        print_json({"path": path, "ok": False, "variables": [], "problems": [problem]})
    else:
        print_line(printable(f"DAMAGED: {options.checkpoint} cannot be opened"))
    print_problems([problem])


def _print_document(path: str, verification: Verification, problems: Sequence[Problem]) -> None:
    variables = [
        {"name": check.name, "status": check.status, "message": check.message}
        for check in verification.variables
    ]
    print_json({"path": path, "ok": verification.ok, "variables": variables, "problems": problems})


def _print_text(verification: Verification) -> None:
    found = [check for check in verification.variables if check.status not in ("ok", "unchecked")]
    if found:
        print_table(("name", "status", "what"), [(each.name, each.status, each.message) for each in found])
    counts = Counter(check.status for check in verification.variables)
    summary = ", ".join(f"{count:,} {status}" for status, count in counts.items()) or "no variables"
    print_line(f"{'whole' if verification.ok else 'DAMAGED'}: {summary}")
