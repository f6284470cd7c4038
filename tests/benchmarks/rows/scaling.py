"""Rows about what more bytes, more variables and more cores do to statistics."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

from ckpt_viewer.analysis.scan import summarize, summarize_all
from ckpt_viewer.formats.readers import open_checkpoint
from tests.benchmarks.material import Material
from tests.benchmarks.row import NotMeasured, Result, Row
from tests.benchmarks.timing import ROUNDS, probe, seconds

_SIZES = (1, 10, 100, 1000)  # MiB
_COUNTS = (1000, 10_000, 100_000)


def _by_size(material: Material) -> Result:
    each = [_for_a_mebibyte(material, size) for size in _SIZES]
    speeds = (1 / (1024 * took) for took in each)
    note = _listed(f"{size:,} MiB: {speed:.2f} GiB/s" for size, speed in zip(_SIZES, speeds, strict=True))
    return Result(each[-1] / each[1], each[-1] * _SIZES[-1], each[1] * _SIZES[-1], note)


def _for_a_mebibyte(material: Material, size: int) -> float:
    """Small ones are summarized so often that as much is read."""
    times = max(1, _SIZES[-1] // 10 // size)
    with open_checkpoint(material.mebibytes(size)) as checkpoint:
        variable = checkpoint.find("values")
        took = _median(lambda: [summarize(checkpoint, variable) for _ in range(times)])
    return took / times / size


def _by_count(material: Material) -> Result:
    each = [_for_a_variable(material.variables(count)) for count in _COUNTS]
    note = _listed(f"{count:,}: {took * 1e6:.2f} µs" for count, took in zip(_COUNTS, each, strict=True))
    return Result(each[-1] / each[1], each[-1] * _COUNTS[-1], each[1] * _COUNTS[-1], note)


def _for_a_variable(prefix: Path) -> float:
    with open_checkpoint(prefix) as checkpoint:
        variables = list(checkpoint.variables)
        took = _median(lambda: [None for _ in summarize_all(checkpoint, variables)])
    return took / len(variables)


def _median(work: Callable[[], object]) -> float:
    return median(seconds(work) for _ in range(ROUNDS))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _summary_on_two(material: Material) -> Result:
    return _on_two("summarize", material.gigabyte)


def _comparison_on_two(material: Material) -> Result:
    return _on_two("compare", material.gigabyte, material.other_gigabyte)


def _on_two(work: str, *prefixes: Path) -> Result:
    if not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2:
        raise NotMeasured("this needs two cores that a process can be kept to")
    one, two = (median(probe("on_cores", cores, work, *prefixes)) for cores in (1, 2))
    return Result(one / two, two, one)


ROWS = (
    Row("scaling-size", "1,000 MiB summarized, each", "each of 10 MiB", "×", 1.5, _by_size),
    Row("scaling-count", "100,000 variables summarized, each", "each of 10,000", "×", 1.5, _by_count),
    Row("cores", "summary of 1 GiB on two cores", "on one", "× faster", None, _summary_on_two),
    Row("cores-compare", "comparison of two of 1 GiB on two", "on one", "× faster", None, _comparison_on_two),
)
