"""How much an export would write: the same bytes given to many variables can fill a disk."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ckpt_viewer.errors import CheckpointError, RequestRefused
from ckpt_viewer.formats.checkpoint import Checkpoint, Kind, Variable
from ckpt_viewer.formats.values.dtypes import item_size


@dataclass(frozen=True, slots=True)
class Allowance:
    """Attributes:
    times: How often the bytes of a file may be written.
    harmless: Bytes that may be written whatever the files hold.
    """

    times: int
    harmless: int

    def covers(self, claimed: int, held: int) -> bool:
        return claimed <= self.harmless + self.times * held


# Savers give every byte to one variable.
_USUAL = Allowance(4, 64 << 20)
_OF_KIND: Mapping[Kind, Allowance] = {
    # Blocks may be packed, and one byte is enough for a small number of eight.
    "v1": Allowance(200, 64 << 20),
    # One value may stand for two gigabytes.
    "frozen-graph": Allowance(4, 4 << 30),
}


def refuse_too_much(checkpoint: Checkpoint, variables: Sequence[Variable]) -> None:
    """Raise `RequestRefused` where far more would be written than the files of the checkpoint hold."""
    sizes = dict(_sizes(checkpoint.files))
    held, allowance = sum(sizes.values()), _OF_KIND.get(checkpoint.kind, _USUAL)
    if not sizes or allowance.covers(sum(map(_bytes, variables)), held):
        return
    for path, claimed in _claimed(checkpoint, variables).items():
        if not allowance.covers(claimed, sizes.get(path, 0) if path else held):
            source = path or checkpoint.path
            raise RequestRefused(
                f"Exporting from {source} would write {claimed:,} bytes, far more than it has.",
                path=checkpoint.path,
                hint="The same bytes stand for many values there; export those you need one by one.",
                code="too-large",
            )


def _bytes(variable: Variable) -> int:
    return variable.element_count * item_size(variable.dtype) or variable.nbytes


def _sizes(files: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    for file in files:
        try:
            yield file, file.stat().st_size
        except OSError:
            continue  # whoever reads from it says so


def _claimed(checkpoint: Checkpoint, variables: Sequence[Variable]) -> "Counter[Path | None]":
    """Bytes by the file they come from; those of strings, which have no pieces, together under None."""
    claimed: Counter[Path | None] = Counter()
    for variable in variables:
        try:
            for piece in checkpoint.pieces(variable):
                claimed[piece.source.path] += piece.nbytes
        except RequestRefused:
            claimed[None] += variable.nbytes
        except CheckpointError:
            continue  # it will be refused by itself
    return claimed
