"""Paths that somebody opens: a worker finds out what they mean, and the session shows it."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.session.arrival import Arrival, arrive
from ckpt_viewer.session.provider import Provider
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui.task_runner import TaskRunner, unexpected


class PathOpener:
    """Folders join the tree, checkpoints become tabs; what is wrong is told once all is open that opens."""

    def __init__(
        self, session: Session, tasks: TaskRunner, tell: Callable[[Sequence[Problem]], None]
    ) -> None:
        self._session, self._tasks, self._tell = session, tasks, tell
        self._numbers: Iterator[int] = count()

    def open(self, paths: Sequence[Path]) -> None:
        self._start(paths, self._show)

    def open_folder(self, folder: Path) -> None:
        self.open([folder])

    def compare(self, a: Path, b: Path) -> None:
        self._start([a, b], self._show_pair)

    def _start(self, paths: Sequence[Path], done: Callable[[list[Arrival]], None]) -> None:
        self._tasks.start(
            ("open", next(self._numbers)),
            partial(_arrive_all, self._session.provider, tuple(paths)),
            done=done,
            failed=unexpected,
            title=QCoreApplication.translate("PathOpener", "Opening"),
        )

    def _show(self, arrivals: Sequence[Arrival]) -> None:
        for arrival in arrivals:
            if arrival.root:
                self._session.add_root(arrival.root)
            if arrival.document:
                self._session.show(arrival.document)
        self._tell_of(arrivals)

    def _show_pair(self, arrivals: Sequence[Arrival]) -> None:
        for arrival in arrivals:
            if arrival.root:
                self._session.add_root(arrival.root)
        a, b = (arrival.document for arrival in arrivals)
        if isinstance(a, CheckpointDocument) and isinstance(b, CheckpointDocument):
            self._session.compare(a.path, b.path)
        self._tell_of(arrivals)

    def _tell_of(self, arrivals: Sequence[Arrival]) -> None:
        """What is wrong with their files, and then what is wrong with us."""
        self._tell([arrival.problem for arrival in arrivals if arrival.problem])
        for fault in (arrival.fault for arrival in arrivals if arrival.fault):
            raise fault


def _arrive_all(provider: Provider, paths: Sequence[Path], cancel: CancelToken) -> list[Arrival]:
    return [_arrive(provider, path, cancel) for path in paths]


def _arrive(provider: Provider, path: Path, cancel: CancelToken) -> Arrival:
    """One path that cannot be read does not keep the others from opening."""
    try:
        return arrive(provider, path, cancel)
    except CheckpointError as error:
        return Arrival(None, None, error.problem)
    except (OSError, ValueError) as error:  # names too long for the system, or with a NUL in them
        reason = getattr(error, "strerror", None) or str(error)
        message = f"{printable(str(path))} cannot be opened: {reason}."
        return Arrival(None, None, Problem("not-readable", message))
    except Cancelled:
        raise
    except Exception as fault:  # told where it can be told calmly
        return Arrival(None, None, fault=fault)
