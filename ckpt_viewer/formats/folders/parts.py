"""The files that share a prefix → the save they make up, and what it lacks.

Only names, sizes and times are looked at, and the last bytes of an index or of a V1 file.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.folders import file_names
from ckpt_viewer.formats.folders.file_names import FileName, step_of
from ckpt_viewer.formats.folders.index_end import index_finding, v1_finding
from ckpt_viewer.formats.folders.saves import Save, SavedFile
from ckpt_viewer.formats.peek import holds_objects
from ckpt_viewer.formats.storage.source import open_regular, unreadable

Entries = Mapping[str, os.DirEntry[str]]


@dataclass(slots=True)
class Parts:
    """The names of the files that share a prefix, and of the folders where a sharded save collects parts."""

    index: str = ""
    meta: str = ""
    data: dict[int, dict[int, str]] = field(default_factory=dict)
    v1_shards: dict[int, dict[int, str]] = field(default_factory=dict)
    leftovers: list[str] = field(default_factory=list)
    temp_folders: list[str] = field(default_factory=list)

    def add(self, name: str, parsed: FileName) -> None:
        match parsed.part:
            case "index":
                self.index = name
            case "meta":
                self.meta = name
            case "data":
                self.data.setdefault(parsed.shards, {})[parsed.shard] = name
            case "v1-shard":
                self.v1_shards.setdefault(parsed.shards, {})[parsed.shard] = name
            case _:
                self.leftovers.append(name)

    @property
    def is_bundle(self) -> bool:
        return bool(self.index or self.data or self.unfinished)

    @property
    def unfinished(self) -> list[str]:
        return sorted([*self.leftovers, *self.temp_folders])

    def bundle_names(self) -> Iterator[str]:
        yield from filter(None, (self.index,))
        yield from sorted(name for shards in self.data.values() for name in shards.values())
        yield from filter(None, (self.meta,))
        yield from sorted(self.leftovers)


def group_names(
    names: Iterable[str], cancel: CancelToken | None = None
) -> tuple[dict[str, Parts], list[str]]:
    """The parts by prefix, and the names that speak for no save by themselves."""
    groups: defaultdict[str, Parts] = defaultdict(Parts)
    others = []
    for number, name in enumerate(names):
        if cancel and number % 256 == 0:
            cancel.check()
        parsed = file_names.parse(name)
        if parsed.part in ("other", "temporary"):
            others.append(name)
        else:
            groups[parsed.prefix].add(name, parsed)
    return dict(groups), others


def saved_files(names: Iterable[str], entries: Entries) -> tuple[SavedFile, ...]:
    """With sizes and times; a file that went away since the folder was listed is left out."""
    return tuple(filter(None, (_saved_file(entries[name]) for name in names)))


def bundle_save(prefix: str, parts: Parts, folder: Path, entries: Entries, *, look: bool) -> Save:
    """A V2 bundle, whole or not; with `look` the end of its index is looked at too."""
    files = saved_files(parts.bundle_names(), entries)
    index = next((file for file in files if file.name == parts.index), None) if look else None
    saving = bool(parts.unfinished)
    broken = index_finding(folder / parts.index, index, saving=saving) if index else None
    findings = [*([broken] if broken else ()), *_bundle_findings(prefix, parts, folder, not broken)]
    needs_graph = not (parts.meta or (index and holds_objects(folder / parts.index)))
    badges = [badge for badge, _ in findings] + (["no .meta"] if needs_graph else [])
    return Save(
        path=file_names.prefix_path(folder, prefix),
        kind="bundle",
        step=step_of(prefix),
        files=files,
        problems=tuple(problem for _, problem in findings),
        badges=tuple(dict.fromkeys(badges)),
        readable=not broken,
    )


def v1_save(prefix: str, parts: Parts, shards: int, folder: Path, entries: Entries) -> Save:
    """A V1 checkpoint; `shards` is 0 where it is a single file."""
    present = parts.v1_shards.get(shards, {})
    names = [*sorted(present.values()), *filter(None, (parts.meta,)), *sorted(parts.leftovers)]
    broken = None if shards else v1_finding(folder / prefix)
    findings = [
        *([broken] if broken else ()),
        *missing_shards(prefix, present, shards, folder, data=False),
    ]
    if parts.unfinished:
        findings.append(_partial(prefix, parts, folder))
    badges = [badge for badge, _ in findings] + ([] if parts.meta else ["no .meta"])
    return Save(
        path=folder / (file_names.v1_pattern(prefix, shards) if shards else prefix),
        kind="v1",
        step=step_of(prefix),
        files=saved_files(names if shards else [prefix, *names], entries),
        problems=tuple(problem for _, problem in findings),
        badges=tuple(badges),
        readable=not broken,
    )


def _saved_file(entry: os.DirEntry[str]) -> SavedFile | None:
    try:
        stat = entry.stat()
    except OSError:
        return None
    return SavedFile(entry.name, stat.st_size, stat.st_mtime)


Finding = tuple[str, Problem]


def _bundle_findings(prefix: str, parts: Parts, folder: Path, readable: bool) -> Iterator[Finding]:
    """Beside what is wrong with the index itself; one that cannot be read makes no claim on data files."""
    if parts.unfinished:
        yield _partial(prefix, parts, folder)
    if parts.index:
        yield from _data_findings(prefix, parts, folder) if readable else ()
    elif not parts.unfinished:
        yield "no .index", _without_index(folder / f"{prefix}.index")


def _without_index(path: Path) -> Problem:
    """Also where a folder or a pipe has its name."""
    try:
        os.close(open_regular(path))
    except OSError as error:
        if os.path.exists(path):  # noqa: PTH110 - pathlib's may raise
            return unreadable(path, error).problem
    message = f"There is no file {path}; without it the data files cannot be read."
    hint = "Copy it from where the checkpoint was made; it belongs to this very save."
    return Problem("missing-index", message, hint)


def _data_findings(prefix: str, parts: Parts, folder: Path) -> Iterator[Finding]:
    if not parts.data:
        message = f"{folder / parts.index} is here, but none of its data files."
        yield (
            "missing shard",
            Problem("missing-shard", message, "Copy them beside it; names and shapes show."),
        )
        return
    # The index alone knows the count: names speak for the fullest set, the others are left of another save.
    fullest = min(parts.data, key=lambda shards: (shards - len(parts.data[shards]), shards))
    yield from missing_shards(prefix, parts.data[fullest], fullest, folder, data=True)
    if len(parts.data) > 1:
        counts = " and ".join(map(str, sorted(parts.data)[:3])) + (" and more" if len(parts.data) > 3 else "")
        message = f"{folder / prefix} has data files of different saves beside it: of {counts} shards."
        yield (
            "mixed shards",
            Problem("mixed-shards", message, "Those the index does not name can be deleted."),
        )


def missing_shards(
    prefix: str, present: Mapping[int, str], shards: int, folder: Path, *, data: bool
) -> Iterator[Finding]:
    """Names the first that is missing; the count is only a claim of names, so it is not walked through."""
    here = sum(1 for shard in present if shard < shards)
    if here < shards:
        first = next(shard for shard in range(here + 1) if shard not in present)
        name = file_names.shard_name(prefix, first, shards, data=data)
        message = f"{folder / name} is missing: {here} of {shards} data files are here."
        yield "missing shard", Problem("missing-shard", message, "Copy it from where the others came from.")


def _partial(prefix: str, parts: Parts, folder: Path) -> Finding:
    message = (
        f"{folder / prefix} was not saved to its end, or is being saved now: {parts.unfinished[0]} is left."
    )
    hint = "If nothing is training, what is left of the save can be deleted."
    return "partial save", Problem("partial-save", message, hint)
