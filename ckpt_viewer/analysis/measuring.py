"""Measuring many pairs one after another, small ones first, with one figure for how far it is."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from ckpt_viewer.analysis.comparison import Pair, measure
from ckpt_viewer.cancellation import CancelToken, Share, in_breaths
from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.formats.checkpoint import Checkpoint

_LOOK_EVERY = 8  # small pairs; each takes a while


def unmeasured(pairs: Iterable[Pair]) -> list[Pair]:
    """Those whose figures are still to come, in the order in which they cost least to wait for."""
    waiting = [pair for pair in pairs if pair.status == "changed" and _unread(pair)]
    return sorted(waiting, key=_bytes)


def measure_all(
    a: Checkpoint,
    b: Checkpoint,
    pairs: Iterable[Pair],
    found: Callable[[Pair], None],
    cancel: CancelToken,
) -> None:
    """Hand each pair to `found` as soon as it is measured; one that cannot be read carries its problem."""
    waiting = list(pairs)
    total = sum(map(_bytes, waiting))
    done = 0
    for pair in in_breaths(waiting, cancel, _LOOK_EVERY):
        cancel.check()
        share = Share(cancel, done, _bytes(pair), total)
        try:
            found(measure(a, b, pair, cancel=share))
        except CheckpointError as error:
            found(replace(pair, problem=error.problem))
        done += _bytes(pair)


def _unread(pair: Pair) -> bool:
    return pair.difference is None and pair.problem is None


def _bytes(pair: Pair) -> int:
    """At least one, so that a great many scalars have a share too."""
    return 1 + sum(side.nbytes for side in (pair.a, pair.b) if side)
