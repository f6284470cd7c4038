"""One side of a comparison: its values a stretch at a time, and on the way whether they are those saved."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from ckpt_viewer.analysis.chunks import PieceChecksums, chunks_of
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import DamagedFile, Problem
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Piece, Variable
from ckpt_viewer.formats.storage.checksums import combine, crc32c, mask
from ckpt_viewer.formats.values.dtypes import is_numeric, is_stored_as_is
from ckpt_viewer.formats.values.pieces import under, wrong_checksum


@dataclass(frozen=True, slots=True)
class Seen:
    """What stretches of one variable, one after the other, showed of its bytes.

    Attributes:
        piece: The one they lie in, where the checksum of its bytes tells; `checksum` is that so far.
        damage: What is known to be wrong already.
    """

    piece: Piece | None = None
    nbytes: int = 0
    checksum: int = 0
    damage: Problem | None = None

    def merge(self, later: Self) -> Self:
        return type(self)(
            self.piece or later.piece,
            self.nbytes + later.nbytes,
            combine(self.checksum, later.checksum, later.nbytes) if self.nbytes else later.checksum,
            self.damage or later.damage,
        )

    def verdict(self) -> Problem | None:
        """Once every stretch was seen: what is wrong with the bytes."""
        piece = self.piece
        if piece is None or piece.crc32c is None or mask(self.checksum) == piece.crc32c:
            return self.damage
        return wrong_checksum(piece, self.checksum).problem


def read_stretch(
    checkpoint: Checkpoint, variable: Variable, start: int, count: int, cancel: CancelToken
) -> tuple[Array, Seen]:
    """`count` values from the `start`-th in C order; a wrong checksum is seen, all else raised."""
    if not is_numeric(variable.dtype):
        return _strings(checkpoint, variable, cancel)
    values = checkpoint.read_flat(variable, start, count, cancel)
    pieces = under(checkpoint.pieces(variable), cancel)
    if len(pieces) == 1 and is_stored_as_is(variable.dtype, pieces[0].big_endian):
        return values, Seen(pieces[0], values.nbytes, crc32c(values.view(np.uint8).data))
    # What was decoded or put together has no such bytes: these are looked at by themselves, once.
    checksums = PieceChecksums(pieces)
    for chunk in chunks_of(pieces) if start == 0 else ():
        cancel.check()
        checksums.add(chunk, chunk.checksum())
    return values, Seen(damage=checksums.problem if start == 0 else None)


def _strings(checkpoint: Checkpoint, variable: Variable, cancel: CancelToken) -> tuple[Array, Seen]:
    try:
        return checkpoint.read(variable, cancel=cancel).reshape(-1), Seen()
    except DamagedFile as error:
        if error.code != "bad-checksum":
            raise
        damage = error.problem
    return checkpoint.read(variable, verify=False, cancel=cancel).reshape(-1), Seen(damage=damage)
