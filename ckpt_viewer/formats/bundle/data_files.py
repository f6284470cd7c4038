"""The data files of a V2 bundle: where they should be, whether they are, and whether they are long enough.

They have no header: bytes are told by the index alone, so a file of another kind is noticed only where it
is too short or a checksum is wrong.
"""

import os
import re
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from ckpt_viewer.errors import CheckpointError, DamagedFile, MissingShard, Problem
from ckpt_viewer.formats.bundle.spare_files import spare_files
from ckpt_viewer.formats.folders.file_names import STATE_NAME, parse, prefix_of, shard_name
from ckpt_viewer.formats.folders.state_file import read_state_file
from ckpt_viewer.formats.foreign import HEAD_SIZE, name_foreign
from ckpt_viewer.formats.peek import read_head
from ckpt_viewer.formats.storage.source import LocalFile, Stamp, unreadable

_NAMED = 5  # of the files that are wrong; the others are counted
_CANDIDATES = 100  # that are looked at for a file that is missing
_SHARD = re.compile(r"\.data-\d+-of-\d+")
_LISTED = 1000  # a header may claim two thousand million of them

_RENAME = (
    "{} in the same folder belongs to no index, and has just the size that is expected: if it is this file "
    "under another name, rename it, or a copy, to {}. Verifying tells whether it is the right one."
)


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
        self._hints: dict[int, str] = {}
        self._stamps = {shard: Stamp.of(self.path(shard)) for shard in used}

    def path(self, shard: int) -> Path:
        return self._prefix.with_name(shard_name(prefix_of(self._prefix), shard, self._count, data=True))

    def present(self) -> list[Path]:
        """Those that are there: all that are used, and of the others the first ones."""
        others = (shard for shard in range(min(self._count, _LISTED)) if shard not in self._used)
        found = [shard for shard, stamp in self._stamps.items() if stamp]
        found += [shard for shard in others if Stamp.of(self.path(shard))]
        return [self.path(shard) for shard in sorted(found)]

    def problems(self) -> list[Problem]:
        """What is missing or too short, judged from sizes alone."""
        sizes = {shard: stamp.size if stamp else None for shard, stamp in self._stamps.items()}
        wrong = [
            (shard, size, end)
            for shard, end in sorted(self._used.items())
            if (size := sizes[shard]) is None or size < end
        ]
        problems = [
            (self._missing(shard) if size is None else self._too_short(shard, size, end)).problem
            for shard, size, end in wrong[:_NAMED]
        ]
        if more := len(wrong) - len(problems):
            problems.append(Problem("missing-shard", f"{more:,} more data files are missing or too short."))
        return problems

    def spare(self, *, all_known: bool) -> Iterator[Problem]:
        """What is odd about them though no value is touched by it."""
        return spare_files(self._prefix, self._count, self._used, all_known=all_known)

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
        if Stamp.of(file.path) is None:
            raise self._missing(shard)
        expected = self._stamps.get(shard)
        if expected is not None and file.stamp != expected:
            raise changed(file.path)
        return file

    def _missing(self, shard: int) -> CheckpointError:
        path = self.path(shard)
        if os.path.exists(path):  # noqa: PTH110 - pathlib's raises where a name is too long
            return DamagedFile(
                f"{path} is no file; the index says that values are in it.",
                path=path,
                hint="A folder, pipe or device has its name: put the data file of this save there.",
                code="not-readable",
            )
        if shard not in self._hints:
            self._hints[shard] = self._where_it_may_be(path, self._used.get(shard))
        return MissingShard(
            f"{path} is not there; the index says that values are in it.", path=path, hint=self._hints[shard]
        )

    def _where_it_may_be(self, path: Path, size: int | None) -> str:
        if path.name in self._unfinished:
            return "The save was interrupted before this file got its name."
        if renamed := self._renamed(path, size):
            return _RENAME.format(" or ".join(renamed), path.name)
        return "Copy it from where the checkpoint was saved, beside the index."

    def _renamed(self, path: Path, size: int | None) -> list[str]:
        """What the missing file may be called now: data without an index, of just the size expected."""
        alike = self._without_index[path.name.removeprefix(prefix_of(self._prefix))][:_CANDIDATES]
        stamps = ((name, Stamp.of(path.with_name(name))) for name in sorted(alike))
        return [name for name, stamp in stamps if stamp and stamp.size == size][:_NAMED]

    @cached_property
    def _without_index(self) -> Mapping[str, list[str]]:
        """Names of data files that no save is known by, by what they have of the name of a shard."""
        known = {name.rpartition(".")[0] for name in self._beside if name.endswith((".index", ".meta"))}
        known |= self._in_state_file
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name in self._beside:
            if _prefix_of_data(name) not in known:
                for ending in _SHARD.findall(name):
                    found[ending].append(name)
        return found

    @cached_property
    def _in_state_file(self) -> set[str]:
        try:
            state = read_state_file(self._prefix.with_name(STATE_NAME))
        except CheckpointError:
            return set()
        written = (state.model_checkpoint_path, *state.all_model_checkpoint_paths)
        return {Path(path).name for path in written}

    @cached_property
    def _unfinished(self) -> set[str]:
        return {name.partition(".tempstate")[0] for name in self._beside if ".tempstate" in name}

    @cached_property
    def _beside(self) -> tuple[str, ...]:
        """The names in the folder, read once: any number of files may be missing."""
        try:
            return tuple(os.listdir(self._prefix.parent))  # noqa: PTH208 - names are all that is needed
        except OSError:
            return ()

    def _too_short(self, shard: int, size: int, end: int) -> CheckpointError:
        path = self.path(shard)
        try:
            foreign = name_foreign(read_head(path) if size <= HEAD_SIZE else b"", path)
        except OSError as error:
            return unreadable(path, error)
        told = f"{path} ends after {size} bytes; the index expects values up to byte"
        return foreign or DamagedFile(
            f"{told} {end} in it.",
            path=path,
            hint="It is cut short or belongs to another save: copy it again.",
            cause=f"{told} {self._used.get(shard, end)} in it.",
        )


def _prefix_of_data(name: str) -> str | None:
    """None where it is only like the name of a data file."""
    parsed = parse(name)
    return parsed.prefix if parsed.part == "data" else None
