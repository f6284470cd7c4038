"""A path as a person gave it, and the first thing it may be: a prefix, which it is for TensorFlow, too."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Kind
from ckpt_viewer.formats.folders import file_names
from ckpt_viewer.formats.peek import names_file


class Located(NamedTuple):
    """What a path turned out to mean.

    Attributes:
        path: The prefix of a bundle; the file of other checkpoints, with question marks for the numbers of
            V1 shards; the folder of a SavedModel's checkpoint, the file of its graph.
        problems: What was wrong where it was looked for, such as a state file that led nowhere.
        passed_over: Why it is not a newer save of the folder, where there is one.
    """

    kind: Kind
    path: Path
    problems: tuple[Problem, ...] = ()
    passed_over: tuple[Problem, ...] = ()


class Given(NamedTuple):
    """A path as a person gave it, `~` read as their home."""

    path: Path
    is_folder: bool
    cancel: CancelToken | None = None

    @classmethod
    def parse(cls, text: str | os.PathLike[str], cancel: CancelToken | None) -> "Given":
        name = os.fsdecode(text)
        path = Path(name)
        if name.startswith("~") and not os.path.lexists(path):
            path = _at_home(path)
        ends = (os.sep, os.altsep or os.sep)
        return cls(path, name.endswith(ends), cancel)


Way = Callable[[Given], Located | None]


def as_prefix(given: Given) -> Located | None:
    index = beside(given.path, f"{given.path.name}.index")
    if given.is_folder or not given.path.name:
        return None
    if not file_names.prefix_of(given.path) and names_file(given.path):
        return Located("bundle", given.path)
    if names_file(index) or (os.path.lexists(index) and index.exists() and not given.path.exists()):
        return Located("bundle", given.path)
    return None


def beside(path: Path, name: str) -> Path:
    """Like `with_name`, for paths that have none, such as `..`."""
    return path.parent / name


def _at_home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        return path
