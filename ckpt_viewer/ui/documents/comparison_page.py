"""A tab that compares two checkpoints: it opens both, the panel does the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Checkpoint
from ckpt_viewer.session.provider import Provider
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import ComparisonDocument
from ckpt_viewer.session.watching import OpenedFiles
from ckpt_viewer.session.wording import plural
from ckpt_viewer.ui.documents.file_watch import FileWatch
from ckpt_viewer.ui.documents.page import Opening, Page
from ckpt_viewer.ui.panels.comparison import ComparisonPanel
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.pair_histogram import PairHistogram
from ckpt_viewer.ui.widgets.pair_pictures import PairPictures


@dataclass(frozen=True, slots=True)
class Sides:
    a: Checkpoint
    b: Checkpoint
    files: tuple[OpenedFiles, OpenedFiles]

    @property
    def problems(self) -> Sequence[Problem]:
        return [*self.a.problems, *self.b.problems]

    def close(self) -> None:
        self.a.close()
        self.b.close()


class ComparisonPage(Page):
    """Watches the files of both while it is in front."""

    def __init__(
        self,
        session: Session,
        tasks: TaskRunner,
        key: str,
        pictures: PairPictures,
        histogram: PairHistogram,
    ) -> None:
        self.comparison = ComparisonPanel(session, tasks, key, pictures, histogram)
        super().__init__(session, tasks, key, self.comparison)
        self._sides: Sides | None = None
        self._watch = FileWatch(self, self._show_problems)

    @staticmethod
    def parts(tasks: TaskRunner, key: str) -> Iterator[QWidget]:
        yield PairPictures(tasks, key)
        yield PairHistogram(tasks, key)

    @property
    def document(self) -> ComparisonDocument:
        document = self.session.state.find(self.key)
        assert isinstance(document, ComparisonDocument)
        return document

    def opening(self) -> Opening:
        return partial(_open, self.session.provider, self.document.a, self.document.b)

    def take(self, opened: Sides) -> None:
        before, self._sides = self._sides, opened
        self.comparison.set_checkpoints(opened.a, opened.b)
        self._show_problems()
        self._watch.watch(*opened.files)
        self.say(f"A {plural(len(opened.a.variables), 'variable')} · B {len(opened.b.variables):,}")
        if before:
            before.close()

    def retry(self) -> None:
        """Look again at the files, too; what was read of them stays until somebody asks to reload."""
        super().retry()
        self._watch.look()

    def choose_first(self) -> None:
        self.comparison.choose_first()

    def panes(self) -> list[QWidget]:
        return [self.comparison.table, self.comparison.pictures, self.comparison.histogram]

    def release(self) -> None:
        self.comparison.leave()
        if self._sides:
            self._sides.close()

    def _show_problems(self) -> None:
        if self._sides:
            self.message.show_problems(self._sides.problems)


def _open(provider: Provider, a: Path, b: Path, cancel: CancelToken) -> Sides:
    first = provider.open_checkpoint(a, cancel)
    try:
        second = provider.open_checkpoint(b, cancel)
        return Sides(first, second, (OpenedFiles.of(a, first.files), OpenedFiles.of(b, second.files)))
    except BaseException:
        first.close()
        raise
