"""`verify CKPT`."""

from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator

from ckpt_viewer.analysis.verification import VariableCheck, Verification
from ckpt_viewer.cli.opening import open_and_notice, print_title
from ckpt_viewer.cli.printing import print_json, print_line, print_problems, print_table
from ckpt_viewer.cli.progress import Progress
from ckpt_viewer.errors import DamagedFile, MissingShard, Problem, UnfinishedFile
from ckpt_viewer.session.provider import Files
from ckpt_viewer.session.verification import verify_all
from ckpt_viewer.session.verification_report import document
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
        what = "UNFINISHED OR DAMAGED" if isinstance(error, UnfinishedFile) else "DAMAGED"
        _print_unopened(options, error.problem, what)
        return 1
    found = found.with_more(opened.noticed, notes=True)
    if options.json:
        print_json(document(checkpoint.path, found))
        print_problems(opened.noticed, "note")
    else:
        print_title(checkpoint)
        _print_text(found)
        print_problems(found.problems)
        print_problems(found.notes, "note")
    return 0 if found.ok else 1


def _print_unopened(options: Namespace, problem: Problem, what: str) -> None:
    if options.json:
        unopened = Verification((), (problem,), ok=False)
        print_json(document(options.checkpoint, unopened))
    else:
        print_line(printable(f"{what}: {options.checkpoint} cannot be opened"))
    print_problems([problem])


def _causes(bad: Iterable[VariableCheck]) -> Iterator[tuple[str, str, str]]:
    """One line for all variables that share their status and message: a missing file is told once."""
    names: dict[tuple[str, str], list[str]] = {}
    for check in bad:
        names.setdefault((check.status, check.message), []).append(check.name)
    for (status, message), (first, *others) in names.items():
        yield f"{first} and {len(others):,} more" if others else first, status, message


def _print_text(found: Verification) -> None:
    bad = [check for check in found.variables if check.status not in ("ok", "unchecked")]
    if bad:
        print_table(("name", "status", "what"), list(_causes(bad)))
    counts = Counter(check.status for check in found.variables)
    parts = [f"{count:,} {_WORDS.get(status, status)}" for status, count in counts.items()] or [
        "no variables"
    ]
    parts += [plural(len(found.problems), "problem")] if found.problems else []
    parts += [plural(len(found.notes), "note")] if found.notes else []
    print_line(f"{'whole' if found.ok else 'DAMAGED'}: {', '.join(parts)}")
