"""`verify CKPT`."""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from ckpt_viewer.analysis.verification import VariableCheck, Verification
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.cli.opening import open_and_notice, print_title
from ckpt_viewer.cli.printing import print_json, print_line, print_problems, print_table
from ckpt_viewer.cli.progress import Progress
from ckpt_viewer.errors import DamagedFile, MissingShard, Problem
from ckpt_viewer.session.provider import Files
from ckpt_viewer.session.verification import verify_all, with_beside
from ckpt_viewer.session.verification_report import beside, document
from ckpt_viewer.session.wording import plural, printable

_WORDS = {"unchecked": "unchecked (complete, but without checksums)"}


def run(options: Namespace) -> int:
    try:
        with Progress("verifying") as progress:
            opened = open_and_notice(options.checkpoint, progress.cancel)
            with opened.checkpoint as checkpoint:
                found = verify_all(Files(), checkpoint, checkpoint.path, progress.cancel)
    except (DamagedFile, MissingShard) as error:
        # What cannot even be opened is the gravest finding, and no less one than a wrong checksum.
        what = "UNFINISHED" if error.code == "partial-save" else "DAMAGED"
        _print_unopened(options, error.problem, what)
        return 1
    found = _with_beside(options, found)
    found = found.with_more(opened.noticed, notes=True)
    for newer in opened.passed_over:  # it was asked for; one that is being written may be whole in a moment
        found = found.with_more([newer], notes=newer.code == "partial-save")
    if options.json:
        print_json(document(checkpoint.path, found))
        print_problems(opened.noticed, "note")
    else:
        print_title(checkpoint)
        _print_text(found)
        print_problems(found.problems)
        print_problems(found.notes, "note")
    _print_beside(found)
    return 0 if found.ok else 1


def _print_unopened(options: Namespace, problem: Problem, what: str) -> None:
    if options.json:
        unopened = Verification((), (problem,), ok=False)
        print_json(document(options.checkpoint, unopened))
    else:
        print_line(printable(f"{what}: {options.checkpoint} cannot be opened"))
    print_problems([problem])
    _print_beside(_with_beside(options, Verification((), (), ok=False)))


def _with_beside(options: Namespace, found: Verification) -> Verification:
    folder = Path(options.checkpoint)
    return with_beside(found, Files(), folder, None, CancelToken()) if folder.is_dir() else found


def _print_beside(found: Verification) -> None:
    if told := beside(found):
        print_line(f"ckpt-viewer: note: {told}", sys.stderr)


def _rows(bad: Iterable[VariableCheck]) -> Iterator[tuple[str, str, str]]:
    """What many have in common, such as a missing file, is told with the first of them."""
    first: dict[str, str] = {}
    for check in bad:
        told = first.setdefault(check.cause or check.message, check.name)
        yield check.name, check.status, check.message if told == check.name else f"as {told}"


def _print_text(found: Verification) -> None:
    bad = [check for check in found.variables if check.status not in ("ok", "unchecked")]
    if bad:
        print_table(("name", "status", "what"), list(_rows(bad)))
    counts = Counter(check.status for check in found.variables)
    parts = [f"{count:,} {_WORDS.get(status, status)}" for status, count in counts.items()] or [
        "no variables"
    ]
    parts += [plural(len(found.problems), "problem")] if found.problems else []
    parts += [plural(len(found.notes), "note")] if found.notes else []
    print_line(f"{'whole' if found.ok else 'DAMAGED'}: {', '.join(parts)}")
