"""Peak memory, in bytes, of a window that browsed large checkpoints; without paths of an empty one."""

import json
import resource
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.export.exporters import export_variables
from ckpt_viewer.formats.readers import open_checkpoint
from ckpt_viewer.session.state import CheckpointDocument
from ckpt_viewer.ui.main_window import MainWindow
from tests.benchmarks.offscreen import rest, window

VARIABLE = "values"


def browse(opened: MainWindow, long: Path, other: Path, plane: Path, target: Path) -> Iterator[None]:
    for prefix in (long, other, plane):
        document = CheckpointDocument(prefix)
        opened.session.show(document)
        yield
        opened.session.update(document.key, variable=VARIABLE)
        yield
        for number in range(1, 8):
            opened.actions_by_name[f"view_{number}"].trigger()
            yield
    opened.session.compare(long, other)
    yield
    opened.session.update(opened.session.state.current, pair=(VARIABLE, VARIABLE))
    yield
    opened.tasks.start("export", partial(export, long, target), done=print, failed=fail)
    yield


def export(prefix: Path, target: Path, cancel: CancelToken) -> int:
    with open_checkpoint(prefix) as checkpoint:
        export_variables(checkpoint, [checkpoint.find(VARIABLE)], target, force=True, cancel=cancel)
    return target.stat().st_size


def fail(error: BaseException) -> None:
    raise error


def main(paths: list[Path]) -> None:
    with window() as opened:
        for _ in browse(opened, *paths) if paths else ():
            rest(opened)
    print(json.dumps(_peak()))


def _peak() -> int:
    """Bytes. What `getrusage` tells begins with the peak of the process that started this one."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main(list(map(Path, sys.argv[1:])))
