"""From the save in front to the ones before and after it in its run."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from ckpt_viewer.formats.folders.folder import Run
from ckpt_viewer.session.arrival import run_of
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument, Document
from ckpt_viewer.ui.task_runner import TaskRunner


class Stepping:
    """Looks the run up in a worker; the steps asked for until the answer is there are added up."""

    def __init__(
        self,
        session: Session,
        tasks: TaskRunner,
        say: Callable[[str], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self._session, self._tasks = session, tasks
        self._say, self._failed = say, failed
        self._asked: dict[str, int] = {}  # by key of the document; towards the newest save

    def step(self, by: int) -> None:
        """Put a neighbour of the save in front into its tab, all else as it is; of a comparison, B steps."""
        document = self._session.state.document
        if not isinstance(document, CheckpointDocument | ComparisonDocument):
            return
        key, path = document.key, _stepping_side(document)
        lane = (key, "step")  # so closing the tab ends it
        if self._tasks.busy(lane):
            self._asked[key] += by
            return
        self._asked[key] = by
        work = partial(run_of, self._session.provider, path)
        self._tasks.start(lane, work, done=partial(self._go, key), failed=self._failed)

    def _go(self, key: str, run: Run | None) -> None:
        """The tab may be gone by now, or show another variable."""
        asked = self._asked.pop(key)
        document = self._session.state.find(key)
        if not asked or not isinstance(document, CheckpointDocument | ComparisonDocument):
            return
        saves = [save.path for save in reversed(run.saves)] if run else []
        here = _stepping_side(document)
        place = saves.index(here) if run else 0
        wanted = place + asked
        target = saves[min(max(wanted, 0), len(saves) - 1)] if saves else here
        if target != here:
            self._session.replace(key, _stepped(document, target))
        if not 0 <= wanted < len(saves):  # said last: another tab clears the status bar
            last, first = _tr("This is the last save of its run."), _tr("This is the first save of its run.")
            self._say(last if asked > 0 else first)


def _stepping_side(document: CheckpointDocument | ComparisonDocument) -> Path:
    return document.b if isinstance(document, ComparisonDocument) else document.path


def _stepped(document: CheckpointDocument | ComparisonDocument, target: Path) -> Document:
    if isinstance(document, ComparisonDocument):
        return replace(document, b=target)
    return replace(document, path=target)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Stepping", text)
