"""Exact statistics of many variables, made in the background and handed over while it goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.ui.task_runner import TaskRunner

if TYPE_CHECKING:
    from ckpt_viewer.analysis.summary import Summary

HAND_OVER_MS = 150
HISTOGRAM_BINS = 32
Found = tuple[int, "Summary | Problem"]
Wanted = Sequence[tuple[int, Variable]]


class ValueScan(QObject):
    """Reads variable after variable in one task; what it finds waits in a queue that a timer empties."""

    found = Signal(object)  # {place: Summary or Problem}
    ended = Signal()

    def __init__(self, tasks: TaskRunner, key: str, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks, self.lane = tasks, (key, "scan")
        self._queue: deque[Found] = deque()
        self._timer = QTimer(self, interval=HAND_OVER_MS)
        self._timer.timeout.connect(self._hand_over)
        self.done = self.total = 0

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    def start(self, checkpoint: Checkpoint, wanted: Wanted) -> None:
        """Scan these (place, variable), in this order."""
        self.stop()
        queue: deque[Found] = deque()
        self._queue = queue
        self.done, self.total = 0, len(wanted)
        self._timer.start()

        def work(cancel: CancelToken) -> None:
            scan(checkpoint, wanted, queue.append, cancel)

        title = self.tr("Scanning values")
        self._tasks.start(
            self.lane, work, done=self._finish, failed=self._fail, cancelled=self._finish, title=title
        )

    def stop(self) -> None:
        """Forget it without a word, with what was found but not yet handed over."""
        self._tasks.drop(self.lane)
        self._timer.stop()

    def _hand_over(self) -> None:
        batch = {}
        while self._queue:
            place, fact = self._queue.popleft()
            batch[place] = fact
        if batch:
            self.done += len(batch)
            self.found.emit(batch)

    def _finish(self, _: object = None) -> None:
        self._timer.stop()
        self._hand_over()
        self.ended.emit()

    def _fail(self, error: BaseException) -> None:
        self._finish()
        raise error


def scan(checkpoint: Checkpoint, wanted: Wanted, tell: Callable[[Found], None], cancel: CancelToken) -> None:
    """Summarize them in their order; one that cannot be read is told as its problem."""
    from ckpt_viewer.analysis.scan import summarize_all

    found = summarize_all(checkpoint, [variable for _, variable in wanted], cancel)
    with closing(found):
        for (place, _), (_, fact) in zip(wanted, found, strict=True):
            tell((place, fact.problem if isinstance(fact, CheckpointError) else _small(fact)))


def _small(summary: Summary) -> Summary:
    """With a histogram just fine enough for a table cell: there may be 100,000 of them."""
    histogram = summary.histogram
    if histogram is None or len(histogram.counts) <= HISTOGRAM_BINS:
        return summary
    return summary._replace(histogram=histogram.coarsened(HISTOGRAM_BINS))
