"""All that can be checked of a checkpoint: its own files, the folder they lie in, the graph beside them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ckpt_viewer.analysis.restore import restore_findings
from ckpt_viewer.analysis.state_check import state_findings
from ckpt_viewer.analysis.verification import Verification
from ckpt_viewer.analysis.verify import verify
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, DamagedFile, MissingShard, Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Kind
from ckpt_viewer.formats.roles.graph_witness import MOST_VARIANTS
from ckpt_viewer.session.arrival import GRAPH_KINDS, folder_of
from ckpt_viewer.session.facts import save_of
from ckpt_viewer.session.provider import NO_GRAPH, Provider

# Kinds whose files a state file lists.
_IN_A_RUN: tuple[Kind, ...] = ("bundle", "v1")
# Of what a folder's listing says of a save, the rest is told better by the save itself.
_OF_THE_FOLDER = ("partial-save",)


def verified(provider: Provider, path: Path, cancel: CancelToken) -> Verification:
    """Opens it for itself; a checkpoint too damaged to be opened is a finding, other errors are raised."""
    try:
        with provider.open_checkpoint(path, cancel) as checkpoint:
            return verify_all(provider, checkpoint, path, cancel)
    except (DamagedFile, MissingShard) as error:
        return Verification((), (error.problem,), ok=False)


def verify_all(provider: Provider, checkpoint: Checkpoint, path: Path, cancel: CancelToken) -> Verification:
    """What `path` means, opened already."""
    found = verify(checkpoint, cancel)
    if checkpoint.kind in _IN_A_RUN:
        found = found.with_more(_of_folder(provider, path, cancel), notes=True)
    if checkpoint.kind == "frozen-graph":
        return found  # it is its own graph, and has told of it
    return found.with_more(_of_graph(provider, checkpoint, path, cancel))


def with_beside(
    found: Verification, provider: Provider, folder: Path, run: str | None, cancel: CancelToken
) -> Verification:
    """The same of the newest of a folder, or of one run of it, which tells that there are others."""
    try:
        runs = provider.list_folder(folder, cancel).runs
    except CheckpointError:
        return found
    saves = (save for each in runs if run in (None, each.name) for save in each.saves)
    return replace(found, beside=max(sum(save.kind not in GRAPH_KINDS for save in saves) - 1, 0))


def _of_folder(provider: Provider, path: Path, cancel: CancelToken) -> Iterator[Problem]:
    try:
        folder = provider.list_folder(folder_of(path), cancel)
    except CheckpointError:
        return  # whoever opened the checkpoint did without it
    save = save_of(folder, path)
    yield from (problem for problem in (save.problems if save else ()) if problem.code in _OF_THE_FOLDER)
    yield from state_findings(folder, path)


def _of_graph(
    provider: Provider, checkpoint: Checkpoint, path: Path, cancel: CancelToken
) -> Iterator[Problem]:
    try:
        graph = provider.open_graph(path, cancel)
    except CheckpointError as error:
        if error.code not in NO_GRAPH:
            yield error.problem
        return
    for problem in graph.problems:
        yield replace(problem, message=f"In {graph.path}: {problem.message}")
    for one in (graph, *graph.variants[:MOST_VARIANTS]):
        cancel.check()
        yield from restore_findings(one, checkpoint.variables)
