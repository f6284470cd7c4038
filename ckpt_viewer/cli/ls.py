"""`ls CKPT`."""

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from ckpt_viewer.cli.opening import open_and_notice, print_title
from ckpt_viewer.cli.printing import print_json, print_line, print_problems, print_table
from ckpt_viewer.cli.progress import Progress
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.listing import columns_of
from ckpt_viewer.session.wording import plural, shape_text, size_text


def run(options: Namespace) -> int:
    with Progress("reading the index") as progress:
        opened = open_and_notice(options.checkpoint, progress.cancel, judged=True)
    with opened.checkpoint as checkpoint:
        problems = [*opened.problems, *checkpoint.problems]
        (_print_document if options.json else _print_text)(checkpoint, problems)
    return 0


def _print_document(checkpoint: Checkpoint, problems: Sequence[Problem]) -> None:
    print_json(
        {
            "path": checkpoint.path,
            "kind": checkpoint.kind,
            "variables": [_document(variable) for variable in checkpoint.variables],
            "totals": {
                "variables": len(checkpoint.variables),
                "parameters": _parameters(checkpoint),
                "bytes": _bytes(checkpoint),
            },
            "problems": problems,
        }
    )


def _document(variable: Variable) -> dict[str, Any]:
    return {
        "name": variable.name,
        "dtype": variable.dtype,
        "shape": variable.shape,
        "bytes": variable.nbytes,
        "role": variable.role,
        "shard": variable.shard,
        "crc32c": variable.crc32c,
        "slices": variable.slices,
        "owner": variable.owner,
        "slot": variable.slot,
        "full_name": variable.full_name,
        "object_path": variable.object_path,
        "problem": variable.problem,
    }


def _print_text(checkpoint: Checkpoint, problems: Sequence[Problem]) -> None:
    print_title(checkpoint)
    rows = [
        (
            each.name,
            each.dtype,
            shape_text(each.shape),
            size_text(each.nbytes),
            each.role,
            each.full_name or "",
        )
        for each in checkpoint.variables
    ]
    titles = ["name", "dtype", "shape", ">bytes", "role", "full name"]
    if rows:
        shown = len(titles) if any(row[-1] for row in rows) else len(titles) - 1
        print_table(titles[:shown], [row[:shown] for row in rows])
    counts = plural(len(rows), "variable"), plural(_parameters(checkpoint), "parameter")
    print_line(f"{', '.join(counts)}, {size_text(_bytes(checkpoint))}")
    print_problems(problems)


def _parameters(checkpoint: Checkpoint) -> int:
    """Elements of all variables; a string counts as one."""
    return sum(columns_of(checkpoint.variables).element_counts)


def _bytes(checkpoint: Checkpoint) -> int:
    return sum(columns_of(checkpoint.variables).sizes)
