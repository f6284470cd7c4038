"""`ckpt-viewer [PATH …]`, `--demo` and `compare A B`: the commands that open the window."""

from argparse import Namespace
from pathlib import Path

from ckpt_viewer.cli.parser import nearest_command
from ckpt_viewer.cli.screen import check_display, check_libraries
from ckpt_viewer.errors import CheckpointError, NotFound
from ckpt_viewer.formats.folders.locate import locate_checkpoint, locate_graph


def run(options: Namespace) -> int:
    compare = (Path(options.a), Path(options.b)) if "a" in options else None
    paths = [] if compare else [Path(path) for path in options.paths]
    for path in compare or ():
        locate_checkpoint(path)
    for path in paths:
        _check(path)
    check_display()
    check_libraries()
    from ckpt_viewer.ui.app import main as run_window

    return run_window(paths, demo=not compare and options.demo, compare=compare)


def _check(path: Path) -> None:
    """A word that is no path is told here; a path that holds nothing is told in the window."""
    if path.exists():
        return
    try:
        locate_checkpoint(path)
    except NotFound as error:
        if command := nearest_command(str(path)):
            raise NotFound(str(error), path=path, hint=f"Did you mean the command `{command}`?") from error
        raise
    except CheckpointError:
        locate_graph(path)
