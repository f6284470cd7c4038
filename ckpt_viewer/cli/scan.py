"""`scan DIR`."""

import errno
import os
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ckpt_viewer.cli.printing import plain, print_json, print_line, print_problems, print_table
from ckpt_viewer.cli.progress import Progress
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Kind
from ckpt_viewer.formats.folders.folder import Folder, Save, walk_folders
from ckpt_viewer.formats.storage.source import unreadable
from ckpt_viewer.session.wording import plural, size_text

_BESIDE_EACH_OTHER: tuple[Kind, ...] = ("bundle", "v1", "meta-graph")


def run(options: Namespace) -> int:
    root = Path(options.folder)
    folders = []
    with Progress("looking through folders") as progress:
        for folder in walk_folders(root, progress.cancel):
            folders.append(folder)
            progress.note = f"{len(folders):,}"
    (_print_document if options.json else _print_text)(root, folders)
    return 0


def _print_document(root: Path, folders: list[Folder]) -> None:
    print_json(
        {
            "root": root,
            "checkpoints": [_document(save) for save in _saves(folders)],
            "problems": [plain(problem) for folder in folders for problem in folder.problems],
        }
    )


def _document(save: Save) -> dict[str, Any]:
    return {
        "path": save.path,
        "kind": save.kind,
        "step": save.step,
        "latest": save.latest,
        "bytes": save.bytes,
        "saved": _time(save.saved),
        "files": [file.name for file in save.files],
        "problems": [*save.problems, *_refused(save)],
    }


def _print_text(root: Path, folders: list[Folder]) -> None:
    saves = list(_saves(folders))
    rows = [
        (str(save.path), save.kind, _step(save), size_text(save.bytes), _time(save.saved) or "", _words(save))
        for save in saves
    ]
    if rows:
        print_table(("path", "kind", ">step", ">size", "saved", ""), rows)
    foreign = sum("no checkpoint" in save.badges for save in saves)
    counted = f"{plural(len(saves) - foreign, 'checkpoint')} in {plural(len(folders), 'folder')}"
    print_line(f"{counted}, and {plural(foreign, 'file')} of other programs" if foreign else counted)
    for folder in folders:
        print_problems(folder.problems)
    for save in saves:
        print_problems([*save.problems, *_refused(save)])


def _saves(folders: list[Folder]) -> Iterator[Save]:
    return (save for folder in folders for run in folder.runs for save in run.saves)


def _refused(save: Save) -> Iterator[Problem]:
    """What opening it would meet: a listing looks at names, and into few files."""
    files = (save.path.parent / file.name for file in save.files if save.kind in _BESIDE_EACH_OTHER)
    for path in files:
        if path.suffix in (".index", ".meta") and not os.access(path, os.R_OK):
            yield unreadable(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES))).problem


def _step(save: Save) -> str:
    return "" if save.step is None else str(save.step)


def _words(save: Save) -> str:
    return ", ".join([*(["latest"] if save.latest else []), *save.badges])


def _time(seconds: float | None) -> str | None:
    """ISO 8601 in UTC, such as `2024-05-01T12:30:00Z`; None for times no calendar has."""
    if seconds is None:
        return None
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
