"""A checkpoint whose stored checksums are left out of account, for looking at bytes known to be wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Piece, Region, Variable
from ckpt_viewer.formats.opened import Closing
from ckpt_viewer.formats.storage.source import ByteSource
from ckpt_viewer.formats.values.boxes import Box


class Unverified(Closing):
    """Follows the `Checkpoint` protocol for another one, which stays whoever opened it has to close."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint
        self.path, self.kind, self.files = checkpoint.path, checkpoint.kind, checkpoint.files
        self.variables, self.problems = checkpoint.variables, checkpoint.problems
        self.big_endian = checkpoint.big_endian

    def relist(self, variables: Sequence[Variable]) -> None:
        self.variables = variables
        self._checkpoint.relist(variables)

    def find(self, name: str) -> Variable:
        return self._checkpoint.find(name)

    def pieces(self, variable: Variable) -> Sequence[Piece]:
        return [replace(piece, crc32c=None) for piece in self._checkpoint.pieces(variable)]

    def slice_checksums(self, variable: Variable) -> Mapping[Box, int]:
        return {}

    def sources(self, variables: Sequence[Variable]) -> Sequence[ByteSource | None]:
        return [None] * len(variables)  # read by whoever compares checksums

    def read(
        self, variable: Variable | str, *, verify: bool = False, cancel: CancelToken | None = None
    ) -> Array:
        return self._checkpoint.read(variable, verify=False, cancel=cancel)

    def read_region(
        self,
        variable: Variable,
        region: Region,
        cancel: CancelToken | None = None,
        into: Array | None = None,
    ) -> Array:
        return self._checkpoint.read_region(variable, region, cancel, into)

    def read_flat(
        self, variable: Variable, start: int, count: int, cancel: CancelToken | None = None
    ) -> Array:
        return self._checkpoint.read_flat(variable, start, count, cancel)

    def audit(self, cancel: CancelToken | None = None) -> Iterator[Problem]:
        return self._checkpoint.audit(cancel)

    def close(self) -> None:
        """Left to whoever opened the checkpoint."""
