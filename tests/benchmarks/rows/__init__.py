"""All rows, in the order of the printed table."""

from tests.benchmarks.row import Row
from tests.benchmarks.rows import frames, graphs, opening, peers, pictures, scaling, values, window

ROWS: tuple[Row, ...] = (
    *opening.ROWS,
    *values.ROWS,
    *scaling.ROWS,
    *pictures.ROWS,
    *graphs.ROWS,
    *frames.ROWS,
    *window.ROWS,
    *peers.ROWS,
)
