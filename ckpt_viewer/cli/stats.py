"""`stats CKPT [NAME …]`."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ckpt_viewer.analysis.scan import summarize_all
from ckpt_viewer.analysis.summary import Checksum, Summary
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.cli.opening import open_and_tell, print_title
from ckpt_viewer.cli.printing import print_error, print_json, print_problems, print_table
from ckpt_viewer.cli.progress import Progress
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.values.dtypes import is_numeric
from ckpt_viewer.session.wording import number_text, plural, shape_text

FACTS = ("min", "max", "mean", "std", "zeros", "nan", "posinf", "neginf")


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one variable; strings and such have a checksum only.

    Attributes:
        problem: Why it cannot be read, or which checksum is wrong.
    """

    variable: Variable
    summary: Summary | None = None
    checksum: Checksum | None = None
    problem: Problem | None = None

    @property
    def is_unread(self) -> bool:
        return self.problem is not None and self.checksum is None

    def fact(self, name: str) -> Any:
        return getattr(self.summary, name) if self.summary else None


def run(options: Namespace) -> int:
    with (
        Progress("reading values") as progress,
        open_and_tell(options.checkpoint, progress.cancel) as opened,
    ):
        variables = [opened.find(name) for name in options.names] or opened.variables
        rows = list(_rows(opened, variables, progress.cancel))
    if options.json:
        print_json({"path": opened.path, "variables": [_document(row) for row in rows]})
    else:
        print_title(opened)
        _print_text(rows)
    unread = [row for row in rows if row.is_unread]
    print_problems(
        (row.problem for row in rows if row.problem and not row.is_unread),
        unread=(row.problem for row in unread if row.problem),
    )
    if unread:
        message = f"{len(unread):,} of {plural(len(rows), 'variable')} in {opened.path} cannot be read."
        print_error(message, f"ckpt-viewer verify {opened.path} tells what is damaged.")
    return 2 if unread else 0


def _rows(checkpoint: Checkpoint, variables: Sequence[Variable], cancel: CancelToken) -> Iterator[Row]:
    readable = [variable for variable in variables if _is_readable(variable)]
    found = summarize_all(checkpoint, readable, cancel)
    for variable in variables:
        if _is_readable(variable):
            yield _row(*next(found))
        else:
            yield Row(variable, problem=variable.problem)


def _is_readable(variable: Variable) -> bool:
    return variable.problem is None and (is_numeric(variable.dtype) or variable.dtype == "string")


def _row(variable: Variable, found: Summary | CheckpointError) -> Row:
    if isinstance(found, CheckpointError):
        return Row(variable, problem=found.problem)
    return Row(variable, found if is_numeric(variable.dtype) else None, found.checksum, found.problem)


def _document(row: Row) -> dict[str, Any]:
    variable = row.variable
    return {
        "name": variable.name,
        "dtype": variable.dtype,
        "shape": variable.shape,
        "count": variable.element_count,
        **{fact: row.fact(fact) for fact in FACTS},
        "checksum": row.checksum,
        "problem": row.problem,
    }


def _print_text(rows: Sequence[Row]) -> None:
    heads = ("name", "dtype", "shape", *(f">{fact}" for fact in FACTS), "checksum")
    print_table(heads, [_cells(row) for row in rows])


def _cells(row: Row) -> tuple[str, ...]:
    facts = (number_text(row.fact(fact)) for fact in FACTS)
    checksum = "unreadable" if row.is_unread else row.checksum or ""
    return (row.variable.name, row.variable.dtype, shape_text(row.variable.shape), *facts, checksum)
