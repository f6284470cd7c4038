"""What every row that reads values is held against: the bytes alone, in chunks, into memory used again."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

STEP = 2 << 20
THREADS = os.cpu_count() or 1


def read_chunked(*files: Path, threads: int = THREADS) -> None:
    """Each thread takes every n-th chunk; of several files the same place of each, one after the other."""
    handles = [os.open(file, os.O_RDONLY) for file in files]
    try:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda first: _every_nth(handles, first, threads), range(threads)))
    finally:
        for handle in handles:
            os.close(handle)


def _every_nth(handles: Sequence[int], first: int, threads: int) -> None:
    buffer = bytearray(STEP)
    for offset in range(first * STEP, os.fstat(handles[0]).st_size, threads * STEP):
        for handle in handles:
            os.preadv(handle, [buffer], offset)


def data_file(prefix: Path) -> Path:
    return prefix.with_name(f"{prefix.name}.data-00000-of-00001")
