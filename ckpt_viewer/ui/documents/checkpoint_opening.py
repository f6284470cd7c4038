"""What a checkpoint's page asks of workers, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.roles.graph_witness import judged_by
from ckpt_viewer.session.filters import Haystack
from ckpt_viewer.session.provider import Provider
from ckpt_viewer.session.totals import Totals, totals_of
from ckpt_viewer.session.watching import OpenedFiles

if TYPE_CHECKING:
    from ckpt_viewer.formats.graph import Graph


@dataclass(frozen=True, slots=True)
class Opened:
    """A checkpoint, its totals, what a filter looks through, and its files."""

    checkpoint: Checkpoint
    totals: Totals
    haystack: Haystack
    files: OpenedFiles


@dataclass(frozen=True, slots=True)
class FirstRows:
    """What is shown of a large checkpoint while the rest of its index is read."""

    variables: Sequence[Variable]


@dataclass(frozen=True, slots=True)
class FoundGraph:
    graph: Graph | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The variables as their graph judges them."""

    totals: Totals
    haystack: Haystack


def open_first(provider: Provider, path: Path, cancel: CancelToken) -> Opened | FirstRows:
    first = provider.first_variables(path, cancel)
    return FirstRows(first) if first else open_all(provider, path, cancel)


def open_all(provider: Provider, path: Path, cancel: CancelToken) -> Opened:
    checkpoint = provider.open_checkpoint(path, cancel)
    try:
        files = OpenedFiles.of(path, checkpoint.files)
        totals, haystack = totals_of(checkpoint.variables), Haystack(checkpoint.variables)
        return Opened(checkpoint, totals, haystack, files)
    except BaseException:
        checkpoint.close()
        raise


def open_graph(provider: Provider, path: Path, cancel: CancelToken) -> FoundGraph:
    try:
        return FoundGraph(provider.open_graph(path, cancel))
    except CheckpointError as error:
        return FoundGraph(problem=error.problem)


def graph_of(provider: Provider, path: Path, cancel: CancelToken) -> Path | None:
    """Where the graph of a checkpoint is that could not be opened."""
    try:
        return provider.locate_graph(path).path
    except CheckpointError:
        return None


def judge(graph: Graph, variables: Sequence[Variable], cancel: CancelToken) -> Judged | None:
    """None where the graph tells nothing new."""
    graph.variable_ops("")  # makes the indexes that the screen would wait for
    judged = judged_by(graph, variables, cancel)
    return None if judged is variables else Judged(totals_of(judged), Haystack(judged))


def problems_now(provider: Provider, path: Path, cancel: CancelToken) -> Sequence[Problem] | None:
    """What opening it would find wrong with it by now; None where it does not open any more."""
    try:
        with provider.open_checkpoint(path, cancel) as checkpoint:
            return checkpoint.problems
    except CheckpointError:
        return None
