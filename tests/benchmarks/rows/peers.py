"""Rows about other programs, where they are installed. Nothing is promised about them."""

import shutil
from statistics import median

from tests.benchmarks.material import Material
from tests.benchmarks.row import NotMeasured, Result, Row
from tests.benchmarks.timing import ROUNDS, has_module, probe


def _netron(material: Material) -> Result:
    if not (has_module("netron") and has_module("selenium") and shutil.which("chromedriver")):
        raise NotMeasured("netron and selenium (PyPI), and chromedriver are needed")
    theirs = probe("netron_open", material.many.with_name(f"{material.many.name}.index"))
    mine = median(probe("open_window", material.many)["complete"] for _ in range(ROUNDS))
    return Result(theirs / mine, mine, theirs)


def _tensorflow(material: Material) -> Result:
    if not has_module("tensorflow"):
        raise NotMeasured("TensorFlow is not installed")
    mine = median(probe("read_values", material.gigabyte, ROUNDS))
    theirs = median(probe("tensorflow_read", material.gigabyte, ROUNDS))
    return Result(theirs / mine, mine, theirs)


ROWS = (
    Row(
        "peer-tensorflow",
        "1 GiB read into an array, checksum verified",
        "TensorFlow's get_tensor",
        "× faster",
        None,
        _tensorflow,
    ),
    Row(
        "peer-netron",
        "100,000-variable index: window complete",
        "Netron in headless Chromium",
        "× faster",
        None,
        _netron,
    ),
)
