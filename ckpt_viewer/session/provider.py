"""Where the session's checkpoints come from; tests put arrays in place of files here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats import readers
from ckpt_viewer.formats.bundle.bundle_v2 import open_bundle
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.folders.folder import Folder, list_folder
from ckpt_viewer.formats.folders.locate import Located, locate_checkpoint, locate_graph

if TYPE_CHECKING:
    from ckpt_viewer.formats.graph import Graph

# What `open_graph` fails with where there simply is none: a checkpoint is no less whole for it.
NO_GRAPH = ("not-found", "not-a-graph", "not-a-checkpoint", "ambiguous")


class Provider(Protocol):
    """Every call may be slow and is made in a worker thread."""

    def list_folder(self, path: Path, cancel: CancelToken) -> Folder: ...

    def locate_checkpoint(self, path: Path) -> Located: ...

    def locate_graph(self, path: Path) -> Located: ...

    def find_data(self, path: Path, folder: Path) -> None:
        """From now on the data files of this bundle are read from another folder; this one is not slow."""

    def first_variables(self, path: Path, cancel: CancelToken) -> Sequence[Variable]:
        """The first few of a checkpoint that takes a while to open, not judged at all; else none."""

    def open_checkpoint(self, path: Path, cancel: CancelToken) -> Checkpoint:
        """Judged by names alone, so that the first rows come at once; its graph may judge later."""

    def open_graph(self, path: Path, cancel: CancelToken) -> Graph: ...


class Files:
    """The files of this machine."""

    def __init__(self) -> None:
        self._data_folders: dict[Path, Path] = {}

    def find_data(self, path: Path, folder: Path) -> None:
        self._data_folders[path] = folder

    def list_folder(self, path: Path, cancel: CancelToken) -> Folder:
        return list_folder(path, cancel)

    def locate_checkpoint(self, path: Path) -> Located:
        return locate_checkpoint(path)

    def locate_graph(self, path: Path) -> Located:
        return locate_graph(path)

    def first_variables(self, path: Path, cancel: CancelToken) -> Sequence[Variable]:
        return readers.first_variables(locate_checkpoint(path, cancel))

    def open_checkpoint(self, path: Path, cancel: CancelToken) -> Checkpoint:
        if folder := self._data_folders.get(path):
            return open_bundle(path, cancel, data_folder=folder)
        return readers.open_located(locate_checkpoint(path, cancel), cancel)

    def open_graph(self, path: Path, cancel: CancelToken) -> Graph:
        return readers.open_graph(path, cancel)
