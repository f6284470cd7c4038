"""The longest gap of the event loop while fifty checkpoints are opened at once."""

import sys
from collections.abc import Iterator
from pathlib import Path

from ckpt_viewer.session.state import CheckpointDocument
from ckpt_viewer.ui.main_window import MainWindow
from tests.benchmarks.offscreen import gaps_of, print_longest, window


def steps(opened: MainWindow, saves: list[Path]) -> Iterator[str]:
    documents = tuple(CheckpointDocument(save) for save in saves)
    opened.session.change(documents=documents, current=documents[0].key)
    yield "open them all"
    for document in documents[10:40:10]:
        opened.session.show(document)
        yield "show one of them"


if __name__ == "__main__":
    saves = list(map(Path, sys.argv[1:]))
    with window(saves[0]) as opened:
        print_longest(gaps_of(opened, steps(opened, saves)))
