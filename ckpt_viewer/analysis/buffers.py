"""Memory that each thread keeps and uses again, so that chunk after chunk asks the system for none."""

import threading
from typing import Any

import numpy as np

from ckpt_viewer.formats.checkpoint import Array


class _Kept(threading.local):
    def __init__(self) -> None:
        self.by_name: dict[str, Array] = {}


_kept = _Kept()


def buffer(name: str, count: int, dtype: Any) -> Array:
    """One-dimensional and not cleared; the next call for this name in this thread hands it out again."""
    size = count * np.dtype(dtype).itemsize
    memory = _kept.by_name.get(name)
    if memory is None or memory.nbytes < size:
        memory = _kept.by_name[name] = np.empty(size, np.uint8)
    return memory[:size].view(dtype)
