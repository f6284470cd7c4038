"""Reading the values of a variable from the pieces it lies in: all of it, a box, or a stretch in C order.

Memory is the result and little more: bytes go straight into it where they need no decoding, else through a
buffer of `CHUNK_BYTES`.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import DamagedFile, RequestRefused
from ckpt_viewer.formats.checkpoint import Array, Piece, Region
from ckpt_viewer.formats.storage.checksums import EMPTY, crc32c, mask, of_zeros, unmask
from ckpt_viewer.formats.values.boxes import Box, c_strides, in_order, of_flat_range, overlap
from ckpt_viewer.formats.values.dtypes import decode, is_stored_as_is, item_size, numpy_dtype

CHUNK_BYTES = 4 << 20
MOST_AXES = 64  # what numpy holds; TensorFlow allows 254
_STEP_BYTES = 1 << 20  # still in the processor's cache when its checksum is taken
_NEAR_BYTES = 16 << 10  # so much between two rows is read along rather than skipped


def shape_in_memory(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of the array that holds it: flat where there are more axes than numpy has."""
    return shape if len(shape) <= MOST_AXES else (prod(shape),)


def allocate(shape: tuple[int, ...], dtype: str) -> Array:
    """An array for values not read yet; raises `RequestRefused` where memory does not hold it."""
    try:
        return np.empty(shape, numpy_dtype(dtype))
    except (MemoryError, ValueError) as error:
        raise RequestRefused(
            f"{prod(shape):,} values of type {dtype} do not fit into memory.",
            hint="Look at a part of the variable instead.",
            code="too-large",
        ) from error


def read_all(
    pieces: Sequence[Piece],
    shape: tuple[int, ...],
    dtype: str,
    *,
    verify: bool = True,
    cancel: CancelToken | None = None,
) -> Array:
    """All values, flat if there are more than 64 axes; raises `DamagedFile` where a checksum is wrong."""
    if verify:
        _check_empty(pieces)
    values = allocate(shape_in_memory(shape), dtype)
    pieces, shape = flattened(pieces, shape)
    target, whole = values.reshape(shape), Box((0,) * len(shape), shape)
    for box, readings in sweep(pieces, shape, CHUNK_BYTES // item_size(dtype), verify=verify, cancel=cancel):
        fill(target[box.within(whole)], box, readings)
    return values


def read_region(
    pieces: Sequence[Piece],
    shape: tuple[int, ...],
    dtype: str,
    region: Region,
    cancel: CancelToken | None = None,
    into: Array | None = None,
) -> Array:
    """The values in a box of one slice per axis, steps of 1 or more; checksums are not checked."""
    if len(shape) > MOST_AXES:
        pieces, shape = flattened(pieces, shape)
    picks = picks_of(region, shape)
    values = allocate(tuple(map(len, picks)), dtype) if into is None else into
    start = _start_of_stretch(picks, shape) if len(pieces) == 1 else None
    if start is None or not values.flags.c_contiguous:
        _gather(pieces, picks, values, cancel)
    else:
        _read_along(pieces[0], start, values.reshape(-1), cancel)
    return values


def read_flat(
    pieces: Sequence[Piece],
    shape: tuple[int, ...],
    dtype: str,
    start: int,
    count: int,
    cancel: CancelToken | None = None,
) -> Array:
    """`count` values from the `start`-th in C order, one-dimensional; checksums are not checked."""
    check_stretch(shape, start, count)
    pieces, shape = flattened(pieces, shape)
    values, done = allocate((count,), dtype), 0
    for box in of_flat_range(shape, start, count):
        picks = [range(first, first + length) for first, length in zip(box.start, box.shape, strict=True)]
        size = prod(box.shape)
        _gather(pieces, picks, values[done : done + size].reshape(box.shape), cancel)
        done += size
    return values


def read_bytes(piece: Piece, cancel: CancelToken | None = None) -> bytes:
    """The bytes of a piece as they lie in its file, unchecked."""
    raw = bytearray(piece.nbytes)
    view = memoryview(raw)
    for start in range(0, len(raw), CHUNK_BYTES):
        if cancel is not None:
            cancel.check()
        piece.source.read_into(piece.offset + start, view[start : start + CHUNK_BYTES])
    return bytes(raw)


def under(pieces: Sequence[Piece], cancel: CancelToken | None) -> Sequence[Piece]:
    """The same pieces; those that have to be decoded look at the token meanwhile."""
    return [replace(piece, source=piece.source.under(cancel)) for piece in pieces]


def picks_of(region: Region, shape: tuple[int, ...]) -> list[range]:
    """The indices that a region takes along each axis; raises `RequestRefused` where it is none."""
    if len(region) != len(shape):
        raise RequestRefused(f"A region of {len(region)} axes was asked of {len(shape)}.")
    picks = [range(*part.indices(length)) for part, length in zip(region, shape, strict=True)]
    if any(pick.step < 1 for pick in picks):
        raise RequestRefused("A region is read forwards only.")
    return picks


def check_stretch(shape: tuple[int, ...], start: int, count: int) -> None:
    if start < 0 or count < 0 or start + count > prod(shape):
        raise RequestRefused(f"Values {start} to {start + count} were asked of {prod(shape)}.")


def flattened(pieces: Sequence[Piece], shape: tuple[int, ...]) -> tuple[Sequence[Piece], tuple[int, ...]]:
    """The same with one axis where one piece is all there is, or none; other pieces stay as they are."""
    if not pieces:
        return pieces, (prod(shape),)
    if len(pieces) != 1 or pieces[0].shape != shape:
        return pieces, shape
    flat = (prod(shape),)
    return (replace(pieces[0], start=(0,), shape=flat),), flat


class Reading:
    """A piece on its way through, front to back: how far it is, and the checksum so far."""

    def __init__(self, piece: Piece, verify: bool, cancel: CancelToken | None) -> None:
        self.box = Box(piece.start, piece.shape)
        self._piece = piece
        self._source = piece.source.under(cancel)
        self._verify = verify and piece.crc32c is not None
        self._cancel = cancel
        self._done = 0
        self._checksum = 0

    @property
    def finished(self) -> bool:
        return self._done == self._piece.nbytes

    def fill(self, target: Array) -> None:
        """Read on, as many values as the target holds; raises `DamagedFile` at the end of a wrong piece."""
        dtype, big_endian = self._piece.dtype, self._piece.big_endian
        if target.flags.c_contiguous and is_stored_as_is(dtype, big_endian):
            self._read(target.reshape(-1).view(np.uint8))
        else:
            raw = np.empty(target.size * item_size(dtype), np.uint8)
            self._read(raw)
            target[...] = decode(raw, dtype, big_endian).reshape(target.shape)
        if self.finished and self._verify and mask(self._checksum) != self._piece.crc32c:
            raise wrong_checksum(self._piece, self._checksum)

    def _read(self, raw: Array) -> None:
        view = raw.data
        for start in range(0, len(view), _STEP_BYTES):
            if self._cancel is not None:
                self._cancel.check()
            step = view[start : start + _STEP_BYTES]
            self._source.read_into(self._piece.offset + self._done, step)
            if self._verify:
                self._checksum = crc32c(step, self._checksum)
            self._done += len(step)


def sweep(
    pieces: Sequence[Piece],
    shape: tuple[int, ...],
    limit: int,
    *,
    verify: bool = True,
    cancel: CancelToken | None = None,
) -> Iterator[tuple[Box, Sequence[Reading]]]:
    """Boxes of at most `limit` elements in C order, each with the readings to `fill` it from before the next.

    Every piece is met in its own C order, whatever its place, so each is read front to back once.
    """
    waiting = deque(
        sorted((Reading(each, verify, cancel) for each in pieces), key=lambda each: each.box.start)
    )
    active: list[Reading] = []
    for box in in_order(shape, max(1, limit)):
        last = box.last
        while waiting and waiting[0].box.start <= last:
            active.append(waiting.popleft())
        yield box, active
        active = [reading for reading in active if not reading.finished]


def fill(values: Array, box: Box, readings: Sequence[Reading]) -> None:
    for reading in readings:
        if (shared := overlap(box, reading.box)) is not None:
            reading.fill(values[shared.within(box)])


def wrong_checksum(piece: Piece, found: int) -> DamagedFile:
    """For a piece whose bytes have another (unmasked) checksum; both are told masked, as they are stored."""
    path, end = piece.source.path, piece.offset + piece.nbytes
    is_lost = piece.nbytes > 0 and found == of_zeros(piece.nbytes)
    lost = "They are all zero: never written, or lost. " if is_lost else ""
    return DamagedFile(
        f"Bytes {piece.offset} to {end} of {path} are not those that were saved: "
        f"their checksum is 0x{mask(found):08x}, 0x{piece.crc32c or 0:08x} is stored.",
        path=path,
        hint=f"{lost}Copy the file again, with its index: it is damaged, or the data of another save.",
        code="bad-checksum",
    )


def _check_empty(pieces: Sequence[Piece]) -> None:
    """No bytes have a checksum, too, which no reading comes by."""
    for piece in pieces:
        if piece.nbytes == 0 and piece.crc32c not in (None, EMPTY):
            raise wrong_checksum(piece, unmask(EMPTY))


def _start_of_stretch(picks: Sequence[range], shape: tuple[int, ...]) -> int | None:
    """Where in C order the picked elements begin, if they lie one behind the other."""
    axis = next((axis for axis, pick in enumerate(picks) if len(pick) != 1), len(picks))
    is_one = all(
        len(pick) == length for pick, length in zip(picks[axis + 1 :], shape[axis + 1 :], strict=True)
    )
    if not is_one or (axis < len(picks) and picks[axis].step != 1):
        return None
    return sum(pick.start * stride for pick, stride in zip(picks, c_strides(shape), strict=True))


def _read_along(piece: Piece, start: int, target: Array, cancel: CancelToken | None) -> None:
    step = CHUNK_BYTES // item_size(piece.dtype)
    if (source := piece.source.under(cancel)) is not piece.source:
        piece = replace(piece, source=source)
    for done in range(0, len(target), step):
        if cancel is not None:
            cancel.check()
        _read_stretch(piece, start + done, (1,), target[done : done + step])


def _gather(
    pieces: Sequence[Piece], picks: Sequence[range], target: Array, cancel: CancelToken | None
) -> None:
    for piece in pieces:
        places: list[Any] = []
        local: list[range] = []
        for pick, start, length in zip(picks, piece.start, piece.shape, strict=True):
            first, end = _index_from(pick, start), _index_from(pick, start + length)
            places.append(slice(first, end))
            local.append(range(pick.start - start, pick.stop - start, pick.step)[first:end])
        if all(local):
            places.append(...)  # or a scalar would be selected as a value instead of a view
            piece = replace(piece, source=piece.source.under(cancel))
            _read_picks(piece, local, target[tuple(places)], cancel)


def _index_from(pick: range, bound: int) -> int:
    """How many of the picked indices lie before the bound."""
    return min(max(-((pick.start - bound) // pick.step), 0), len(pick))


def _read_picks(piece: Piece, picks: Sequence[range], target: Array, cancel: CancelToken | None) -> None:
    """Read what is picked, each time as long a stretch as is dense enough to be worth it."""
    counts = [len(pick) for pick in picks]
    strides = c_strides(piece.shape)
    gaps = [pick.step * stride for pick, stride in zip(picks, strides, strict=True)]
    base = sum(pick.start * stride for pick, stride in zip(picks, strides, strict=True))
    axis, group = _grouping(counts, gaps, item_size(piece.dtype))
    outer_counts, row_gap = counts[:axis], gaps[axis] if gaps else 1
    for outer in np.ndindex(*outer_counts):
        start = base + sum(place * gap for place, gap in zip(outer, gaps, strict=False))
        for row in range(0, counts[axis] if counts else 1, group):
            if cancel is not None:
                cancel.check()
            part = target[(*outer, slice(row, row + group))] if counts else target
            _read_stretch(piece, start + row * row_gap, gaps[axis:], part)


def _grouping(counts: Sequence[int], gaps: Sequence[int], item: int) -> tuple[int, int]:
    """The axis along which to read, and how many of its rows at once; all below that axis is read along."""
    if not counts:
        return 0, 1
    axis, span = len(counts) - 1, 1
    rows = _rows_at_once(span, gaps[axis], item)
    while axis > 0 and rows >= counts[axis]:
        span += (counts[axis] - 1) * gaps[axis]
        axis -= 1
        rows = _rows_at_once(span, gaps[axis], item)
    return axis, rows


def _rows_at_once(span: int, gap: int, item: int) -> int:
    """How many rows of `span` elements, each `gap` behind the one before, to read in one stretch."""
    if (gap - span) * item > _NEAR_BYTES:
        return 1
    return max(1, (CHUNK_BYTES // item - span) // gap + 1)


def _read_stretch(piece: Piece, start: int, gaps: Sequence[int], target: Array) -> None:
    """Fill the target, its elements `gaps` apart along each axis, from the one stretch that has them all."""
    span = 1 + sum((count - 1) * gap for count, gap in zip(target.shape, gaps, strict=True))
    item = item_size(piece.dtype)
    if _lies_alike(target, span) and is_stored_as_is(piece.dtype, piece.big_endian):
        piece.source.read_into(piece.offset + start * item, target.reshape(-1).view(np.uint8).data)
        return
    raw = np.empty(span * item, np.uint8)
    piece.source.read_into(piece.offset + start * item, raw.data)
    values = decode(raw, piece.dtype, piece.big_endian)
    strides = [gap * values.itemsize for gap in gaps]
    # numpy's as_strided describes the type in letters, and has none for float8_e5m2.
    target[...] = np.ndarray(target.shape, values.dtype, values.view(np.uint8).data, strides=strides)


def _lies_alike(target: Array, span: int) -> bool:
    """Whether the elements lie in memory as in the stretch: one behind the other."""
    return target.size == span and target.flags.c_contiguous
