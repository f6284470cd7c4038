"""Paths → open checkpoints and graphs: one reader for each kind, in one table.

Only what opens the file at hand is imported: most runs of the program meet one kind.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Kind, Variable
from ckpt_viewer.formats.folders.file_names import SAVED_MODEL_NAMES, file_of, parse_v1_pattern
from ckpt_viewer.formats.folders.locate import Located, locate_checkpoint, locate_graph
from ckpt_viewer.formats.peek import names_file

if TYPE_CHECKING:
    from ckpt_viewer.formats.graph import Graph

LARGEST_WITNESS = 64 << 20  # bytes of a graph that is worth reading for what variables are


class Reader(NamedTuple):
    """What opens the checkpoints of one kind.

    Attributes:
        opener: The module below `formats` and the function in it.
    """

    kind: Kind
    opener: tuple[str, str]

    def open(self, path: Path, cancel: CancelToken | None) -> Checkpoint:
        """From the path that `locate_checkpoint` answers; raises `CheckpointError`."""
        module, name = self.opener
        function = getattr(import_module(f"ckpt_viewer.formats.{module}"), name)
        return cast(Checkpoint, function(path, cancel))


def open_checkpoint(path: str | os.PathLike[str], cancel: CancelToken | None = None) -> Checkpoint:
    """The checkpoint that a path means, judged by the graph beside it; raises `CheckpointError`."""
    located = locate_checkpoint(path, cancel)
    checkpoint = open_located(located, cancel)
    try:
        judge_by_graph(checkpoint, located, cancel)
    except BaseException:
        checkpoint.close()
        raise
    return checkpoint


def judge_by_graph(checkpoint: Checkpoint, located: Located, cancel: CancelToken | None = None) -> None:
    """Let the graph that was saved with a checkpoint say what its variables are, where there is one to read.

    Large graphs take their time: `open_located` does without, and names alone have judged then.
    """
    file = _graph_file(located)
    if file is None or not names_file(file):
        return
    try:
        if file.stat().st_size > LARGEST_WITNESS:
            return
        graph = _open_graph_file(file, "meta-graph", cancel)
    except (OSError, CheckpointError):
        return  # whoever opens the graph itself is told
    from ckpt_viewer.formats.roles.graph_witness import judged_by

    checkpoint.relist(judged_by(graph, checkpoint.variables, cancel))


def _graph_file(located: Located) -> Path | None:
    path = located.path
    if located.kind == "saved-model":
        folder = path if path.is_dir() else path.parent
        return next((folder / name for name in SAVED_MODEL_NAMES if names_file(folder / name)), None)
    if located.kind not in ("bundle", "v1"):
        return None
    pattern = parse_v1_pattern(path.name)
    return path.with_name(f"{pattern[0]}.meta") if pattern else file_of(path, ".meta")


def open_located(located: Located, cancel: CancelToken | None = None) -> Checkpoint:
    """The checkpoint that was found, its variables judged by their names; raises `CheckpointError`."""
    for reader in READERS:
        if reader.kind == located.kind:
            return reader.open(located.path, cancel)
    from ckpt_viewer.formats.folders import nothing_there

    raise nothing_there.only_a_graph(located.path)


def first_variables(located: Located) -> Sequence[Variable]:
    """The first few of a large index, not judged at all; none of what is soon read, or has none to show."""
    from ckpt_viewer.formats.bundle.opening import first_of_index

    if located.kind == "bundle":
        return first_of_index(located.path)
    folder = located.path if located.path.is_dir() else located.path.parent
    return first_of_index(folder / "variables" / "variables") if located.kind == "saved-model" else ()


def open_graph(path: str | os.PathLike[str], cancel: CancelToken | None = None) -> Graph:
    """The graph that a path means; raises `CheckpointError`."""
    located = locate_graph(path, cancel)
    return _open_graph_file(located.path, located.kind, cancel)


def _open_graph_file(path: Path, kind: Kind, cancel: CancelToken | None) -> Graph:
    from ckpt_viewer.formats.graphs.meta_graph import open_graph_file

    return open_graph_file(path, kind, cancel)


def open_saved_model(path: Path, cancel: CancelToken | None) -> Checkpoint:
    """Its variables: the bundle in `variables/`, which is empty or not there for a model that has none."""
    from ckpt_viewer.formats.bundle.bundle_v2 import open_bundle
    from ckpt_viewer.formats.no_variables import NoVariables

    folder = path if path.is_dir() else path.parent
    variables = folder / "variables"
    if any(variables.glob("variables.*")):
        return open_bundle(variables / "variables", cancel, kind="saved-model")
    files = [folder / name for name in SAVED_MODEL_NAMES if (folder / name).is_file()]
    return NoVariables(folder, files, [] if variables.is_dir() else [_without_folder(variables)])


def _without_folder(variables: Path) -> Problem:
    message = f"{variables} is not there: this SavedModel has no variables, or they were not copied along."
    return Problem(
        "missing-index", message, "Copy the folder from where the model was exported, if it is there."
    )


READERS: tuple[Reader, ...] = (
    Reader("bundle", ("bundle.bundle_v2", "open_bundle")),
    Reader("saved-model", ("readers", "open_saved_model")),
    Reader("v1", ("v1.slices_v1", "open_v1")),
    Reader("frozen-graph", ("graphs.frozen", "open_frozen")),
)
