"""Whether an index, or a V1 file, has its end: one that is being written, or was cut, has none."""

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ckpt_viewer.errors import CheckpointError, DamagedFile, NotACheckpoint, Problem
from ckpt_viewer.formats.folders.file_names import parse, prefix_of, temp_folder_prefix
from ckpt_viewer.formats.foreign import name_foreign
from ckpt_viewer.formats.peek import begun_table, read_head, read_tail, table_format
from ckpt_viewer.formats.storage.sstable import Footer

if TYPE_CHECKING:
    from ckpt_viewer.formats.folders.saves import SavedFile

YOUNG = 5.0  # seconds: a save may still be writing
BEING_SAVED = "being saved"
MAY_GO_ON = (
    "It was written moments ago: if it is still being saved or copied, look again when that has ended; "
    "otherwise copy it again."
)
_REST = 0.05  # seconds without a change after which a file is not growing
_LOOK_AGAIN = "Look again in a moment; if nothing is training, the save was interrupted."
_COPY_AGAIN = "It was cut after it was saved, or the save was interrupted: copy it again."


def is_young(modified: float) -> bool:
    """Whether the file was written moments ago; clocks may differ a little."""
    return abs(time.time() - modified) < YOUNG


def may_go_on(head: bytes) -> bool:
    """Whether a file without an end could be an index that is not written to its end, by its first bytes."""
    return not head or begun_table(head) == "index"


def is_being_saved(prefix: Path) -> bool:
    """Whether there is anything beside the index that a save takes away when it ends."""
    name = prefix_of(prefix)
    try:
        beside = os.listdir(prefix.parent)  # noqa: PTH208 - names are all that is needed
    except OSError:
        return False
    leftovers = (parsed.prefix for each in beside if (parsed := parse(each)).part == "leftover")
    return name in leftovers or name in map(temp_folder_prefix, beside)


def being_saved(path: Path) -> Problem:
    return Problem("partial-save", f"{path} is being written: a save in progress.", _LOOK_AGAIN)


def index_finding(path: Path, file: "SavedFile", *, saving: bool) -> tuple[str, Problem] | None:
    """A badge and what is wrong, judged by both ends of the file; None where it ends as it should.

    With `saving`, something beside it tells of a save that has not ended.
    """
    try:
        if table_format(path) is not None:
            return None
        head = read_head(path)
        error = without_footer(path, file.size, head, read_tail(path))
        if isinstance(error, NotACheckpoint):
            return "no checkpoint", error.problem
        if not is_young(file.modified) or not may_go_on(head):
            return "damaged", error.problem
        grows = _grows(path, file)
        if grows and table_format(path) is not None:
            return None
    except OSError:
        return None  # opening it says why
    if grows or saving:
        return BEING_SAVED, being_saved(path)
    return "damaged", replace(error.problem, hint=MAY_GO_ON)


def without_footer(path: Path, size: int, head: bytes, tail: bytes) -> CheckpointError:
    """What is wrong with a file under the name of an index, by the ends of it, where it has no footer."""
    if size == 0:
        return DamagedFile(f"{path} is empty.", path=path, hint=_COPY_AGAIN, code="empty-file")
    if foreign := name_foreign(head, path):
        return foreign
    if size < Footer.SIZE or begun_table(head) == "index":
        message = f"{path} ends after {size} byte{'s' * (size > 1)}; its footer should be there."
        return DamagedFile(message, path=path, hint=_COPY_AGAIN)
    if not any(head) and not any(tail):
        message = f"{path} holds {size} bytes that are all zero: its content was never written."
        return DamagedFile(message, path=path, hint=_COPY_AGAIN)
    hint = "Open the prefix of a checkpoint, its .index file, or the folder it lies in."
    return NotACheckpoint(f"{path} is not the index of a TensorFlow checkpoint.", path=path, hint=hint)


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


def _grows(path: Path, file: "SavedFile") -> bool:
    """Whether it changes; one that has lain still for a while already is not waited for."""
    time.sleep(min(max(0.0, file.modified + _REST - time.time()), _REST))
    now = path.stat()
    return (now.st_size, now.st_mtime) != (file.size, file.modified)
