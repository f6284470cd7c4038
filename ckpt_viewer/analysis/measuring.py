"""Measuring many pairs one after another, small ones first, with one figure for how far it is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing

from ckpt_viewer.analysis.comparison import Pair, measure_each
from ckpt_viewer.analysis.small_variables import SMALL_BYTES
from ckpt_viewer.cancellation import CancelToken, Share, in_breaths
from ckpt_viewer.formats.checkpoint import Checkpoint

_SMALL = 1 + 2 * SMALL_BYTES
_AT_ONCE = 500  # of those
_LOOK_EVERY = 8  # pairs; each takes a while


def unmeasured(pairs: Iterable[Pair]) -> list[Pair]:
    """Those whose figures are still to come, in the order in which they cost least to wait for.

    Small ones stay in the order of the files, in which they are read together.
    """
    waiting = [pair for pair in pairs if pair.status == "changed" and _unread(pair)]
    return sorted(waiting, key=lambda pair: max(_bytes(pair), _SMALL))


def measure_all(
    a: Checkpoint,
    b: Checkpoint,
    pairs: Iterable[Pair],
    found: Callable[[Pair], None],
    cancel: CancelToken,
) -> None:
    """Hand each pair to `found` as soon as it is measured; one that cannot be read carries its problem."""
    waiting = list(pairs)
    total, done = sum(map(_bytes, in_breaths(waiting, cancel))), 0
    for some in _batches(waiting):
        size = sum(map(_bytes, some))
        share = Share(cancel, done, size, total)
        with closing(measure_each(a, b, some, alone=len(some) > 1, cancel=share)) as measured:
            for pair in in_breaths(measured, cancel, _LOOK_EVERY):
                found(pair)
        done += size


def _batches(pairs: Sequence[Pair]) -> Iterator[Sequence[Pair]]:
    """Small neighbours together, each other pair by itself."""
    start = 0
    while start < len(pairs):
        end = start + 1
        while end < min(len(pairs), start + _AT_ONCE) and _bytes(pairs[end]) <= _SMALL:
            end += 1
        yield pairs[start:end]
        start = end


def _unread(pair: Pair) -> bool:
    return pair.difference is None and pair.problem is None


def _bytes(pair: Pair) -> int:
    """At least one, so that a great many scalars have a share too."""
    return 1 + sum(side.nbytes for side in (pair.a, pair.b) if side)
