"""Files that appear under their name only when all of them is written."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ckpt_viewer.errors import CheckpointError, RequestRefused
from ckpt_viewer.formats.folders.belonging import is_of_a_checkpoint


@contextmanager
def whole_file(target: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """Write beside the target, then put it in place; whatever is raised inside leaves nothing behind.

    Folders that are not there are made, and removed again where it comes to nothing. Raises `RequestRefused`
    where the target is there already (unless `force`) or cannot be written. What takes the place of another
    file may be read and written by the same people.
    """
    refuse_existing(target, force=force)
    part = target.parent / f".ckpt-viewer-{secrets.token_hex(8)}.part"
    made = [folder for folder in target.parents if not _is_there(folder)]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb", buffering=1 << 20) as handle:
            if target.exists():
                shutil.copymode(target, part)
            yield handle
        refuse_existing(target, force=force)
        part.replace(target)
        made.clear()
    except OSError as error:
        raise unwritable(target, error) from error
    finally:
        _remove(part, made)


def refuse_existing(target: Path, *, force: bool) -> None:
    """`force` gives up what is there, but never a folder, nor a file of a checkpoint."""
    if is_folder(target):
        raise RequestRefused(f"{target} is a folder.", path=target, hint="Name a file in it.", code="exists")
    if is_of_a_checkpoint(target):
        message = f"{target} belongs to a checkpoint, of which nothing is ever changed."
        raise RequestRefused(message, path=target, hint="Choose another name.", code="not-writable")
    if not force and os.path.lexists(target):
        hint = "Choose another name, or overwrite it with --force."
        raise RequestRefused(f"{target} is already there.", path=target, hint=hint, code="exists")


def refuse_without_folder(target: Path) -> None:
    """For a single file: a folder that is not there is more likely mistyped than wanted."""
    if not _is_there(target.parent):
        message = f"{target} cannot be written: there is no folder {target.parent}."
        hint = "Create the folder first, or choose another place."
        raise RequestRefused(message, path=target, hint=hint, code="not-found")


def refuse_below_no_folder(target: Path) -> None:
    """The system would say that the file exists where a link leads nowhere."""
    nearest = next(filter(_is_there, target.parents), None)
    if nearest is not None and not is_folder(nearest):
        message = f"{target} cannot be written: {nearest} is no folder."
        hint = "Name a folder, or one that is to be made."
        raise RequestRefused(message, path=target, hint=hint, code="not-writable")


def is_folder(path: Path) -> bool:
    """Also for names that are too long for the system to be asked about."""
    try:
        return path.is_dir()
    except OSError:
        return False


def unwritable(target: Path, error: OSError) -> CheckpointError:
    """The operating system's refusal, in our words."""
    reason = error.strerror or type(error).__name__
    hint = "Check the folder's permissions and the space left, or choose another place."
    code = "refused" if error.errno == errno.ENAMETOOLONG else "not-writable"
    return RequestRefused(f"{target} cannot be written: {reason}.", path=target, hint=hint, code=code)


def _is_there(path: Path) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:
        return False


def _remove(part: Path, folders: Iterable[Path]) -> None:
    """The file, then the folders, the innermost first, as long as they are empty."""
    try:
        part.unlink(missing_ok=True)
        for folder in folders:
            folder.rmdir()
    except OSError:
        return  # gone, closed to us or in use by now; what stopped the writing is told instead
