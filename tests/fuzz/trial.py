"""One input, given to its target, and what came of it."""

import shutil
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.fuzz.inputs import Input
from tests.fuzz.questions import Asking
from tests.fuzz.targets import Target

_OURS = "/ckpt_viewer/"


@dataclass(frozen=True, slots=True)
class Finding:
    """Attributes:
    where: The kind of the finding and the line it comes from: what it is counted under.
    told: All that is known about it.
    """

    target: str
    seed: int
    number: int
    where: str
    told: str


@dataclass(slots=True)
class Tally:
    """What came of many inputs."""

    inputs: int = 0
    opened: int = 0
    answers: int = 0
    refusals: int = 0
    seconds: float = 0.0
    findings: "Counter[str]" = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        self.inputs += other.inputs
        self.opened += other.opened
        self.answers += other.answers
        self.refusals += other.refusals
        self.seconds += other.seconds
        self.findings += other.findings


class Trial:
    """Runs inputs in a folder of its own, one after the other; `before` is called ahead of every question."""

    def __init__(self, folder: Path, before: Callable[[], None] | None = None) -> None:
        self._before = before
        self._input, self._spare = folder / "input", folder / "spare"

    def ask(self, target: Target, given: Input, number: int, tally: Tally) -> None:
        """All questions to one input; raises whatever should not come out."""
        tally.inputs += 1
        given.write(self._input)
        asking = Asking(Random(number), self._spare, self._before)
        tally.opened += target.ask(asking, self._input / given.opened)
        tally.answers += asking.answers
        tally.refusals += asking.refusals
        if changes := given.changes(self._input):
            raise AssertionError(f"files were touched: {', '.join(changes)}")

    def clear(self) -> None:
        """Do away with what was exported."""
        shutil.rmtree(self._spare, ignore_errors=True)


def finding_of(target: Target, seed: int, number: int, error: BaseException) -> Finding:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _OURS in frame.filename] or frames
    last = ours[-1]
    where = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
    told = "".join(traceback.format_exception(error))
    return Finding(target.name, seed, number, where, told)
