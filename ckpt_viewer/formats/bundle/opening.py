"""From the prefix of a V2 bundle to what its index says, or to the best reason why not."""

import time
from collections.abc import Sequence
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import (
    CheckpointError,
    DamagedFile,
    Malformed,
    NotFound,
    Problem,
    UnfinishedFile,
    UnsupportedFeature,
)
from ckpt_viewer.formats.bundle.index import Records, make_variables, read_records
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.folders.file_names import file_of, prefix_of
from ckpt_viewer.formats.folders.index_end import (
    MAY_GO_ON,
    being_saved,
    is_being_saved,
    is_young,
    may_go_on,
    without_footer,
)
from ckpt_viewer.formats.foreign import HEAD_SIZE
from ckpt_viewer.formats.peek import read_head
from ckpt_viewer.formats.roles.saved_names import OTHER
from ckpt_viewer.formats.storage.source import LocalFile, Stamp
from ckpt_viewer.formats.storage.sstable import Footer, Table

_PATIENCE = 0.1
_LOOKS = 20
_SOON_READ = 1 << 20  # bytes of an index
_FIRST = 500
_WITHOUT_END = ("truncated", "empty-file")
_COPY_AGAIN = "It was damaged or cut after it was saved: copy it again."


def index_path(prefix: Path) -> Path:
    return file_of(prefix, ".index")


def open_index(prefix: Path, cancel: CancelToken | None = None) -> tuple[Records, Stamp]:
    """What the index says, and which file said it; raises `CheckpointError`.

    An index written moments ago is looked at again, as long as it grows: merging saves write it in place.
    """
    path = index_path(prefix)
    for _ in range(_LOOKS):
        before = Stamp.of(path)
        try:
            return _read(prefix, path, cancel)
        except DamagedFile as error:
            if not _is_young(path):
                raise
            failure = error
        _wait(cancel)
        if Stamp.of(path) == before:
            return _read_at_last(prefix, path, cancel)
    raise _unfinished(path, being_saved(path)) from failure


def first_of_index(prefix: Path) -> Sequence[Variable]:
    """The first variables of an index that takes a while to read, not judged at all.

    None where it does not take long, or makes no sense: whoever reads all of it says why.
    """
    source = LocalFile(index_path(prefix))
    try:
        if source.size < _SOON_READ:
            return ()
        records = read_records(Table(source), enough=_FIRST)
    except (CheckpointError, Malformed):
        return ()
    finally:
        source.close()
    usual = min(records.columns.unusual, default=len(records.names))
    unjudged = [OTHER] * len(records.names)
    return make_variables(records, index_path(prefix), unjudged).variables[: min(usual, _FIRST)]


def _read_at_last(prefix: Path, path: Path, cancel: CancelToken | None) -> tuple[Records, Stamp]:
    """Of an index that no longer grows, though a slow save may yet go on where it has no end."""
    try:
        return _read(prefix, path, cancel)
    except DamagedFile as error:
        if error.code not in _WITHOUT_END or not _may_go_on(path):
            raise
        if is_being_saved(prefix):
            raise _unfinished(path, being_saved(path)) from error
        raise _unfinished(path, Problem(error.code, str(error), MAY_GO_ON)) from error


def _unfinished(path: Path, problem: Problem) -> UnfinishedFile:
    return UnfinishedFile(problem.message, path=path, hint=problem.hint, code=problem.code)


def _wait(cancel: CancelToken | None) -> None:
    if cancel is not None:
        cancel.check()
    time.sleep(_PATIENCE)


def _read(prefix: Path, path: Path, cancel: CancelToken | None) -> tuple[Records, Stamp]:
    source = LocalFile(path)
    try:
        return read_records(Table(source), cancel), source.stamp
    except Malformed as error:
        raise _explained(source, error) from error
    except NotFound as error:
        raise _without_index(prefix, path, error) from error
    finally:
        source.close()


def _explained(source: LocalFile, error: Malformed) -> CheckpointError:
    path, size = source.path, source.size
    head = source.read(0, min(size, HEAD_SIZE))
    tail = source.read(max(0, size - Footer.SIZE), min(size, Footer.SIZE))
    if size < Footer.SIZE or not tail.endswith(Footer.MAGIC):
        return without_footer(path, size, head, tail)
    message, code = error.problem.message, error.problem.code
    if code == "unsupported":
        return UnsupportedFeature(f"{path} cannot be read: {message}.", path=path, code=code)
    return DamagedFile(f"{path} is damaged: {message}.", path=path, hint=_COPY_AGAIN, code=code)


def _without_index(prefix: Path, path: Path, error: NotFound) -> NotFound:
    data = f"{prefix_of(prefix)}.data-"
    folder = prefix.parent
    if error.problem.code == "not-found" and folder.is_dir():
        for entry in folder.iterdir():
            if entry.name.startswith(data):
                message = f"{path} is not there, and without it {entry.name} says nothing."
                hint = "Copy the .index file from where the checkpoint was saved."
                return NotFound(message, path=path, hint=hint, code="missing-index")
    return error


def _is_young(path: Path) -> bool:
    try:
        return is_young(path.stat().st_mtime)
    except OSError:
        return False


def _may_go_on(path: Path) -> bool:
    try:
        return _is_young(path) and may_go_on(read_head(path))
    except OSError:
        return False
