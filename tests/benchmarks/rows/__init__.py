"""All rows, in the order of the printed table."""

from tests.benchmarks.row import Row
from tests.benchmarks.rows import opening, values, window

ROWS: tuple[Row, ...] = (*opening.ROWS, *values.ROWS, *window.ROWS)
