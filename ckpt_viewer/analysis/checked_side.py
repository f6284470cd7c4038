"""One side of a comparison: its values a stretch at a time, and on the way whether they are those saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Self

from ckpt_viewer.analysis.chunks import PieceChecksums, chunks_of, stretch_of
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import DamagedFile, Problem
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Piece, Variable
from ckpt_viewer.formats.storage.checksums import combine, mask
from ckpt_viewer.formats.values.dtypes import is_numeric
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


class Side:
    """One of the two, read from several threads.

    Args:
        memory: Names the buffer of a thread that holds the values until the next are read.
    """

    def __init__(self, checkpoint: Checkpoint, variable: Variable, memory: str, cancel: CancelToken) -> None:
        self._checkpoint, self._variable = checkpoint, variable
        self._memory, self._cancel = memory, cancel

    def look_up(self) -> None:
        """Find out where the values are; raises `CheckpointError` where they cannot be."""
        if is_numeric(self._variable.dtype):
            _ = self._pieces

    def read(self, start: int, count: int, before: Seen) -> tuple[Array, Seen]:
        """`count` values from the `start`-th in C order, and what they and the ones `before` showed.

        A wrong checksum is seen, all else raised.
        """
        self._cancel.check()
        if not is_numeric(self._variable.dtype):
            return self._strings()
        if len(self._pieces) != 1:
            return self._put_together(start, count, before)
        piece = self._pieces[0]
        stretch = stretch_of(piece, start, count)
        values, checksum = stretch.load(self._memory, before.checksum)
        return values, Seen(piece, before.nbytes + stretch.nbytes, checksum)

    @cached_property
    def _pieces(self) -> Sequence[Piece]:
        return under(self._checkpoint.pieces(self._variable), self._cancel)

    def _put_together(self, start: int, count: int, before: Seen) -> tuple[Array, Seen]:
        """What several pieces make has no bytes of its own: theirs are looked at once, by themselves."""
        values = self._checkpoint.read_flat(self._variable, start, count, self._cancel)
        if start:
            return values, before
        checksums = PieceChecksums(self._pieces)
        for chunk in chunks_of(self._pieces):
            self._cancel.check()
            checksums.add(chunk, chunk.checksum())
        return values, Seen(damage=checksums.problem)

    def _strings(self) -> tuple[Array, Seen]:
        read = partial(self._checkpoint.read, self._variable, cancel=self._cancel)
        try:
            return read().reshape(-1), Seen()
        except DamagedFile as error:
            if error.code != "bad-checksum":
                raise
            damage = error.problem
        return read(verify=False).reshape(-1), Seen(damage=damage)
