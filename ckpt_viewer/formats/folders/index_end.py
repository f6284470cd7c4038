"""Whether an index, or a V1 file, has its end: one that is being written, or was cut, has none."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from ckpt_viewer.errors import DamagedFile, Problem
from ckpt_viewer.formats.foreign import name_foreign
from ckpt_viewer.formats.peek import read_head, table_format
from ckpt_viewer.formats.storage.sstable import Footer

if TYPE_CHECKING:
    from ckpt_viewer.formats.folders.saves import SavedFile

YOUNG = 5.0  # seconds: a save may still be writing
BEING_SAVED = "being saved"
_LOOK_AGAIN = "Look again in a moment; if nothing is training, the save was interrupted."
_COPY_AGAIN = "It was cut after it was saved, or the save was interrupted: copy it again."


def is_young(modified: float) -> bool:
    """Whether the file was written moments ago; clocks may differ a little."""
    return abs(time.time() - modified) < YOUNG


def index_finding(path: Path, file: "SavedFile") -> tuple[str, Problem] | None:
    """A badge and what is wrong, judged by the last bytes of the file; None where it ends as it should."""
    try:
        if table_format(path) is not None:
            return None
        foreign = name_foreign(read_head(path), path)
    except OSError:
        return None  # opening it says why
    if foreign is not None:
        return "no checkpoint", foreign.problem
    if is_young(file.modified):
        return BEING_SAVED, Problem(
            "partial-save", f"{path} is being written: a save in progress.", _LOOK_AGAIN
        )
    return "damaged", _cut(path, file.size)


def v1_finding(path: Path) -> tuple[str, Problem] | None:
    """The same of a V1 checkpoint in one file."""
    try:
        return None if table_format(path) else ("damaged", without_end(path).problem)
    except OSError:
        return None


def without_end(path: Path) -> DamagedFile:
    """Of a file that is known by its first bytes alone."""
    message = f"{path} begins as a checkpoint, but its end is missing."
    return DamagedFile(message, path=path, hint="Copy it again from where it was made.", code="truncated")


def _cut(path: Path, size: int) -> Problem:
    if size == 0:
        return Problem("empty-file", f"{path} is empty: it has 0 bytes.", _COPY_AGAIN)
    if size < Footer.SIZE:
        message = f"{path} has {size} bytes; an index has at least {Footer.SIZE}."
    else:
        message = f"{path} ends after {size} bytes; its footer should be there."
    return Problem("truncated", message, _COPY_AGAIN)
