"""Any path a person may give → the checkpoint or graph that is meant.

A path that could be a prefix is one, as it is for TensorFlow; only then it may be a folder or a file.
"""

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import DamagedFile, NotFound, Problem
from ckpt_viewer.formats.checkpoint import Kind
from ckpt_viewer.formats.folders import file_names, nothing_there
from ckpt_viewer.formats.folders.folder import SAVED_MODEL_NAMES, STATE_NAME, list_folder
from ckpt_viewer.formats.folders.saves import Save, newest_saves, passed_over
from ckpt_viewer.formats.folders.state_file import begins_as_state, read_state_file
from ckpt_viewer.formats.foreign import chunked_graph, name_foreign
from ckpt_viewer.formats.graphs.graph_def_kind import graph_def_kind
from ckpt_viewer.formats.graphs.graph_kinds import graph_kind
from ckpt_viewer.formats.peek import begun_table, is_v1, names_file, read_head, table_format
from ckpt_viewer.formats.storage.source import unreadable


@dataclass(frozen=True, slots=True)
class Located:
    """What a path turned out to mean.

    Attributes:
        path: The prefix of a bundle; the file of other checkpoints, with question marks for the numbers of
            V1 shards; the folder of a SavedModel's checkpoint, the file of its graph.
        problems: What was wrong where it was looked for, such as a state file that led nowhere.
    """

    kind: Kind
    path: Path
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """A path as a person gave it, `~` read as their home."""

    path: Path
    is_folder: bool
    cancel: CancelToken | None = None

    @classmethod
    def parse(cls, text: str | os.PathLike[str], cancel: CancelToken | None) -> "Given":
        name = os.fsdecode(text)
        path = Path(name)
        if name.startswith("~") and not os.path.lexists(path):
            path = _at_home(path)
        ends = (os.sep, os.altsep or os.sep)
        return cls(path, name.endswith(ends), cancel)


Way = Callable[[Given], Located | None]


def locate_checkpoint(path: str | os.PathLike[str], cancel: CancelToken | None = None) -> Located:
    """The checkpoint a path means: by its own name, else what it holds or lists.

    Raises:
        AmbiguousPath: It may mean several; the message lists them.
        NotFound: Nothing is there; the hint names what is near.
        CheckpointError: What is there is something else.
    """
    return _locate(Given.parse(path, cancel), CHECKPOINT_WAYS)


def locate_graph(path: str | os.PathLike[str], cancel: CancelToken | None = None) -> Located:
    """The graph a path means: a graph file itself, or the one saved with a checkpoint. Raises as above."""
    return _locate(Given.parse(path, cancel), GRAPH_WAYS)


def _locate(given: Given, ways: tuple[Way, ...]) -> Located:
    _check_possible(given.path)
    try:
        for way in ways:
            if located := way(given):
                return located
    except OSError as error:
        raise unreadable(Path(error.filename or given.path), error) from error
    raise nothing_there.missing(given.path, given.cancel)


def _check_possible(path: Path) -> None:
    """Raise `NotFound` for what no file can be called, which the system would refuse at every step."""
    try:
        path.lstat()
    except ValueError as error:
        raise NotFound(f"{str(path)!r} is no path.", hint="A zero byte is in it.") from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            short = f"{os.fspath(path)[:300]}…"
            raise NotFound(f"{short} is not there: it is longer than a path can be.", path=path) from error


def _at_home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _beside(path: Path, name: str) -> Path:
    """Like `with_name`, for paths that have none, such as `..`."""
    return path.parent / name


# Checkpoints


def _as_prefix(given: Given) -> Located | None:
    index = _beside(given.path, f"{given.path.name}.index")
    if given.is_folder or not given.path.name:
        return None
    if not file_names.prefix_of(given.path) and names_file(given.path):
        return Located("bundle", given.path)
    if names_file(index) or (os.path.lexists(index) and index.exists() and not given.path.exists()):
        return Located("bundle", given.path)
    return None


def _as_folder(given: Given) -> Located | None:
    if not given.path.is_dir():
        return None
    folder = list_folder(given.path, given.cancel)
    newest = newest_saves(folder)
    if len(newest) == 1:
        problems = (*folder.problems, *passed_over(folder, newest[0]))
        return replace(_located(newest[0]), problems=problems)
    if newest:
        raise nothing_there.ambiguous(given.path, newest)
    raise nothing_there.without_checkpoint(folder)


def _as_file(given: Given) -> Located | None:
    if given.is_folder or not given.path.is_file():
        return None
    by_name = _FILE_PARTS.get(file_names.parse(given.path.name).part)
    if by_name and (located := by_name(given.path)):
        return located
    if given.path.name in SAVED_MODEL_NAMES:
        return Located("saved-model", given.path.parent)
    if given.path.suffix == ".cpb":
        raise chunked_graph(given.path)
    return _by_content(given)


def _as_v1_shards(given: Given) -> Located | None:
    """A prefix whose files all end in `-00000-of-00002`, or the name the state file has for them."""
    pattern = file_names.parse_v1_pattern(given.path.name)
    prefix = pattern[0] if pattern else given.path.name
    folder = given.path.parent
    if given.is_folder or not folder.is_dir():
        return None
    saves = [
        save
        for save in list_folder(folder, given.cancel).saves
        if save.kind == "v1" and (named := file_names.parse_v1_pattern(save.path.name))
        if named == pattern or (not pattern and named[0] == prefix)
    ]
    if len(saves) > 1:
        raise nothing_there.ambiguous(given.path, saves)
    return _located(saves[0]) if saves else None


def _up_to_a_dot(given: Given) -> Located | None:
    """What a shell completes: the part that all files of a prefix share ends in a dot."""
    name = given.path.name
    return _of_prefix(_beside(given.path, name[:-1])) if name.endswith(".") and name.strip(".") else None


def _prefix_of(file: Path) -> Path:
    """What opens the save that a file is part of, by its name."""
    return file_names.prefix_path(file.parent, file_names.parse(file.name).prefix)


def _index_file(path: Path) -> Located:
    return _v1_of_any_name(path) or Located("bundle", _prefix_of(path))


def _v1_of_any_name(path: Path) -> Located | None:
    """A V1 checkpoint that is called as a part of a bundle would be."""
    certain = table_format(path) == "v1" and begun_table(read_head(path)) == "v1"
    return Located("v1", path) if certain else None


def _data_file(path: Path) -> Located:
    prefix = _prefix_of(path)
    if located := _as_prefix(Given(prefix, is_folder=False)) or _v1_of_any_name(path):
        return located
    raise NotFound(
        f"There is no file {file_names.file_of(prefix, '.index')}; without it {path.name} cannot be read.",
        path=path,
        hint="Copy it from where the checkpoint was made; it belongs to this very save.",
        code="missing-index",
    )


def _meta_file(path: Path) -> Located | None:
    return _of_prefix(_prefix_of(path))


def _v1_shard_file(path: Path) -> Located | None:
    named = file_names.parse(path.name)
    if not is_v1(path):
        return None
    return Located("v1", _beside(path, file_names.v1_pattern(named.prefix, named.shards)))


def _leftover_file(path: Path) -> Located:
    raise DamagedFile(
        f"{path} is left of a save that was interrupted, or is still going on.",
        path=path,
        hint="Open another save of the run; if nothing is training, this file can be deleted.",
        code="partial-save",
    )


_FILE_PARTS: dict[str, Callable[[Path], Located | None]] = {
    "index": _index_file,
    "data": _data_file,
    "meta": _meta_file,
    "v1-shard": _v1_shard_file,
    "leftover": _leftover_file,
}


def _of_prefix(prefix: Path) -> Located | None:
    """The bundle or V1 checkpoint of exactly this prefix, whatever else lies around."""
    given = Given(prefix, is_folder=False)
    if located := _as_prefix(given):
        return located
    if prefix.is_file():
        return Located("v1", prefix) if is_v1(prefix) else None
    return _as_v1_shards(given)


def _by_content(given: Given) -> Located:
    path = given.path
    table = table_format(path)
    if table == "v1":
        return Located("v1", path)
    head = read_head(path)
    if path.name == STATE_NAME or begins_as_state(head):
        return _newest_of_state(path)
    kind = graph_kind(head)
    if kind == "graph-def":
        kind = graph_def_kind(path, given.cancel)
    if kind in ("frozen-graph", "saved-model"):
        return Located(kind, path)
    raise name_foreign(head, path) or nothing_there.not_a_checkpoint(path, head, kind, table)


def _newest_of_state(path: Path) -> Located:
    state = read_state_file(path)
    if state.latest and (located := _of_prefix(state.latest)):
        return located
    raise nothing_there.without_newest(state)


def _located(save: Save) -> Located:
    if save.kind == "saved-model" and save.path.name in SAVED_MODEL_NAMES:
        return Located("saved-model", save.path.parent)
    return Located(save.kind, save.path)


CHECKPOINT_WAYS: tuple[Way, ...] = (_as_prefix, _as_folder, _as_file, _as_v1_shards, _up_to_a_dot)


# Graphs


def _graph_beside(given: Given) -> Located | None:
    """The graph of the checkpoint with this prefix; a SavedModel keeps it one folder up."""
    if given.is_folder or not given.path.name:
        return None
    meta = file_names.file_of(given.path, ".meta")
    if names_file(meta):
        return Located("meta-graph", meta)
    if _as_prefix(given):
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
        return _graph_of(_prefix_of(path))
    if path.name in SAVED_MODEL_NAMES:
        return Located("saved-model", path)
    if path.suffix == ".cpb":
        raise chunked_graph(path)
    head = read_head(path)
    if kind := graph_kind(head):
        return Located(graph_def_kind(path, given.cancel) if kind == "graph-def" else kind, path)
    if begins_as_state(head):
        return _graph_of(_newest_of_state(path).path)
    if path.suffix in (".pb", ".pbtxt"):
        return Located("graph-def", path)
    if table_format(path):
        raise nothing_there.without_graph(path)
    raise name_foreign(head, path) or nothing_there.not_a_graph(path)


def _graph_of(prefix: Path) -> Located:
    pattern = file_names.parse_v1_pattern(prefix.name)
    if located := _graph_beside(Given(_beside(prefix, pattern[0]) if pattern else prefix, is_folder=False)):
        return located
    raise nothing_there.without_graph(prefix)


def _graph_of_v1_shards(given: Given) -> Located | None:
    located = _as_v1_shards(given)
    return _graph_of(located.path) if located else None


def _graph_up_to_a_dot(given: Given) -> Located | None:
    located = _up_to_a_dot(given)
    return _graph_of(located.path) if located else None


def _saved_model_in(folder: Path) -> Located | None:
    for name in SAVED_MODEL_NAMES:
        if (folder / name).is_file():
            return Located("saved-model", folder / name)
    return None


def _saved_model_around(folder: Path) -> Located | None:
    """The SavedModel whose variables are in this folder."""
    return _saved_model_in(folder.parent) if folder.name == "variables" else None


GRAPH_WAYS: tuple[Way, ...] = (
    _graph_beside,
    _graph_in_folder,
    _graph_in_file,
    _graph_of_v1_shards,
    _graph_up_to_a_dot,
)
