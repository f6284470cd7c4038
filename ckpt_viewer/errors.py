"""What can be wrong with the user's files.

CheckpointError
├── NotFound            there is nothing at this path, or no variable or node of this name
├── NotACheckpoint      the path holds no checkpoint or graph we know
├── AmbiguousPath       the path could mean several checkpoints
├── DamagedFile         a file ends early, or its bytes contradict themselves
│   └── UnfinishedFile  and it was written to moments ago: a save may be in progress
├── MissingShard        the index names a data file that is not there
├── UnsupportedFeature  valid, but beyond this version
│   └── OpaqueValues    only TensorFlow knows what they mean; their bytes are those that were saved
└── RequestRefused      the files are fine; what was asked of them cannot be done

Anything else that escapes is a bug in this program and is shown as one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ckpt_viewer.printable import printable

# Every problem code, with its meaning: scripts may rely on the words, so none is ever renamed.
CODES = {
    "not-found": "nothing is at this path, or nothing has this name",
    "not-readable": "the operating system does not let us read the file",
    "not-a-checkpoint": "the file is of another kind, which the message names where it is known",
    "not-a-graph": "the file holds no graph we know",
    "ambiguous": "the path could mean several checkpoints",
    "empty-file": "the file has no bytes",
    "lfs-pointer": "the file is a git-LFS pointer, the real one was never fetched",
    "truncated": "the file ends before something it promises",
    "bad-checksum": "bytes differ from the checksum stored with them",
    "bad-block": "a block of the table contradicts itself",
    "bad-header": "the header record is missing or makes no sense",
    "bad-entry": "one entry of the index makes no sense",
    "bad-shape": "a shape that no tensor can have",
    "bad-dtype": "a data type number that names no type",
    "bad-size": "the stored size does not fit the shape and type",
    "bad-order": "the keys of the table are not in order, or come twice",
    "bad-slice": "the slices of a partitioned variable do not cover it exactly once",
    "missing-slice": "a slice of a partitioned variable is not in the index",
    "missing-shard": "a data file that the index names is not there",
    "missing-index": "data files without their index",
    "mixed-shards": "data files of several saves share one prefix",
    "other-save": "a data file is probably of another save than the index",
    "partial-save": "a save that was interrupted, or is still going on",
    "unused-damage": "bytes that no reader needs are damaged; every value is untouched",
    "unused-shard": "a data file in which no variable has values is missing",
    "extra-bytes": "a data file holds bytes that belong to no variable",
    "stale-path": "the state file names a checkpoint that is not here",
    "bad-state": "the state file cannot be understood",
    "not-listed": "the state file does not list this save",
    "bad-graph": "the graph contradicts itself",
    "missing-key": "the graph restores a variable that the checkpoint does not have",
    "graph-mismatch": "the checkpoint has a variable in another type or shape than the graph restores",
    "graph-shape": "TensorFlow would give a variable another shape than the graph says, without a word",
    "extra-keys": "the checkpoint has variables that the graph does not restore",
    "too-large": "more than this program will take into memory at once",
    "changed-on-disk": "the file was replaced or cut while it was open",
    "unsupported": "valid, but beyond this version of the program",
    "shared-bytes": "two variables lie in the same bytes",
    "refused": "what was asked cannot be done with this variable or file",
    "not-writable": "the operating system does not let us write the file",
    "exists": "a file of this name is already there",
}


CHOICES_SHOWN = 20
LONGEST_MESSAGE = 1000  # a name in a damaged file may be as long as the file
_BEGINNING, _END = 600, 300


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the user's files, in words for the user.

    Names in it are made printable, and what is too long to read is cut short.

    Attributes:
        cause: What is wrong with the whole file, where the message tells of one of many variables in it.
    """

    code: str
    message: str
    hint: str = ""
    cause: str = ""

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"unknown problem code {self.code!r}")
        object.__setattr__(self, "message", _readable(self.message))
        object.__setattr__(self, "hint", _readable(self.hint))
        object.__setattr__(self, "cause", _readable(self.cause))

    @property
    def of_the_file(self) -> "Problem":
        """The same, as it is for all variables in the file."""
        return Problem(self.code, self.cause or self.message, self.hint)


def _readable(sentence: str) -> str:
    return _shortened(printable(_shortened(sentence)))


def _shortened(sentence: str) -> str:
    if len(sentence) <= LONGEST_MESSAGE:
        return sentence
    return f"{sentence[:_BEGINNING]} … {sentence[-_END:]}"


class CheckpointError(Exception):
    """Something about the user's files stops us: safe to show as it stands.

    Args:
        message: One sentence for the user, naming the file it is about.
        path: The file or folder it is about.
        hint: What to try, or nothing.
        code: A word of `CODES`; each class has its usual one, which an error made without one takes.
        cause: See `Problem`.
    """

    code: str = "refused"

    def __init__(
        self, message: str, *, path: Path | None = None, hint: str = "", code: str = "", cause: str = ""
    ) -> None:
        self.path = path
        self.code = code or type(self).code
        self.problem = Problem(self.code, message, hint, cause)
        super().__init__(self.problem.message)

    @property
    def hint(self) -> str:
        return self.problem.hint


class NotFound(CheckpointError):
    code = "not-found"


class NotACheckpoint(CheckpointError):
    code = "not-a-checkpoint"


class AmbiguousPath(CheckpointError):
    """The message names as many choices as a window can show; `in_full` is the one that names all."""

    code = "ambiguous"

    def __init__(self, path: Path, choices: Sequence[str], hint: str) -> None:
        could_be = f"{path} could mean any of these {len(choices):,}: "
        self.in_full = could_be + ", ".join(choices) + "."
        more = len(choices) - CHOICES_SHOWN
        shown = could_be + ", ".join(choices[:CHOICES_SHOWN]) + f" and {more:,} more."
        super().__init__(shown if more > 0 else self.in_full, path=path, hint=hint)


class DamagedFile(CheckpointError):
    code = "truncated"


class UnfinishedFile(DamagedFile):
    code = "truncated"


class MissingShard(CheckpointError):
    code = "missing-shard"


class UnsupportedFeature(CheckpointError):
    code = "unsupported"


class OpaqueValues(UnsupportedFeature):
    """Their checksums were found right, and nothing else can be said of them."""


class RequestRefused(CheckpointError):
    code = "refused"


class Malformed(Exception):
    """Bytes that do not follow their format; a parser knows no file, so whoever opened it adds the path."""

    def __init__(self, message: str, *, code: str = "truncated") -> None:
        self.problem = Problem(code, message)
        super().__init__(self.problem.message)
