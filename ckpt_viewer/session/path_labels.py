"""What tells paths apart, in few letters: titles and headings have no room for all of a path."""

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from ckpt_viewer.session.wording import printable

_SHORT, _BEFORE, _AFTER = 18, 6, 4  # letters of a name shown whole; kept around the first that differ


def short_name(path: Path) -> str:
    """The step alone where the name ends in one."""
    _, dash, step = path.name.rpartition("-")
    return step if dash and step.isdigit() else printable(path.name)


def name_in_folder(path: Path) -> str:
    """`run1 · 12000`."""
    return f"{printable(path.parent.name)} · {short_name(path)}"


def marks(paths: Sequence[Path]) -> list[str]:
    """The parts in which the paths differ, as few as tell them apart, from the end: `trial_1cba…`.

    All are empty where the paths are one.
    """
    kept: list[list[str]] = []
    for level in zip_longest(*(reversed(path.parts) for path in paths), fillvalue=""):
        if len(set(level)) > 1:
            kept.insert(0, _cut(level))
        if len(set(zip(*kept, strict=True))) == len(set(paths)):
            break
    return ["/".join(filter(None, parts)) for parts in zip(*kept, strict=True)] or [""] * len(paths)


def side_labels(a: Path, b: Path) -> tuple[str, str]:
    """The two of a comparison: by their names, and by what tells their folders apart where there are two."""
    if a.parent == b.parent:
        return printable(a.name), printable(b.name)
    in_a, in_b = marks((a.parent, b.parent))
    if a.name == b.name and a.parent.name != b.parent.name:
        return f"{in_a}/{printable(a.name)}", f"{in_b}/{printable(b.name)}"
    return f"{printable(a.name)} ({in_a})", f"{printable(b.name)} ({in_b})"


def _cut(names: Sequence[str]) -> list[str]:
    """Long names to the letters around the first in which they differ, and as many more as it takes."""
    differs = (place for place, letters in enumerate(zip_longest(*names)) if len(set(letters)) > 1)
    common = next(differs, 0)
    start = common - _BEFORE if common > 2 * _BEFORE else 0
    ends = range(common + _AFTER, max(map(len, names)) + 1)
    different = len(set(names))
    end = next((end for end in ends if len({name[start:end] for name in names}) == different), None)
    return [printable(name if len(name) <= _SHORT else _part(name, start, end)) for name in names]


def _part(name: str, start: int, end: int | None) -> str:
    after = "…" if end is not None and end < len(name) else ""
    return f"{'…' if start else ''}{name[start:end]}{after}"
