"""The lines of the checkpoint tree, apart from Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.folders.folder import Folder, Run, Save
from ckpt_viewer.session.wording import plural, printable, size_text

Key = tuple[str, str]


@dataclass(eq=False, slots=True)
class Entry:
    """One line of the tree.

    Attributes:
        key: Kind and path or name: what stays the same when a folder is listed again.
        children: None while the folder has not been listed.
        count: Saves in the folder or run itself.
    """

    kind: Literal["folder", "run", "save"]
    path: Path
    label: str
    save: Save | None = None
    parent: "Entry | None" = None
    row: int = 0
    children: "list[Entry] | None" = None
    count: int = 0
    problems: tuple[Problem, ...] = field(default=())

    @property
    def key(self) -> Key:
        return self.kind, self.label if self.kind == "run" else str(self.path)

    @property
    def text(self) -> str:
        mark = "● " if self.save and self.save.latest else ""
        return f"{mark}{self.label}" + (f"  ({self.count:,})" if self.count else "")

    @property
    def badges(self) -> tuple[str, ...]:
        if self.save is not None:
            return self.save.badges
        return ("problem",) if self.problems else ()

    @property
    def tool_tip(self) -> str:
        lines = [printable(str(self.path))]
        if self.save is not None:
            lines.append(f"{plural(len(self.save.files), 'file')}, {size_text(self.save.bytes)}")
        problems = self.save.problems if self.save else self.problems
        return "\n".join([*lines, *(f"⚠ {problem.message} {problem.hint}".rstrip() for problem in problems)])

    def adopt(self, children: "Sequence[Entry]") -> None:
        """Number the children as they now stand."""
        for row, child in enumerate(children):
            child.parent, child.row = self, row

    def take_over(self, fresh: "Entry") -> None:
        """Say what a newer listing says about the same line; a folder's own listing says more."""
        if self.kind == "folder":
            return
        self.label, self.save, self.count, self.problems = (
            fresh.label,
            fresh.save,
            fresh.count,
            fresh.problems,
        )


def folder_entry(path: Path) -> Entry:
    return Entry("folder", path, printable(path.name or str(path)) + "/")


def entries_of(folder: Folder) -> list[Entry]:
    """What stands below a listed folder: its saves newest first, then the folders inside.

    The only run of a folder needs no line of its own, nor does a run of one save.
    """
    alone = len(folder.runs) == 1
    lines: list[Entry] = []
    for run in folder.runs:
        if alone or len(run.saves) == 1:
            lines += [_save_entry(save, short=alone) for save in run.saves]
        else:
            lines.append(_run_entry(run))
    return [*lines, *map(folder_entry, folder.folders)]


def _run_entry(run: Run) -> Entry:
    entry = Entry("run", run.folder / run.name, printable(run.name), count=len(run.saves))
    entry.children = [_save_entry(save, short=True) for save in run.saves]
    entry.adopt(entry.children)
    return entry


def _save_entry(save: Save, *, short: bool) -> Entry:
    """Inside its run a save is told by its step alone."""
    named = not short or save.step is None
    return Entry("save", save.path, printable(save.path.name) if named else str(save.step), save)
