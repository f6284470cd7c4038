"""A variable as a stream of blocks in C order, for whatever needs every value but not all at once."""

from collections.abc import Iterator

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Variable
from ckpt_viewer.formats.values.dtypes import is_numeric, item_size
from ckpt_viewer.formats.values.pieces import CHUNK_BYTES, allocate, fill, flattened, sweep

_STRINGS_AT_ONCE = 1 << 16


def blocks(
    checkpoint: Checkpoint,
    variable: Variable,
    *,
    size: int = CHUNK_BYTES,
    verify: bool = True,
    cancel: CancelToken | None = None,
) -> Iterator[Array]:
    """All values in one-dimensional blocks of at most `size` bytes, each a new array; none if it is empty.

    Raises `DamagedFile` where a piece does not match its checksum, before the last block with values from it
    is handed out. Strings have no fixed size and are read as a whole first.
    """
    if not is_numeric(variable.dtype):
        yield from _string_blocks(checkpoint, variable, verify, cancel)
        return
    pieces, shape = flattened(checkpoint.pieces(variable), variable.shape)
    limit = size // item_size(variable.dtype)
    for box, readings in sweep(pieces, shape, limit, verify=verify, cancel=cancel):
        block = allocate(box.shape, variable.dtype)
        fill(block, box, readings)
        yield block.reshape(-1)


def _string_blocks(
    checkpoint: Checkpoint, variable: Variable, verify: bool, cancel: CancelToken | None
) -> Iterator[Array]:
    values = checkpoint.read(variable, verify=verify, cancel=cancel).reshape(-1)
    for start in range(0, len(values), _STRINGS_AT_ONCE):
        if cancel is not None:
            cancel.check()
        yield values[start : start + _STRINGS_AT_ONCE]
