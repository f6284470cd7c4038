"""`verify CKPT`."""

from argparse import Namespace
from collections import Counter

from ckpt_viewer.analysis.verify import Verification, verify
from ckpt_viewer.cli.printing import plain, print_failure, print_json, print_line, print_problems, print_table
from ckpt_viewer.cli.progress import Progress
from ckpt_viewer.errors import DamagedFile, MissingShard
from ckpt_viewer.formats.readers import open_checkpoint


def run(options: Namespace) -> int:
    try:
        with (
            Progress("verifying") as progress,
            open_checkpoint(options.checkpoint, progress.cancel) as opened,
        ):
            verification = verify(opened, progress.cancel)
    except (DamagedFile, MissingShard) as error:
        # What cannot even be opened is the gravest finding, and no less one than a wrong checksum.
        if options.json:
            problems = [error.problem]
            print_json({"path": options.checkpoint, "ok": False, "variables": [], "problems": problems})
        print_failure(error.problem)
        return 1
    if options.json:
        _print_document(str(opened.path), verification)
    else:
        _print_text(verification)
    return 0 if verification.ok else 1


def _print_document(path: str, verification: Verification) -> None:
    variables = [
        {"name": check.name, "status": check.status, "message": check.message}
        for check in verification.variables
    ]
    problems = plain(verification.problems)
    print_json({"path": path, "ok": verification.ok, "variables": variables, "problems": problems})


def _print_text(verification: Verification) -> None:
    found = [check for check in verification.variables if check.status not in ("ok", "unchecked")]
    if found:
        print_table(("name", "status", "what"), [(each.name, each.status, each.message) for each in found])
    counts = Counter(check.status for check in verification.variables)
    summary = ", ".join(f"{count:,} {status}" for status, count in counts.items()) or "no variables"
    print_line(f"{'whole' if verification.ok else 'DAMAGED'}: {summary}")
    print_problems(verification.problems)
