"""What open checkpoints do alike, whatever their format."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import RequestRefused
from ckpt_viewer.formats.checkpoint import Array, Piece, Region, Variable
from ckpt_viewer.formats.listing import columns_of
from ckpt_viewer.formats.nearest import no_variable
from ckpt_viewer.formats.storage.source import ByteSource
from ckpt_viewer.formats.values import pieces as reading
from ckpt_viewer.formats.values.boxes import Box
from ckpt_viewer.formats.values.dtypes import is_numeric


class Closing(ABC):
    """Closes itself behind a `with` statement."""

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Opened(Closing):
    """Finds variables by their names, and reads parts of them from their pieces.

    It holds the pieces of the one variable of which regions or stretches were read last.
    """

    path: Path
    variables: Sequence[Variable]
    big_endian = False

    def __init__(self) -> None:
        self._recent: tuple[str, Sequence[Piece]] = "", ()
        self._recent_lock = threading.Lock()
        self._closed = False

    @abstractmethod
    def read(
        self, variable: Variable | str, *, verify: bool = True, cancel: CancelToken | None = None
    ) -> Array: ...

    @abstractmethod
    def _pieces(self, variable: Variable, *, keep: bool) -> Sequence[Piece]:
        """The pieces of a variable that can be read; `keep` where more than one read is to come."""

    def close(self) -> None:
        self._closed = True
        with self._recent_lock:
            self._recent = "", ()

    def slice_checksums(self, variable: Variable) -> Mapping[Box, int]:
        return {}

    def sources(self, variables: Sequence[Variable]) -> Sequence[ByteSource | None]:
        return [None] * len(variables)

    def relist(self, variables: Sequence[Variable]) -> None:
        self.variables = variables
        self.__dict__.pop("_place_of", None)

    def find(self, name: str) -> Variable:
        """By its key, else by the full name that it alone has."""
        if (place := self._place_of.get(name)) is not None:
            return self.variables[place]
        full_names = columns_of(self.variables).full_names
        if full_names.count(name) == 1:
            return self.variables[full_names.index(name)]
        raise no_variable(self.path, name, self.variables)

    def read_region(
        self,
        variable: Variable,
        region: Region,
        cancel: CancelToken | None = None,
        into: Array | None = None,
    ) -> Array:
        if is_numeric(variable.dtype):
            places = self._pieces_of_part(variable)
            return reading.read_region(places, variable.shape, variable.dtype, region, cancel, into)
        reading.picks_of(region, reading.shape_in_memory(variable.shape))
        part: tuple[Any, ...] = (*region, ...)  # an array even where the region has no axes
        chosen: Array = self.read(variable, verify=False, cancel=cancel)[part]
        return chosen

    def read_flat(
        self, variable: Variable, start: int, count: int, cancel: CancelToken | None = None
    ) -> Array:
        if is_numeric(variable.dtype):
            places = self._pieces_of_part(variable)
            return reading.read_flat(places, variable.shape, variable.dtype, start, count, cancel)
        reading.check_stretch(variable.shape, start, count)
        return self.read(variable, verify=False, cancel=cancel).reshape(-1)[start : start + count]

    def _pieces_of_part(self, variable: Variable) -> Sequence[Piece]:
        self._check(variable)
        with self._recent_lock:
            name, pieces = self._recent
            if name != variable.name or not pieces:
                pieces = self._pieces(variable, keep=True)
                self._recent = variable.name, pieces
            return pieces

    def _check(self, variable: Variable) -> None:
        """Raise `CheckpointError` where its values cannot be read, or are no longer those that were there."""
        if self._closed:
            hint = "Read before it is closed: inside its `with` statement, or open it again."
            raise RequestRefused(
                f"{self.path} is closed; its values cannot be read.", path=self.path, hint=hint
            )

    def _refuse_without_elements(self, variable: Variable) -> None:
        if not is_numeric(variable.dtype):
            what = f"{variable.name!r} in {self.path} is of type {variable.dtype}"
            raise RequestRefused(f"{what}, which has no elements of a fixed size.", path=self.path)

    @cached_property
    def _place_of(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(columns_of(self.variables).names)}
