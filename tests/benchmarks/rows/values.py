"""Rows about reading values: statistics, comparison, export."""

import os
import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from ckpt_viewer.analysis.comparison import compare, measure, pair_up
from ckpt_viewer.analysis.scan import summarize, summarize_all
from ckpt_viewer.export.exporters import export_variables
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.readers import open_checkpoint
from tests.benchmarks.material import Material
from tests.benchmarks.plain_read import data_file, read_chunked
from tests.benchmarks.row import Result, Row
from tests.benchmarks.timing import MANY_ROUNDS, how_much_faster, ratio


def _summary(material: Material) -> Result:
    file = data_file(material.gigabyte)
    with open_checkpoint(material.gigabyte) as checkpoint:
        variable = checkpoint.find("values")
        return ratio(lambda: summarize(checkpoint, variable), lambda: read_chunked(file), rounds=MANY_ROUNDS)


def _summary_by_numpy(material: Material) -> Result:
    file = data_file(material.gigabyte)
    with open_checkpoint(material.gigabyte) as checkpoint:
        variable = checkpoint.find("values")
        return how_much_faster(lambda: summarize(checkpoint, variable), lambda: _by_numpy(file), rounds=3)


def _by_numpy(file: Path) -> None:
    values = np.fromfile(file, np.float32)
    values.min(), values.max(), values.mean(), values.std(), np.isnan(values).sum()
    np.histogram(values, 256)


def _comparison(material: Material) -> Result:
    a, b = material.gigabyte, material.other_gigabyte
    with open_checkpoint(a) as one, open_checkpoint(b) as two:
        pair = pair_up(one, two).pairs[0]
        files = data_file(a), data_file(b)
        return ratio(lambda: measure(one, two, pair), lambda: read_chunked(*files), rounds=MANY_ROUNDS)


def _equal(material: Material) -> Result:
    """There is no data file to read a byte of."""
    a, b = material.copies

    def comparing() -> None:
        with open_checkpoint(a) as one, open_checkpoint(b) as two:
            assert all(pair.status == "identical" for pair in compare(one, two))

    def listing() -> None:
        with open_checkpoint(a) as one, open_checkpoint(b) as two:
            assert len(list(one.variables)) == len(list(two.variables))

    return ratio(comparing, listing)


def _small_ones(material: Material) -> Result:
    with open_checkpoint(material.many) as checkpoint:
        variables = list(checkpoint.variables)
        reading = partial(_read_each, data_file(material.many), variables)
        return ratio(lambda: [None for _ in summarize_all(checkpoint, variables)], reading)


def _read_each(file: Path, variables: Sequence[Variable]) -> None:
    """The bytes of each variable by themselves, into memory that is used again."""
    memory = memoryview(bytearray(max(variable.nbytes for variable in variables)))
    handle = os.open(file, os.O_RDONLY)
    for variable in variables:
        os.preadv(handle, [memory[: variable.nbytes]], variable.offset)
    os.close(handle)


def _export(material: Material) -> Result:
    """To files that are not there: some file systems wait for the disk where one is replaced."""
    source, folder = data_file(material.gigabyte), material.folder
    exported, copied = folder / "values.npy", folder / "copied"

    def clear() -> None:
        exported.unlink(missing_ok=True)
        copied.unlink(missing_ok=True)

    with open_checkpoint(material.gigabyte) as checkpoint:
        variables = [checkpoint.find("values")]
        try:
            return ratio(
                lambda: export_variables(checkpoint, variables, exported),
                lambda: subprocess.run(["cp", source, copied], check=True),
                before=clear,
            )
        finally:
            clear()


ROWS = (
    Row(
        "summary", "full summary of 1 GiB float32, checksum included", "plain chunked read", "×", 4, _summary
    ),
    Row(
        "summary-numpy",
        "the same",
        "min, max, mean, std, isnan, histogram one after another",
        "× faster",
        8,
        _summary_by_numpy,
    ),
    Row("compare", "compare two variables of 1 GiB", "plain chunked read of both", "×", 5, _comparison),
    Row(
        "compare-equal",
        "open and compare 100,000 variables with equal checksums",
        "listing both",
        "×",
        2,
        _equal,
    ),
    Row(
        "small-variables",
        "statistics of 100,000 variables of 256 bytes",
        "reading the bytes of each",
        "×",
        3,
        _small_ones,
    ),
    Row("export", "export of 1 GiB to .npy", "cp of the same bytes", "×", 1.5, _export),
)
