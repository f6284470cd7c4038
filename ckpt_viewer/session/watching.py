"""Whether a folder was written to since it was listed: two looks at the clock of the file system."""

from collections.abc import Mapping
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.folders.folder import Folder
from ckpt_viewer.session.provider import Provider

Stamp = tuple[int, ...]
NOT_THERE: Stamp = (-1, -1)


def stamp_of(*paths: Path) -> Stamp:
    """Time of change (ns) and size of each path; `NOT_THERE` where nothing is."""
    numbers: list[int] = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            numbers += NOT_THERE
        else:
            numbers += (status.st_mtime_ns, status.st_size)
    return tuple(numbers)


def folder_stamp(folder: Path) -> Stamp:
    """Changes when an entry comes or goes, or the state file is rewritten."""
    return stamp_of(folder, folder / "checkpoint")


def look(provider: Provider, folder: Path, cancel: CancelToken) -> tuple[Stamp, Folder]:
    """The listing, and the stamp from before it: what is written meanwhile is found at the next look."""
    stamp = folder_stamp(folder)
    listing = provider.list_folder(folder, cancel)
    for number, save in enumerate(listing.saves):
        if number % 256 == 0:
            cancel.check()
        _ = (
            hash(save.path),
            str(save.path),
        )  # paths remember both; the screen's thread needs them for every line
    return stamp, listing


def changed_since(stamps: Mapping[Path, Stamp], cancel: CancelToken) -> list[Path]:
    changed = []
    for folder, stamp in stamps.items():
        cancel.check()
        if folder_stamp(folder) != stamp:
            changed.append(folder)
    return changed
