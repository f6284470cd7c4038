"""The checkpoint a command is about, and what was noticed on the way to it."""

from typing import NamedTuple

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.cli.printing import print_line, print_problems
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Checkpoint
from ckpt_viewer.formats.folders.file_names import step_of
from ckpt_viewer.formats.folders.locate import locate_checkpoint
from ckpt_viewer.formats.readers import judge_by_graph, open_located
from ckpt_viewer.session.wording import printable


class Opened(NamedTuple):
    """What was opened, and what was wrong where it was looked for, though not with the checkpoint itself.

    Attributes:
        passed_over: Why it is not a newer save of the folder, where there is one.
    """

    checkpoint: Checkpoint
    noticed: tuple[Problem, ...]
    passed_over: tuple[Problem, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them."""
        return (*self.noticed, *self.passed_over)


def open_and_notice(path: str, cancel: CancelToken, *, judged: bool = False) -> Opened:
    """`judged`: by the graph beside it, for commands that tell roles."""
    located = locate_checkpoint(path, cancel)
    checkpoint = open_located(located, cancel)
    if judged:
        judge_by_graph(checkpoint, located, cancel)
    return Opened(checkpoint, located.problems, located.passed_over)


def open_and_tell(path: str, cancel: CancelToken) -> Checkpoint:
    """Says what was noticed on standard error."""
    opened = open_and_notice(path, cancel)
    print_problems(opened.problems)
    return opened.checkpoint


def print_title(checkpoint: Checkpoint, label: str = "") -> None:
    """Which checkpoint a path turned out to mean."""
    step = step_of(checkpoint.path.name)
    words = [str(checkpoint.path), checkpoint.kind, *([] if step is None else [f"step {step}"])]
    print_line(label + printable(" · ".join(words)))
