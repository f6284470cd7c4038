"""The facts about a variable that the table has columns for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.listing import Columns
from ckpt_viewer.session.wording import count_text, printable, shape_text, size_text
from ckpt_viewer.ui.widgets.numbers import plain_number, screen_count, statistic

if TYPE_CHECKING:
    from ckpt_viewer.analysis.summary import Summary

_CHECKS = {
    "ok": "✓ ok",
    "wrong": "✗ wrong",
    "none": "none stored",
    "damaged": "✗ damaged",
    "missing-data": "✗ data missing",
    "unreadable": "✗ unreadable",
    "unchecked": "none stored",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One fact.

    Attributes:
        value: What it sorts by; None is unknown and comes last.
        column: The same of all variables, where reading none of their values tells it.
        fact: The same of statistics alone, where it takes these.
        text: The value as the screen shows it.
        plain: The value as it is copied.
        scanned: Whether it takes reading the values to know.
        explanation: What the header says when pointed at.
    """

    title: str
    value: Callable[[Variable, Summary | None], Any]
    text: Callable[[Any], str]
    plain: Callable[[Any], str] = plain_number
    numeric: bool = True
    scanned: bool = False
    explanation: str = ""
    column: Callable[[Columns], Sequence[Any]] = lambda columns: [None] * len(columns.names)
    fact: Callable[[Summary], Any] = lambda _: None


def _name(variable: Variable, _: Summary | None) -> str:
    return variable.name


def _scanned(title: str, fact: Callable[[Summary], Any], explanation: str, **fields: Any) -> Column:
    def value(_: Variable, summary: Summary | None) -> Any:
        return None if summary is None else fact(summary)

    text = fields.pop("text", statistic)
    return Column(title, value, text, scanned=True, explanation=explanation, fact=fact, **fields)


def _plain_shape(shape: Sequence[int]) -> str:
    return "x".join(map(str, shape))


COLUMNS: tuple[Column, ...] = (
    Column(
        "Name",
        _name,
        printable,
        printable,
        numeric=False,
        explanation="Key in the checkpoint",
        column=lambda columns: columns.names,
    ),
    Column(
        "Full name",
        lambda v, _: v.full_name,
        printable,
        printable,
        numeric=False,
        explanation="What people called it",
        column=lambda columns: columns.full_names,
    ),
    Column(
        "Shape",
        lambda v, _: v.shape,
        shape_text,
        _plain_shape,
        numeric=False,
        column=lambda columns: columns.shapes,
    ),
    Column("Dtype", lambda v, _: v.dtype, str, numeric=False, column=lambda columns: columns.dtypes),
    Column(
        "Params",
        lambda v, _: v.element_count,
        count_text,
        explanation="Number of elements",
        column=lambda columns: columns.element_counts,
    ),
    Column(
        "Bytes",
        lambda v, _: v.nbytes,
        size_text,
        explanation="Bytes in the data files",
        column=lambda columns: columns.sizes,
    ),
    Column(
        "Role",
        lambda v, _: v.role,
        str,
        numeric=False,
        explanation="What it is for",
        column=lambda columns: columns.roles,
    ),
    _scanned("Min", lambda s: s.min, "Least finite value"),
    _scanned("Mean", lambda s: s.mean, "Mean of the finite values"),
    _scanned("Max", lambda s: s.max, "Greatest finite value"),
    _scanned("Std", lambda s: s.std, "Standard deviation of the finite values"),
    _scanned("Zeros", lambda s: s.zeros, "Elements equal to zero", text=screen_count),
    _scanned("NaN", lambda s: s.nan, "Elements that are no number", text=screen_count),
    _scanned("±Inf", lambda s: s.posinf + s.neginf, "Infinite elements", text=screen_count),
    _scanned(
        "Histogram", lambda s: s.std, "Exact counts over the values; sorts by their spread", text=lambda _: ""
    ),
    _scanned(
        "Checksum",
        lambda s: s.checksum,
        "Whether the bytes read have the checksum stored with them",
        text=_CHECKS.__getitem__,
        plain=str,
        numeric=False,
    ),
)
NAME, FULL_NAME = 0, 1
TITLES = {column.title: number for number, column in enumerate(COLUMNS)}
CHECKSUM, ROLE_COLUMN = TITLES["Checksum"], TITLES["Role"]
SCANNED = [number for number, column in enumerate(COLUMNS) if column.scanned]
