"""What the probes that open a window share: no screen, settings of their own, waiting until it rests."""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from ckpt_viewer.ui.app import open_window
from ckpt_viewer.ui.main_window import MainWindow
from ckpt_viewer.ui.watchdog import Gap, Watchdog

PATIENCE = 120.0
SIZE = 1280, 760  # whatever the screen is
_QUIET = 0.15  # seconds without work after which the window counts as at rest


@contextmanager
def window(*paths: Path) -> Iterator[MainWindow]:
    """An open window; for the first of them an application is made, which stays."""
    if QApplication.instance() is None:
        window.app = QApplication(sys.argv[:1])  # type: ignore[attr-defined]
    with TemporaryDirectory(prefix="ckpt-viewer-config-") as folder:
        os.environ["CKPT_VIEWER_CONFIG"] = folder
        opened = open_window(paths)
        opened.resize(*SIZE)
        try:
            rest(opened)
            yield opened
        finally:
            opened.close()


def rest(opened: MainWindow, patience: float = PATIENCE) -> None:
    """Let it work until nothing is left to do."""
    deadline, quiet_since = time.perf_counter() + patience, time.perf_counter()
    while time.perf_counter() - quiet_since < _QUIET:
        QApplication.processEvents()
        time.sleep(0.001)
        if opened.tasks.any_busy() or not opened.documents.at_rest():
            quiet_since = time.perf_counter()
        if time.perf_counter() > deadline:
            raise TimeoutError("the window does not come to rest")


def gaps_of(opened: MainWindow, steps: Iterable[str]) -> dict[str, list[Gap]]:
    """Every gap that is worth a word, by the step that it followed.

    `time.sleep` above is part of each gap: a millisecond.
    """
    found: dict[str, list[Gap]] = {}
    seen: list[Gap] = []
    watchdog = Watchdog(seen.append, limit=0.01)
    try:
        for step in steps:
            rest(opened)
            found.setdefault(step, []).extend(seen)
            seen.clear()
    finally:
        watchdog.close()
    return found


def print_longest(found: dict[str, list[Gap]]) -> None:
    """As a probe prints; `GAPS=0.03` tells on standard error of all from 30 ms on."""
    _tell(found)
    step, seconds = max(_longest(found).items(), key=itemgetter(1), default=("", 0.0))
    print(json.dumps({"seconds": seconds, "step": step}))


def print_longest_each(found: dict[str, list[Gap]]) -> None:
    """The same of every step, by its name."""
    _tell(found)
    print(json.dumps(_longest(found)))


def _longest(found: dict[str, list[Gap]]) -> dict[str, float]:
    return {step: max((gap.seconds for gap in gaps), default=0.0) for step, gaps in found.items()}


def _tell(found: dict[str, list[Gap]]) -> None:
    told = float(os.environ.get("GAPS", "inf"))
    gaps = [(gap.seconds, step, gap) for step in found for gap in found[step] if gap.seconds >= told]
    for _, step, gap in sorted(gaps, key=itemgetter(0), reverse=True):
        print(f"{step}: {gap}", file=sys.stderr)
