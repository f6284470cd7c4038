"""A large graph in the window: seconds until its list is painted, until a keystroke has filtered it, gaps.

Prints `parse` and `list`, one second each for a round; `filter`, for each keystroke; `gaps`, the longest
silence of the event loop in each round of opening the graph, typing a word and choosing nodes.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ckpt_viewer.formats.protos.meta_graph_pb2 import MetaGraphDef
from ckpt_viewer.session.session import Session
from ckpt_viewer.ui.app import open_window
from ckpt_viewer.ui.documents.graph_page import GraphPage
from tests.benchmarks.timing import seconds

WORD = "gradients/tower conv2d"
NODES = 12
PATIENCE = 60
SIZE = 1280, 760  # whatever the screen is
REST_MS = 30


class Painted(QObject):
    """Tells whether a widget was painted since it was last asked to watch."""

    def __init__(self, widget: QObject) -> None:
        super().__init__(widget)
        self.happened = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.happened |= event.type() == QEvent.Type.Paint
        return False


class Heartbeat(QTimer):
    """The longest time between two of its beats, which should come each millisecond."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self.timeout.connect(self._beat)
        self.last = self.longest = 0.0

    def listen(self, work: Callable[[], object]) -> float:
        self.last, self.longest = time.perf_counter(), 0.0
        self.start()
        work()
        self._beat()
        self.stop()
        return self.longest

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest, self.last = max(self.longest, now - self.last), now


class Probe:
    def __init__(self, file: Path) -> None:
        self.content = file.read_bytes()
        self.window = open_window([file], Session())
        self.window.resize(*SIZE)
        self.until(lambda: isinstance(self.window.documents.page(), GraphPage))
        page = self.window.documents.page()
        assert isinstance(page, GraphPage)
        self.page, self.lists = page, page.graph.lists
        self.rest()
        self.painted = Painted(self.lists.ops_view.viewport())
        self.listed = False
        self.lists.ops.rowsInserted.connect(self._filled)
        self.heart = Heartbeat(self.window)

    def open(self) -> None:
        """Until the types are on the screen and their nodes lie below them."""
        self.listed = self.painted.happened = False
        self.page.reload()
        self.until(lambda: self.listed and self.painted.happened)

    def parse(self) -> None:
        MetaGraphDef.FromString(self.content)

    def type_word(self) -> list[float]:
        """Seconds for each letter, its painting included."""
        field, times = self.lists.filter, []
        for letter in WORD:
            times.append(seconds(lambda letter=letter: self._key(letter)))  # type: ignore[misc]
        field.clear()
        QApplication.processEvents()
        return times

    def choose(self, name: str) -> None:
        self.page.session.update(self.page.key, node=name)
        self.until(lambda: self.page.graph.details.title.text() == name)

    def tour(self) -> None:
        """What someone does with a graph: open it, look around in it, type, choose nodes."""
        self.open()
        self.rest()
        self.type_word()
        chosen = random.Random(1).sample(range(len(self.lists._nodes.all)), NODES)
        for place in chosen:
            self.choose(self.page.graph._graph.nodes[place].name)  # type: ignore[union-attr]
            self.rest()

    def until(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < deadline
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def rest(self) -> None:
        """Until all work is done, and what it leads to is painted."""
        self.until(lambda: not self.window.tasks.any_busy())
        QTest.qWait(REST_MS)

    def _filled(self) -> None:
        ops = self.lists.ops
        self.listed = ops.rowCount() > 0 and ops.rowCount(ops.index(0, 0)) > 0
        self.painted.happened = False

    def _key(self, letter: str) -> None:
        QTest.keyClicks(self.lists.filter, letter)
        QApplication.processEvents()


def main(file: str, rounds: str) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication([])
    probe, found = Probe(Path(file)), dict[str, list[Any]](parse=[], list=[], filter=[], gaps=[])
    for _ in range(int(rounds)):
        found["parse"].append(seconds(probe.parse))
        found["list"].append(seconds(probe.open))
        probe.rest()
        found["filter"] += probe.type_word()
    for _ in range(int(rounds)):
        found["gaps"].append(probe.heart.listen(probe.tour))
    probe.window.close()
    app.processEvents()
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
