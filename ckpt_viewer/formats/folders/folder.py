"""A folder → its runs, their saves, the state file, and what is wrong with them.

Only names, sizes and times are looked at, and a few bytes of files whose names do not tell what they are;
no checkpoint is opened for it.
"""

import errno
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import NotFound, Problem
from ckpt_viewer.formats.checkpoint import Kind
from ckpt_viewer.formats.folders import file_names
from ckpt_viewer.formats.folders.file_names import SAVED_MODEL_NAMES, STATE_NAME, step_of
from ckpt_viewer.formats.folders.parts import Parts, bundle_save, group_names, saved_files, v1_save
from ckpt_viewer.formats.folders.saves import Folder, Run, Save, SavedFile, newest_saves, runs_of
from ckpt_viewer.formats.folders.state_file import StateFile, begins_as_state, read_state_file
from ckpt_viewer.formats.foreign import chunked_graph, name_foreign
from ckpt_viewer.formats.graphs.graph_def_kind import graph_def_kind
from ckpt_viewer.formats.graphs.graph_kinds import graph_kind
from ckpt_viewer.formats.peek import is_v1, names_file, read_head
from ckpt_viewer.formats.storage.source import unreadable

__all__ = [
    "Folder", "Run", "Save", "SavedFile", "StateFile", "list_folder", "newest_saves", "walk_folders",
]  # fmt: skip

# Files opened to see what they are, at most: a folder may hold 100,000 files without an ending.
PROBE_LIMIT = 1000
ENDINGS_LISTED = 50
# Of them, with an ending that promises nothing: a V1 checkpoint may be called anything, but seldom is.
ODD_PROBE_LIMIT = 100
FOREIGN_LOOKED_AT = 5
# Files that nobody takes for a model.
_EVERYDAY = re.compile(
    r"\.(txt|md|json|ya?ml|[ct]sv|log|py|sh|ipynb|html?|xml|toml|ini|cfg|png|jpe?g|gif|pdf|events|tfrecord)"
)
_LEADS_NOWHERE = (errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.ENAMETOOLONG)


def list_folder(path: Path, cancel: CancelToken | None = None) -> Folder:
    """One level; a folder that may not be read has that problem, one that is not there raises `NotFound`."""
    try:
        return _listed(path, cancel)
    except OSError as error:
        return Folder(path, problems=(unreadable(path, error).problem,))


def _listed(path: Path, cancel: CancelToken | None) -> Folder:
    """Raises `OSError` where it may not be read."""
    try:
        files, folders, refused = _scan(path, cancel)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise NotFound(f"{path} is no folder.", path=path, hint="Check the path.") from error
    folder = _Listing(path, files, folders, cancel).folder()
    return replace(folder, problems=(*folder.problems, *_refusals(path, refused)))


def walk_folders(root: Path, cancel: CancelToken | None = None) -> Iterator[Folder]:
    """The folder and all below it, parents first, by name; each once, however links lead to it.

    Raises `NotFound` where the folder itself cannot be read; those below have that problem.
    """
    waiting = [root]
    seen: set[tuple[int, int]] = set()
    while waiting:
        path = waiting.pop()
        try:
            stat = path.stat()
            if (stat.st_dev, stat.st_ino) in seen:
                continue
            seen.add((stat.st_dev, stat.st_ino))
            folder = _listed(path, cancel)
        except (OSError, ValueError, NotFound) as error:
            if path == root:
                problem = _lost(path, error)
                raise NotFound(problem.message, path=root, hint=problem.hint, code=problem.code) from None
            folder = Folder(path, problems=(_lost(path, error),))
        yield folder
        waiting.extend(reversed(folder.folders))


def _scan(
    path: Path, cancel: CancelToken | None
) -> tuple[dict[str, os.DirEntry[str]], dict[str, os.DirEntry[str]], dict[str, OSError]]:
    """Files, folders and what may not be looked at, by name.

    Links count as what they lead to; those that lead nowhere are passed over, as all else is.
    """
    files: dict[str, os.DirEntry[str]] = {}
    folders: dict[str, os.DirEntry[str]] = {}
    refused: dict[str, OSError] = {}
    with os.scandir(path) as entries:
        for number, entry in enumerate(entries):
            if cancel and number % 256 == 0:
                cancel.check()
            try:
                if entry.is_file():
                    files[entry.name] = entry
                elif entry.is_dir():
                    folders[entry.name] = entry
            except OSError as error:
                if error.errno not in _LEADS_NOWHERE:
                    refused[entry.name] = error
    return files, folders, refused


def _refusals(path: Path, refused: Mapping[str, OSError]) -> Iterator[Problem]:
    for name in sorted(refused)[:1]:
        problem = unreadable(path / name, refused[name]).problem
        if more := len(refused) - 1:
            others = "another entry" if more == 1 else f"{more:,} other entries"
            problem = replace(problem, message=f"{problem.message} So it is with {others} beside it.")
        yield problem


def _lost(path: Path, error: Exception) -> Problem:
    """Why there is no looking into it."""
    if isinstance(error, OSError) and not isinstance(error, FileNotFoundError | NotADirectoryError):
        return unreadable(path, error).problem
    return Problem("not-found", f"{path} is no folder.", "Check the path.")


class _Listing:
    """One folder while it is being sorted out: every name is claimed by a save, or counted at the end."""

    def __init__(
        self,
        path: Path,
        files: Mapping[str, os.DirEntry[str]],
        folders: Mapping[str, os.DirEntry[str]],
        cancel: CancelToken | None,
    ) -> None:
        self._path = path
        self._files = files
        self._folders = dict(folders)
        self._cancel = cancel
        self._probes: Counter[str] = Counter()
        self._groups, others = group_names(files, cancel)
        self._others = dict.fromkeys(sorted(others))

    def folder(self) -> Folder:
        self._add_temp_folders()
        saves = [*self._saved_models(), *self._v1_saves(), *self._bundles(), *self._graphs()]
        state = self._state()
        problems = [*(state.problems if state else ()), *self._abandoned_state()]
        if state and state.latest:
            saves = [replace(save, latest=save.path == state.latest) for save in saves]
        return Folder(
            path=self._path,
            runs=runs_of(self._path, saves),
            state=state,
            folders=tuple(self._path / name for name in sorted(self._folders) if not self._leads_back(name)),
            found=self._found(),
            foreign=() if saves else tuple(self._foreign()),
            problems=tuple(problems),
        )

    def _add_temp_folders(self) -> None:
        for name in [*self._folders]:
            prefix = file_names.temp_folder_prefix(name)
            if prefix and any(part.startswith("part-") for part in _files_in(self._path / name)):
                self._groups.setdefault(prefix, Parts()).temp_folders.append(name)
                del self._folders[name]

    def _saved_models(self) -> Iterator[Save]:
        names = [name for name in SAVED_MODEL_NAMES if self._claim(name)]
        if not names:
            return
        self._folders.pop("variables", None)
        beside = [name for name in ("fingerprint.pb", "keras_metadata.pb") if self._claim(name)]
        variables = _files_in(self._path / "variables")
        below = saved_files(sorted(variables), variables)
        chunked = names[0].endswith(".cpb")
        # Where a bundle beside this folder has the folder's name, that name means the bundle.
        shadowed = names_file(self._path.parent / f"{self._path.name}.index")
        yield Save(
            path=self._path / names[0] if shadowed else self._path,
            kind="saved-model",
            step=None,
            files=(
                *saved_files([*names, *beside], self._files),
                *(replace(file, name=f"variables/{file.name}") for file in below),
            ),
            problems=(chunked_graph(self._path / names[0]).problem,) if chunked else (),
            badges=("graph not read",) if chunked else (),
        )

    def _v1_saves(self) -> Iterator[Save]:
        for prefix, parts in self._groups.items():
            for shards, present in [*parts.v1_shards.items()]:
                if self._is_v1(min(present.values())):
                    yield v1_save(prefix, parts, shards, self._path, self._files)
                else:
                    self._others.update(dict.fromkeys(present.values()))
                    del parts.v1_shards[shards]
        for name in sorted(self._others, key=self._unlikely_v1):
            if self._is_v1(name) and self._claim(name):
                yield v1_save(name, self._groups.pop(name, Parts()), 0, self._path, self._files)

    def _unlikely_v1(self, name: str) -> tuple[bool, bool, bool, str]:
        """Key to sort by, what names promise first: only so many files are opened."""
        return name not in self._groups, ".ckpt" not in name, "." in name, name

    def _is_v1(self, name: str) -> bool:
        """Also no where a bundle of the same prefix takes precedence, as it does for TensorFlow."""
        if name in self._groups and self._groups[name].index:
            return False
        try:
            odd = "." in name and ".ckpt" not in name and name not in self._groups
            return self._may_probe("odd" if odd else "table") and is_v1(self._path / name, cut=not odd)
        except OSError:
            return False

    def _bundles(self) -> Iterator[Save]:
        for prefix, parts in self._groups.items():
            if parts.is_bundle and not (parts.v1_shards and not parts.index and not parts.data):
                look = bool(parts.index) and self._may_probe("index")
                yield bundle_save(prefix, parts, self._path, self._files, look=look)

    def _graphs(self) -> Iterator[Save]:
        for parts in self._groups.values():
            if parts.meta and not parts.is_bundle and not parts.v1_shards:
                yield from self._meta_graph(parts.meta)
        for name in [*self._others]:
            if kind := self._graph_kind(name):
                self._claim(name)
                path = self._path / name
                if kind == "graph-def":
                    kind = graph_def_kind(path, self._cancel)
                yield Save(path, kind, None, saved_files([name], self._files))

    def _graph_kind(self, name: str) -> Kind | None:
        """Text under a name without an ending may be anything, even where it begins like a graph."""
        if not name.endswith((".pb", ".pbtxt")) and "." in name:
            return None
        head = self._head(name, "graph")
        return graph_kind(head) if "." in name or head[:1] < b" " else None

    def _meta_graph(self, name: str) -> Iterator[Save]:
        """Unless it is a note of the Unity editor, which has one for every file."""
        head = self._head(name, "graph")
        if head.startswith(b"fileFormatVersion:"):
            self._others[name] = None
            return
        foreign = name_foreign(head, self._path / name)
        yield Save(
            path=self._path / name,
            kind="meta-graph",
            step=step_of(name.removesuffix(".meta")),
            files=saved_files([name], self._files),
            problems=(foreign.problem,) if foreign else (),
            badges=("damaged",) if foreign else (),
        )

    def _state(self) -> StateFile | None:
        if STATE_NAME in self._others:
            names = [STATE_NAME]
        else:
            names = [name for name in self._others if self._may_be_state(name)]
        for name in names:
            self._claim(name)
        newest = max(
            saved_files(names, self._files), key=lambda file: (file.modified, file.name), default=None
        )
        if newest is None:
            return None
        path = self._path / newest.name
        try:
            return read_state_file(path)
        except NotFound as error:
            return StateFile(path, "", (), problems=(error.problem,))

    def _may_be_state(self, name: str) -> bool:
        extended = "." in name and not name.startswith("checkpoint.")
        return not extended and begins_as_state(self._head(name, "state"))

    def _abandoned_state(self) -> Iterator[Problem]:
        for name in [name for name in self._others if name.startswith(f"{STATE_NAME}.tmp")]:
            if file_names.parse(name).part == "temporary":
                self._claim(name)
                message = f"{self._path / name} is left of a save that was interrupted, or is still going on."
                yield Problem("partial-save", message, "If nothing is training, it can be deleted.")

    def _claim(self, name: str) -> bool:
        """Whether the name was still free."""
        return name in self._others and self._others.pop(name) is None

    def _head(self, name: str, question: str) -> bytes:
        try:
            return read_head(self._path / name) if self._may_probe(question) else b""
        except OSError:
            return b""

    def _may_probe(self, question: str) -> bool:
        if self._cancel:
            self._cancel.check()
        self._probes[question] += 1
        return self._probes[question] <= (ODD_PROBE_LIMIT if question == "odd" else PROBE_LIMIT)

    def _leads_back(self, name: str) -> bool:
        if not self._folders[name].is_symlink():
            return False
        target, here = (self._path / name).resolve(), self._path.resolve()
        return target == here or target in here.parents

    def _foreign(self) -> Iterator[Problem]:
        """Of the files that people would take for a checkpoint, the first few."""
        likely = [name for name in self._others if not _EVERYDAY.fullmatch(_ending(name))]
        for name in likely[:FOREIGN_LOOKED_AT]:
            if foreign := name_foreign(self._head(name, "foreign"), self._path / name):
                yield foreign.problem

    def _found(self) -> dict[str, int]:
        counts = Counter(_ending(name) for name in self._others)
        return dict(counts.most_common(ENDINGS_LISTED))


def _files_in(path: Path) -> dict[str, os.DirEntry[str]]:
    try:
        return _scan(path, None)[0]
    except OSError:
        return {}


def _ending(name: str) -> str:
    """Lower case, with its dot; nothing for names without one."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot and stem and len(ending) <= 12 else ""
