"""Memory that each thread keeps and uses again, so that chunk after chunk asks the system for none."""

import threading
from typing import Any

import numpy as np

from ckpt_viewer.formats.checkpoint import Array


class _Kept(threading.local):
    def __init__(self) -> None:
        self.by_name: dict[str, Array] = {}
        self.last: dict[str, Array] = {}


_kept = _Kept()
_LINE = 64  # bytes of a cache line: memory that begins on one is filled up to twice as fast


def buffer(name: str, count: int, dtype: Any) -> Array:
    """One-dimensional and not cleared; the next call for this name in this thread hands it out again."""
    last = _kept.last.get(name)
    if last is not None and len(last) == count and last.dtype == dtype:  # chunks are mostly alike
        return last
    last = _kept.last[name] = _bytes(name, count * np.dtype(dtype).itemsize).view(dtype)
    return last


def _bytes(name: str, size: int) -> Array:
    memory = _kept.by_name.get(name)
    if memory is None or memory.nbytes < size:
        memory = _kept.by_name[name] = _aligned(size)
    return memory[:size]


def _aligned(size: int) -> Array:
    memory = np.empty(size + _LINE, np.uint8)
    start = -memory.ctypes.data % _LINE
    return memory[start : start + size]
