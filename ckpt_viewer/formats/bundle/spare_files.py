"""What is odd about the data files of a bundle though no value is touched by it."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.folders import file_names

_NAMED = 5
_ENOUGH = (
    "Nothing is missing from the variables: TensorFlow opens the data files that it needs, and no others."
)
_LEFT = "They are left of another save, or the index is; no variable here needs them."
_LONGER = "No reader looks at them; if no program put them there, the file may be of another save."


def spare_files(prefix: Path, count: int, used: Mapping[int, int], *, all_known: bool) -> Iterator[Problem]:
    """Files that are missing though no value is in them, too long, or of another number of files.

    Args:
        prefix: Of the data files, wherever the index is.
        count: How many of them the index counts.
        used: Where the values in each file end, by its number.
        all_known: Whether every entry made sense, so that there is no value but those.
    """
    present = _beside(prefix)
    own = {shard: name for (shard, shards), name in present.items() if shards == count and shard < count}
    others = sorted(set(present.values()) - set(own.values()))
    if (missing := count - len(own.keys() | used.keys())) > 0:
        are = "is" if missing == 1 else "are"
        message = (
            f"The index of {prefix} counts {count:,} data files; {missing:,} of them, "
            f"in which no variable has values, {are} not here."
        )
        yield Problem("unused-shard", message, _ENOUGH)
    if all_known:
        yield from _too_long(prefix.parent, own, used)
    if others:
        more = f" and {len(others) - 1:,} more" if len(others) > 1 else ""
        files = "1 data file" if count == 1 else f"{count:,} data files"
        message = f"The index of {prefix} counts {files}; {others[0]}{more} beside it do not belong to them."
        yield Problem("mixed-shards", message, _LEFT)


def _too_long(folder: Path, own: Mapping[int, str], used: Mapping[int, int]) -> Iterator[Problem]:
    ends = {shard: used.get(shard, 0) for shard in sorted(own)}
    sizes = {shard: _size(folder / own[shard]) for shard in ends}
    longer = [(shard, sizes[shard] - end) for shard, end in ends.items() if sizes[shard] > end]
    for shard, surplus in longer[:_NAMED]:
        message = f"{folder / own[shard]} has {surplus:,} bytes behind the last value in it."
        yield Problem("extra-bytes", message, _LONGER)
    if (more := len(longer) - _NAMED) > 0:
        yield Problem("extra-bytes", f"{more:,} more data files go on behind their last value.", _LONGER)


def _beside(prefix: Path) -> dict[tuple[int, int], str]:
    """The data files of this prefix by their number and their count, in one look at the folder."""
    try:
        names = os.listdir(prefix.parent)  # noqa: PTH208 - names are all that is needed
    except OSError:
        return {}
    parsed = {
        name: file_names.parse(name)
        for name in names
        if name.startswith(f"{file_names.prefix_of(prefix)}.data-")
    }
    return {
        (each.shard, each.shards): name
        for name, each in parsed.items()
        if (each.prefix, each.part) == (file_names.prefix_of(prefix), "data")
    }


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
