"""The longest gap of the event loop while the histogram view has a checkpoint's first variable summarized."""

import sys
from collections.abc import Iterator
from pathlib import Path

from ckpt_viewer.ui.main_window import MainWindow
from tests.benchmarks.offscreen import gaps_of, print_longest, window


def steps(opened: MainWindow) -> Iterator[str]:
    opened.session.update(opened.session.state.current, variable="values")
    yield "choose the row"
    opened.actions_by_name["view_2"].trigger()
    yield "show the histogram"


if __name__ == "__main__":
    with window(Path(sys.argv[1])) as opened:
        print_longest(gaps_of(opened, steps(opened)))
