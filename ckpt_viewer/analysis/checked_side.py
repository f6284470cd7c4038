"""One side of a comparison: its values a stretch at a time, and on the way whether they are those saved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Self

from ckpt_viewer.analysis.chunks import PieceChecksums, chunks_of, loaded
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import DamagedFile, Problem
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Piece, Variable
from ckpt_viewer.formats.storage.checksums import combine, mask
from ckpt_viewer.formats.values.dtypes import is_numeric, item_size
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
        self.checkpoint, self.variable = checkpoint, variable
        self.memory, self.cancel = memory, cancel

    def look_up(self) -> None:
        """Find out where the values are; raises `CheckpointError` where they cannot be."""
        if is_numeric(self.variable.dtype):
            _ = self.pieces

    @cached_property
    def pieces(self) -> Sequence[Piece]:
        return under(self.checkpoint.pieces(self.variable), self.cancel)


class Stretch:
    """`count` values of a side from the `start`-th on in C order, `step` of them at a time.

    A wrong checksum is seen, all else raised.

    Attributes:
        seen: What the values given so far showed.
    """

    def __init__(self, side: Side, start: int, count: int, step: int) -> None:
        self._side = side
        self._start, self._count, self._step = start, count, step
        self.seen = Seen()

    def __iter__(self) -> Iterator[Array]:
        if not is_numeric(self._side.variable.dtype):
            yield self._strings()
        elif len(self._side.pieces) == 1:
            yield from self._of_one_piece(self._side.pieces[0])
        else:
            yield from self._put_together()

    def _of_one_piece(self, piece: Piece) -> Iterator[Array]:
        steps = loaded(piece, self._start, self._count, self._step, self._side.memory)
        checksum = 0
        for values, checksum_so_far in steps:
            self._side.cancel.check()
            checksum = checksum_so_far
            yield values
        self.seen = Seen(piece, self._count * item_size(piece.dtype), checksum)

    def _put_together(self) -> Iterator[Array]:
        """What several pieces make has no bytes of its own: theirs are looked at once, by themselves."""
        checkpoint, variable, cancel = self._side.checkpoint, self._side.variable, self._side.cancel
        end = self._start + self._count
        for start in range(self._start, end, self._step):
            yield checkpoint.read_flat(variable, start, min(self._step, end - start), cancel)
        if self._start:
            return
        checksums = PieceChecksums(self._side.pieces)
        for chunk in chunks_of(self._side.pieces):
            cancel.check()
            checksums.add(chunk, chunk.checksum())
        self.seen = Seen(damage=checksums.problem)

    def _strings(self) -> Array:
        """All at once: they have no size that would tell where the `start`-th begins."""
        read = partial(self._side.checkpoint.read, self._side.variable, cancel=self._side.cancel)
        try:
            return read().reshape(-1)
        except DamagedFile as error:
            if error.code != "bad-checksum":
                raise
            self.seen = Seen(damage=error.problem)
        return read(verify=False).reshape(-1)
