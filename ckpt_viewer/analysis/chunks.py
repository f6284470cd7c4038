"""Variables as small pieces of work that any executor can run, and their results put together in order."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain, count, islice
from typing import Literal, TypeVar

import numpy as np

from ckpt_viewer.analysis.buffers import buffer
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Array, Piece
from ckpt_viewer.formats.storage.checksums import combine, crc32c, unmask
from ckpt_viewer.formats.storage.source import ByteSource
from ckpt_viewer.formats.values.dtypes import decode, item_size
from ckpt_viewer.formats.values.pieces import wrong_checksum

CHUNK_BYTES = 2 << 20

_DOUBLINGS = 3
_MOST_AT_ONCE = 256

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A few consecutive elements of one piece, small enough that looking at the token between two will do.

    Attributes:
        piece: The number of the piece it belongs to.
    """

    source: ByteSource
    offset: int
    nbytes: int
    dtype: str
    big_endian: bool
    piece: int

    def load(self) -> tuple[Array, int]:
        """Its values, in this thread's buffer until the next are loaded, and the CRC-32C of its bytes."""
        raw = self._raw()
        return decode(raw, self.dtype, self.big_endian), crc32c(raw.data)

    def checksum(self) -> int:
        """The CRC-32C of its bytes."""
        return crc32c(self._raw().data)

    def _raw(self) -> Array:
        raw = buffer("raw", self.nbytes, np.uint8)
        self.source.read_into(self.offset, raw.data)
        return raw


def chunks_of(pieces: Sequence[Piece], size: int = CHUNK_BYTES) -> Iterator[Chunk]:
    """Every byte of the pieces, in order; a piece without elements gives none."""
    for number, piece in enumerate(pieces):
        step = elements_of(piece.dtype, size) * item_size(piece.dtype)
        for start in range(0, piece.nbytes, step):
            nbytes = min(step, piece.nbytes - start)
            yield Chunk(piece.source, piece.offset + start, nbytes, piece.dtype, piece.big_endian, number)


def loaded(piece: Piece, start: int, count: int, step: int, memory: str) -> Iterator[tuple[Array, int]]:
    """`count` elements of a piece from the `start`-th on, `step` at a time, and the CRC-32C of all so far.

    The values lie in this thread's buffer of the name given, until the next are asked for.
    """
    item, checksum = item_size(piece.dtype), 0
    room = buffer(memory, min(step, count) * item, np.uint8)
    end = piece.offset + (start + count) * item
    for offset in range(piece.offset + start * item, end, step * item):
        raw = room[: end - offset]
        piece.source.read_into(offset, raw.data)
        checksum = crc32c(raw.data, checksum)
        yield decode(raw, piece.dtype, piece.big_endian), checksum


def elements_of(dtype: str, size: int = CHUNK_BYTES) -> int:
    """How many elements of a type make a chunk of at most `size` bytes (one, if that is too many).

    Of narrow types it is no more than of float32, which they are widened to.
    """
    return max(1, size // max(item_size(dtype), 4))


def with_last(chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, bool]]:
    """Each with whether it is the last one."""
    rest = iter(chunks)
    if (chunk := next(rest, None)) is None:
        return
    for following in rest:
        yield chunk, False
        chunk = following
    yield chunk, True


class PieceChecksums:
    """Puts the checksums of chunks, told in order, together to those of their pieces."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self._found = [0] * len(pieces)

    def add(self, chunk: Chunk, checksum: int) -> None:
        before = self._found[chunk.piece]
        self._found[chunk.piece] = combine(before, checksum, chunk.nbytes) if before else checksum

    @property
    def verdict(self) -> Literal["ok", "wrong", "none"]:
        """`none` unless every piece has a stored checksum."""
        if any(True for _ in self.wrong()):
            return "wrong"
        stored = [piece for piece in self.pieces if piece.crc32c is not None]
        return "ok" if stored and len(stored) == len(self.pieces) else "none"

    @property
    def problem(self) -> Problem | None:
        """What to say of the first piece whose bytes are not those that were saved."""
        for piece, found in self.wrong():
            return wrong_checksum(piece, found).problem
        return None

    def wrong(self) -> Iterator[tuple[Piece, int]]:
        """Pieces whose bytes are not those that were saved, with the (unmasked) checksum they have."""
        for piece, found in zip(self.pieces, self._found, strict=True):
            if piece.crc32c is not None and unmask(piece.crc32c) != found:
                yield piece, found


def map_in_order(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    cancel: CancelToken,
    executor: Executor | None = None,
    size: Callable[[Item], int] | None = None,
    alone: bool = False,
) -> Generator[tuple[Item, Result], None, None]:
    """Each item with what the work made of it, in the order of the items, a bounded number ahead.

    Without an executor all cores work, in threads that are gone when the generator is; a single item is
    worked on right here, and so are all where this thread is to work `alone`. Where `size` tells the bytes
    of an item, many small ones go together.
    """
    rest = iter(items)
    first = list(islice(rest, 2))
    if executor is not None:
        batches = _batches(chain(first, rest), size)
        yield from _through(executor, partial(_work_through, work, None), batches, cancel)
    elif len(first) < 2 or alone:
        for item in chain(first, rest):
            cancel.check()
            yield item, work(item)
    else:
        pool = ThreadPoolExecutor(_cores(), thread_name_prefix="chunks")
        try:
            batches = _batches(chain(first, rest), size)
            yield from _through(pool, partial(_work_through, work, cancel), batches, cancel)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def map_merge(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    merge: Callable[[Result, Result], Result],
    cancel: CancelToken,
    executor: Executor | None = None,
) -> Result | None:
    """All results merged from first to last, None without items; `merge` has to be associative."""
    total: Result | None = None
    with closing(map_in_order(work, items, cancel, executor)) as results:
        for _, result in results:
            total = result if total is None else merge(total, result)
    return total


def _through(
    executor: Executor,
    work: Callable[..., list[Result]],
    batches: Iterator[list[Item]],
    cancel: CancelToken,
) -> Iterator[tuple[Item, Result]]:
    waiting: deque[tuple[list[Item], Future[list[Result]]]] = deque()
    try:
        for batch in batches:
            cancel.check()
            waiting.append((batch, executor.submit(work, batch)))
            if len(waiting) > 2 * _cores():
                yield from _oldest(waiting)
        while waiting:
            cancel.check()
            yield from _oldest(waiting)
    finally:
        for _, future in waiting:
            future.cancel()


def _work_through(
    work: Callable[[Item], Result], cancel: CancelToken | None, batch: list[Item]
) -> list[Result]:
    results = []
    for item in batch:
        if cancel is not None:  # a token does not travel to another process
            cancel.check()
        results.append(work(item))
    return results


def _oldest(waiting: deque[tuple[list[Item], Future[list[Result]]]]) -> Iterator[tuple[Item, Result]]:
    batch, future = waiting.popleft()
    yield from zip(batch, future.result(), strict=True)


def _batches(items: Iterator[Item], size: Callable[[Item], int] | None) -> Iterator[list[Item]]:
    """Small ones first, so that few items keep all cores busy; larger ones save turns of the interpreter."""
    for number in count():
        growth = min(number // _cores(), _DOUBLINGS)
        most = _MOST_AT_ONCE if size and growth == _DOUBLINGS else 1 << growth
        if not (batch := _up_to(most, CHUNK_BYTES << growth, items, size)):
            return
        yield batch


def _up_to(most: int, room: int, items: Iterator[Item], size: Callable[[Item], int] | None) -> list[Item]:
    """As many of the next items as fill the room, if their size is known."""
    batch = []
    for item in islice(items, most):
        batch.append(item)
        room -= size(item) if size else 0
        if room <= 0:
            break
    return batch


def _cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
