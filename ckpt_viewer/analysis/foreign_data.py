"""Data files of which most values are wrong: of another save, rather than damaged bit by bit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ckpt_viewer.analysis.chunks import PieceChecksums
from ckpt_viewer.analysis.small_variables import SmallOnes
from ckpt_viewer.errors import Problem

_LEAST = 2
_HINT = "That is more than damage does: it is probably of another save. Copy it again, with its index."


@dataclass(slots=True)
class FileTally:
    """How many stretches with a checksum of their own were read in each file, and which were wrong."""

    checked: dict[Path, int] = field(default_factory=dict)
    wrong: dict[Path, list[str]] = field(default_factory=dict)

    def add(self, name: str, checksums: PieceChecksums) -> None:
        for piece in checksums.pieces:
            if piece.nbytes and piece.crc32c is not None:
                path = piece.source.path
                self.checked[path] = self.checked.get(path, 0) + 1
        for piece, _ in checksums.wrong():
            if not piece.nbytes:
                continue  # the checksum of nothing tells nothing about a file
            self.wrong.setdefault(piece.source.path, []).append(name)

    def add_neighbours(self, small: SmallOnes, wrong: Iterable[int]) -> None:
        """Of many variables, those at some places are wrong."""
        path = small.source.path
        checked = sum(variable.crc32c is not None for variable in small.variables)
        self.checked[path] = self.checked.get(path, 0) + checked
        for place in wrong:
            self.wrong.setdefault(path, []).append(small.variables[place].name)

    def foreign(self) -> dict[Path, Problem]:
        """The files that are of another save, as far as can be told."""
        return {
            path: Problem(
                "other-save",
                self._sentence(path),
                _HINT,
            )
            for path, names in self.wrong.items()
            if len(names) >= _LEAST and 2 * len(names) > self.checked.get(path, 0)
        }

    def _sentence(self, path: Path) -> str:
        wrong, checked = len(self.wrong[path]), self.checked[path]
        if wrong == checked:
            return f"None of the {checked:,} values in {path} has the checksum that the index stores."
        return (
            f"{wrong:,} of the {checked:,} values in {path} do not have the checksums that the index stores."
        )

    def names_in(self, paths: "dict[Path, Problem]") -> Iterator[tuple[str, Path]]:
        """Each variable that is wrong in one of these files."""
        for path in paths:
            for name in self.wrong[path]:
                yield name, path
