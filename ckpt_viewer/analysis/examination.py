"""Reading all of a variable once: what its values are, and whether they are those that were saved."""

from dataclasses import dataclass

from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.analysis.summary import Summary
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable


@dataclass(frozen=True, slots=True)
class Examination:
    """Its statistics; `problem` names the stored and the found checksum where they differ."""

    summary: Summary
    problem: Problem | None = None


def examine(checkpoint: Checkpoint, variable: Variable, cancel: CancelToken | None = None) -> Examination:
    """Read all of it; raises `CheckpointError`."""
    summary = summarize(checkpoint, variable, cancel)
    return Examination(summary, summary.problem)
