"""What a run says of one variable, in words: the figures of a save, and what is odd about it or the run."""

import os
from collections.abc import Sequence
from itertools import groupby

from ckpt_viewer.analysis.timeline import Point, first_step
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.values.dtypes import is_numeric
from ckpt_viewer.session.wording import shape_text
from ckpt_viewer.ui.widgets.numbers import screen_count, screen_number

FACTS = ("step", "mean", "std", "min", "max", "norm", "change", "NaN", "±Inf")
_DIGITS = 4


def facts_of(point: Point) -> list[str]:
    """The texts for `FACTS` after the step; empty where there is none."""
    summary = point.summary
    if summary is None:
        return [""] * (len(FACTS) - 1)
    numbers = (summary.mean, summary.std, summary.min, summary.max, point.norm)
    counts = (summary.nan, summary.posinf + summary.neginf)
    return [
        *(screen_number(number, _DIGITS) for number in numbers),
        _change_text(point),
        *(screen_count(count) for count in counts),
    ]


def note_of(point: Point, reference: Variable | None) -> str:
    """What is odd about a save, beside the newest that has the variable; empty where nothing is."""
    variable, summary, change = point.variable, point.summary, point.change
    if point.lacks_variable:
        return "the variable is not in this checkpoint"
    if point.problem is not None:
        return _no_figures(point)
    if variable is not None and reference is not None:
        if variable.shape != reference.shape:
            return f"the shape is {shape_text(variable.shape)} here, not {shape_text(reference.shape)}"
        if variable.dtype != reference.dtype:
            return f"the type is {variable.dtype} here, not {reference.dtype}"
    if summary is not None and summary.checksum == "wrong":
        return "the stored checksum does not fit the values; they may be wrong"
    if change is not None and change.problem is not None and change.problem.code != "refused":
        return change.problem.message
    return ""


def notes_of(points: Sequence[Point]) -> list[tuple[str, Point]]:
    """One line for each stretch of saves with the same note, and its newest save; newest first."""
    reference = reference_of(points)
    told = [(note_of(point, reference), point) for point in sorted(points, key=_step, reverse=True)]
    lines = []
    for note, group in groupby(told, key=_note):
        saves = [point for _, point in group]
        if note:
            lines.append((f"{_steps(saves)}: {note}", saves[0]))
    return lines


def reference_of(points: Sequence[Point]) -> Variable | None:
    """The variable as the newest save that has it describes it."""
    newest = max((point for point in points if point.variable), key=_step, default=None)
    return newest.variable if newest else None


def finding(points: Sequence[Point], complete: bool) -> str:
    """Where NaN and ±Inf came from; not called the first while older saves are unread."""
    said = []
    for name, step in (
        ("◆ NaN", first_step(points, lambda summary: summary.nan > 0)),
        ("▮ ±Inf", first_step(points, lambda summary: summary.posinf + summary.neginf > 0)),
    ):
        if step is not None:
            said.append(f"{name} first at step {step}" if complete else f"{name} back to step {step} so far")
    return "   ".join(said)


def _change_text(point: Point) -> str:
    change = point.change
    if change is None or change.difference is None:
        return ""
    figure = "from zeros" if change.relative is None else screen_number(change.relative, _DIGITS)
    return f"{figure} since {change.since}"


def _no_figures(point: Point) -> str:
    variable = point.variable
    if variable is not None and not is_numeric(variable.dtype):
        return f"{variable.dtype} values have no figures"
    return _local(point)


def _local(point: Point) -> str:
    """The problem's sentence with file names in place of whole paths."""
    assert point.problem is not None
    return point.problem.message.replace(f"{point.path.parent}{os.sep}", "")


def _steps(points: Sequence[Point]) -> str:
    newest, oldest = points[0].step, points[-1].step
    if len(points) == 1:
        return f"step {newest}"
    return f"steps {oldest} to {newest} ({screen_count(len(points))} saves)"


def _step(point: Point) -> int:
    return point.step


def _note(told: tuple[str, Point]) -> str:
    return told[0]
