"""A checkpoint made of arrays: what GUI and analysis tests open instead of files."""

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import NotFound, Problem, RequestRefused
from ckpt_viewer.formats.checkpoint import Array, Kind, Piece, Region, Role, Variable
from ckpt_viewer.formats.storage.source import ByteSource, MemoryBytes
from ckpt_viewer.formats.values.boxes import Box


class _Bytes(MemoryBytes):
    """Waits before it is read, as the checkpoint does."""

    def __init__(self, content: bytes, path: Path, wait: Callable[[CancelToken | None], None]) -> None:
        super().__init__(content, path)
        self._wait, self._cancel = wait, CancelToken()

    def read_into(self, offset: int, buffer: memoryview) -> None:
        self._wait(self._cancel)
        super().read_into(offset, buffer)

    def under(self, cancel: CancelToken | None) -> Self:
        self._cancel = cancel or self._cancel
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return MemoryBytes, (self.read(0, self.size), self.path)


class MemoryCheckpoint:
    """Follows the `Checkpoint` protocol; `bytes` object arrays are string variables.

    Args:
        arrays: Values by name.
        roles: Roles by name, `weight` for all others.
        checksums: Stored (masked) checksums by name, none for all others.
        before_read: Called in the reading thread before values are handed out, to slow it down or fail.
    """

    kind: Kind = "bundle"
    big_endian = False

    def __init__(
        self,
        arrays: Mapping[str, Any],
        *,
        path: Path = Path("memory/model.ckpt-1"),
        roles: Mapping[str, Role] | None = None,
        checksums: Mapping[str, int] | None = None,
        problems: Sequence[Problem] = (),
        before_read: Any = None,
    ) -> None:
        self.path = path
        self.problems = tuple(problems)
        self.files: Sequence[Path] = ()
        self.closed = False
        self._before_read = before_read
        self._arrays = {name: np.asarray(values, order="C") for name, values in arrays.items()}
        self._checksums = dict(checksums or {})
        self.variables = tuple(
            Variable(
                name,
                "string" if array.dtype == object else array.dtype.name,
                array.shape,
                array.nbytes if array.dtype != object else sum(map(len, array.ravel().tolist())),
                role=(roles or {}).get(name, "weight"),
                shard=0,
                offset=0,
                crc32c=self._checksums.get(name),
            )
            for name, array in sorted(self._arrays.items(), key=lambda item: item[0].encode())
        )

    def relist(self, variables: Sequence[Variable]) -> None:
        self.variables = variables

    def find(self, name: str) -> Variable:
        for variable in self.variables:
            if variable.name == name:
                return variable
        near = difflib.get_close_matches(name, list(self._arrays), 3)
        hint = f"Did you mean {' or '.join(near)}?" if near else ""
        raise NotFound(f"{self.path} has no variable {name!r}.", hint=hint)

    def pieces(self, variable: Variable) -> Sequence[Piece]:
        self._refuse_closed()
        array = self._arrays[variable.name]
        if array.dtype == object:
            raise RequestRefused(f"{variable.name} holds strings.")
        content = _Bytes(array.tobytes(), self.path, self._wait)
        return (
            Piece(content, 0, array.nbytes, (0,) * array.ndim, array.shape, variable.dtype, variable.crc32c),
        )

    def slice_checksums(self, variable: Variable) -> Mapping[Box, int]:
        return {}

    def sources(self, variables: Sequence[Variable]) -> Sequence[ByteSource | None]:
        return [None] * len(variables)

    def read(
        self, variable: Variable | str, *, verify: bool = True, cancel: CancelToken | None = None
    ) -> Array:
        name = variable if isinstance(variable, str) else variable.name
        self._refuse_closed()
        self._wait(cancel)
        return self._arrays[self.find(name).name].copy()

    def read_region(
        self,
        variable: Variable,
        region: Region,
        cancel: CancelToken | None = None,
        into: Array | None = None,
    ) -> Array:
        self._refuse_closed()
        self._wait(cancel)
        chosen = self._arrays[variable.name][region]
        if into is None:
            return chosen.copy()
        into[...] = chosen
        return into

    def read_flat(
        self, variable: Variable, start: int, count: int, cancel: CancelToken | None = None
    ) -> Array:
        self._refuse_closed()
        self._wait(cancel)
        return self._arrays[variable.name].reshape(-1)[start : start + count].copy()

    def audit(self, cancel: CancelToken | None = None) -> Iterator[Problem]:
        return iter(())

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _refuse_closed(self) -> None:
        if self.closed:
            raise RequestRefused(f"{self.path} is closed; its values cannot be read.")

    def _wait(self, cancel: CancelToken | None) -> None:
        if self._before_read is not None:
            self._before_read(cancel)
        if cancel is not None:
            cancel.check()
