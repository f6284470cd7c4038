"""A save against the state file of its folder: would TensorFlow find it there?

None of it says anything about the save's values.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.folders.folder import Folder
from ckpt_viewer.formats.folders.state_file import StateFile

_NAMED = 3
_FOREIGN_ROOT = re.compile(r"[\\/]|[A-Za-z]:[\\/]|[A-Za-z][A-Za-z0-9+.-]*://")


def state_findings(folder: Folder, path: Path) -> Iterator[Problem]:
    """Nothing where the folder has no state file."""
    state = folder.state
    if state is None:
        return
    yield from state.problems
    if not state.model_checkpoint_path:
        return
    kept = dict.fromkeys(state.all_model_checkpoint_paths)
    gone = [written for written in kept if written not in state.resolved]
    if gone := [written for written in gone if written != state.model_checkpoint_path]:
        names = ", ".join(gone[:_NAMED]) + (f" and {len(gone) - _NAMED:,} more" if len(gone) > _NAMED else "")
        is_are = "a save that is" if len(gone) == 1 else f"{len(gone):,} saves that are"
        message = f"{state.path} lists {is_are} not here: {names}."
        yield Problem(
            "stale-path", message, "Deleted or moved since, or without index; TensorFlow passes over them."
        )
    if path not in state.resolved.values():
        message = f"{state.path} does not list {path.name}."
        hint = "TensorFlow will neither resume from it nor delete it by itself; open it by its own path."
        yield Problem("not-listed", message, hint)
    yield from _elsewhere(state)


def _elsewhere(state: StateFile) -> Iterator[Problem]:
    """The newest save is here, but TensorFlow looks for it where the state file was written."""
    written, here = state.model_checkpoint_path, state.latest
    if here is None or not _FOREIGN_ROOT.match(written):
        return
    if os.path.abspath(written) in (str(here.absolute()), str(here.resolve())):  # noqa: PTH100 - no link is followed
        return
    message = f"{state.path} names {written} as the newest checkpoint, and {here.name} lies beside it."
    if _is_there(f"{written}.index") or _is_there(written):
        hint = "TensorFlow would resume from that other place, not from here: correct the path in the file."
    else:
        hint = "TensorFlow looks for it there only and finds nothing: correct the path in the state file."
    yield Problem("stale-path", message, hint)


def _is_there(path: str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:
        return False
