"""Whether the disk has room for an export: better told at once than when an hour of writing has filled it."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from ckpt_viewer.errors import RequestRefused

_BLOCK = 512  # bytes; what `st_blocks` counts, whatever the file system's own blocks are


def refuse_without_room(target: Path, files: Sequence[tuple[Path, int]]) -> None:
    """Raise `RequestRefused` where the files of a request, of at least so many bytes each, do not fit.

    A disk that does not tell what is free, as some of networks do not, is tried.
    """
    needed = _most_at_once(files)
    free = _free(files[0][0]) if needed else None
    if free is not None and needed > free:
        raise RequestRefused(
            f"{target} cannot be written: it takes {needed:,} bytes, and its disk has {free:,} free.",
            path=target,
            hint="Make room there, or choose another place.",
            code="not-writable",
        )


def _most_at_once(files: Sequence[tuple[Path, int]]) -> int:
    """A file that is replaced gives its room back only when the new one is whole beside it."""
    taken = most = 0
    for file, size in files:
        most = max(most, taken + size)
        taken += size - _given_back(file)
    return most


def _given_back(file: Path) -> int:
    """A sparse file occupies less than it is long; one that has another name as well stays under that."""
    try:
        there = file.lstat()
    except (OSError, ValueError):
        return 0
    if there.st_nlink > 1:
        return 0
    return min(there.st_size, _BLOCK * getattr(there, "st_blocks", there.st_size))


def _free(file: Path) -> int | None:
    """In the file's folder, or in the nearest one where that will be made."""
    for folder in file.absolute().parents:
        try:
            usage = shutil.disk_usage(folder)
        except (OSError, ValueError):
            continue
        return usage.free if usage.total else None
    return None
