"""The file `checkpoint`, under whatever name: which saves a run has, and which is the newest.

Text protobuf CheckpointState (tensorflow/python/training/checkpoint_state.proto). It is only a hint: it is
edited by hand and copied between machines, so its paths are looked up beside it and nowhere else.
"""

import os
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ckpt_viewer.errors import Malformed, Problem
from ckpt_viewer.formats.folders import file_names
from ckpt_viewer.formats.foreign import HEAD_SIZE, name_foreign
from ckpt_viewer.formats.peek import begun_table, read_head
from ckpt_viewer.formats.storage.source import unreadable

if TYPE_CHECKING:
    from ckpt_viewer.formats.folders.state_text import CheckpointState

SIZE_LIMIT = 4 << 20
# What TensorFlow writes, which the parser reads in good time; of anything else it gets less.
ODD_SIZE_LIMIT = 512 << 10
MOST_COMMAS = 5000  # nobody writes them; lists of what is unknown take the parser ever longer
_AS_WRITTEN = re.compile(
    rb"(?:(?:all_)?model_checkpoint_paths?: \"(?:[^\"\\\n]|\\[^\n]){0,8192}+\"\s*+"
    rb"|(?:all_model_checkpoint_timestamps|last_preserved_timestamp): [-+0-9.eE]{1,40}+\s*+)*+\Z"
)
_BACKSLASHES = b"\\" * 100  # in a row; the parser takes a time that grows with the square of them
LONGEST_PATH = 4096  # bytes, as on Linux
MOST_PARTS = 64
MOST_KEPT = 50_000

_FIELD = re.compile(
    rb"\s*+(?:#[^\n]*+\n\s*+)*+(?:(?:all_)?model_checkpoint_(?:path|timestamp)s?|last_preserved_timestamp)\s*:"
)
_FOREIGN_ROOT = re.compile(r"[\\/]|[A-Za-z]:[\\/]|[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class StateFile:
    """What the file `checkpoint` says (CheckpointState); paths as written there.

    Attributes:
        resolved: The prefixes beside it that its paths mean, for those that exist, by path as written.
        latest: The prefix `model_checkpoint_path` means, if it is there.
        outside: Where those of its paths lead that leave the folder, by path as written; nothing is looked
            for there.
        timestamps: Seconds since 1970, one per kept path, where CheckpointManager wrote them.
    """

    path: Path
    model_checkpoint_path: str
    all_model_checkpoint_paths: tuple[str, ...]
    timestamps: tuple[float, ...] = ()
    last_preserved_timestamp: float | None = None
    resolved: dict[str, Path] = field(default_factory=dict)
    latest: Path | None = None
    outside: dict[str, Path] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def looks_like_state_file(path: Path) -> bool:
    """Whether the file begins as a state file does; its name is free (`latest_filename`)."""
    try:
        return path.is_file() and begins_as_state(read_head(path))
    except (OSError, ValueError):
        return False


def begins_as_state(head: bytes) -> bool:
    return _FIELD.match(head) is not None


def read_state_file(path: Path) -> StateFile:
    """What it says, as far as it can be understood; raises `NotFound` only where it cannot be read at all."""
    try:
        if path.is_dir():
            raise IsADirectoryError(str(path))
        content = read_head(path, SIZE_LIMIT + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    state, problems = _parse(content, path)
    surplus = max(0, len(state.all_model_checkpoint_paths) - MOST_KEPT)
    kept = tuple(map(os.fsdecode, state.all_model_checkpoint_paths[surplus:]))
    newest = os.fsdecode(state.model_checkpoint_path)
    usable = [written for written in dict.fromkeys((newest, *kept)) if not _is_too_long(written)]
    problems += _left_out(path, surplus, too_long=len({newest, *kept}) - len(usable))
    resolved = _resolve_all(usable, path)
    outside = _leading_out(usable, resolved, path.parent)
    if not problems and newest not in resolved:
        problems.append(_stale(path, newest, outside.get(newest)))
    return StateFile(
        path=path,
        model_checkpoint_path=newest,
        all_model_checkpoint_paths=kept,
        timestamps=tuple(state.all_model_checkpoint_timestamps[surplus:]),
        last_preserved_timestamp=state.last_preserved_timestamp or None,
        resolved=resolved,
        latest=resolved.get(newest),
        outside=outside,
        problems=tuple(problems),
    )


def _parse(content: bytes, path: Path) -> tuple["CheckpointState", list[Problem]]:
    from ckpt_viewer.formats.folders.state_text import CheckpointState, merge

    state = CheckpointState()
    if problem := _unusable(content, path):
        return state, [problem]
    try:
        merge(content, state)
    except Malformed as error:
        return state, [_bad_state(f"{path} cannot be understood as a state file{error}.")]
    return state, [] if state.model_checkpoint_path else [_bad_state(f"{path} names no newest checkpoint.")]


def _unusable(content: bytes, path: Path) -> Problem | None:
    """Why there is no point in parsing it."""
    if not content.strip():
        return _bad_state(f"{path} is empty; a list of checkpoints should be in it.")
    if len(content) > SIZE_LIMIT:
        return _bad_state(f"{path} is larger than {SIZE_LIMIT >> 20} MiB; a state file never is.")
    is_odd = len(content) > ODD_SIZE_LIMIT and not _AS_WRITTEN.match(content)
    if is_odd or content.count(b",") > MOST_COMMAS or _BACKSLASHES in content:
        return _bad_state(f"{path} is long, and not written as TensorFlow writes a state file.")
    if not begins_as_state(content) and (foreign := name_foreign(content[:HEAD_SIZE], path)):
        return foreign.problem
    return None


def _is_too_long(written: str) -> bool:
    return len(os.fsencode(written)) > LONGEST_PATH or len(re.findall(r"[\\/]", written)) >= MOST_PARTS


def _left_out(path: Path, surplus: int, too_long: int) -> Iterator[Problem]:
    """What would take too long to look up; no training writes it."""
    if surplus:
        yield _bad_state(
            f"{path} lists {surplus + MOST_KEPT:,} checkpoints; the last {MOST_KEPT:,} are used."
        )
    if too_long:
        message = f"{path} has paths longer than {LONGEST_PATH} bytes or {MOST_PARTS} parts ({too_long:,})."
        yield Problem("bad-state", message, "They are passed over; no file can be meant by them.")


def _bad_state(message: str) -> Problem:
    return Problem("bad-state", message, "The folder is listed without it; TensorFlow needs it to resume.")


def _stale(path: Path, written: str, outside: Path | None) -> Problem:
    names = f"{path} names {_shortened(written)} as the newest checkpoint"
    if outside is not None:
        return Problem(
            "stale-path",
            f"{names}, which lies outside of this folder and is not opened unasked.",
            f"Open {_shortened(str(outside))} yourself if it is the one meant, or correct the state file.",
        )
    name = re.split(r"[\\/]", written)[-1]
    if _is_part(name) and os.path.exists(path.parent / name):  # noqa: PTH110 - pathlib's may raise
        hint = f"Write {file_names.parse(name).prefix}, the name without the ending, into the state file."
        return Problem("stale-path", f"{names}, which is a file of a checkpoint, not its name.", hint)
    if "*" in written or "?" in written:
        hint = "TensorFlow takes * and ? in it for a pattern; write the whole name into the state file."
    else:
        hint = "It was moved, renamed or deleted; correct the path in the state file."
    return Problem("stale-path", f"{names}, which is not in this folder.", hint)


def _is_part(name: str) -> bool:
    return file_names.parse(name).part in ("index", "data", "meta")


def _shortened(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:300]}…"


class _Listings:
    """The names in a folder and those below it, each folder read once; a state file never names itself."""

    def __init__(self, apart_from: Path) -> None:
        files, folders = _names_in(str(apart_from.parent))
        self.folders = folders
        self._known = {str(apart_from.parent): (files - {apart_from.name}, folders)}

    def of(self, folder: str) -> tuple[frozenset[str], frozenset[str]]:
        """Its files and its folders; none where it cannot be read."""
        if folder not in self._known:
            self._known[folder] = _names_in(folder)
        return self._known[folder]


def _names_in(folder: str) -> tuple[frozenset[str], frozenset[str]]:
    try:
        with os.scandir(folder) as entries:
            kinds = [(entry.name, _is_folder(entry)) for entry in entries]
    except OSError:
        return frozenset(), frozenset()
    return (
        frozenset(name for name, is_folder in kinds if not is_folder),
        frozenset(name for name, is_folder in kinds if is_folder),
    )


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle, or to a place that may not be looked at
        return False


def _resolve_all(written: Iterable[str], state: Path) -> dict[str, Path]:
    listings, bases = _Listings(apart_from=state), _bases(state.parent)
    found = {path: _resolve(path, state.parent, bases, listings) for path in written}
    return {path: prefix for path, prefix in found.items() if prefix is not None}


def _resolve(written: str, folder: Path, bases: Iterable[str], listings: _Listings) -> Path | None:
    for parts in _candidates(written, bases, listings.folders):
        if prefix := _existing(parts, folder, listings):
            return prefix
    return None


def _candidates(written: str, bases: Iterable[str], folders: Container[str]) -> Iterator[list[str]]:
    """The ways down from the folder that the path may mean: as written, its last part, its longest ends.

    A relative path that leaves the folder means another place for certain; nothing stands in for it.
    """
    inside = _inside(written, bases)
    nameless = [""] if written.endswith(("/", "\\")) else []  # saved as `folder/`, see `file_names`
    if inside:
        yield inside + nameless
    elif inside is None and not _FOREIGN_ROOT.match(written):
        return
    parts = [part for part in re.split(r"[\\/]", written) if part not in ("", ".")] + nameless
    yield parts[-1:]
    for start, part in enumerate(parts):
        if part in folders:
            yield parts[start:]


def _bases(folder: Path) -> list[str]:
    """What the folder is called, as it was asked for and without links."""
    return [*dict.fromkeys(map(os.path.normpath, (folder.absolute(), folder.resolve())))]


def _inside(written: str, bases: Iterable[str]) -> list[str] | None:
    """The path's parts below the folder as TensorFlow would join them; None if it leads elsewhere."""
    for base in bases:
        target = os.path.normpath(os.path.join(base, written))  # noqa: PTH118 - pathlib would lose `..`
        if target == base:
            return []
        below = base.rstrip(os.sep) + os.sep
        if target.startswith(below):
            return list(Path(target[len(below) :]).parts)
    return None


def _leading_out(written: Iterable[str], resolved: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Where those lead that mean nothing here and leave the folder; the system is not asked about them."""
    bases = _bases(folder)
    return {
        path: Path(os.path.normpath(folder.absolute() / path))
        for path in written
        if path not in resolved and "\0" not in path and _inside(path, bases) is None
    }


def _existing(parts: list[str], folder: Path, listings: _Listings) -> Path | None:
    if not parts or "\0" in "".join(parts):
        return None
    place, name = str(folder), parts[-1]
    for part in parts[:-1]:
        if part not in listings.of(place)[1]:
            return None
        place = os.path.join(place, part)  # noqa: PTH118 - a Path for each of a million parts takes seconds
    return file_names.prefix_path(Path(place), name) if _is_save(place, name, listings.of(place)[0]) else None


def _is_save(place: str, name: str, files: frozenset[str]) -> bool:
    if f"{name}.index" in files:
        return True
    if name in files:
        return not _is_part(name) or _begins_as_v1(Path(place, name))
    pattern = file_names.parse_v1_pattern(name)
    return pattern is not None and file_names.shard_name(pattern[0], 0, pattern[1], data=False) in files


def _begins_as_v1(path: Path) -> bool:
    """A V1 checkpoint may be called anything, even as a part of a bundle would be."""
    try:
        return begun_table(read_head(path)) == "v1"
    except OSError:
        return False
