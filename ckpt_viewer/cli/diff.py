"""`diff A B`."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ckpt_viewer.analysis.comparison import Comparison, Pair, compare
from ckpt_viewer.analysis.name_map import read_name_map
from ckpt_viewer.cli.printing import print_incomplete, print_json, print_line, print_table
from ckpt_viewer.cli.progress import Progress
from ckpt_viewer.formats.readers import open_checkpoint
from ckpt_viewer.session.wording import number_text, plural, shape_text

FIGURES = ("max_abs", "mean_abs", "rms", "relative", "cosine")


def run(options: Namespace) -> int:
    names = read_name_map(Path(options.map)) if options.map else None
    with (
        Progress("comparing") as progress,
        open_checkpoint(options.a, progress.cancel) as a,
        open_checkpoint(options.b, progress.cancel) as b,
    ):
        pairs = tuple(compare(a, b, names=names, exact=options.exact, cancel=progress.cancel))
        comparison = Comparison(a.path, b.path, pairs)
    (_print_document if options.json else _print_text)(comparison)
    problems = [pair.problem for pair in pairs if pair.problem]
    if problems:
        message = f"{len(problems):,} of {plural(len(pairs), 'pair')} cannot be compared."
        print_incomplete(message, problems, "ckpt-viewer verify CKPT tells what is damaged.")
    return 2 if problems else int(comparison.counts["identical"] < len(pairs))


def _print_document(comparison: Comparison) -> None:
    print_json(
        {
            "a": comparison.a,
            "b": comparison.b,
            "counts": {status.replace("-", "_"): count for status, count in comparison.counts.items()},
            "pairs": [_document(pair) for pair in comparison.pairs],
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
        "problem": pair.problem,
    }


def _changed(pair: Pair) -> tuple[int | None, int | None]:
    """Elements that differ, of how many; what is identical by its checksum has none without being read."""
    if pair.difference is not None:
        return pair.difference.changed, pair.difference.count
    if pair.status == "identical" and pair.a:
        return 0, pair.a.element_count
    return None, None


def _print_text(comparison: Comparison) -> None:
    print_line(", ".join(f"{count:,} {status}" for status, count in comparison.counts.items()))
    shown = sorted((pair for pair in comparison.pairs if pair.status != "identical"), key=_order)
    if shown:
        print_line()
        print_table(("a", "b", "shape", "status", *_heads()), [_cells(pair) for pair in shown])


def _order(pair: Pair) -> tuple[bool, float]:
    """Largest relative change first, what has none last."""
    relative = pair.difference.relative if pair.difference else None
    return relative is None, -(relative or 0.0)


def _heads() -> Sequence[str]:
    return (">max|Δ|", ">mean|Δ|", ">rms Δ", ">‖Δ‖/‖A‖", ">cosine", ">changed")


def _cells(pair: Pair) -> tuple[str, ...]:
    shapes = [shape_text(side.shape) for side in (pair.a, pair.b) if side]
    changed, count = _changed(pair)
    return (
        pair.a.name if pair.a else "",
        pair.b.name if pair.b else "",
        " → ".join(dict.fromkeys(shapes)),
        pair.status,
        *(number_text(getattr(pair.difference, figure, None)) for figure in FIGURES),
        "" if changed is None or not count else f"{changed / count:.2%}",
    )
