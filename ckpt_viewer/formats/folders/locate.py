"""Any path a person may give → the checkpoint or graph that is meant.

A path that could be a prefix is one, as it is for TensorFlow; only then it may be a folder or a file.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import NotFound
from ckpt_viewer.formats.folders.given import Given, Located, Way, as_prefix
from ckpt_viewer.formats.storage.source import unreadable

__all__ = ["Located", "locate_checkpoint", "locate_graph"]


def locate_checkpoint(path: str | os.PathLike[str], cancel: CancelToken | None = None) -> Located:
    """The checkpoint a path means: by its own name, else what it holds or lists.

    Raises:
        AmbiguousPath: It may mean several; the message lists them.
        NotFound: Nothing is there; the hint names what is near.
        CheckpointError: What is there is something else.
    """
    return _locate(Given.parse(path, cancel), _checkpoint_ways())


def locate_graph(path: str | os.PathLike[str], cancel: CancelToken | None = None) -> Located:
    """The graph a path means: a graph file itself, or the one saved with a checkpoint. Raises as above."""
    return _locate(Given.parse(path, cancel), _graph_ways())


def _checkpoint_ways() -> Iterator[Way]:
    """Mostly the first is the one; what the others need is not loaded for it."""
    yield as_prefix
    from ckpt_viewer.formats.folders.checkpoint_ways import WAYS

    yield from WAYS


def _graph_ways() -> Iterable[Way]:
    from ckpt_viewer.formats.folders.graph_ways import WAYS

    return WAYS


def _locate(given: Given, ways: Iterable[Way]) -> Located:
    _check_possible(given.path)
    try:
        for way in ways:
            if located := way(given):
                return located
    except OSError as error:
        raise unreadable(Path(error.filename or given.path), error) from error
    from ckpt_viewer.formats.folders import nothing_there

    raise nothing_there.of_another_kind(given) or nothing_there.missing(given.path, given.cancel)


def _check_possible(path: Path) -> None:
    """Raise `NotFound` for what no file can be called, which the system would refuse at every step."""
    try:
        path.lstat()
    except ValueError as error:
        raise NotFound(f"{str(path)!r} is no path.", hint="A zero byte is in it.") from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            short = f"{os.fspath(path)[:300]}…"
            raise NotFound(f"{short} is not there: it is longer than a path can be.", path=path) from error
        if isinstance(error, PermissionError):  # a folder on the way to it may not be entered
            raise unreadable(path, error) from error
