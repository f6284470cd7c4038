"""Files that appear under their name only when all of them is written."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ckpt_viewer.errors import CheckpointError, RequestRefused


@contextmanager
def whole_file(target: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """Write beside the target, then put it in place; whatever is raised inside leaves nothing behind.

    Raises `RequestRefused` where the target is there already (unless `force`) or cannot be written.
    """
    refuse_existing(target, force=force)
    part = target.parent / f".ckpt-viewer-{secrets.token_hex(8)}.part"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb", buffering=1 << 20) as handle:
            yield handle
        refuse_existing(target, force=force)
        part.replace(target)
    except OSError as error:
        raise unwritable(target, error) from error
    finally:
        _remove(part)


def refuse_existing(target: Path, *, force: bool) -> None:
    if is_folder(target):
        raise RequestRefused(f"{target} is a folder.", path=target, hint="Name a file in it.", code="exists")
    if not force and os.path.lexists(target):
        hint = "Choose another name, or overwrite it with --force."
        raise RequestRefused(f"{target} is already there.", path=target, hint=hint, code="exists")


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


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return  # the folder itself is gone or closed to us; what stopped the writing is told instead
