"""What the name of a file says about the save it belongs to: `P.index`, `P.data-00000-of-00002`, `P.meta`.

Names as tensorflow/core/util/tensor_bundle/naming.h and tensorflow/python/training/saver.py make them.
A prefix may end in anything, even `.index`, so at most one known ending is taken off. It may be nothing: what
is saved as `folder/` lies there as `.index` and `.data-00000-of-00001`. No path says so, and the path of its
index stands for it.
"""

import re
from pathlib import Path
from typing import Literal, NamedTuple

STATE_NAME = "checkpoint"
SAVED_MODEL_NAMES = ("saved_model.pb", "saved_model.pbtxt", "saved_model.cpb")
Part = Literal["index", "meta", "data", "v1-shard", "leftover", "temporary", "other"]

# Counts beyond five digits are written with as many as they need; one of none is no count of shards.
_COUNT = r"(?!0+\Z)(\d{5,9})"
_SHARD = re.compile(rf"(.*?)(\.data)?-(\d{{5,9}})-of-{_COUNT}", re.DOTALL | re.ASCII)
_V1_PATTERN = re.compile(rf"(.+)-\?{{5}}-of-{_COUNT}", re.DOTALL | re.ASCII)
_LEFTOVER = re.compile(
    r"(?:\.tempstate\d+|\.tmp[0-9a-f]{8,}|\.part-\d{5,9}-of-\d{5,9}\..+)\Z", re.DOTALL | re.ASCII
)
_TEMP_FOLDER = re.compile(r"(.+)_temp(?:_[0-9a-f]{32})?", re.DOTALL | re.ASCII)
_NAMELESS = ".index"
_STEP = re.compile(r"(.*)-(\d+)", re.DOTALL | re.ASCII)


class FileName(NamedTuple):
    """A name taken apart.

    Attributes:
        prefix: What the files of one save share; the whole name where `part` is `other`.
        part: `leftover` is a file of a save that did not end, `temporary` any other file written aside.
        shard: Number of this data file, of `shards`; both 0 for other parts.
    """

    prefix: str
    part: Part
    shard: int = 0
    shards: int = 0


def parse(name: str) -> FileName:
    if match := _LEFTOVER.search(name):
        return _parse_leftover(name[: match.start()], match[0])
    if name.endswith(".index"):
        return FileName(name[:-6], "index")
    if name.endswith(".meta"):
        return FileName(name[:-5], "meta")
    if "-of-" in name and (match := _SHARD.fullmatch(name)):
        prefix, data, shard, shards = match.groups()
        if prefix or data:
            return FileName(prefix, "data" if data else "v1-shard", int(shard), int(shards))
    return FileName(name, "other")


def prefix_path(folder: Path, prefix: str) -> Path:
    """What opens the save of this prefix in a folder."""
    return folder / (prefix or _NAMELESS)


def prefix_of(path: Path) -> str:
    """What the files of the save begin with that this path opens."""
    return "" if path.name == _NAMELESS else path.name


def file_of(path: Path, ending: str) -> Path:
    """One file of the save that this path opens."""
    return path.with_name(prefix_of(path) + ending)


def step_of(prefix: str) -> int | None:
    """The digits after the last `-`, as TensorFlow appends the global step."""
    match = _STEP.fullmatch(prefix)
    return int(match[2]) if match else None


def family_of(prefix: str) -> str:
    """The prefix without its step: what all saves of one run share."""
    match = _STEP.fullmatch(prefix)
    return match[1] if match else prefix


def v1_pattern(prefix: str, shards: int) -> str:
    """The name TensorFlow gives a V1 checkpoint in several files, question marks and all."""
    return f"{prefix}-?????-of-{shards:05d}"


def parse_v1_pattern(name: str) -> tuple[str, int] | None:
    """The prefix and the number of shards of such a name."""
    match = _V1_PATTERN.fullmatch(name)
    return (match[1], int(match[2])) if match else None


def shard_name(prefix: str, shard: int, shards: int, *, data: bool) -> str:
    return f"{prefix}{'.data' if data else ''}-{shard:05d}-of-{shards:05d}"


def temp_folder_prefix(name: str) -> str | None:
    """The prefix whose sharded save would collect its parts in a folder of this name."""
    match = _TEMP_FOLDER.fullmatch(name)
    return match[1] if match else None


def _parse_leftover(name: str, ending: str) -> FileName:
    """What an unfinished save left: of one of its own files, or of another file written aside."""
    if _LEFTOVER.search(name) or not name:
        return FileName(name + ending, "other")
    whole = parse(name)
    own = whole.part != "other" or not ending.startswith(".tmp")
    return FileName(whole.prefix, "leftover" if own else "temporary")
