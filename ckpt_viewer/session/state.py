"""What is open and chosen, as plain values: no arrays, no open files, no screen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ckpt_viewer.analysis.verification import Verification
from ckpt_viewer.formats.checkpoint import Role

Page = Literal["variables", "graph", "summary"]


@dataclass(frozen=True, slots=True)
class CheckpointDocument:
    """A tab that shows one checkpoint.

    Attributes:
        path: What the readers open: a prefix, file or folder.
        variable: The key of the chosen row.
        role: The chip that is pressed; None is *All*.
        view: Title of the value view the user chose; None follows the shape.
        node: The graph node shown on the *Graph* page.
    """

    path: Path
    page: Page = "variables"
    variable: str | None = None
    filter: str = ""
    role: Role | None = None
    view: str | None = None
    node: str | None = None

    @property
    def key(self) -> str:
        return f"checkpoint {self.path}"


@dataclass(frozen=True, slots=True)
class GraphDocument:
    """A tab that shows a graph without a checkpoint of its own: a lone `.meta` or `.pb`."""

    path: Path
    node: str | None = None

    @property
    def key(self) -> str:
        return f"graph {self.path}"


@dataclass(frozen=True, slots=True)
class ComparisonDocument:
    """A tab that compares two checkpoints.

    Attributes:
        pair: The chosen row as its names in A and in B; None on the side that lacks it.
        shown: The counter that is pressed: `different`, `all` (the identical ones too) or a status of a pair.
        mode: How the pictures are shown: `a` `b` `swipe` `difference` `blink` `side`.
        names: Rules from names of A to names of B, as `analysis.name_map` reads them.
    """

    a: Path
    b: Path
    pair: tuple[str | None, str | None] | None = None
    filter: str = ""
    shown: str = "different"
    mode: str = "difference"
    names: str = ""

    @property
    def key(self) -> str:
        return f"comparison {self.a} {self.b}"

    def chosen_in(self, side: int) -> tuple[Path, str] | None:
        """Where the chosen row is in A (0) or B (1): the checkpoint, and the name it has there."""
        name = self.pair[side] if self.pair else None
        return None if name is None else ((self.a, self.b)[side], name)


@dataclass(frozen=True, slots=True)
class RunDocument:
    """A tab that follows one variable through all saves of a run.

    Attributes:
        name: What the saves of the run share, as `formats.folders.saves.Run` has it.
        variable: The key of the variable followed; None until one is chosen.
        one_scale: Whether all histograms share one scale of heights.
        extremes: Whether the least and the greatest value are drawn beside the mean.
    """

    folder: Path
    name: str = ""
    variable: str | None = None
    filter: str = ""
    one_scale: bool = True
    extremes: bool = True

    @property
    def key(self) -> str:
        return f"run {self.folder} {self.name}"


Document = CheckpointDocument | GraphDocument | ComparisonDocument | RunDocument


@dataclass(frozen=True, slots=True)
class Line:
    """The line of the tree that its actions are about.

    Attributes:
        path: That of the save, the folder, or of what the saves of a run have in common.
        folder: The one it stands for, or is a run of; None where it is a save.
        run: The name of the run, where it is one.
        document: What it opens: the save, or the newest of those it holds itself; None where it holds none.
    """

    path: Path
    folder: Path | None = None
    run: str | None = None
    document: CheckpointDocument | GraphDocument | None = None


@dataclass(frozen=True, slots=True)
class State:
    """All of it.

    Attributes:
        roots: The folders in the tree.
        documents: The tabs, left to right.
        current: Key of the tab in front; empty where none is open.
        selected: The checkpoints selected in the tree, in the order they were picked.
        line: That of the selected lines of the tree which has the cursor, or was picked last.
        message: What the message bar says; empty hides it.
        with_nan: Checkpoints in which a scan met NaN.
        with_damage: Checkpoints of which opening found files that end too soon.
        verified: What verifying found, by checkpoint.
        outdated: How often what was told of files became old: one was replaced, or opened that had failed.
    """

    roots: tuple[Path, ...] = ()
    documents: tuple[Document, ...] = ()
    current: str = ""
    selected: tuple[Path, ...] = ()
    line: Line | None = None
    message: str = ""
    with_nan: frozenset[Path] = frozenset()
    with_damage: frozenset[Path] = frozenset()
    verified: Mapping[Path, Verification] = field(default_factory=dict)
    outdated: int = 0

    @property
    def document(self) -> Document | None:
        return self.find(self.current)

    @property
    def subject(self) -> CheckpointDocument | GraphDocument | None:
        """What an action on one save is about: what the tree's line opens, else the tab in front."""
        if self.line:
            return self.line.document
        return self.document if isinstance(self.document, CheckpointDocument | GraphDocument) else None

    @property
    def place(self) -> Path | None:
        """The path of the tree's line, else of the tab in front."""
        found = self.line or self.subject
        return found.path if found else None

    @property
    def root(self) -> Path | None:
        """The folder at the top of the tree whose own line is chosen."""
        line = self.line
        return line.path if line and line.path == line.folder and line.path in self.roots else None

    def find(self, key: str) -> Document | None:
        return next((document for document in self.documents if document.key == key), None)
