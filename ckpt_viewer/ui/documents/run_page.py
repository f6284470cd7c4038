"""A tab that follows one variable through a run: it lists the run, the panel does the rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, NotFound, RequestRefused
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.folders.folder import Run, Save
from ckpt_viewer.session.provider import Provider
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import RunDocument
from ckpt_viewer.session.watching import OpenedFiles
from ckpt_viewer.session.wording import plural, printable
from ckpt_viewer.ui.documents.file_watch import FileWatch
from ckpt_viewer.ui.documents.page import Opening, Page
from ckpt_viewer.ui.panels.timeline import TimelinePanel
from ckpt_viewer.ui.panels.timeline_plots import TimelinePlots
from ckpt_viewer.ui.task_runner import TaskRunner


@dataclass(frozen=True, slots=True)
class OpenedRun:
    """A run's saves that have a step, newest first, and the variables of the newest that opens."""

    saves: tuple[tuple[int, Path], ...]
    left_out: int
    variables: tuple[Variable, ...]
    files: tuple[OpenedFiles, ...]

    @property
    def text(self) -> str:
        first, last = self.saves[-1][0], self.saves[0][0]
        span = f"step {first}" if first == last else f"steps {first} to {last}"
        rest = f" · {plural(self.left_out, 'save')} without a step left out" if self.left_out else ""
        return f"{plural(len(self.saves), 'save')}, {span}{rest}"


class RunPage(Page):
    """Holds nothing open: the panel's work opens one save after another and closes it again.

    The files of all of them are watched while it is in front.
    """

    def __init__(self, session: Session, tasks: TaskRunner, key: str, plots: TimelinePlots) -> None:
        self.timeline = TimelinePanel(session, tasks, key, plots)
        super().__init__(session, tasks, key, self.timeline)
        self._watch = FileWatch(self, self.message.clear)

    @staticmethod
    def parts(tasks: TaskRunner, key: str) -> Iterator[QWidget]:
        yield TimelinePlots()

    @property
    def document(self) -> RunDocument:
        document = self.session.state.find(self.key)
        assert isinstance(document, RunDocument)
        return document

    def opening(self) -> Opening:
        return partial(open_run, self.session.provider, self.document.folder, self.document.name)

    def take(self, opened: OpenedRun) -> None:
        self.timeline.set_run(opened.saves, opened.variables)
        self._watch.watch(*opened.files)
        self.say(opened.text)

    def retry(self) -> None:
        """Look again, also at a run that did open: training goes on."""
        self.reload()

    def choose_first(self) -> None:
        self.timeline.chooser.choose_first()

    def panes(self) -> list[QWidget]:
        return [self.timeline.chooser, self.timeline.plots]

    def release(self) -> None:
        self.timeline.leave()


def open_run(provider: Provider, folder: Path, name: str, cancel: CancelToken) -> OpenedRun:
    """List the run; raises `CheckpointError` where it is gone, has no steps, or none of its saves opens."""
    runs = [run for run in provider.list_folder(folder, cancel).runs if run.name == name]
    if not runs:
        hint = "Look at the folder again (F5) and choose one of its runs."
        raise NotFound(f"{folder} holds no run {name!r}.", path=folder, hint=hint)
    run = max(runs, key=_length)
    saves = tuple((save.step, save.path) for save in run.saves if save.step is not None)
    if not saves:
        text = f"No save of {printable(name)} has a step in its name, so there is no run over time."
        raise RequestRefused(text, path=folder, hint="Open it as a checkpoint instead.")
    left_out = len(run.saves) - len(saves)
    files = tuple(_files(folder, save, cancel) for save in run.saves if save.step is not None)
    return OpenedRun(saves, left_out, _variables(provider, [path for _, path in saves], cancel), files)


def _files(folder: Path, save: Save, cancel: CancelToken) -> OpenedFiles:
    cancel.check()
    return OpenedFiles.of(save.path, [folder / file.name for file in save.files])


def _variables(provider: Provider, paths: list[Path], cancel: CancelToken) -> tuple[Variable, ...]:
    """Those of the first that opens; if none does, the error of the first is raised."""
    first: CheckpointError | None = None
    for path in paths:
        cancel.check()
        try:
            with provider.open_checkpoint(path, cancel) as checkpoint:
                return tuple(checkpoint.variables)
        except CheckpointError as error:
            first = first or error
    assert first is not None
    raise first


def _length(run: Run) -> int:
    return len(run.saves)
