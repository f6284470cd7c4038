"""What a path can mean that is no prefix of a bundle: a folder, a file, shards of V1, a name up to a dot."""

from collections.abc import Callable
from pathlib import Path

from ckpt_viewer.errors import DamagedFile, NotFound
from ckpt_viewer.formats.folders import file_names, nothing_there
from ckpt_viewer.formats.folders.file_names import SAVED_MODEL_NAMES, STATE_NAME
from ckpt_viewer.formats.folders.folder import list_folder
from ckpt_viewer.formats.folders.given import Given, Located, Way, as_prefix, beside
from ckpt_viewer.formats.folders.saves import Save, newest_saves, passed_over
from ckpt_viewer.formats.folders.state_file import begins_as_state, read_state_file
from ckpt_viewer.formats.foreign import chunked_graph, name_foreign
from ckpt_viewer.formats.graphs.graph_def_kind import graph_def_kind
from ckpt_viewer.formats.graphs.graph_kinds import graph_kind
from ckpt_viewer.formats.peek import begun_table, is_v1, read_head, table_format


def _as_folder(given: Given) -> Located | None:
    if not given.path.is_dir():
        return None
    folder = list_folder(given.path, given.cancel)
    newest = newest_saves(folder)
    if len(newest) == 1:
        newer = tuple(passed_over(folder, newest[0]))
        return _located(newest[0])._replace(problems=folder.problems, passed_over=newer)
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


def as_v1_shards(given: Given) -> Located | None:
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


def up_to_a_dot(given: Given) -> Located | None:
    """What a shell completes: the part that all files of a prefix share ends in a dot."""
    name = given.path.name
    return _of_prefix(beside(given.path, name[:-1])) if name.endswith(".") and name.strip(".") else None


def prefix_of_file(file: Path) -> Path:
    """What opens the save that a file is part of, by its name."""
    return file_names.prefix_path(file.parent, file_names.parse(file.name).prefix)


def _index_file(path: Path) -> Located:
    return _v1_of_any_name(path) or Located("bundle", prefix_of_file(path))


def _v1_of_any_name(path: Path) -> Located | None:
    """A V1 checkpoint that is called as a part of a bundle would be."""
    certain = table_format(path) == "v1" and begun_table(read_head(path)) == "v1"
    return Located("v1", path) if certain else None


def _data_file(path: Path) -> Located:
    prefix = prefix_of_file(path)
    if located := as_prefix(Given(prefix, is_folder=False)) or _v1_of_any_name(path):
        return located
    raise NotFound(
        f"There is no file {file_names.file_of(prefix, '.index')}; without it {path.name} cannot be read.",
        path=path,
        hint="Copy it from where the checkpoint was made; it belongs to this very save.",
        code="missing-index",
    )


def _meta_file(path: Path) -> Located | None:
    return _of_prefix(prefix_of_file(path))


def _v1_shard_file(path: Path) -> Located | None:
    named = file_names.parse(path.name)
    if not is_v1(path):
        return None
    return Located("v1", beside(path, file_names.v1_pattern(named.prefix, named.shards)))


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
    if located := as_prefix(given):
        return located
    if prefix.is_file():
        return Located("v1", prefix) if is_v1(prefix) else None
    return as_v1_shards(given)


def _by_content(given: Given) -> Located:
    path = given.path
    table = table_format(path)
    if table == "v1":
        return Located("v1", path)
    head = read_head(path)
    if path.name == STATE_NAME or begins_as_state(head):
        return newest_of_state(path)
    kind = graph_kind(head)
    if kind == "graph-def":
        kind = graph_def_kind(path, given.cancel)
    if kind in ("frozen-graph", "saved-model"):
        return Located(kind, path)
    raise name_foreign(head, path) or nothing_there.not_a_checkpoint(path, head, kind, table)


def newest_of_state(path: Path) -> Located:
    state = read_state_file(path)
    if state.latest and (located := _of_prefix(state.latest)):
        return located
    raise nothing_there.without_newest(state)


def _located(save: Save) -> Located:
    if save.kind == "saved-model" and save.path.name in SAVED_MODEL_NAMES:
        return Located("saved-model", save.path.parent)
    return Located(save.kind, save.path)


WAYS: tuple[Way, ...] = (_as_folder, _as_file, as_v1_shards, up_to_a_dot)
