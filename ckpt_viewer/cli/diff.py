"""`diff A B`."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ckpt_viewer.analysis.comparison import Comparison, Difference, Pair, compare
from ckpt_viewer.analysis.name_map import NameMap, read_name_map
from ckpt_viewer.cli.opening import open_and_notice, print_title
from ckpt_viewer.cli.printing import print_error, print_json, print_line, print_problems, print_table
from ckpt_viewer.cli.progress import Progress
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Checkpoint
from ckpt_viewer.session.pair_columns import is_beyond_ratio, relative_rank
from ckpt_viewer.session.wording import (
    beyond_ratio_text,
    cosine_text,
    number_text,
    percent_text,
    plural,
    shape_text,
)

FIGURES = ("max_abs", "mean_abs", "rms", "relative", "cosine")


def run(options: Namespace) -> int:
    names = read_name_map(Path(options.map)) if options.map else None
    with Progress("comparing") as progress:
        opened_a = open_and_notice(options.a, progress.cancel)
        with opened_a.checkpoint as a:
            opened_b = open_and_notice(options.b, progress.cancel)
            with opened_b.checkpoint as b:
                pairs = tuple(compare(a, b, names=names, exact=options.exact, cancel=progress.cancel))
    noticed = [*opened_a.problems, *opened_b.problems, *a.problems, *b.problems]
    problems = list(dict.fromkeys([*noticed, *_idle_rules(names, a, b)]))
    comparison = Comparison(a.path, b.path, pairs)
    if options.json:
        _print_document(comparison, problems)
    else:
        print_title(a, "A  ")
        print_title(b, "B  ")
        _print_text(comparison)
    damage = [problem for pair in pairs for problem in pair.damage]
    unread = [pair.problem for pair in pairs if pair.problem]
    print_problems([*problems, *damage], unread=unread)
    if unread:
        message = (
            f"{len(unread):,} of {plural(len(pairs), 'pair')} of {a.path} and {b.path} cannot be compared."
        )
        print_error(message, f"ckpt-viewer verify {a.path}, or {b.path}, tells what is damaged.")
    return 2 if unread else int(any(map(_is_finding, pairs)))


def _idle_rules(names: NameMap | None, a: Checkpoint, b: Checkpoint) -> list[Problem]:
    if names is None:
        return []
    return names.problems(*([variable.name for variable in side.variables] for side in (a, b)))


def _print_document(comparison: Comparison, problems: Sequence[Problem]) -> None:
    print_json(
        {
            "a": comparison.a,
            "b": comparison.b,
            "counts": {status.replace("-", "_"): count for status, count in comparison.counts.items()},
            "pairs": [_document(pair) for pair in comparison.pairs],
            "problems": problems,
        }
    )


def _document(pair: Pair) -> dict[str, Any]:
    changed, count = _changed(pair)
    return {
        "a": pair.a and pair.a.name,
        "b": pair.b and pair.b.name,
        "status": pair.status,
        "how": pair.how,
        **{figure: getattr(pair.difference, figure, None) for figure in FIGURES},
        "changed": changed,
        "count": count,
        "nonfinite": pair.difference and pair.difference.nonfinite,
        "problem": pair.problem or next(iter(pair.damage), None),
        "damage": pair.damage,
    }


def _changed(pair: Pair) -> tuple[int | None, int | None]:
    """Elements that differ, of how many; what is identical by its checksum has none without being read."""
    if pair.difference is not None:
        return pair.difference.changed, pair.difference.count
    if pair.status == "identical" and pair.a:
        return 0, pair.a.element_count
    return None, None


def _print_text(comparison: Comparison) -> None:
    print_line(_count_line(comparison) + _how_known(comparison))
    shown = sorted(filter(_is_finding, comparison.pairs), key=_order)
    if shown:
        print_line()
        titles = ("name",) if all(len(_names(pair)) == 1 for pair in shown) else ("a", "b")
        print_table(
            (*titles, "shape", "status", *_heads()), [_cells(pair, columns=len(titles)) for pair in shown]
        )


def _is_finding(pair: Pair) -> bool:
    """Values may be equal of which one side's are not those saved."""
    return bool(pair.status != "identical" or pair.damage or pair.problem)


def _count_line(comparison: Comparison) -> str:
    """What cannot be read is neither equal nor changed."""
    read = tuple(pair for pair in comparison.pairs if not pair.problem)
    unread, damaged = len(comparison.pairs) - len(read), sum(bool(pair.damage) for pair in read)
    parts = [f"{count:,} {status}" for status, count in replace(comparison, pairs=read).counts.items()]
    parts += [f"{unread:,} unreadable"] if unread else []
    parts += [f"{damaged:,} of them damaged"] if damaged else []
    return ", ".join(parts)


def _how_known(comparison: Comparison) -> str:
    """Equal checksums in two indexes say nothing of what lies in the data files by now."""
    equal = (pair for pair in comparison.pairs if pair.status == "identical" and not pair.problem)
    unread = sum(pair.how == "checksum" for pair in equal)
    if not unread:
        return ""
    return f" ({unread:,} identical by their stored checksums; --exact reads the values)"


def _status(pair: Pair) -> str:
    if pair.problem:
        return "unreadable"
    parts: list[str] = [pair.status]
    parts += ["NaN or Inf"] if pair.difference and pair.difference.nonfinite else []
    parts += ["damaged"] if pair.damage else []
    return ", ".join(parts)


def _order(pair: Pair) -> tuple[bool, float, float]:
    """As the window ranks them; what has no rank last."""
    rank = relative_rank(pair.difference) if pair.difference else None
    return rank is None, -(rank or 0).real, -(rank or 0).imag


def _heads() -> Sequence[str]:
    return (">max|Δ|", ">mean|Δ|", ">rms Δ", ">‖Δ‖/‖A‖", ">cosine", ">changed")


def _names(pair: Pair) -> Sequence[str]:
    """One where it is called the same on both sides, or is on one only, as its status says."""
    return list(dict.fromkeys(side.name for side in (pair.a, pair.b) if side))


def _cells(pair: Pair, columns: int) -> tuple[str, ...]:
    names = _names(pair) if columns == 1 else [side.name if side else "" for side in (pair.a, pair.b)]
    shapes = [shape_text(side.shape) for side in (pair.a, pair.b) if side]
    changed, count = _changed(pair)
    return (
        *names,
        " → ".join(dict.fromkeys(shapes)),
        _status(pair),
        *(_figure(pair.difference, figure) for figure in FIGURES),
        "" if changed is None or not count else percent_text(100 * changed / count),
    )


def _figure(difference: Difference | None, figure: str) -> str:
    """As the window has them; JSON has them as they are."""
    value = getattr(difference, figure, None)
    if figure == "cosine" and difference and value is not None:
        return cosine_text(value, difference.cosine_error)
    if figure == "relative" and difference and is_beyond_ratio(difference):
        return beyond_ratio_text(number_text(value))
    return number_text(value)
