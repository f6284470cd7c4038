"""Where the graph is that a path means: beside a checkpoint, in a folder, in a file."""

from pathlib import Path

from ckpt_viewer.formats.folders import file_names, nothing_there
from ckpt_viewer.formats.folders.checkpoint_ways import (
    as_v1_shards,
    newest_of_state,
    prefix_of_file,
    up_to_a_dot,
)
from ckpt_viewer.formats.folders.file_names import SAVED_MODEL_NAMES
from ckpt_viewer.formats.folders.folder import list_folder
from ckpt_viewer.formats.folders.given import Given, Located, Way, as_prefix, beside
from ckpt_viewer.formats.folders.saves import newest_saves
from ckpt_viewer.formats.folders.state_file import begins_as_state
from ckpt_viewer.formats.foreign import chunked_graph, name_foreign
from ckpt_viewer.formats.graphs.graph_def_kind import graph_def_kind
from ckpt_viewer.formats.graphs.graph_kinds import graph_kind
from ckpt_viewer.formats.peek import names_file, read_head, table_format


def _graph_beside(given: Given) -> Located | None:
    """The graph of the checkpoint with this prefix; a SavedModel keeps it one folder up."""
    if given.is_folder or not given.path.name:
        return None
    meta = file_names.file_of(given.path, ".meta")
    if names_file(meta):
        return Located("meta-graph", meta)
    if as_prefix(given):
        if model := _saved_model_around(given.path.parent):
            return model
        raise nothing_there.without_graph(given.path)
    return None


def _graph_in_folder(given: Given) -> Located | None:
    if not given.path.is_dir():
        return None
    if model := _saved_model_in(given.path) or _saved_model_around(given.path):
        return model
    folder = list_folder(given.path, given.cancel)
    if len(newest := newest_saves(folder)) > 1:
        raise nothing_there.ambiguous(given.path, newest)
    for save in [*newest, *folder.saves]:
        if meta := next((file.name for file in save.files if file.name.endswith(".meta")), ""):
            return Located("meta-graph", given.path / meta, folder.problems)
    graphs = [save for save in folder.saves if save.kind in ("graph-def", "frozen-graph", "saved-model")]
    if len(graphs) > 1:
        raise nothing_there.ambiguous(given.path, graphs)
    if not graphs:
        raise nothing_there.graph_missing(given.path)
    return _graph_in_file(Given(graphs[0].path, is_folder=False))


def _graph_in_file(given: Given) -> Located | None:
    path = given.path
    if given.is_folder or not path.is_file():
        return None
    named = file_names.parse(path.name)
    if named.part == "meta":
        return Located("meta-graph", path)
    if named.part in ("index", "data", "v1-shard"):
        return _graph_of(prefix_of_file(path))
    if path.name in SAVED_MODEL_NAMES:
        return Located("saved-model", path)
    if path.suffix == ".cpb":
        raise chunked_graph(path)
    head = read_head(path)
    if kind := graph_kind(head):
        return Located(graph_def_kind(path, given.cancel) if kind == "graph-def" else kind, path)
    if begins_as_state(head):
        return _graph_of(newest_of_state(path).path)
    if path.suffix in (".pb", ".pbtxt"):
        return Located("graph-def", path)
    if table_format(path):
        raise nothing_there.without_graph(path)
    raise name_foreign(head, path) or nothing_there.not_a_graph(path)


def _graph_of(prefix: Path) -> Located:
    pattern = file_names.parse_v1_pattern(prefix.name)
    if located := _graph_beside(Given(beside(prefix, pattern[0]) if pattern else prefix, is_folder=False)):
        return located
    raise nothing_there.without_graph(prefix)


def _graph_of_v1_shards(given: Given) -> Located | None:
    located = as_v1_shards(given)
    return _graph_of(located.path) if located else None


def _graph_up_to_a_dot(given: Given) -> Located | None:
    located = up_to_a_dot(given)
    return _graph_of(located.path) if located else None


def _saved_model_in(folder: Path) -> Located | None:
    for name in SAVED_MODEL_NAMES:
        if (folder / name).is_file():
            return Located("saved-model", folder / name)
    return None


def _saved_model_around(folder: Path) -> Located | None:
    """The SavedModel whose variables are in this folder."""
    return _saved_model_in(folder.parent) if folder.name == "variables" else None


WAYS: tuple[Way, ...] = (
    _graph_beside,
    _graph_in_folder,
    _graph_in_file,
    _graph_of_v1_shards,
    _graph_up_to_a_dot,
)
