"""What a comparison asks of workers, and what comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ckpt_viewer.analysis.comparison import Pair, pair_up
from ckpt_viewer.analysis.measuring import unmeasured
from ckpt_viewer.analysis.name_map import parse_name_map
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.checkpoint import Checkpoint
from ckpt_viewer.session.pair_columns import PairColumns
from ckpt_viewer.ui.item_models.pair_table import COLUMNS


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
