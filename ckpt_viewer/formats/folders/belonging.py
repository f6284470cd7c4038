"""Whether a file is part of a checkpoint: whoever writes files leaves those alone."""

from pathlib import Path

from ckpt_viewer.formats.folders import file_names
from ckpt_viewer.formats.folders.file_names import SAVED_MODEL_NAMES, STATE_NAME
from ckpt_viewer.formats.folders.state_file import begins_as_state
from ckpt_viewer.formats.graphs.graph_kinds import graph_kind
from ckpt_viewer.formats.peek import read_head, table_format


def is_of_a_checkpoint(path: Path) -> bool:
    """By its name, whether it is there or not; else by its first and last bytes."""
    if path.name in (STATE_NAME, *SAVED_MODEL_NAMES):
        return True
    if file_names.parse(path.name).part not in ("temporary", "other"):
        return True
    try:
        head = read_head(path)
        return begins_as_state(head) or graph_kind(head) is not None or table_format(path) is not None
    except (OSError, ValueError):
        return False
