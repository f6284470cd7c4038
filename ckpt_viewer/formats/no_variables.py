"""The checkpoint of a SavedModel that has no variables: open, and empty."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import NotFound, Problem
from ckpt_viewer.formats.checkpoint import Array, Kind, Piece, Region, Variable
from ckpt_viewer.formats.nearest import variable_of
from ckpt_viewer.formats.opened import Closing
from ckpt_viewer.formats.storage.source import ByteSource
from ckpt_viewer.formats.values.boxes import Box


class NoVariables(Closing):
    """Follows the `Checkpoint` protocol; every name asked for is not there."""

    kind: Kind = "saved-model"
    big_endian = False
    variables: Sequence[Variable] = ()

    def __init__(self, path: Path, files: Sequence[Path], problems: Sequence[Problem] = ()) -> None:
        self.path = path
        self.files = files
        self.problems = problems

    def relist(self, variables: Sequence[Variable]) -> None:
        """There are none."""

    def find(self, name: str) -> Variable:
        self._refuse(name)

    def pieces(self, variable: Variable) -> Sequence[Piece]:
        self._refuse(variable.name)

    def slice_checksums(self, variable: Variable) -> Mapping[Box, int]:
        return {}

    def sources(self, variables: Sequence[Variable]) -> Sequence[ByteSource | None]:
        return [None] * len(variables)

    def read(
        self, variable: Variable | str, *, verify: bool = True, cancel: CancelToken | None = None
    ) -> Array:
        self._refuse(variable_of(self, variable).name)

    def read_region(
        self,
        variable: Variable,
        region: Region,
        cancel: CancelToken | None = None,
        into: Array | None = None,
    ) -> Array:
        self._refuse(variable.name)

    def read_flat(
        self, variable: Variable, start: int, count: int, cancel: CancelToken | None = None
    ) -> Array:
        self._refuse(variable.name)

    def audit(self, cancel: CancelToken | None = None) -> Iterator[Problem]:
        return iter(())

    def close(self) -> None:
        """Nothing is held open."""

    def _refuse(self, name: str) -> NoReturn:
        raise NotFound(f"{self.path} has no variable {name}: it has none at all.", path=self.path)
