"""Where the bytes of variables lie, and which variables share some."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ckpt_viewer.analysis.small_variables import SmallOnes
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Piece
from ckpt_viewer.formats.storage.source import ByteSource

_NAMED = 20
_OWN_BYTES = "TensorFlow gives each variable bytes of its own: another program wrote this index."


@dataclass(slots=True)
class Extents:
    """Told of the pieces of all variables, to find those that meet."""

    by_source: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)
    sources: dict[int, ByteSource] = field(default_factory=dict)

    def add(self, name: str, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            if piece.nbytes:
                self.sources[id(piece.source)] = piece.source
                extents = self.by_source.setdefault(id(piece.source), [])
                extents.append((piece.offset, piece.offset + piece.nbytes, name))

    def add_neighbours(self, small: SmallOnes) -> None:
        """Those of many variables whose bytes follow each other."""
        self.sources[id(small.source)] = small.source
        first = small.variables[0].offset or 0
        bounds = (small.bounds + first).tolist()
        names = (variable.name for variable in small.variables)
        self.by_source.setdefault(id(small.source), []).extend(
            zip(bounds[:-1], bounds[1:], names, strict=True)
        )

    def overlaps(self, checkpoint: Path) -> Iterator[Problem]:
        """A problem for each two neighbours that share bytes; many are counted together."""
        found = [
            (self.sources[key], first, second)
            for key, extents in self.by_source.items()
            for first, second in _sharing(sorted(extents))
        ]
        for source, first, second in found[:_NAMED]:
            yield Problem("shared-bytes", f"{first} and {second} share bytes of {source.path}.", _OWN_BYTES)
        if (more := len(found) - _NAMED) > 0:
            yield Problem("shared-bytes", f"{more} more pairs of variables of {checkpoint} share bytes.")


def _sharing(extents: list[tuple[int, int, str]]) -> Iterator[tuple[str, str]]:
    """Extents in order of where they begin: each is compared with the one that reaches furthest so far."""
    end, owner = 0, ""
    for start, stop, name in extents:
        if owner and start < end:
            yield owner, name
        if stop > end:
            end, owner = stop, name
