"""What goes into a file: values block by block, in types the file's format can name."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, RequestRefused
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Variable
from ckpt_viewer.formats.values.dtypes import is_numeric, item_size, numpy_dtype
from ckpt_viewer.formats.values.streaming import blocks

MAX_PADDED = 1 << 30  # bytes of strings made equally long
# What holds every value exactly, for the types that no file format here names.
_WIDER = {"int4": "int8", "uint4": "uint8", "int2": "int8", "uint2": "uint8"}
_USED_BITS = {"int4": 15, "uint4": 15, "float4_e2m1fn": 15, "int2": 3, "uint2": 3}


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one variable on their way into a file.

    Attributes:
        dtype: Of the blocks; objects (bytes) for strings.
        blocks: One-dimensional, contiguous, in C order, all elements together; read as they are taken.
    """

    variable: Variable
    dtype: "np.dtype[np.generic]"
    blocks: Iterable[Array]

    @property
    def shape(self) -> tuple[int, ...]:
        return self.variable.shape

    @property
    def dtype_name(self) -> str:
        return "string" if self.dtype.kind in "OS" else self.dtype.name

    @property
    def nbytes(self) -> int:
        return self.variable.element_count * self.dtype.itemsize


class ValueReader:
    """Reads the variables of one request, and reports how far the whole of it is.

    Args:
        raw: Whether types that no file format names come as their bits, in unsigned integers.
    """

    def __init__(
        self, checkpoint: Checkpoint, variables: Sequence[Variable], *, raw: bool, cancel: CancelToken | None
    ) -> None:
        self._checkpoint = checkpoint
        self._raw = raw
        self._cancel = cancel or CancelToken()
        self._done = 0
        self._total = sum(variable.nbytes for variable in variables)

    def open(self, variable: Variable) -> Values:
        """Strings are read at once, all else when a block is taken. Raises `CheckpointError`."""
        if variable.problem is not None:
            raise CheckpointError(
                variable.problem.message, hint=variable.problem.hint, code=variable.problem.code
            )
        if variable.dtype == "string":
            return self._strings(variable)
        if not is_numeric(variable.dtype):
            message = f"{variable.name} is of type {variable.dtype}, whose values no file can hold."
            raise RequestRefused(message, path=self._checkpoint.path, hint="Leave it out.")
        dtype, convert = _conversion(variable.dtype, self._raw)
        return Values(variable, dtype, map(convert, self._blocks(variable)))

    def _blocks(self, variable: Variable) -> Iterator[Array]:
        size = item_size(variable.dtype)
        for block in blocks(self._checkpoint, variable, verify=True, cancel=self._cancel):
            yield block
            self._report(len(block) * size)

    def _strings(self, variable: Variable) -> Values:
        self._cancel.check()
        array = np.asarray(self._checkpoint.read(variable, cancel=self._cancel), dtype=object).reshape(-1)
        self._report(variable.nbytes)
        return Values(variable, array.dtype, (array,))

    def _report(self, count: int) -> None:
        self._done += count
        self._cancel.report(self._done, self._total)


def fixed_width(values: Values) -> Values:
    """Strings as equally long bytes (`S`); raises `RequestRefused` where that would lose something."""
    if values.dtype != object:
        return values
    name, texts = values.variable.name, [text for block in values.blocks for text in block.tolist()]
    hint = "Use --format csv, which writes strings as they are."
    if any(text.endswith(b"\0") for text in texts):
        message = f"{name} has strings that end in a zero byte, which the fixed-width strings of numpy drop."
        raise RequestRefused(message, hint=hint)
    width = max(map(len, texts), default=0) or 1
    if width * len(texts) > MAX_PADDED:
        message = f"{name} would take {width * len(texts)} bytes with all its strings as long as the longest."
        raise RequestRefused(message, hint=hint, code="too-large")
    array = np.array(texts, dtype=f"S{width}")
    return replace(values, dtype=array.dtype, blocks=(array,))


def content(block: Array) -> memoryview:
    """The bytes of a contiguous block as they lie in memory."""
    return block.view(np.uint8).data


def _conversion(name: str, raw: bool) -> tuple["np.dtype[np.generic]", Callable[[Array], Array]]:
    stored = numpy_dtype(name)
    if stored.isbuiltin == 1:
        return stored, np.ascontiguousarray
    if raw:
        bits, mask = np.dtype(f"u{stored.itemsize}"), _USED_BITS.get(name)
        if mask is None:
            return bits, lambda block: block.view(bits)
        return bits, lambda block: block.view(bits) & bits.type(mask)
    wider = np.dtype(_WIDER.get(name, "float32"))
    return wider, lambda block: block.astype(wider)
