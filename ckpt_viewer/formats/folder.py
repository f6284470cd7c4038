"""A folder → its runs, their saves, the state file, and what is wrong with them.

Only names, sizes and times are looked at; no checkpoint is opened for it.
"""

from dataclasses import dataclass, field
from pathlib import Path

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Kind


@dataclass(frozen=True, slots=True)
class StateFile:
    """What the file `checkpoint` says (CheckpointState); paths as written there.

    Attributes:
        resolved: The prefixes beside it that its paths mean, for those that exist, by path as written.
        latest: The prefix `model_checkpoint_path` means, if it is there.
        timestamps: Seconds since 1970, one per kept path, where CheckpointManager wrote them.
    """

    path: Path
    model_checkpoint_path: str
    all_model_checkpoint_paths: tuple[str, ...]
    timestamps: tuple[float, ...] = ()
    last_preserved_timestamp: float | None = None
    resolved: dict[str, Path] = field(default_factory=dict)
    latest: Path | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedFile:
    """One file of a save: its name without folder, bytes, and time of last change (seconds since 1970)."""

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
    """

    path: Path
    kind: Kind
    step: int | None
    files: tuple[SavedFile, ...]
    latest: bool = False
    problems: tuple[Problem, ...] = ()
    badges: tuple[str, ...] = ()

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
        found: What else is here, for the sentence shown where there is no checkpoint: endings and counts.
    """

    path: Path
    runs: tuple[Run, ...] = ()
    state: StateFile | None = None
    folders: tuple[Path, ...] = ()
    found: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
