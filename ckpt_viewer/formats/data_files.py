"""The data files of a V2 bundle: where they should be, whether they are, and whether they are long enough.

They have no header: bytes are told by the index alone, so a file of another kind is noticed only where it
is too short or a checksum is wrong.
"""

import glob
import threading
from collections.abc import Mapping
from pathlib import Path

from ckpt_viewer.errors import CheckpointError, DamagedFile, MissingShard, Problem
from ckpt_viewer.formats.file_names import shard_name
from ckpt_viewer.formats.foreign import HEAD_SIZE, name_foreign
from ckpt_viewer.formats.source import LocalFile, Stamp, unreadable

_NAMED = 5  # of the files that are wrong; the others are counted
_LISTED = 1000  # a header may claim two thousand million of them


def changed(path: Path) -> DamagedFile:
    return DamagedFile(
        f"{path} was replaced after the checkpoint was opened.",
        path=path,
        hint="Reload the checkpoint to read what is there now.",
        code="changed-on-disk",
    )


class DataFiles:
    """Opened as they are needed, by any thread.

    Args:
        used: Where the values in each file end, by its number, as far as any lie in it.
    """

    def __init__(self, prefix: Path, count: int, used: Mapping[int, int]) -> None:
        self._prefix = prefix
        self._count = count
        self._open: dict[int, LocalFile] = {}
        self._lock = threading.Lock()
        self._used = used
        self._stamps = {shard: Stamp.of(self.path(shard)) for shard in used}

    def path(self, shard: int) -> Path:
        return self._prefix.with_name(shard_name(self._prefix.name, shard, self._count, data=True))

    def present(self) -> list[Path]:
        """Those that are there: all that are used, and of the others the first ones."""
        others = (shard for shard in range(min(self._count, _LISTED)) if shard not in self._used)
        found = [shard for shard, stamp in self._stamps.items() if stamp]
        found += [shard for shard in others if self.path(shard).is_file()]
        return [self.path(shard) for shard in sorted(found)]

    def problems(self) -> list[Problem]:
        """What is missing or too short, judged from sizes alone."""
        errors = []
        for shard, end in sorted(self._used.items()):
            stamp = self._stamps[shard]
            if stamp is None:
                errors.append(self._missing(shard))
            elif stamp.size < end:
                errors.append(self._too_short(shard, stamp.size, end))
        problems = [error.problem for error in errors[:_NAMED]]
        if more := len(errors) - len(problems):
            problems.append(Problem("missing-shard", f"{more:,} more data files are missing or too short."))
        return problems

    def source(self, shard: int, end: int) -> LocalFile:
        """The file, long enough for values that end there; raises `CheckpointError`."""
        with self._lock:
            file = self._open.get(shard)
            if file is None:
                file = self._open[shard] = self._opened(shard)
        if end > file.size:
            raise self._too_short(shard, file.size, end)
        return file

    def close(self) -> None:
        with self._lock:
            for file in self._open.values():
                file.close()
            self._open.clear()

    def _opened(self, shard: int) -> LocalFile:
        file = LocalFile(self.path(shard))
        if not file.path.exists():
            raise self._missing(shard)
        expected = self._stamps.get(shard)
        if expected is not None and file.stamp != expected:
            raise changed(file.path)
        return file

    def _missing(self, shard: int) -> CheckpointError:
        path = self.path(shard)
        hint = "Copy it from where the checkpoint was saved, beside the index."
        if any(path.parent.glob(f"{glob.escape(path.name)}.tempstate*")):
            hint = "The save was interrupted before this file got its name."
        return MissingShard(
            f"{path} is not there; the index says that values are in it.", path=path, hint=hint
        )

    def _too_short(self, shard: int, size: int, end: int) -> CheckpointError:
        path = self.path(shard)
        try:
            foreign = name_foreign(path.read_bytes()[:HEAD_SIZE] if size <= HEAD_SIZE else b"", path)
        except OSError as error:
            return unreadable(path, error)
        return foreign or DamagedFile(
            f"{path} ends after {size} bytes; the index expects values up to byte {end} in it.",
            path=path,
            hint="It is cut short or belongs to another save: copy it again.",
        )
