"""Where the session's checkpoints come from; tests put arrays in place of files here."""

from pathlib import Path
from typing import Protocol

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats import readers
from ckpt_viewer.formats.checkpoint import Checkpoint
from ckpt_viewer.formats.folder import Folder, list_folder
from ckpt_viewer.formats.graph import Graph
from ckpt_viewer.formats.locate import Located, locate_checkpoint, locate_graph


class Provider(Protocol):
    """Every call may be slow and is made in a worker thread."""

    def list_folder(self, path: Path, cancel: CancelToken) -> Folder: ...

    def locate_checkpoint(self, path: Path) -> Located: ...

    def locate_graph(self, path: Path) -> Located: ...

    def open_checkpoint(self, path: Path, cancel: CancelToken) -> Checkpoint: ...

    def open_graph(self, path: Path, cancel: CancelToken) -> Graph: ...


class Files:
    """The files of this machine."""

    def list_folder(self, path: Path, cancel: CancelToken) -> Folder:
        return list_folder(path, cancel)

    def locate_checkpoint(self, path: Path) -> Located:
        return locate_checkpoint(path)

    def locate_graph(self, path: Path) -> Located:
        return locate_graph(path)

    def open_checkpoint(self, path: Path, cancel: CancelToken) -> Checkpoint:
        return readers.open_checkpoint(path, cancel)

    def open_graph(self, path: Path, cancel: CancelToken) -> Graph:
        return readers.open_graph(path, cancel)
