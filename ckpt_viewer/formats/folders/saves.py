"""The words for what lies in a folder of checkpoints: `SavedFile`, `Save`, `Run`, `Folder`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Kind
from ckpt_viewer.formats.folders import file_names
from ckpt_viewer.formats.folders.state_file import StateFile

# Times closer than this say nothing: some file systems count in two seconds, and an archive unpacks at once.
SAME_TIME = 2.0


@dataclass(frozen=True, slots=True)
class SavedFile:
    """One file of a save: its name within the folder, bytes, and time of last change (seconds since 1970)."""

    name: str
    size: int
    modified: float


@dataclass(frozen=True, slots=True)
class Save:
    """One checkpoint as it lies in a folder, not opened.

    Attributes:
        path: What opens it: the prefix of a bundle, the file or folder of other kinds.
        step: The digits after the last `-` of the prefix; None where there are none.
        latest: Whether the state file names it as the newest.
        saved: When its newest file was last changed, seconds since 1970.
        badges: Short words for the tree, such as `missing shard`, `no .meta`, `partial save`.
        readable: No where its index is another file under that name, is cut, or has no end yet.
    """

    path: Path
    kind: Kind
    step: int | None
    files: tuple[SavedFile, ...]
    latest: bool = False
    problems: tuple[Problem, ...] = ()
    badges: tuple[str, ...] = ()
    readable: bool = True

    @property
    def openable(self) -> bool:
        """Whether there is anything to open: a bundle without its index is only listed."""
        return self.readable and self.has_index

    @property
    def has_index(self) -> bool:
        """Whether there is a file to begin with; only bundles may lack it."""
        index = file_names.file_of(self.path, ".index").name
        return self.kind != "bundle" or any(file.name == index for file in self.files)

    @property
    def bytes(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def saved(self) -> float | None:
        return max((file.modified for file in self.files), default=None)


@dataclass(frozen=True, slots=True)
class Run:
    """The saves of one prefix family (`model.ckpt`) in one folder, newest step first."""

    folder: Path
    name: str
    saves: tuple[Save, ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """What one folder holds itself; the folders below it are only named.

    Attributes:
        runs: Families of saves; single SavedModels, frozen graphs and `.meta` files are runs of one.
        folders: The folders inside, sorted by name, links that lead back out of sight left out.
        found: What else is here, for the sentence shown where there is no checkpoint: endings (`.png`, or
            nothing) and counts.
        foreign: What the first other files are, by their content, where there is no save at all.
        problems: What is wrong here beside the problems of single saves, the state file's included.
    """

    path: Path
    runs: tuple[Run, ...] = ()
    state: StateFile | None = None
    folders: tuple[Path, ...] = ()
    found: dict[str, int] = field(default_factory=dict)
    foreign: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def saves(self) -> tuple[Save, ...]:
        return tuple(save for run in self.runs for save in run.saves)


def runs_of(folder: Path, saves: Iterable[Save]) -> tuple[Run, ...]:
    """By family; what is no checkpoint with a prefix is a run of its own."""
    runs: defaultdict[tuple[bool, str], list[Save]] = defaultdict(list)
    for save in saves:
        alone = save.kind not in ("bundle", "v1")
        runs[alone, save.path.name if alone else file_names.family_of(_prefix(save))].append(save)
    return tuple(
        Run(folder, name, tuple(sorted(members, key=newest_first)))
        for (_, name), members in sorted(runs.items(), key=lambda item: item[0])
    )


def newest_first(save: Save) -> tuple[bool, int, float, str]:
    """Key to sort by: step, then time, then name; saves without a step come last."""
    return save.step is None, -(save.step or 0), -(save.saved or 0.0), save.path.name


def oldest_first(*saves: Save) -> list[Save]:
    """By step, or by time where one has none; what is as old stays as it is."""
    by_step = all(save.step is not None for save in saves)
    return sorted(saves, key=lambda save: (save.step if by_step else save.saved) or 0)


def _prefix(save: Save) -> str:
    pattern = file_names.parse_v1_pattern(save.path.name) if save.kind == "v1" else None
    return pattern[0] if pattern else save.path.name


def newest_saves(folder: Folder) -> list[Save]:
    """The folder's newest checkpoint: by the state file, else by step, else by time; several if none decides.

    A SavedModel counts before bundles and V1 files, these before frozen graphs; graphs alone do not count.
    What cannot be read counts only where there is nothing else.
    """
    if latest := [save for save in folder.saves if save.latest]:
        return latest
    listed = [save for save in folder.saves if save.has_index]
    saves = [save for save in listed if save.readable] or listed
    for kinds in (("saved-model",), ("bundle", "v1"), ("frozen-graph",)):
        if candidates := [save for save in saves if save.kind in kinds]:
            return _newest(candidates)
    return []


def passed_over(folder: Folder, chosen: Save) -> list[Problem]:
    """Why newer saves than the chosen one were left out of account."""
    newer = [save for save in folder.saves if not save.openable and newest_first(save) < newest_first(chosen)]
    return [problem for save in sorted(newer, key=newest_first) for problem in save.problems[:1]]


def _newest(saves: list[Save]) -> list[Save]:
    highest = max(-1 if save.step is None else save.step for save in saves)
    top = [save for save in saves if save.step == highest] or saves
    last = max(save.saved or 0.0 for save in top)
    return [save for save in top if (save.saved or 0.0) > last - SAME_TIME]
