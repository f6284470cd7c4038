"""`plot CKPT NAME -o FILE.png`."""

import os
import sys
from argparse import Namespace
from pathlib import Path

from ckpt_viewer.cli.printing import print_json, print_line
from ckpt_viewer.cli.progress import Progress
from ckpt_viewer.cli.screen import check_libraries, has_display
from ckpt_viewer.errors import RequestRefused
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.dtypes import is_numeric
from ckpt_viewer.formats.readers import open_checkpoint
from ckpt_viewer.session.wording import printable


def run(options: Namespace) -> int:
    target = Path(options.output)
    with (
        Progress("reading values") as progress,
        open_checkpoint(options.checkpoint, progress.cancel) as opened,
    ):
        variable = opened.find(options.name)
        _refuse(opened, variable, target)
        _save(opened, variable, options.kind, target)
    if options.json:
        print_json({"path": opened.path, "name": variable.name, "kind": options.kind, "file": target})
    else:
        print_line(printable(f"{variable.name} → {target}"))
    return 0


def _refuse(checkpoint: Checkpoint, variable: Variable, target: Path) -> None:
    """What can be refused before anything is read or drawn."""
    if target.suffix.lower() != ".png":
        raise RequestRefused(f"{target} does not end in .png.", path=target, hint="Name it FILE.png.")
    if target.resolve() in {file.resolve() for file in checkpoint.files}:
        message = f"{target} is a file of the checkpoint itself."
        raise RequestRefused(message, path=target, hint="Choose another name.", code="exists")
    if not is_numeric(variable.dtype):
        message = f"{variable.name} is of type {variable.dtype}, which has no picture."
        raise RequestRefused(message, path=checkpoint.path, hint="ckpt-viewer ls CKPT lists the types.")


def _save(checkpoint: Checkpoint, variable: Variable, kind: str, target: Path) -> None:
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    check_libraries()
    from ckpt_viewer.ui.plot_file import save_plot

    save_plot(checkpoint, variable, kind, target)
    sys.stdout.flush()
