"""What a comparison asks of workers, and what comes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from ckpt_viewer.analysis.comparison import Pair, pair_up
from ckpt_viewer.analysis.measuring import measure_all, unmeasured
from ckpt_viewer.analysis.name_map import parse_name_map
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.checkpoint import Checkpoint
from ckpt_viewer.session.pair_columns import PairColumns
from ckpt_viewer.ui.item_models.pair_table import COLUMNS

PAINT_SECONDS = 0.1  # at most, until the rows are painted


@dataclass(frozen=True, slots=True)
class Paired:
    """What a worker makes of two indexes."""

    pairs: PairColumns
    unmeasured: Sequence[Pair]


def paired_up(a: Checkpoint, b: Checkpoint, rules: str, cancel: CancelToken) -> Paired:
    names = parse_name_map(rules, Path("these rules")) if rules.strip() else None
    pairs = PairColumns(pair_up(a, b, names).pairs, cancel)
    for column in COLUMNS:
        column.order(pairs)  # what it makes once is not made while somebody waits
    return Paired(pairs, unmeasured(pairs.pairs))


def measure_painted(
    painted: Event,
    a: Checkpoint,
    b: Checkpoint,
    pairs: Sequence[Pair],
    found: Callable[[Pair], None],
    cancel: CancelToken,
) -> None:
    """Once the rows are on the screen, whose thread gets all of the interpreter until then."""
    painted.wait(PAINT_SECONDS)
    measure_all(a, b, pairs, found, cancel)
