"""Rows about pictures: the first one, the exact one, moving over it, and 20 GB of embeddings."""

import os
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from ckpt_viewer.analysis.difference_picture import difference_plane
from ckpt_viewer.analysis.preview import plane
from ckpt_viewer.formats.readers import open_checkpoint
from tests.benchmarks.material import Material
from tests.benchmarks.plain_read import data_file, read_chunked
from tests.benchmarks.row import Result, Row
from tests.benchmarks.timing import MANY_ROUNDS, ROUNDS, probe, ratio

_PANS = 4  # over everything in sight, over less and less of it, down to a few cells


def _first(material: Material) -> Result:
    return _until_painted(material.plane)


def _embedding(material: Material) -> Result:
    return _until_painted(material.embedding)


def _until_painted(prefix: Path) -> Result:
    times = _window(prefix)["first"]
    return Result(median(times) * 1000, median(times), note=f"the very first {times[0] * 1000:.0f} ms")


def _exact(material: Material) -> Result:
    file = data_file(material.plane)
    with open_checkpoint(material.plane) as checkpoint:
        variable = checkpoint.find("values")
        return ratio(
            lambda: plane(checkpoint, variable, 0, 1, (0, 0)), lambda: read_chunked(file), rounds=MANY_ROUNDS
        )


def _difference(material: Material) -> Result:
    """Of the same bytes twice; that they are equal saves no work."""
    file = data_file(material.plane)
    with open_checkpoint(material.plane) as checkpoint:
        side = checkpoint, checkpoint.find("values")
        return ratio(
            lambda: difference_plane(*side, *side, 0, 1, (0, 0)), lambda: read_chunked(file, file), rounds=3
        )


def _panning(material: Material) -> Result:
    frames = _window(material.plane, _PANS)["frames"]
    medians = [median(each) for each in frames]
    worst = max(map(max, frames))
    note = f"{len(frames)} zooms, the slowest; the worst single frame {worst * 1000:.1f} ms"
    return Result(max(medians) * 1000, max(medians), note=note)


def _window(prefix: Path, pans: int = 0) -> Any:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return probe("pictures", prefix, "values", ROUNDS, pans)


_row = partial(Row, reference="a standing window", unit="ms")

ROWS = (
    _row("first-picture", "first picture of 16,384 × 16,384 painted", promise=150, measure=_first),
    Row("exact-picture", "exact picture of 16,384 × 16,384", "plain chunked read", "×", 3, _exact),
    Row(
        "difference-picture",
        "exact picture of the difference of two such",
        "plain chunked read of both",
        "×",
        None,
        _difference,
    ),
    _row("panning", "a frame while panning over it", promise=16.7, measure=_panning),
    _row("embedding-20gb", "first picture of 20 GB of embeddings", promise=150, measure=_embedding),
)
