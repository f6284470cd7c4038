"""All rows, in the order of the printed table."""

from tests.benchmarks.row import Row
from tests.benchmarks.rows import opening, pictures, values, window

ROWS: tuple[Row, ...] = (*opening.ROWS, *values.ROWS, *pictures.ROWS, *window.ROWS)
