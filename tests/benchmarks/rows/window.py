"""Rows about the program's start, the window's event loop, and memory."""

import os
import subprocess
import sys
from collections.abc import Callable
from statistics import median

from ckpt_viewer.resources import sample_run
from tests.benchmarks.material import Material
from tests.benchmarks.row import Result, Row
from tests.benchmarks.timing import probe, ratio

ROUNDS = 10
GAP_ROUNDS = 3
RUN_LS = "import sys; from ckpt_viewer.cli import main; sys.exit(main())"  # as the installed script does
PROBES = "tests.benchmarks.probes"


def _start_window(material: Material) -> Result:
    table = _process(material, "-m", f"{PROBES}.first_table", sample_run())
    return ratio(table, _process(material, "-m", f"{PROBES}.empty_window"), ROUNDS)


def _start_ls(material: Material) -> Result:
    """Of a save that has no graph beside it."""
    listing = _process(material, "-c", RUN_LS, "ls", sample_run() / "digits-1250")
    return ratio(listing, _process(material, "-c", "import numpy"), ROUNDS)


def _start_ls_with_graph(material: Material) -> Result:
    listing = _process(material, "-c", RUN_LS, "ls", sample_run())
    return ratio(listing, _process(material, "-c", "import numpy"), ROUNDS)


def _process(material: Material, *words: object) -> Callable[[], object]:
    """As an installed program runs: its modules are compiled already."""
    known = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QT_LOGGING_RULES": "default.warning=false",
        "CKPT_VIEWER_CONFIG": str(material.folder / "config"),
        "PYTHONPYCACHEPREFIX": str(material.folder / "compiled"),
    }
    known.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, *map(str, words)]
    return lambda: subprocess.run(command, check=True, env=known, stdout=subprocess.DEVNULL)


def _browsing(material: Material) -> Result:
    return _gap("browse_sample")


def _summarizing(material: Material) -> Result:
    return _gap("summarize_in_window", material.gigabyte)


def _many_tabs(material: Material) -> Result:
    return _gap("open_many_tabs", *material.fifty_saves)


def _new_colours(material: Material) -> Result:
    return _gap("change_colours")


def _gap(name: str, *arguments: object) -> Result:
    """The median of the longest gaps of several rounds: a busy machine makes gaps of its own."""
    rounds = sorted((probe(name, *arguments) for _ in range(GAP_ROUNDS)), key=lambda each: each["seconds"])
    longest = rounds[len(rounds) // 2]
    return Result(longest["seconds"] * 1000, note=longest["step"])


def _memory(material: Material) -> Result:
    target = material.folder / "memory.npy"
    try:
        browsed = probe("window_memory", material.gigabyte, material.other_gigabyte, material.plane, target)
    finally:
        target.unlink(missing_ok=True)
    empty = median(probe("window_memory") for _ in range(GAP_ROUNDS))
    return Result((browsed - empty) / 1e6, note=f"{empty / 1e6:.0f} MB")


ROWS = (
    Row(
        "start-window",
        "start to a window with a table",
        "PySide6 and pyqtgraph imported, an empty window",
        "×",
        1.5,
        _start_window,
    ),
    Row("start-ls", "ckpt-viewer ls on a small checkpoint", 'python -c "import numpy"', "×", 1.5, _start_ls),
    Row(
        "start-ls-graph",
        "the same with a graph beside it, which is asked for roles",
        'python -c "import numpy"',
        "×",
        None,
        _start_ls_with_graph,
    ),
    Row("gap-browsing", "longest event-loop gap while the sample is browsed", "–", "ms", 50, _browsing),
    Row("gap-summarizing", "longest gap while 1 GiB is summarized", "–", "ms", 50, _summarizing),
    Row("gap-many-tabs", "longest gap while 50 checkpoints are opened", "–", "ms", 50, _many_tabs),
    Row("gap-colours", "longest gap while the colours change under 12 tabs", "–", "ms", 50, _new_colours),
    Row(
        "memory",
        "peak memory, several GiB browsed, compared, exported",
        "the empty window",
        "MB",
        300,
        _memory,
    ),
)
