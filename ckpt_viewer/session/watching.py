"""Whether a folder was written to since it was listed, or a file since it was opened: two looks at the clock
of the file system.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.bundle.data_files import changed
from ckpt_viewer.formats.folders.folder import Folder
from ckpt_viewer.session.provider import Provider

Stamp = tuple[int, ...]
NOT_THERE: Stamp = (-1, -1)


@dataclass(frozen=True, slots=True)
class OpenedFiles:
    """Those of a checkpoint, and how they looked when it was opened."""

    path: Path
    files: Sequence[Path]
    stamps: Sequence[Stamp]

    @classmethod
    def of(cls, path: Path, files: Sequence[Path]) -> Self:
        return cls(path, tuple(files), tuple(map(stamp_of, files)))

    def refuse_replaced(self) -> None:
        """Raises `CheckpointError` where one is another now; what is gone has no other values."""
        for file, stamp in zip(self.files, self.stamps, strict=True):
            if stamp_of(file) not in (stamp, NOT_THERE):
                raise changed(file)


@dataclass(frozen=True, slots=True)
class Change:
    """What happened: `path` was replaced, or is not there any more."""

    path: Path
    gone: bool


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


def change_of(watched: Sequence[OpenedFiles], cancel: CancelToken) -> Change | None:
    """The first that is not as it was, None where all are."""
    for each in watched:
        cancel.check()
        now = tuple(map(stamp_of, each.files))
        if now != each.stamps:
            gone = next(
                (file for file, stamp in zip(each.files, now, strict=True) if stamp == NOT_THERE), None
            )
            return Change(gone or each.path, gone is not None)
    return None
