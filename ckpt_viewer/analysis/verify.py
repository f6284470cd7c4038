"""Every byte of a checkpoint against the checksums stored with it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from ckpt_viewer.analysis.chunks import Chunk, PieceChecksums, chunks_of, map_in_order
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Kind, Piece, Variable
from ckpt_viewer.formats.storage.source import ByteSource
from ckpt_viewer.formats.values.dtypes import is_numeric

CheckStatus = Literal["ok", "damaged", "missing-data", "unreadable", "unchecked"]
STATUSES: tuple[CheckStatus, ...] = ("ok", "damaged", "missing-data", "unreadable", "unchecked")

# What a problem says of the variable it was met at; all others mean that its bytes are not what was saved.
_STATUS_OF_CODE: dict[str, CheckStatus] = {
    "missing-shard": "missing-data",
    "not-found": "missing-data",
    "lfs-pointer": "missing-data",
    "partial-save": "missing-data",
    "not-readable": "unreadable",
    "too-large": "unreadable",
    "refused": "unreadable",
    "unsupported": "unchecked",
}
# Problems of a checkpoint as a whole that take nothing away from its values.
_HARMLESS = {"stale-path", "bad-state", "unsupported", "bad-graph", "not-a-graph", "not-a-checkpoint"}
# Kinds that store no checksum with a variable, but one with every block: reading checks it.
_CHECKED_BY_BLOCK: tuple[Kind, ...] = ("v1",)
_OVERLAPS_NAMED = 20


@dataclass(frozen=True, slots=True)
class VariableCheck:
    """Attributes: message: one sentence on what the status means here, and what to do."""

    name: str
    status: CheckStatus
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Attributes: ok: no variable and no file is damaged, missing or unreadable."""

    variables: tuple[VariableCheck, ...]
    problems: tuple[Problem, ...]
    ok: bool


def verify(checkpoint: Checkpoint, cancel: CancelToken | None = None) -> Verification:
    """Read everything once, on all cores, and say of each variable whether it is what was saved.

    Progress is reported in bytes. Problems are results here: none is raised.
    """
    token = cancel or CancelToken()
    extents = _Extents()
    checks = tuple(_checks(checkpoint, extents, token))
    problems = (*checkpoint.problems, *extents.overlaps(checkpoint))
    fine = all(check.status in ("ok", "unchecked") for check in checks)
    whole = all(problem.code in _HARMLESS for problem in checkpoint.problems)
    return Verification(checks, problems, fine and whole)


@dataclass(frozen=True, slots=True)
class _Step:
    """A part of the work on a variable: a chunk of it, or nothing to read.

    Attributes:
        problem: What is known to be wrong before its bytes are read.
    """

    variable: Variable
    chunk: Chunk | None = None
    problem: Problem | None = None
    checksums: PieceChecksums | None = None
    last: bool = True


def _checks(checkpoint: Checkpoint, extents: "_Extents", cancel: CancelToken) -> Iterator[VariableCheck]:
    total = sum(variable.nbytes for variable in checkpoint.variables)
    done, problem = 0, None
    steps = (step for variable in checkpoint.variables for step in _steps(checkpoint, variable, extents))
    with closing(map_in_order(partial(_checksum, checkpoint, cancel), steps, cancel)) as results:
        for step, found in results:
            if isinstance(found, Problem):
                problem = problem or found
            elif step.chunk is not None and step.checksums is not None:
                step.checksums.add(step.chunk, found)
            done += step.chunk.nbytes if step.chunk else 0 if step.checksums else step.variable.nbytes
            cancel.report(min(done, total), total)
            if step.last:
                yield _check(checkpoint.kind, step, problem)
                problem = None


def _steps(checkpoint: Checkpoint, variable: Variable, extents: "_Extents") -> Iterator[_Step]:
    if variable.problem is not None:
        yield _Step(variable, problem=variable.problem)
        return
    if not is_numeric(variable.dtype):
        yield _Step(variable)
        return
    try:
        pieces = checkpoint.pieces(variable)
    except CheckpointError as error:
        yield _Step(variable, problem=error.problem)
        return
    extents.add(variable.name, pieces)
    yield from _chunk_steps(variable, pieces)


def _chunk_steps(variable: Variable, pieces: Sequence[Piece]) -> Iterator[_Step]:
    checksums = PieceChecksums(pieces)
    before: Chunk | None = None
    for chunk in chunks_of(pieces):
        if before is not None:
            yield _Step(variable, before, None, checksums, last=False)
        before = chunk
    yield _Step(variable, before, None, checksums)


def _checksum(checkpoint: Checkpoint, cancel: CancelToken, step: _Step) -> int | Problem:
    """Of a chunk; values without a fixed size are read, which checks them."""
    if step.problem is not None:
        return step.problem
    try:
        if step.chunk is not None:
            return step.chunk.checksum()
        if step.checksums is None:
            checkpoint.read(step.variable, verify=True, cancel=cancel)
    except CheckpointError as error:
        return error.problem
    return 0


def _check(kind: Kind, step: _Step, problem: Problem | None) -> VariableCheck:
    name = step.variable.name
    if problem is None and step.checksums is not None:
        problem = step.checksums.problem
    if problem is not None:
        status = _STATUS_OF_CODE.get(problem.code, "damaged")
        return VariableCheck(name, status, " ".join(filter(None, (problem.message, problem.hint))))
    if kind in _CHECKED_BY_BLOCK:
        return VariableCheck(name, "ok", "The blocks of the file that hold it match their checksums.")
    stored = step.variable.crc32c is not None if step.checksums is None else step.checksums.verdict == "ok"
    if stored:
        return VariableCheck(name, "ok", "Its bytes are those that were saved.")
    return VariableCheck(
        name, "unchecked", "Its bytes are all there, but this format stores no checksum to check them with."
    )


@dataclass(slots=True)
class _Extents:
    """Where the bytes of all variables lie, to find those that share some."""

    by_source: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)
    sources: dict[int, ByteSource] = field(default_factory=dict)

    def add(self, name: str, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            if piece.nbytes:
                self.sources[id(piece.source)] = piece.source
                extents = self.by_source.setdefault(id(piece.source), [])
                extents.append((piece.offset, piece.offset + piece.nbytes, name))

    def overlaps(self, checkpoint: Checkpoint) -> Iterator[Problem]:
        """A problem for each two neighbours that share bytes; many are counted together."""
        found = [
            (self.sources[key], first, second)
            for key, extents in self.by_source.items()
            for first, second in _sharing(sorted(extents))
        ]
        for source, first, second in found[:_OVERLAPS_NAMED]:
            yield Problem(
                "bad-entry",
                f"{first} and {second} share bytes of {source.path}.",
                "TensorFlow gives each variable bytes of its own; the index may be wrong.",
            )
        if (more := len(found) - _OVERLAPS_NAMED) > 0:
            yield Problem("bad-entry", f"{more} more pairs of variables of {checkpoint.path} share bytes.")


def _sharing(extents: list[tuple[int, int, str]]) -> Iterator[tuple[str, str]]:
    """Extents in order of where they begin: each is compared with the one that reaches furthest so far."""
    end, owner = 0, ""
    for start, stop, name in extents:
        if owner and start < end:
            yield owner, name
        if stop > end:
            end, owner = stop, name
