"""`export CKPT NAME … -o PATH`."""

import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ckpt_viewer.cli.opening import open_and_tell
from ckpt_viewer.cli.parser import UsageError
from ckpt_viewer.cli.printing import print_error, print_json, print_line, print_problems
from ckpt_viewer.cli.progress import Progress
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.export import Written, export_variables
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.roles.object_keys import OBJECT_GRAPH
from ckpt_viewer.session.wording import plural, printable, shape_text

LeftOut = list[tuple[Variable, Problem]]


def run(options: Namespace) -> int:
    """With `--all`, what cannot be written is told and left out; what is named has to be written.

    TensorFlow's bookkeeping mostly ends in a zero byte, which `.npy` cannot hold: that alone is no failure.
    """
    if bool(options.names) == options.all:
        message = (
            "Name the variables to export, or give --all." if not options.all else "NAME or --all, not both."
        )
        raise UsageError(message, "ckpt-viewer ls CKPT lists the names.")
    if not options.output:
        raise UsageError("The output has no name.", "-o takes a file, or a folder that ends in a slash.")
    if options.output == "-":
        message = "Standard output takes no files."
        raise UsageError(message, "Give -o a file or a folder; ./- is a file of that name.")
    left_out: LeftOut = []

    def leave_out(variable: Variable, error: CheckpointError) -> None:
        left_out.append((variable, error.problem))

    with Progress("exporting") as progress, open_and_tell(options.checkpoint, progress.cancel) as opened:
        written = export_variables(
            opened,
            _variables(opened, options),
            Path(options.output),
            format=options.format,
            raw=options.raw,
            force=options.force,
            folder=options.output.endswith(("/", os.sep)),
            cancel=progress.cancel,
            refused=leave_out if options.all else None,
        )
    _print(opened, written, left_out, as_json=options.json)
    return _conclude(opened, options.output, len(written), left_out)


def _conclude(checkpoint: Checkpoint, output: str, written: int, left_out: LeftOut) -> int:
    failed = sum(variable.name != OBJECT_GRAPH for variable, _ in left_out)
    if failed:
        variables = f"{failed:,} of {plural(written + len(left_out), 'variable')} in {checkpoint.path}"
        message = f"{variables} {'was' if failed == 1 else 'were'} not written to {output}."
        print_error(message, "What is in the way is said above.")
    elif not written:
        what = "none of it fits the format" if left_out else "the checkpoint has no variables"
        hint = f"ckpt-viewer ls {checkpoint.path} lists what there is."
        print_error(f"Nothing was written to {output}: {what}.", hint)
    return 2 if failed or not written else 0


def _variables(checkpoint: Checkpoint, options: Namespace) -> Sequence[Variable]:
    names = dict.fromkeys(options.names)  # twice the same is once
    return checkpoint.variables if options.all else [checkpoint.find(name) for name in names]


def _print(checkpoint: Checkpoint, written: list[Written], left_out: LeftOut, *, as_json: bool) -> None:
    problems = [problem for _, problem in left_out]
    if as_json:
        entries = [_document(each) for each in written]
        print_json({"path": checkpoint.path, "written": entries, "problems": problems})
    else:
        for each in written:
            print_line(printable(f"{each.name} → {each.file} ({each.dtype} {shape_text(each.shape)})"))
    print_problems(problems)


def _document(written: Written) -> dict[str, Any]:
    return {
        "name": written.name,
        "file": written.file,
        "dtype": written.dtype,
        "shape": written.shape,
        "key": written.key or None,
    }
