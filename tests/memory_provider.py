"""Folders and checkpoints that are nowhere on disk, for tests of the session and the window."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import NotACheckpoint, NotFound
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.folders.folder import Folder, Run, Save, SavedFile
from ckpt_viewer.formats.folders.locate import Located
from tests.memory_checkpoint import MemoryCheckpoint
from tests.memory_graph import MemoryGraph


class MemoryProvider:
    """Follows the `Provider` protocol.

    Args:
        folders: What is listed; any other path is "not there".
        make: Makes the checkpoint of a path when it is opened; the opened ones are kept in `opened`.
        before: Called in the worker before anything is answered, to slow it down.
    """

    def __init__(
        self,
        folders: Iterable[Folder] = (),
        make: Callable[[Path], MemoryCheckpoint] | None = None,
        before: Callable[[CancelToken], None] | None = None,
    ) -> None:
        self.folders = {folder.path: folder for folder in folders}
        self.opened: list[MemoryCheckpoint] = []
        self.listed: list[Path] = []
        self.make = make
        self.first: Sequence[Variable] = ()
        self.before = before

    def list_folder(self, path: Path, cancel: CancelToken) -> Folder:
        self._wait(cancel)
        self.listed.append(path)
        if path not in self.folders:
            raise NotFound(f"{path} is not there.", path=path)
        return self.folders[path]

    def locate_checkpoint(self, path: Path) -> Located:
        saves = [save for folder in self.folders.values() for run in folder.runs for save in run.saves]
        for save in saves:
            if path == save.path or path.name in {file.name for file in save.files}:
                return Located(save.kind, save.path)
        raise NotACheckpoint(f"{path} is no TensorFlow checkpoint.", path=path)

    def find_data(self, path: Path, folder: Path) -> None:
        """Values in memory lie nowhere else."""

    def locate_graph(self, path: Path) -> Located:
        raise NotACheckpoint(f"{path} holds no graph.", path=path, code="not-a-graph")

    def first_variables(self, path: Path, cancel: CancelToken) -> Sequence[Variable]:
        return self.first

    def open_checkpoint(self, path: Path, cancel: CancelToken) -> MemoryCheckpoint:
        self._wait(cancel)
        if self.make is None:
            raise NotACheckpoint(f"{path} is no TensorFlow checkpoint.", path=path, hint="Try another.")
        checkpoint = self.make(path)
        self.opened.append(checkpoint)
        return checkpoint

    def open_graph(self, path: Path, cancel: CancelToken) -> MemoryGraph:
        raise NotACheckpoint(f"{path} holds no graph.", path=path, code="not-a-graph")

    def _wait(self, cancel: CancelToken) -> None:
        if self.before:
            self.before(cancel)


def save(path: Path, *, latest: bool = False, badges: tuple[str, ...] = (), modified: float = 0.0) -> Save:
    """A bundle of two files; its step is what follows the last `-` of the path."""
    step = path.name.rpartition("-")[2]
    files = (
        SavedFile(f"{path.name}.index", 1000, modified),
        SavedFile(f"{path.name}.data-00000-of-00001", 50_000, modified),
    )
    number = int(step) if step.isdigit() else None
    return Save(path, "bundle", number, files, latest=latest, badges=badges)


def run(folder: Path, name: str, *steps: int, latest: int | None = None) -> Run:
    """A family of saves, newest first."""
    ordered = sorted(steps, reverse=True)
    return Run(
        folder, name, tuple(save(folder / f"{name}-{step}", latest=step == latest) for step in ordered)
    )
