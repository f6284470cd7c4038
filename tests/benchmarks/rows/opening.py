"""Rows about opening an index."""

from statistics import median

from tests.benchmarks.material import Material
from tests.benchmarks.row import NotMeasured, Result, Row
from tests.benchmarks.timing import ROUNDS, has_module, probe


def _index(material: Material) -> Result:
    """Each side opens it in a process of its own: TensorFlow's threads would be in our way."""
    if not has_module("tensorflow"):
        raise NotMeasured("TensorFlow is not installed")
    mine = probe("open_index", material.many, ROUNDS)
    theirs = probe("tensorflow_list", material.many, ROUNDS)
    return Result(median(mine) / median(theirs), median(mine), median(theirs))


ROWS = (
    Row("index", "100,000-variable index: all rows known", "TensorFlow's list_variables", "×", 0.5, _index),
)
