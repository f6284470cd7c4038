"""Rows about pictures: the first one, the exact one, moving over it, and 20 GB of embeddings."""

from ckpt_viewer.analysis.preview import plane
from ckpt_viewer.formats.readers import open_checkpoint
from tests.benchmarks.material import Material
from tests.benchmarks.plain_read import data_file, read_chunked
from tests.benchmarks.row import Result, Row
from tests.benchmarks.timing import ratio


def _exact(material: Material) -> Result:
    file = data_file(material.plane)
    with open_checkpoint(material.plane) as checkpoint:
        variable = checkpoint.find("values")
        return ratio(lambda: plane(checkpoint, variable, 0, 1, (0, 0)), lambda: read_chunked(file))


ROWS = (Row("exact-picture", "exact picture of 16,384 × 16,384", "plain chunked read", "×", 3, _exact),)
