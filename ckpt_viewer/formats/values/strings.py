"""The bytes of a string tensor (`ReadStringTensor` in tensorflow/core/util/tensor_bundle/tensor_bundle.cc).

One varint length per element, the masked checksum of the lengths, then all elements without separators. The
lengths enter the checksum as 4-byte words (8-byte ones beyond 4 GiB) in the writer's byte order. The entry's
checksum goes on over the four stored checksum bytes and the elements.
"""

import time
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.storage.checksums import crc32c, mask
from ckpt_viewer.formats.storage.cursor import VARINT_BYTES

_CHECKSUM_BYTES = 4
_SHORT = 2**32 - 1
_AT_ONCE = 8192
_Array = np.ndarray[Any, np.dtype[Any]]


def check_size(count: int, size: int) -> None:
    """Raise `Malformed` where `size` bytes cannot tell `count` strings, however short those are."""
    if size < count + _CHECKSUM_BYTES and (count, size) != (0, 0):
        raise Malformed(f"{size} bytes cannot hold {count} strings", code="bad-size")


def decode_strings(
    raw: bytes,
    count: int,
    stored_crc: int | None,
    *,
    verify: bool = True,
    big_endian: bool = False,
    cancel: CancelToken | None = None,
) -> _Array:
    """`count` strings, told by all of `raw`, as a one-dimensional array of `bytes`; raises `Malformed`.

    The masked checksum of the entry may be None: then only that of the lengths is checked.
    """
    check_size(count, len(raw))
    if not raw:
        return np.empty(0, object)
    lengths, at = _lengths(raw, count)
    if verify:
        _verify(raw, at, lengths, stored_crc, big_endian)
    return _split(raw, at + _CHECKSUM_BYTES, lengths, cancel)


def _lengths(raw: bytes, count: int) -> tuple[_Array, int]:
    """The leading varints, and where they end."""
    window = np.frombuffer(raw, np.uint8, min(len(raw), VARINT_BYTES * count))
    if (window[:count] < 0x80).all():
        return window[:count].astype(np.uint64), count
    ends = np.flatnonzero(window < 0x80)[:count] + 1
    starts = np.concatenate(([0], ends[:-1]))
    widths = ends - starts
    if len(ends) < count or widths.max() > VARINT_BYTES:
        raise Malformed("the lengths of its strings are cut off", code="bad-size")
    values = np.zeros(count, np.uint64)
    for place in range(int(widths.max())):
        longer = widths > place
        group = window[starts[longer] + place] & 0x7F
        values[longer] |= group.astype(np.uint64) << np.uint64(7 * place)
    return values, int(ends[-1])


def _verify(raw: bytes, at: int, lengths: _Array, stored_crc: int | None, big_endian: bool) -> None:
    checksum = crc32c(_words(lengths, big_endian))
    stored = int.from_bytes(raw[at : at + _CHECKSUM_BYTES], "big" if big_endian else "little")
    if stored != mask(checksum):
        raise Malformed("the lengths of its strings do not match their checksum", code="bad-checksum")
    if stored_crc is not None and mask(crc32c(memoryview(raw)[at:], checksum)) != stored_crc:
        raise Malformed("its bytes do not match their checksum", code="bad-checksum")


def _words(lengths: _Array, big_endian: bool) -> bytes:
    """The lengths as the checksum sees them."""
    if not len(lengths) or lengths.max() <= _SHORT:
        return lengths.astype(">u4" if big_endian else "<u4").tobytes()
    order: Any = "big" if big_endian else "little"
    return b"".join(each.to_bytes(4 if each <= _SHORT else 8, order) for each in lengths.tolist())


def _split(raw: bytes, at: int, lengths: _Array, cancel: CancelToken | None) -> _Array:
    # In two halves, neither of which can overflow.
    promised = (int((lengths >> np.uint64(32)).sum()) << 32) + int((lengths & np.uint64(_SHORT)).sum())
    if at + promised != len(raw):
        there = max(len(raw) - at, 0)
        raise Malformed(f"its strings should have {promised} bytes together, not {there}", code="bad-size")
    values = np.empty(len(lengths), object)
    for first in range(0, len(lengths), _AT_ONCE):
        if cancel is not None:
            cancel.check()
        time.sleep(0)  # lets other threads run in between
        bounds = list(accumulate(lengths[first : first + _AT_ONCE].tolist(), initial=at))
        values[first : first + _AT_ONCE] = [raw[start:end] for start, end in pairwise(bounds)]
        at = bounds[-1]
    return values
