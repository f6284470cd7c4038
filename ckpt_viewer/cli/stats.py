"""`stats CKPT [NAME …]`."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ckpt_viewer.analysis.summary import Checksum, Summary, summarize
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.cli.printing import print_incomplete, print_json, print_table
from ckpt_viewer.cli.progress import Progress, Share
from ckpt_viewer.errors import CheckpointError, DamagedFile, Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.dtypes import is_numeric
from ckpt_viewer.formats.readers import open_checkpoint
from ckpt_viewer.session.wording import number_text, plural, shape_text

FACTS = ("min", "max", "mean", "std", "zeros", "nan", "posinf", "neginf")
UNCHECKED = ("v1", "frozen-graph")  # these store no checksums


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one variable; strings and such have a checksum only, unreadable ones a problem."""

    variable: Variable
    summary: Summary | None = None
    checksum: Checksum | None = None
    problem: Problem | None = None

    def fact(self, name: str) -> Any:
        return getattr(self.summary, name) if self.summary else None


def run(options: Namespace) -> int:
    with (
        Progress("reading values") as progress,
        open_checkpoint(options.checkpoint, progress.cancel) as opened,
    ):
        variables = [opened.find(name) for name in options.names] or opened.variables
        rows = list(_rows(opened, variables, progress.cancel))
    if options.json:
        print_json({"path": opened.path, "variables": [_document(row) for row in rows]})
    else:
        _print_text(rows)
    problems = [row.problem for row in rows if row.problem]
    if problems:
        message = f"{len(problems):,} of {plural(len(rows), 'variable')} cannot be read."
        print_incomplete(message, problems, "ckpt-viewer verify CKPT tells what is damaged.")
    return 2 if problems else 0


def _rows(checkpoint: Checkpoint, variables: Sequence[Variable], cancel: CancelToken) -> Iterator[Row]:
    before, total = 0, sum(variable.nbytes for variable in variables)
    for variable in variables:
        cancel.check()
        share = Share(cancel, before, variable.nbytes, total)
        try:
            yield _row(checkpoint, variable, share)
        except CheckpointError as error:
            yield Row(variable, problem=error.problem)
        before += variable.nbytes


def _row(checkpoint: Checkpoint, variable: Variable, cancel: CancelToken) -> Row:
    if variable.problem is not None:
        return Row(variable, problem=variable.problem)
    if is_numeric(variable.dtype):
        summary = summarize(checkpoint, variable, cancel)
        return Row(variable, summary, summary.checksum)
    if variable.dtype == "string":
        return Row(variable, checksum=_checksum_of_strings(checkpoint, variable, cancel))
    return Row(variable)


def _checksum_of_strings(checkpoint: Checkpoint, variable: Variable, cancel: CancelToken) -> Checksum:
    try:
        checkpoint.read(variable, cancel=cancel)
    except DamagedFile as error:
        if error.problem.code != "bad-checksum":
            raise
        return "wrong"
    return "none" if checkpoint.kind in UNCHECKED else "ok"


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
    checksum = "unreadable" if row.problem else row.checksum or ""
    return (row.variable.name, row.variable.dtype, shape_text(row.variable.shape), *facts, checksum)
