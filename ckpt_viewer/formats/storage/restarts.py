"""The entries of a large block, taken apart many at a time.

A block ends with its restart points: where keys are whole again. Between them lies a handful of entries each,
so numpy goes through the first entry of all groups, then the second of all, and so on. A block that is in any
way unusual is left to whoever goes through it entry by entry, and says what is wrong.
"""

from array import array
from typing import Any, NamedTuple

import numpy as np

_FEWEST, _MOST = 64, 1 << 14  # groups that are worth it, and the memory it takes
_LONGEST = 32  # entries of a group; TensorFlow writes 16
_MORE = 0x80  # in a byte of a varint: another one follows
_HEAD = 3  # bytes in front of a key: how much it shares, how much is fresh, how long the value is

_Column = np.ndarray[Any, np.dtype[np.int64]]


class Grouped(NamedTuple):
    """The entries of all groups but the last.

    Attributes:
        end: Where the last group begins.
        shared: How many bytes of keys are those of the keys before.
    """

    keys: list[bytes]
    starts: "array[int]"
    ends: "array[int]"
    end: int = 0
    shared: int = 0


def grouped_entries(body: bytes, end: int, may_share: int) -> Grouped:
    """None of them where anything about the block is unusual; `end` is where its restart points begin."""
    count = (len(body) - end) // 4 - 1
    restarts = np.frombuffer(body, "<u4", count if _FEWEST < count <= _MOST else 0, end).astype(np.int64)
    if len(restarts) and restarts[0] == 0 and (np.diff(restarts) > 0).all() and restarts[-1] < end:
        stored = np.frombuffer(body, np.uint8)
        if (rounds := _rounds(stored, restarts)) and (found := _joined(body, rounds, may_share)):
            return found
    return Grouped([], array("q"), array("q"))


def _rounds(stored: np.ndarray[Any, np.dtype[np.uint8]], restarts: _Column) -> list[tuple[_Column, ...]]:
    """Shared bytes, key, value and end of the first entries of all groups, of the second, and so on."""
    at, limits = restarts[:-1], restarts[1:]
    rounds: list[tuple[_Column, ...]] = []
    for _ in range(_LONGEST):
        shared, fresh, length = (stored[at + place] for place in range(_HEAD))
        if ((shared | fresh | length) >= _MORE).any():
            break
        key = at + _HEAD
        start = key + fresh
        at = start + length
        rounds.append((shared.astype(np.int64), key, start, at))
        if (at >= limits).any():
            break
    return rounds if np.array_equal(at, limits) else []


def _joined(body: bytes, rounds: list[tuple[_Column, ...]], may_share: int) -> Grouped | None:
    """Entry after entry; None where one shares more than there is."""
    shared, keys, starts, ends = (np.stack(column, 1).ravel() for column in zip(*rounds, strict=True))
    lengths = shared + starts - keys
    if shared[0] or (shared[1:] > lengths[:-1]).any() or shared.sum() > may_share:
        return None
    key, found = b"", []
    for count, begin, start in zip(shared.tolist(), keys.tolist(), starts.tolist(), strict=True):
        key = key[:count] + body[begin:start]
        found.append(key)
    return Grouped(
        found, array("q", starts.tobytes()), array("q", ends.tobytes()), int(ends[-1]), int(shared.sum())
    )
