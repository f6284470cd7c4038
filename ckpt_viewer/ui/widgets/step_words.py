"""What a run says of one variable, in words: the figures of a save, and what is odd about it or the run."""

import os
from collections.abc import Sequence
from itertools import groupby

from ckpt_viewer.analysis.timeline import Point, first_step
from ckpt_viewer.session.wording import shape_text
from ckpt_viewer.ui.widgets.numbers import screen_count, screen_number

_DIGITS = 4


def values_text(point: Point) -> str:
    """Of the finite elements, and how many are not."""
    summary = point.summary
    if summary is None:
        return ""
    special = [
        f"{screen_count(count)} {name}"
        for name, count in (("NaN", summary.nan), ("+Inf", summary.posinf), ("−Inf", summary.neginf))
        if count
    ]
    if summary.mean is None:
        return " · ".join(special) or "no elements"
    texts = [
        f"{screen_number(summary.mean, _DIGITS)} ± {screen_number(summary.std, _DIGITS)}",
        f"{screen_number(summary.min, _DIGITS)} … {screen_number(summary.max, _DIGITS)}",
    ]
    return " · ".join([*texts, *special])


def norm_text(point: Point) -> str:
    return screen_number(point.norm, _DIGITS)


def change_text(point: Point) -> str:
    change = point.change
    if change is None:
        return ""
    if change.relative is None:
        figure = "not measured" if change.difference is None else "was all zeros"
    else:
        figure = screen_number(change.relative, _DIGITS)
    return f"{figure} since {change.since}"


def note_of(point: Point, shape: tuple[int, ...]) -> str:
    """What is odd about a save, beside one that has this shape; empty where nothing is."""
    variable, summary, change = point.variable, point.summary, point.change
    if point.lacks_variable:
        return "the variable is not in this checkpoint"
    if point.problem is not None:
        return _local(point)
    if variable is not None and variable.shape != shape:
        return f"the shape is {shape_text(variable.shape)} here, not {shape_text(shape)}"
    if summary is not None and summary.checksum == "wrong":
        return "the stored checksum does not fit the values; they may be wrong"
    if change is not None and change.problem is not None:
        return change.problem.message
    return ""


def notes_of(points: Sequence[Point]) -> list[tuple[str, Point]]:
    """One line for each stretch of saves with the same note, and its newest save; newest first."""
    shape = reference_shape(points)
    told = [(note_of(point, shape), point) for point in sorted(points, key=_step, reverse=True)]
    lines = []
    for note, group in groupby(told, key=_note):
        saves = [point for _, point in group]
        if note:
            lines.append((f"{_steps(saves)}: {note}", saves[0]))
    return lines


def reference_shape(points: Sequence[Point]) -> tuple[int, ...]:
    """That of the newest save that has the variable."""
    there = [point for point in points if point.variable]
    newest = max(there, key=_step, default=None)
    return newest.variable.shape if newest and newest.variable else ()


def finding(points: Sequence[Point], complete: bool) -> str:
    """Where NaN and ±Inf came from; not called the first while older saves are unread."""
    said = []
    for name, step in (
        ("NaN", first_step(points, lambda summary: summary.nan > 0)),
        ("±Inf", first_step(points, lambda summary: summary.posinf + summary.neginf > 0)),
    ):
        if step is not None:
            said.append(f"{name} first at step {step}" if complete else f"{name} back to step {step} so far")
    return " · ".join(said)


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
