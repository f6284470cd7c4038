"""The words every reader and everyone above shares: `Variable`, `Piece`, `Checkpoint`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self

import numpy as np

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.storage.source import ByteSource
from ckpt_viewer.formats.values.boxes import Box

Array = np.ndarray[Any, np.dtype[Any]]
Kind = Literal["bundle", "v1", "saved-model", "frozen-graph", "meta-graph", "graph-def"]
Role = Literal["weight", "slot", "ema", "batch-statistics", "counter", "other"]
ROLES: tuple[Role, ...] = ("weight", "slot", "ema", "batch-statistics", "counter", "other")


@dataclass(frozen=True, slots=True)
class Variable:
    """One named tensor as the index describes it; its values stay on disk.

    Attributes:
        name: Its key; bytes that are no UTF-8 are kept as surrogate escapes.
        dtype: TensorFlow's name of the type (`float32`, `bfloat16`, `string`, …), `dtype 99` if unknown.
        shape: One length per axis; a scalar has none.
        nbytes: Bytes it takes in the data files.
        shard: Number of the data file; None where it lies in several or the format has none.
        crc32c: The checksum as stored (masked), None where none is stored for the whole.
        slices: How many pieces a partitioned variable was saved in; 0 for an ordinary one.
        owner: The variable that a slot or moving average belongs to.
        slot: What its optimizer calls a slot, such as `momentum`.
        full_name: Its name in the graph, where the key says something else.
        object_path: The way to it through Python's objects (`model.layers[0].kernel`), in TF2 checkpoints.
        problem: Why its values cannot be read, if that is known from the index alone.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    nbytes: int
    role: Role = "other"
    shard: int | None = None
    offset: int | None = None
    crc32c: int | None = None
    slices: int = 0
    owner: str | None = None
    slot: str | None = None
    full_name: str | None = None
    object_path: str | None = None
    problem: Problem | None = None

    @property
    def element_count(self) -> int:
        return prod(self.shape)


@dataclass(frozen=True, slots=True)
class Piece:
    """One C-order block of a variable as it lies in a file: all of it, or one slice of a partitioned one.

    Attributes:
        start: Where the block begins in the variable, one index per axis.
        shape: Its lengths.
        dtype: TensorFlow's name of the type.
        crc32c: Masked CRC-32C of the `nbytes` bytes; None where the format stores none.
    """

    source: ByteSource
    offset: int
    nbytes: int
    start: tuple[int, ...]
    shape: tuple[int, ...]
    dtype: str
    crc32c: int | None
    big_endian: bool = False


Region = tuple[slice, ...]


class Checkpoint(Protocol):
    """An open checkpoint. Only the calls that take a `CancelToken` may be slow.

    Attributes:
        path: Its prefix, or the one file it is.
        kind: The word of the command line for its format.
        variables: In the order of their keys as bytes.
        problems: What is wrong with it as a whole, as far as opening it showed.
        files: The files it consists of that are there.
        big_endian: Whether values are stored in that byte order.
    """

    path: Path
    kind: Kind
    variables: Sequence[Variable]
    problems: Sequence[Problem]
    files: Sequence[Path]
    big_endian: bool

    def relist(self, variables: Sequence[Variable]) -> None:
        """Put the same variables in place, judged anew."""

    def find(self, name: str) -> Variable:
        """The variable of this name, or of this full name; raises `NotFound` with the nearest as a hint."""

    def pieces(self, variable: Variable) -> Sequence[Piece]:
        """Where its bytes are; together they cover it exactly once. Raises `CheckpointError`.

        Strings, variants and resources have no fixed-size elements: those are refused.
        """

    def slice_checksums(self, variable: Variable) -> Mapping[Box, int]:
        """The checksum stored for each slice of a partitioned variable, by its place; empty where none are.

        The index tells: no data file is looked at.
        """

    def sources(self, variables: Sequence[Variable]) -> Sequence[ByteSource | None]:
        """Of each the file that has its bytes in one stretch from `offset` on, in this machine's byte order.

        None where they lie in another way, or cannot be read: `pieces` tells. Made for very many at once.
        """

    def read(
        self, variable: Variable | str, *, verify: bool = True, cancel: CancelToken | None = None
    ) -> Array:
        """All values: C order, native byte order, `ml_dtypes` for small floats, objects (bytes) for strings.

        Raises `DamagedFile` where the stored checksum is wrong, unless `verify` is False.
        """

    def read_region(
        self,
        variable: Variable,
        region: Region,
        cancel: CancelToken | None = None,
        into: Array | None = None,
    ) -> Array:
        """The values in a box of one slice per axis (steps ≥ 1 allowed), reading little more than them.

        Checksums cover whole pieces, so they are not checked here. Numbers can be read `into` an array of
        the right shape and type, which is returned then.
        """

    def read_flat(
        self, variable: Variable, start: int, count: int, cancel: CancelToken | None = None
    ) -> Array:
        """`count` values from the `start`-th in C order, one-dimensional; checksums are not checked."""

    def audit(self, cancel: CancelToken | None = None) -> Iterator[Problem]:
        """What is wrong or odd about its files beside the values; neither opening nor reading shows it."""

    def close(self) -> None:
        """Let go of the files; what is listed stays. A read under way ends well, a later one is refused."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
