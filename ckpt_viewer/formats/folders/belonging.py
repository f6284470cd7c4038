"""Whether a file is part of a checkpoint: whoever writes files leaves those alone."""

from pathlib import Path

from ckpt_viewer.formats.folders import file_names
from ckpt_viewer.formats.folders.file_names import SAVED_MODEL_NAMES, STATE_NAME
from ckpt_viewer.formats.folders.state_file import begins_as_state
from ckpt_viewer.formats.graphs.graph_kinds import graph_kind
from ckpt_viewer.formats.peek import read_head, table_format

_BESIDE = ("fingerprint.pb", "keras_metadata.pb")
_WITHIN = ("assets", "assets.extra", "variables")


def is_of_a_checkpoint(path: Path) -> bool:
    """By its name, whether it is there or not; else by its first and last bytes."""
    if path.name in (STATE_NAME, *SAVED_MODEL_NAMES):
        return True
    if file_names.parse(path.name).part not in ("temporary", "other") or _is_in_saved_model(path):
        return True
    try:
        head = read_head(path)
        return begins_as_state(head) or graph_kind(head) is not None or table_format(path) is not None
    except (OSError, ValueError):
        return False


def _is_in_saved_model(path: Path) -> bool:
    """Whether it is one of the files that a SavedModel has beside its graph."""
    folder = path.parent if path.name in _BESIDE else path.parent.parent
    known = path.name in _BESIDE or path.parent.name in _WITHIN
    return known and any((folder / name).exists() for name in SAVED_MODEL_NAMES)
