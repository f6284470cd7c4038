"""`plot CKPT NAME -o FILE.png`."""

from argparse import Namespace
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.cli.printing import print_json, print_line
from ckpt_viewer.cli.progress import Progress
from ckpt_viewer.cli.screen import check_libraries, prepare_drawing
from ckpt_viewer.errors import RequestRefused
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.readers import open_checkpoint
from ckpt_viewer.session.wording import printable


def run(options: Namespace) -> int:
    target = Path(options.output)
    with (
        Progress("reading values") as progress,
        open_checkpoint(options.checkpoint, progress.cancel) as opened,
    ):
        variable = opened.find(options.name)
        _refuse(opened, target)
        _save(opened, variable, options.kind, target, progress.cancel)
    if options.json:
        print_json({"path": opened.path, "name": variable.name, "kind": options.kind, "file": target})
    else:
        print_line(printable(f"{variable.name} → {target}"))
    return 0


def _refuse(checkpoint: Checkpoint, target: Path) -> None:
    """A picture replaces an older one, never anything else."""
    if target.suffix.lower() != ".png":
        raise RequestRefused(f"{target} does not end in .png.", path=target, hint="Name it FILE.png.")
    if target.resolve() in {file.resolve() for file in checkpoint.files}:
        message = f"{target} is a file of the checkpoint itself."
        raise RequestRefused(message, path=target, hint="Choose another name.", code="exists")


def _save(checkpoint: Checkpoint, variable: Variable, kind: str, target: Path, cancel: CancelToken) -> None:
    prepare_drawing()
    check_libraries()
    from ckpt_viewer.ui.plot_file import save_plot

    save_plot(checkpoint, variable, kind, target, cancel)
