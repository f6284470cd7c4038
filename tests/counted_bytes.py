"""Bytes and checkpoints that remember how much was read of them."""

from math import prod
from pathlib import Path

import numpy as np

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.checkpoint import Array, Piece, Region, Variable
from ckpt_viewer.formats.storage.source import MemoryBytes, check_range
from ckpt_viewer.formats.values import pieces as reading
from tests.memory_checkpoint import MemoryCheckpoint


class CountedBytes(MemoryBytes):
    read_bytes = 0
    reads = 0

    def read_into(self, offset: int, buffer: memoryview) -> None:
        self.read_bytes += buffer.nbytes
        self.reads += 1
        super().read_into(offset, buffer)


class CountedZeros(CountedBytes):
    """Any number of zeros, in no memory."""

    def __init__(self, size: int) -> None:
        super().__init__(b"")
        self._size = size

    @property
    def size(self) -> int:
        return self._size

    def read(self, offset: int, length: int) -> bytes:
        check_range(Path("zeros"), self.size, offset, length)
        return bytes(length)


class CountedCheckpoint(MemoryCheckpoint):
    """One float32 variable `x` of zeros, of any size; `content` tells how much of it was read."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__({"x": np.zeros(0, np.float32)})
        nbytes = 4 * prod(shape)
        self.variables = (Variable("x", "float32", shape, nbytes, role="weight"),)
        self.content = CountedZeros(nbytes)
        self._pieces = [Piece(self.content, 0, nbytes, (0,) * len(shape), shape, "float32", None)]

    def read_region(
        self,
        variable: Variable,
        region: Region,
        cancel: CancelToken | None = None,
        into: Array | None = None,
    ) -> Array:
        return reading.read_region(self._pieces, variable.shape, variable.dtype, region, cancel, into)
