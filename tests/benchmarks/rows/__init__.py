"""All rows, in the order of the printed table."""

from tests.benchmarks.row import Row
from tests.benchmarks.rows import graphs, opening, values

ROWS: tuple[Row, ...] = (*opening.ROWS, *values.ROWS, *graphs.ROWS)
