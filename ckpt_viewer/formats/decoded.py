"""Checkpoints whose files hold no plain values: what V1 checkpoints and frozen graphs have in common.

Their pieces lie in bytes that are decoded at the first read, in the form a V2 data file would have.
"""

import threading
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, DamagedFile, Problem, RequestRefused, UnsupportedFeature
from ckpt_viewer.formats.bundle.data_files import changed
from ckpt_viewer.formats.checkpoint import Array, Kind, Piece, Variable
from ckpt_viewer.formats.nearest import variable_of
from ckpt_viewer.formats.opened import Opened
from ckpt_viewer.formats.storage.source import ByteSource, Stamp, check_range
from ckpt_viewer.formats.values import pieces as reading
from ckpt_viewer.formats.values.dtypes import is_numeric

_ERRORS: dict[str, type[CheckpointError]] = {
    "unsupported": UnsupportedFeature,
    "too-large": RequestRefused,
}


Decode = Callable[[CancelToken | None], Array]


class DecodedBytes:
    """Made at the first read; let go of when as many bytes were read as there are, or at `close`.

    Args:
        decode: Makes them, as uint8. What is missing of `size` repeats the last `item` bytes, or zeros.
        keep: Whether they stay until `close`, for who reads them more than once.
    """

    def __init__(self, path: Path, size: int, item: int, decode: Decode, *, keep: bool = False) -> None:
        self.path, self.size = path, size
        self._item, self._decode, self._keep = item, decode, keep
        self._decoded: Array | None = None
        self._handed_out = 0
        self._lock = threading.Lock()

    def read_into(self, offset: int, buffer: memoryview, cancel: CancelToken | None = None) -> None:
        view = memoryview(buffer).cast("B")
        check_range(self.path, self.size, offset, len(view))
        if not len(view):
            return
        stored, target = self._take(len(view), cancel), np.frombuffer(view, np.uint8)
        part = stored[offset : offset + len(view)]
        target[: len(part)] = part
        if len(part) < len(target):
            rest = target[len(part) :]
            last = stored[-self._item :] if len(stored) else np.zeros(self._item, np.uint8)
            turned = np.roll(last, -((offset + len(part)) % self._item))
            rest[:] = np.tile(turned, -(-len(rest) // len(turned)))[: len(rest)]

    def read(self, offset: int, length: int) -> bytes:
        return _read(self, offset, length)

    def under(self, cancel: CancelToken | None) -> ByteSource:
        return self if cancel is None else _DecodedUnder(self, cancel)

    def close(self) -> None:
        with self._lock:
            self._decoded = None

    def _take(self, count: int, cancel: CancelToken | None) -> Array:
        with self._lock:
            stored = self._decode(cancel) if self._decoded is None else self._decoded
            self._handed_out += count
            done = self._handed_out >= self.size and not self._keep
            self._decoded = None if done else stored
            self._handed_out = 0 if done else self._handed_out
            return stored


class _DecodedUnder:
    """The bytes of another, which they stay with: what decodes them, if no one did, looks at the token."""

    def __init__(self, decoded: DecodedBytes, cancel: CancelToken) -> None:
        self._decoded, self._cancel = decoded, cancel
        self.path, self.size = decoded.path, decoded.size

    def read_into(self, offset: int, buffer: memoryview) -> None:
        self._decoded.read_into(offset, buffer, self._cancel)

    def read(self, offset: int, length: int) -> bytes:
        return _read(self, offset, length)

    def under(self, cancel: CancelToken | None) -> ByteSource:
        return self._decoded.under(cancel)

    def close(self) -> None:
        self._decoded.close()


def _read(source: ByteSource, offset: int, length: int) -> bytes:
    check_range(source.path, source.size, offset, length)
    buffer = bytearray(length)
    source.read_into(offset, memoryview(buffer))
    return bytes(buffer)


class DecodedCheckpoint(Opened):
    """Follows the `Checkpoint` protocol; any thread may read from it.

    Args:
        stamps: The files that values come from, as they were when it was opened.
    """

    def __init__(
        self,
        path: Path,
        kind: Kind,
        variables: Sequence[Variable],
        problems: Sequence[Problem],
        files: Sequence[Path],
        stamps: Mapping[Path, Stamp],
    ) -> None:
        super().__init__()
        self.path = path
        self.kind: Kind = kind
        self.variables, self.problems, self.files = variables, problems, files
        self._stamps = stamps

    @abstractmethod
    def _strings(self, variable: Variable, cancel: CancelToken | None) -> Array:
        """All strings of a variable, in its shape as far as memory has it."""

    def pieces(self, variable: Variable) -> Sequence[Piece]:
        self._refuse_without_elements(variable)
        self._check(variable)
        return self._pieces(variable, keep=False)

    def read(
        self, variable: Variable | str, *, verify: bool = True, cancel: CancelToken | None = None
    ) -> Array:
        found = variable_of(self, variable)
        if is_numeric(found.dtype):
            return reading.read_all(
                self.pieces(found), found.shape, found.dtype, verify=verify, cancel=cancel
            )
        self._check(found)
        if cancel is not None:
            cancel.check()
        return self._strings(found, cancel)

    def audit(self, cancel: CancelToken | None = None) -> Iterator[Problem]:
        return iter(())

    def _check(self, variable: Variable) -> None:
        super()._check(variable)
        if (problem := variable.problem) is not None:
            error = _ERRORS.get(problem.code, DamagedFile)
            raise error(problem.message, path=self.path, hint=problem.hint, code=problem.code)
        if not is_numeric(variable.dtype) and variable.dtype != "string":
            what = f"{variable.name!r} in {self.path} is a {variable.dtype}"
            raise UnsupportedFeature(f"{what}: its values mean something to TensorFlow only.", path=self.path)
        for path, stamp in self._stamps.items():
            if Stamp.of(path) not in (stamp, None):
                raise changed(path)


def as_stored(values: Array) -> Array:
    """The bytes that values take in a data file, as uint8: little-endian, a view where possible."""
    flat = np.ascontiguousarray(values).reshape(-1)
    swapped = flat if np.little_endian else flat.byteswap()
    return swapped.view(np.uint8)
