"""One variable through the saves of a run: its figures in each, and how far it moved from one to the next."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import reduce
from math import ldexp, sqrt
from pathlib import Path

import numpy as np

from ckpt_viewer.analysis.comparison import Pair, measure
from ckpt_viewer.analysis.difference import Difference
from ckpt_viewer.analysis.histogram import Histogram
from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.analysis.summary import Summary
from ckpt_viewer.cancellation import CancelToken, Share
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Variable
from ckpt_viewer.formats.values.dtypes import is_numeric

Open = Callable[[Path, CancelToken], Checkpoint]

_STEP = 1 << 20  # what one save weighs in the figure of progress: halves for its facts and for the change


@dataclass(frozen=True, slots=True)
class Change:
    """From an older save to a newer one.

    Attributes:
        since: The older step: the nearest one whose values could be read.
        difference: None where the two cannot be subtracted; `problem` says why.
    """

    since: int
    difference: Difference | None = None
    problem: Problem | None = None

    @property
    def relative(self) -> float | None:
        """‖new − old‖ / ‖old‖; None where ‖old‖ is 0."""
        return self.difference.relative if self.difference else None


@dataclass(frozen=True, slots=True)
class Point:
    """What one save says of the variable.

    Attributes:
        variable: As this save describes it; None where it could not be opened or lacks it.
        summary: None where the values could not be read; `problem` says why.
        lacks_variable: Whether it opened, but has nothing of this name.
        change: None of the oldest save, and until the next older one was read.
    """

    step: int
    path: Path
    variable: Variable | None = None
    summary: Summary | None = None
    change: Change | None = None
    problem: Problem | None = None
    lacks_variable: bool = False

    @property
    def norm(self) -> float | None:
        return norm_of(self.summary) if self.summary else None


@dataclass(frozen=True, slots=True)
class Ridge:
    """Histograms of several saves in the same bins.

    Attributes:
        edges: float64, one more than there are bins.
        counts: int64, one row of bins for each save; None for a save without finite elements.
    """

    edges: Array
    counts: tuple[Array | None, ...]


def norm_of(summary: Summary) -> float | None:
    """The L2 norm ‖x‖ of the finite elements, None where there are none.

    A summary holds no sum of squares, but Σx² = m2 + n·mean² exactly, and both terms are positive, so that
    nothing cancels; of complex numbers it is the norm of the magnitudes, which is the same.
    """
    if summary.mean is None:
        return None
    exponent = summary.m2_exponent
    squares = summary.m2 + summary.finite * ldexp(summary.mean, -exponent) ** 2
    try:
        return ldexp(sqrt(squares), exponent)
    except OverflowError:
        return float("inf")


def follow(
    open_one: Open, saves: Sequence[tuple[int, Path]], name: str, cancel: CancelToken | None = None
) -> Generator[Point, None, None]:
    """The points of the saves in the order given, newest first; each once without its change, then with it.

    A save that cannot be opened, lacks the variable or cannot be read becomes a point with a problem and
    does not stop the others. Two saves are open at a time; none is once the generator is closed.
    """
    token = cancel or CancelToken()
    with ExitStack() as of_newer:
        newer: tuple[Checkpoint, Point] | None = None
        for number, (step, path) in enumerate(saves):
            shares = [
                Share(token, number * _STEP + half, _STEP // 2, len(saves) * _STEP)
                for half in (0, _STEP // 2)
            ]
            with ExitStack() as stack:
                checkpoint, point = _look(open_one, step, path, name, stack, shares[0])
                yield point
                if checkpoint is None or point.summary is None:
                    continue
                if newer is not None:
                    yield replace(newer[1], change=_change(checkpoint, point, *newer, shares[1]))
                of_newer.close()
                newer = checkpoint, point
                of_newer.push(stack.pop_all())


def first_step(points: Iterable[Point], is_so: Callable[[Summary], bool]) -> int | None:
    """The smallest step whose facts are so; None where there is none."""
    return min((point.step for point in points if point.summary and is_so(point.summary)), default=None)


def ridge_of(histograms: Sequence[Histogram | None], max_bins: int) -> Ridge:
    """Every count of all histograms in at most `max_bins` bins of one width, a power of two."""
    filled = [histogram for histogram in histograms if histogram is not None and len(histogram.counts)]
    if not filled:
        return Ridge(np.zeros(1), (None,) * len(histograms))
    grid = reduce(Histogram.merge, filled).coarsened(max_bins)
    rows = (
        histogram.counts_on(grid) if histogram is not None and len(histogram.counts) else None
        for histogram in histograms
    )
    largest = np.finfo(np.float64).max
    return Ridge(np.clip(grid.edges, -largest, largest), tuple(rows))


def _look(
    open_one: Open, step: int, path: Path, name: str, stack: ExitStack, cancel: CancelToken
) -> tuple[Checkpoint | None, Point]:
    """The save, left open on the stack, and its point."""
    cancel.check()
    try:
        checkpoint = stack.enter_context(open_one(path, cancel))
    except CheckpointError as error:
        return None, Point(step, path, problem=error.problem)
    variable = next((found for found in checkpoint.variables if found.name == name), None)
    point = Point(step, path, variable)
    if variable is None:
        problem = Problem("not-found", f"{path} has no variable {name!r}.")
        return checkpoint, replace(point, problem=problem, lacks_variable=True)
    if not is_numeric(variable.dtype):
        text = f"{name} holds {variable.dtype} in {path}, which has no figures."
        return checkpoint, replace(point, problem=variable.problem or Problem("refused", text))
    try:
        return checkpoint, replace(point, summary=summarize(checkpoint, variable, cancel))
    except CheckpointError as error:
        return checkpoint, replace(point, problem=error.problem)


def _change(a: Checkpoint, old: Point, b: Checkpoint, new: Point, cancel: CancelToken) -> Change:
    """Every element is read, whatever the stored checksums promise."""
    if old.variable is None or new.variable is None:
        raise TypeError("both saves have been read")
    for word, before, after in (
        ("shape", old.variable.shape, new.variable.shape),
        ("type", old.variable.dtype, new.variable.dtype),
    ):
        if before != after:
            text = f"{new.variable.name} has another {word} at step {old.step} than at step {new.step}."
            return Change(old.step, problem=Problem("refused", text))
    pair = measure(a, b, Pair(old.variable, new.variable, "changed", "bytes"), cancel=cancel)
    return Change(old.step, pair.difference, pair.problem)
