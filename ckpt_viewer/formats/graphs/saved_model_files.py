"""The assets that the graph of a SavedModel names, which lie beside it."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from ckpt_viewer.errors import Problem

_NAMED = 5  # of those that are missing; the others are counted


def missing_assets(folder: Path, names: Iterable[str]) -> Iterator[Problem]:
    """Of the assets a graph names, those that are not in its folder; nothing is looked for outside of it."""
    lost = [name for name in dict.fromkeys(names) if not _is_there(folder / "assets", name)]
    for name in lost[:_NAMED]:
        message = f"{folder / 'assets' / name} is not there; the graph reads it."
        yield Problem("not-found", message, "Copy it from where the model was exported.")
    if (more := len(lost) - _NAMED) > 0:
        yield Problem("not-found", f"{more:,} more assets of {folder} are not there.")


def _is_there(assets: Path, name: str) -> bool:
    inside = ".." not in PurePosixPath(name).parts and ".." not in PureWindowsPath(name).parts
    rooted = PurePosixPath(name).is_absolute() or bool(PureWindowsPath(name).anchor)
    return inside and not rooted and "\0" not in name and os.path.exists(assets / name)  # noqa: PTH110
