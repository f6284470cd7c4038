"""Every byte of a checkpoint against the checksums stored with it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ckpt_viewer.analysis.chunks import Chunk, PieceChecksums, chunks_of, map_in_order
from ckpt_viewer.analysis.extents import Extents
from ckpt_viewer.analysis.foreign_data import FileTally
from ckpt_viewer.analysis.small_variables import SmallOnes, grouped
from ckpt_viewer.analysis.verification import BY_BLOCK, CheckStatus, VariableCheck, Verification
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, OpaqueValues, Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Kind, Piece, Variable
from ckpt_viewer.formats.values.dtypes import is_numeric
from ckpt_viewer.formats.values.pieces import under

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
# Kinds that store no checksum with a variable, but one with every block: reading checks it.
_CHECKED_BY_BLOCK: tuple[Kind, ...] = ("v1",)


def verify(checkpoint: Checkpoint, cancel: CancelToken | None = None) -> Verification:
    """Read everything once, on all cores, and say of each variable whether it is what was saved.

    Progress is reported in bytes. Problems are results here: none is raised.
    """
    token = cancel or CancelToken()
    extents, tally = Extents(), FileTally()
    checks = tuple(_checks(checkpoint, extents, tally, token))
    foreign = tally.foreign()
    found = [*checkpoint.problems, *foreign.values(), *extents.overlaps(checkpoint.path)]
    found += _audit(checkpoint, token)
    checks = _in_short(checks, dict(tally.names_in(foreign)))
    fine = all(check.status in ("ok", "unchecked") for check in checks)
    return Verification(checks, (), fine).with_more(found)


def _audit(checkpoint: Checkpoint, cancel: CancelToken) -> list[Problem]:
    found = []
    try:
        for problem in checkpoint.audit(cancel):
            found.append(problem)
    except CheckpointError as error:
        found.append(error.problem)
    return found


def _in_short(checks: tuple[VariableCheck, ...], foreign: Mapping[str, Path]) -> tuple[VariableCheck, ...]:
    """Of values in a file that is of another save, two checksums each say nothing."""
    if not foreign:
        return checks
    return tuple(
        replace(check, message=f"Its bytes are not those that were saved, as most in {foreign[check.name]}.")
        if check.name in foreign
        else check
        for check in checks
    )


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


_Work = _Step | SmallOnes


def _checks(
    checkpoint: Checkpoint, extents: Extents, tally: FileTally, cancel: CancelToken
) -> Iterator[VariableCheck]:
    variables = list(checkpoint.variables)
    total = sum(variable.nbytes for variable in variables)
    done, problem = 0, None
    work = _work(checkpoint, variables, extents, cancel)
    with closing(map_in_order(partial(_checksum, checkpoint, cancel), work, cancel, size=_size)) as results:
        for step, found in results:
            done += _size(step)
            cancel.report(min(done, total), total)
            if isinstance(step, SmallOnes):
                yield from _checks_of(step, found, tally)
                continue
            if isinstance(found, Problem):
                problem = problem or found
            elif step.chunk is not None and step.checksums is not None:
                step.checksums.add(step.chunk, found)
            if step.last:
                if step.checksums is not None and problem is None:
                    tally.add(step.variable.name, step.checksums)
                yield _check(checkpoint.kind, step, problem)
                problem = None


def _checks_of(small: SmallOnes, found: Any, tally: FileTally) -> Iterator[VariableCheck]:
    if isinstance(found, Problem):
        yield from (_damaged(variable.name, found) for variable in small.variables)
        return
    tally.add_neighbours(small, found)
    for place, variable in enumerate(small.variables):
        if place in found:
            yield _damaged(variable.name, found[place])
        else:
            yield _sound(variable.name, variable.crc32c is not None)


def _work(
    checkpoint: Checkpoint, variables: Sequence[Variable], extents: Extents, cancel: CancelToken
) -> Iterator[_Work]:
    for each in grouped(checkpoint, variables):
        if isinstance(each, SmallOnes):
            extents.add_neighbours(each)
            yield each
        else:
            yield from _steps(checkpoint, each, extents, cancel)


def _size(step: _Work) -> int:
    """How many bytes are read for it."""
    if isinstance(step, SmallOnes):
        return step.nbytes
    if step.chunk is not None:
        return step.chunk.nbytes
    return 0 if step.checksums is not None else step.variable.nbytes


def _steps(
    checkpoint: Checkpoint, variable: Variable, extents: Extents, cancel: CancelToken
) -> Iterator[_Step]:
    if variable.problem is not None:
        yield _Step(variable, problem=variable.problem)
        return
    if not is_numeric(variable.dtype):
        yield _Step(variable)
        return
    try:
        pieces = under(checkpoint.pieces(variable), cancel)
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


def _checksum(checkpoint: Checkpoint, cancel: CancelToken, step: _Work) -> Any:
    """Of a chunk; values without a fixed size are read, which checks them; of small ones what is wrong."""
    if isinstance(step, SmallOnes):
        try:
            return step.wrong()
        except CheckpointError as error:
            return error.problem
    if step.problem is not None:
        return step.problem
    try:
        if step.chunk is not None:
            return step.chunk.checksum()
        if step.checksums is None:
            checkpoint.read(step.variable, verify=True, cancel=cancel)
    except OpaqueValues:
        return 0  # their bytes were found right
    except CheckpointError as error:
        return error.problem
    return 0


def _check(kind: Kind, step: _Step, problem: Problem | None) -> VariableCheck:
    name = step.variable.name
    if problem is None and step.checksums is not None:
        problem = step.checksums.problem
    if problem is not None:
        return _damaged(name, problem)
    if kind in _CHECKED_BY_BLOCK:
        return VariableCheck(name, "ok", BY_BLOCK)
    stored = step.variable.crc32c is not None if step.checksums is None else step.checksums.verdict == "ok"
    return _sound(name, stored)


def _damaged(name: str, problem: Problem) -> VariableCheck:
    status = _STATUS_OF_CODE.get(problem.code, "damaged")
    message = " ".join(filter(None, (problem.message, problem.hint)))
    return VariableCheck(name, status, message, problem.cause)


def _sound(name: str, stored: bool) -> VariableCheck:
    if stored:
        return VariableCheck(name, "ok", "Its bytes are those that were saved.")
    return VariableCheck(
        name, "unchecked", "Its bytes are all there, but this format stores no checksum to check them with."
    )
