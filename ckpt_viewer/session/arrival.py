"""A path somebody gave → the folder for the tree and the tab that opens."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, NotFound, Problem
from ckpt_viewer.formats.folders.folder import Folder, Run, Save, newest_saves
from ckpt_viewer.formats.folders.saves import passed_over
from ckpt_viewer.session.provider import Provider
from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument, Document, GraphDocument
from ckpt_viewer.session.wording import plural, printable

LOOKED_FOR = ".index, .ckpt, .meta and frozen .pb files, SavedModel folders"
GRAPH_KINDS = ("meta-graph", "graph-def")
DEPTH = 6
FOREIGN_NAMED = 2


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a path turned out to be.

    Attributes:
        root: The folder for the tree; None where the path names nothing.
        document: The tab to open; None where there is nothing to open.
        problem: Why not, in that case; else why it is not a newer save of the folder, where there is one.
        fault: What went wrong with this program meanwhile.
    """

    root: Path | None
    document: Document | None
    problem: Problem | None = None
    fault: Exception | None = None


def arrive(provider: Provider, path: Path, cancel: CancelToken) -> Arrival:
    """Find out what `path` means: a folder, any file of a checkpoint, or a graph. May be slow."""
    path = path.absolute()
    if os.path.isdir(path):  # noqa: PTH112 - pathlib's raises where a name is too long
        return _arrive_in_folder(provider, path, cancel)
    return _arrive_at_file(provider, path)


def newest_save(folder: Folder) -> Save | None:
    """As the command line has it; of several, and of graphs alone, that of the last step or time."""
    return max(newest_saves(folder) or folder.saves, key=_age, default=None)


def left_out(folder: Folder, chosen: Save) -> Problem | None:
    """That newer saves of the folder cannot be opened, in one sentence; None where there are none."""
    newer = passed_over(folder, chosen)
    if not newer:
        return None
    which = "A newer save" if len(newer) == 1 else f"{plural(len(newer), 'newer save')}"
    return Problem(newer[0].code, f"{which} cannot be opened: {newer[0].message}", newer[0].hint)


def document_of(save: Save) -> CheckpointDocument | GraphDocument:
    return GraphDocument(save.path) if save.kind in GRAPH_KINDS else CheckpointDocument(save.path)


def folder_of(save: Path) -> Path:
    """The folder that lists this save: a SavedModel is listed by its own."""
    return save if os.path.isdir(save) else save.parent  # noqa: PTH112 - as above


def chosen_in(front: Document | None, folder: Path) -> str | None:
    """The variable chosen in a tab, as this folder's checkpoints call it; B's name comes first."""
    chosen: list[tuple[Path, str | None] | None] = []
    if isinstance(front, ComparisonDocument):
        chosen = [front.chosen_in(side) for side in (1, 0)]
    elif isinstance(front, CheckpointDocument):
        chosen = [(front.path, front.variable)]
    return next((found[1] for found in chosen if found and folder_of(found[0]) == folder), None)


def nothing_in(root: Path, folders: Sequence[Folder]) -> Problem:
    """What was looked for, and what was found instead."""
    if state := next((folder.state for folder in folders if folder.state and folder.state.problems), None):
        return state.problems[0]
    found: Counter[str] = Counter()
    for folder in folders:
        found.update(folder.found)
    most = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:4]
    there = ", ".join(f"{printable(ending) or 'no ending'} ({count:,})" for ending, count in most)
    hint = f"Looked for {LOOKED_FOR}. "
    hint += f"Found {plural(sum(found.values()), 'other file')}: {there}." if found else "It holds no files."
    foreign = [problem for folder in folders for problem in folder.foreign][:FOREIGN_NAMED]
    hint = " ".join([hint, *(f"{problem.message} {problem.hint}" for problem in foreign)])
    return Problem("not-a-checkpoint", f"{printable(str(root))} holds no TensorFlow checkpoint.", hint)


def neighbours(provider: Provider, path: Path, cancel: CancelToken) -> tuple[Save | None, Save | None]:
    """The saves before and after this one in its run; None where it is the first or last. May be slow."""
    run = run_of(provider, path, cancel)
    paths = [save.path for save in run.saves] if run else []
    if run is None or path not in paths:
        return None, None
    place = paths.index(path)
    older = run.saves[place + 1] if place + 1 < len(paths) else None
    return older, run.saves[place - 1] if place else None


def run_of(provider: Provider, path: Path, cancel: CancelToken) -> Run | None:
    """The run that the save at `path` belongs to, as its folder is listed now. May be slow."""
    folder = provider.list_folder(folder_of(path), cancel)
    return next((run for run in folder.runs if any(save.path == path for save in run.saves)), None)


def _arrive_in_folder(provider: Provider, root: Path, cancel: CancelToken) -> Arrival:
    """Its newest checkpoint, or the newest of the nearest level of folders below that has any.

    One that cannot be opened comes last: a file under a checkpoint's name may be anything.
    """
    seen: list[Folder] = []
    for level in _levels(provider, root, cancel):
        found = [(save, folder) for folder in level if (save := newest_save(folder))]
        if found:
            save, folder = max(found, key=lambda each: (each[0].openable, each[0].saved or 0.0))
            return Arrival(root, document_of(save), left_out(folder, save))
        seen += level
    return Arrival(root, None, nothing_in(root, seen))


def _levels(provider: Provider, root: Path, cancel: CancelToken) -> Iterator[list[Folder]]:
    paths = [root]
    for _ in range(DEPTH):
        level = []
        for path in paths:
            cancel.check()
            try:
                level.append(provider.list_folder(path, cancel))
            except NotFound:
                if path == root:
                    raise  # any other has gone since it was listed
        yield level
        paths = [below for folder in level for below in folder.folders]


def _arrive_at_file(provider: Provider, path: Path) -> Arrival:
    try:
        located = provider.locate_checkpoint(path)
    except CheckpointError as error:
        return _arrive_at_graph(provider, path, error)
    return Arrival(folder_of(located.path), CheckpointDocument(located.path))


def _arrive_at_graph(provider: Provider, path: Path, error: CheckpointError) -> Arrival:
    try:
        located = provider.locate_graph(path)
    except CheckpointError:
        root = path.parent if os.path.exists(path) else None  # noqa: PTH110 - as above
        return Arrival(root, None, error.problem)
    return Arrival(located.path.parent, GraphDocument(located.path))


def _age(save: Save) -> tuple[int, float]:
    return (-1 if save.step is None else save.step, save.saved or 0.0)
