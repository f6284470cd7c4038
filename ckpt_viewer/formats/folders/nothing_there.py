"""The errors of a path that means no checkpoint, or several: what is there instead, and what is near."""

import stat
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import (
    AmbiguousPath,
    CheckpointError,
    DamagedFile,
    MissingShard,
    NotACheckpoint,
    NotFound,
)
from ckpt_viewer.formats.checkpoint import Kind
from ckpt_viewer.formats.folders import file_names
from ckpt_viewer.formats.folders.folder import Folder, list_folder, newest_saves
from ckpt_viewer.formats.folders.given import Given
from ckpt_viewer.formats.folders.index_end import without_end
from ckpt_viewer.formats.folders.saves import Save
from ckpt_viewer.formats.folders.state_file import StateFile
from ckpt_viewer.formats.peek import begun_table
from ckpt_viewer.formats.storage.source import no_file, unreadable

NAMES_COMPARED = 2000
_ERRORS: dict[str, type[CheckpointError]] = {
    "missing-index": NotFound,
    "stale-path": NotFound,
    "missing-shard": MissingShard,
    "lfs-pointer": NotACheckpoint,
}


def of_another_kind(given: Given) -> CheckpointError | None:
    """For a path at which there is something that cannot be meant; None where nothing is."""
    path = given.path
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    if stat.S_ISREG(mode) and given.is_folder:
        hint = "Leave out the slash at its end."
        return NotFound(f"{path} is a file, not a folder.", path=path, hint=hint)
    return None if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else unreadable(path, no_file(path))


def missing(path: Path, cancel: CancelToken | None = None) -> CheckpointError:
    """For a path at which nothing is: what its name is part of, or which names come near."""
    parent = path.parent
    if path == parent or not parent.is_dir():
        near = _near(parent, sorted(_folder_names(parent.parent, cancel)))
        return NotFound(f"{path} is not there: there is no folder {parent}.", path=path, hint=near)
    folder = list_folder(parent, cancel)
    prefix = file_names.parse(path.name).prefix
    if save := next((save for save in folder.saves if save.path.name in (path.name, prefix)), None):
        return _incomplete(save, path)
    if any(save.path.name == f"{path.name}.meta" for save in folder.saves):
        return only_a_graph(_meta_of(path))
    family = next((run.saves for run in folder.runs if run.name == path.name), ())
    if len(family) > 1:
        return ambiguous(path, family)
    names = [save.path.name for save in (*family, *folder.saves)]
    near = _near(path, list(dict.fromkeys([*names, *(below.name for below in folder.folders)])))
    return NotFound(f"There is no checkpoint {path}.", path=path, hint=near)


def ambiguous(path: Path, saves: Sequence[Save]) -> CheckpointError:
    hint = f"Name one of them, such as {saves[0].path}."
    return AmbiguousPath(path, [save.path.name for save in saves], hint)


def without_checkpoint(folder: Folder) -> CheckpointError:
    """For a folder in which there is nothing to open."""
    path = folder.path
    if save := next((save for save in folder.saves if save.kind == "bundle"), None):
        return _incomplete(save, path)
    if unreadable := next((problem for problem in folder.problems if problem.code == "not-readable"), None):
        return NotFound(unreadable.message, path=path, hint=unreadable.hint, code=unreadable.code)
    if folder.state and folder.state.problems and not folder.saves:
        return without_newest(folder.state)
    if folder.saves:
        message = f"{path} holds graphs, but no checkpoint."
        return NotACheckpoint(message, path=path, hint=f"Open {folder.saves[0].path} as a graph.")
    return NotACheckpoint(f"{path} holds no TensorFlow checkpoint.", path=path, hint=_instead(folder))


def not_a_checkpoint(path: Path, head: bytes, kind: Kind | None, table: str | None) -> CheckpointError:
    """For a file whose first bytes are of nothing we can name."""
    if kind in ("meta-graph", "graph-def"):
        return only_a_graph(path)
    if not head:
        hint = "A save or a download was interrupted; fetch or save it again."
        return DamagedFile(f"{path} is empty.", path=path, hint=hint, code="empty-file")
    if table == "index":
        message = f"{path} is the index of a checkpoint under another name."
        return NotACheckpoint(
            message, path=path, hint=f"Rename it to {path.name}.index, as its data files are."
        )
    if begun_table(head):
        return without_end(path)
    hint = "Looked for an .index, a V1 checkpoint, a state file, a SavedModel and a frozen graph."
    return NotACheckpoint(f"{path} is no TensorFlow checkpoint, nor a file of one.", path=path, hint=hint)


def not_a_graph(path: Path) -> CheckpointError:
    hint = "Looked for a .meta, a GraphDef and a SavedModel."
    return NotACheckpoint(f"{path} holds no TensorFlow graph.", path=path, hint=hint, code="not-a-graph")


def only_a_graph(path: Path) -> CheckpointError:
    message = f"{path} holds a graph; the variables saved with it are not beside it."
    return NotACheckpoint(message, path=path, hint="Open it as a graph, or copy its checkpoint beside it.")


def without_graph(prefix: Path) -> CheckpointError:
    message = f"No graph was saved with {prefix}: there is no {prefix.name}.meta."
    hint = "TensorFlow 2 and write_meta_graph=False save none; another save of the run may have it."
    return NotFound(message, path=prefix, hint=hint)


def graph_missing(folder: Path) -> CheckpointError:
    hint = "Looked for .meta, .pb and .pbtxt files and a SavedModel."
    return NotFound(f"{folder} holds no graph.", path=folder, hint=hint)


def without_newest(state: StateFile) -> CheckpointError:
    """For a state file that leads to no checkpoint."""
    if not state.problems:
        message = f"{state.path} names {state.model_checkpoint_path}, which is no checkpoint."
        return NotACheckpoint(message, path=state.path, hint="Correct the path in the state file.")
    problem = state.problems[0]
    here = newest_saves(list_folder(state.path.parent))
    hint = f"{problem.hint} The newest here is {here[0].path}." if here else problem.hint
    error = _ERRORS.get(problem.code, DamagedFile)
    return error(problem.message, path=state.path, hint=hint, code=problem.code)


def _incomplete(save: Save, path: Path) -> CheckpointError:
    """For a file of a save that is not there, by what the save lacks as a whole."""
    if not save.problems:
        return NotFound(f"{path} is not there.", path=path, hint=f"Did you mean {save.path.name}?")
    problem = save.problems[0]
    error = _ERRORS.get(problem.code, DamagedFile)
    return error(problem.message, path=save.path, hint=problem.hint, code=problem.code)


def _meta_of(prefix: Path) -> Path:
    return prefix.parent / f"{prefix.name}.meta"


def _folder_names(path: Path, cancel: CancelToken | None) -> list[str]:
    return [below.name for below in list_folder(path, cancel).folders] if path.is_dir() else []


def _near(path: Path, names: list[str]) -> str:
    import difflib

    longer = [name for name in islice(names, NAMES_COMPARED) if name.startswith(path.name)]
    close = difflib.get_close_matches(path.name, names[:NAMES_COMPARED], n=3)
    if near := list(dict.fromkeys([*longer[:3], *close]))[:3]:
        return f"Did you mean {' or '.join(near)}?"
    return f"What is there: {', '.join(names[:5])}{', …' if len(names) > 5 else ''}." if names else ""


def _instead(folder: Folder) -> str:
    """What the folder holds in place of a checkpoint."""
    parts = [f"{count} {ending or 'without ending'}" for ending, count in [*folder.found.items()][:4]]
    found = f"It holds other files ({', '.join(parts)})." if parts else ""
    named = [f"{problem.message} {problem.hint}" for problem in folder.foreign[:2]]
    below = ", ".join(path.name for path in folder.folders[:5])
    deeper = f"Look in its folders: {below}{', …' if len(folder.folders) > 5 else ''}." if below else ""
    return " ".join(filter(None, (found, *named, deeper))) or "It is empty."
