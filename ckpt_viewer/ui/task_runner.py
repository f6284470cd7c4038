"""Work off the screen's thread: plain functions in plain threads, results delivered on the main thread."""

import time
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from ckpt_viewer.cancellation import Cancelled, CancelToken, right_of_way
from ckpt_viewer.ui.garbage import GarbageClock

SHOW_AFTER_MS = 100


@dataclass(eq=False, slots=True)
class Task:
    """One piece of work on its way.

    Attributes:
        title: What the status bar calls it; empty keeps it out of sight.
        started: `time.monotonic()` when it was asked for.
    """

    lane: Hashable
    title: str
    done: Callable[[Any], None]
    failed: Callable[[BaseException], None]
    cancelled: Callable[[], None] | None = None
    cancel: CancelToken = field(default_factory=CancelToken)
    started: float = field(default_factory=time.monotonic)

    @property
    def is_slow(self) -> bool:
        """Whether it has gone on for so long that the screen should say so."""
        return time.monotonic() - self.started >= SHOW_AFTER_MS / 1000


class TaskRunner(QObject):
    """Keeps one live task per lane: a newer request silences the older one.

    Lanes of one document begin with its key, `(key, "preview")`, so that closing it cancels them all.
    `changed` is emitted, at most ten times a second, while tasks that have run for 100 ms go on.
    """

    changed = Signal()
    _finished = Signal(object, object)

    def __init__(self, parent: QObject | None = None, workers: int = 3) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="task")
        self._live: dict[Hashable, Task] = {}
        self._arrived: deque[tuple[Task, Future[Any]]] = deque()
        self._finished.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._deliver)
        self._clock = QTimer(self, interval=SHOW_AFTER_MS)
        self._clock.timeout.connect(self.changed)
        self._garbage = GarbageClock(self)
        self._closed = False

    def start(
        self,
        lane: Hashable,
        work: Callable[[CancelToken], Any],
        *,
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None],
        cancelled: Callable[[], None] | None = None,
        title: str = "",
    ) -> None:
        """Run `work` in a worker and hand its result to `done`, or what it raised to `failed`, here.

        `cancelled` is called when the user cancels the task, not when a newer one takes its lane.
        """
        if self._closed:
            return
        self.drop(lane)
        task = self._live[lane] = Task(lane, title, done, failed, cancelled)
        self._clock.start()
        future = self._pool.submit(_run, work, task.cancel)
        future.add_done_callback(lambda finished: self._finished.emit(task, finished))

    def drop(self, lane: Hashable) -> None:
        """Forget the lane's task without a word: nobody waits for it any more."""
        if task := self._live.pop(lane, None):
            task.cancel.cancel()

    def drop_all(self, key: str) -> None:
        """Forget the tasks of a document that is closed: their lane is a tuple that begins with `key`."""
        for lane in [lane for lane in self._live if isinstance(lane, tuple) and lane[0] == key]:
            self.drop(lane)
        self._garbage.document_closed()

    def cancel(self, lane: Hashable) -> None:
        """Stop the lane's task because the user says so, and tell whoever asked for it."""
        task = self._live.get(lane)
        self.drop(lane)
        if task and task.cancelled:
            task.cancelled()
        self.changed.emit()

    def cancel_titled(self) -> None:
        """Stop everything the status bar names."""
        for lane in [lane for lane, task in self._live.items() if task.title]:
            self.cancel(lane)

    def busy(self, lane: Hashable) -> bool:
        return lane in self._live

    def any_busy(self) -> bool:
        return bool(self._live)

    def find(self, lane: Hashable) -> Task | None:
        """The lane's task, if one is on its way."""
        return self._live.get(lane)

    def visible(self) -> list[Task]:
        """Tasks with a title that have run for 100 ms, oldest first."""
        return [task for task in self._live.values() if task.title and task.is_slow]

    def close(self) -> None:
        """Stop everything and wait; call before the window goes away."""
        if self._closed:
            return
        self._closed = True
        self._clock.stop()
        self._turns.stop()
        self._arrived.clear()
        for lane in list(self._live):
            self.drop(lane)
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._garbage.close()

    @Slot(object, object)
    def _take(self, task: Task, finished: "Future[Any]") -> None:
        """Results that arrive together wait for each other's painting: one is delivered in one turn."""
        self._arrived.append((task, finished))
        self._turns.start()

    @Slot()
    def _deliver(self) -> None:
        task, finished = self._arrived.popleft()
        if not self._arrived:
            self._turns.stop()
        if self._live.get(task.lane) is not task:
            return  # superseded or cancelled: nobody is waiting
        del self._live[task.lane]
        if not self._live:
            self._clock.stop()
        self.changed.emit()
        if finished.cancelled():
            return
        error = finished.exception()
        if isinstance(error, Cancelled | CancelledError):
            return
        with right_of_way():
            if error is not None:
                task.failed(error)
            else:
                task.done(finished.result())


def unexpected(error: BaseException) -> None:
    """What to do where work tells its failures by its result: anything it raises is a bug of ours."""
    raise error


def _run(work: Callable[[CancelToken], Any], cancel: CancelToken) -> Any:
    cancel.check()
    return work(cancel)
