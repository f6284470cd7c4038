"""Whether an index, or a V1 file, has its end: one that is being written, or was cut, has none."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ckpt_viewer.errors import DamagedFile, Problem
from ckpt_viewer.formats.folders.file_names import parse, prefix_of, temp_folder_prefix
from ckpt_viewer.formats.foreign import name_foreign
from ckpt_viewer.formats.peek import begun_table, read_head, table_format
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
        if foreign := name_foreign(head, path):
            return "no checkpoint", foreign.problem
        if not is_young(file.modified) or not may_go_on(head):
            return "damaged", _cut(path, file.size, _COPY_AGAIN)
        grows = _grows(path, file)
        if grows and table_format(path) is not None:
            return None
    except OSError:
        return None  # opening it says why
    if grows or saving:
        return BEING_SAVED, being_saved(path)
    return "damaged", _cut(path, file.size, MAY_GO_ON)


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


def _cut(path: Path, size: int, hint: str) -> Problem:
    if size == 0:
        return Problem("empty-file", f"{path} is empty: it has 0 bytes.", hint)
    if size < Footer.SIZE:
        message = f"{path} has {size} bytes; an index has at least {Footer.SIZE}."
    else:
        message = f"{path} ends after {size} bytes; its footer should be there."
    return Problem("truncated", message, hint)
