"""`plot CKPT NAME -o FILE.png`."""

from argparse import Namespace
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.cli.opening import open_and_tell
from ckpt_viewer.cli.printing import print_json, print_line
from ckpt_viewer.cli.progress import Progress
from ckpt_viewer.cli.screen import check_libraries, prepare_drawing
from ckpt_viewer.cli.signals import held_back
from ckpt_viewer.errors import RequestRefused
from ckpt_viewer.export.whole_file import refuse_existing, refuse_without_folder
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.session.wording import printable


def run(options: Namespace) -> int:
    target = Path(options.output)
    with (
        Progress("reading values") as progress,
        open_and_tell(options.checkpoint, progress.cancel) as opened,
    ):
        variable = opened.find(options.name)
        _refuse(target, options.force)
        shown = _save(opened, variable, options, progress.cancel)
    if options.json:
        document = {"path": opened.path, "name": variable.name, "kind": options.kind}
        print_json({**document, "part": shown or None, "file": target})
    else:
        print_line(printable(" ".join(filter(None, (variable.name, shown, "→", str(target))))))
    return 0


def _refuse(target: Path, force: bool) -> None:
    """Before anything is read. A picture replaces an older one at most, never anything else."""
    if target.suffix.lower() != ".png":
        raise RequestRefused(f"{target} does not end in .png.", path=target, hint="Name it FILE.png.")
    refuse_without_folder(target)
    refuse_existing(target, force=force)


def _save(checkpoint: Checkpoint, variable: Variable, options: Namespace, cancel: CancelToken) -> str:
    prepare_drawing()
    target, part, force = Path(options.output), options.slice, options.force
    with held_back(cancel):
        check_libraries()
        from ckpt_viewer.ui.plot_file import save_plot

        cancel.check()
        return save_plot(checkpoint, variable, options.kind, target, cancel, part=part, force=force)
