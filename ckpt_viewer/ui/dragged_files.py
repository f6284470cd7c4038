"""Variables on their way to a file manager: `.npy` files that are written when they are dropped."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from PySide6.QtCore import QMimeData, QUrl

from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable

MOST_BYTES = 1 << 28  # what is written while the other program waits
_FILES = "text/uri-list"


class DraggedFiles(QMimeData):
    """Names its files only to whom takes them: until then nothing is read or written.

    Attributes:
        problem: Why one of the variables, the last of them, was left out.
    """

    def __init__(self, checkpoint: Checkpoint, variables: Sequence[Variable], folder: Path) -> None:
        super().__init__()
        self._checkpoint, self._variables, self._folder = checkpoint, variables, folder
        self._urls: list[QUrl] | None = None
        self.problem: Problem | None = None

    def formats(self) -> list[str]:
        return [_FILES]

    def hasFormat(self, mimetype: str) -> bool:
        return mimetype == _FILES

    def retrieveData(self, mimetype: str, preferredType: Any) -> Any:
        if mimetype != _FILES:
            return None
        if self._urls is None:
            self._urls = self._write()
        return self._urls

    def _write(self) -> list[QUrl]:
        """What cannot be read is left out; each has a folder of its own, since names may be equal."""
        return [QUrl.fromLocalFile(str(file)) for file in map(self._write_one, self._variables) if file]

    def _write_one(self, variable: Variable) -> Path | None:
        from ckpt_viewer.export.exporters import default_file_name, export_variables

        file = Path(mkdtemp(dir=self._folder)) / default_file_name([variable], "npy")
        try:
            export_variables(self._checkpoint, [variable], file, format="npy")
        except CheckpointError as error:
            self.problem = error.problem
            return None
        return file


class DragFolder:
    """A temporary folder, there from the first drag until it is cleaned up."""

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None

    def files(self, checkpoint: Checkpoint, variables: Sequence[Variable]) -> DraggedFiles | None:
        """None where it is nothing, or more than another program would wait for."""
        if not 0 < sum(variable.nbytes for variable in variables) <= MOST_BYTES:
            return None
        self._folder = self._folder or TemporaryDirectory(prefix="ckpt-viewer-")
        return DraggedFiles(checkpoint, variables, Path(self._folder.name))

    def clean_up(self) -> None:
        if self._folder:
            self._folder.cleanup()
            self._folder = None
