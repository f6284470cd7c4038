"""Exact statistics of variables in a checkpoint: each byte is read once, and all cores work."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

from ckpt_viewer.analysis.chunks import Chunk, PieceChecksums, chunks_of, map_in_order, with_last
from ckpt_viewer.analysis.small_variables import SmallOnes, grouped
from ckpt_viewer.analysis.summary import NOTHING, Checksum, Summary, facts_of
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, DamagedFile, Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Piece, Variable
from ckpt_viewer.formats.values.dtypes import is_numeric
from ckpt_viewer.formats.values.pieces import under
from ckpt_viewer.formats.values.streaming import blocks

Found = tuple[Variable, Summary | CheckpointError]
_MERGED_AT_ONCE = 64


def summarize(
    checkpoint: Checkpoint,
    variable: Variable,
    cancel: CancelToken | None = None,
    executor: Executor | None = None,
) -> Summary:
    """All facts and the checksum in one visit of the bytes; raises `CheckpointError`.

    Without an executor the chunks are worked on by all cores of this machine.
    """
    with closing(summarize_all(checkpoint, [variable], cancel, executor)) as results:
        _, found = next(results)
    if isinstance(found, CheckpointError):
        raise found
    return found


def summarize_all(
    checkpoint: Checkpoint,
    variables: Sequence[Variable],
    cancel: CancelToken | None = None,
    executor: Executor | None = None,
) -> Generator[Found, None, None]:
    """The same of each, in their order; what cannot be read comes as the error.

    Histograms of small variables that lie side by side have few bins (`small_variables.BINS`).
    """
    token, variables = cancel or CancelToken(), list(variables)  # each is made when it is asked for
    total, done = sum(variable.nbytes for variable in variables), 0
    plan = _Plan(checkpoint, token)
    with closing(map_in_order(_carried_out, plan.tasks(variables), token, executor, _size)) as results:
        for task, result in results:
            done += task.nbytes
            token.report(min(done, total), total)
            yield from plan.conclude(result)


@dataclass(frozen=True, slots=True)
class _OfChunk:
    """Work on a part of a variable."""

    chunk: Chunk

    @property
    def nbytes(self) -> int:
        return self.chunk.nbytes

    def carry_out(self) -> tuple[Summary, int]:
        values, checksum = self.chunk.load()
        return facts_of(values), checksum


@dataclass(frozen=True, slots=True)
class _OfStrings:
    """Work on values without a fixed size: they are read, which checks them, and only counted."""

    checkpoint: Checkpoint
    variable: Variable
    cancel: CancelToken

    @property
    def nbytes(self) -> int:
        return self.variable.nbytes

    def carry_out(self) -> Summary:
        checksum: Checksum = "none" if self.variable.crc32c is None else "ok"
        problem: Problem | None = None
        try:
            for _ in blocks(self.checkpoint, self.variable, cancel=self.cancel):
                self.cancel.check()
        except DamagedFile as error:
            if error.problem.code != "bad-checksum":
                raise
            checksum, problem = "wrong", error.problem
        return NOTHING._replace(count=self.variable.element_count, checksum=checksum, problem=problem)


@dataclass(frozen=True, slots=True)
class _Done:
    """No work is left, or there was none: a variable without elements, or one that cannot be read."""

    result: Any
    nbytes: int = 0

    def carry_out(self) -> Any:
        return self.result


_Task = _OfChunk | _OfStrings | _Done


def _carried_out(task: _Task | SmallOnes) -> Any:
    try:
        return task.carry_out()
    except CheckpointError as error:
        return error


def _size(task: _Task) -> int:
    return task.nbytes


class _Whole:
    """A variable whose chunks come in one after the other."""

    def __init__(self, variable: Variable, pieces: Sequence[Piece]) -> None:
        self._variable = variable
        self._checksums = PieceChecksums(pieces)
        self._parts = [NOTHING]
        self._error: CheckpointError | None = None

    def add(self, chunk: Chunk, last: bool, result: tuple[Summary, int] | CheckpointError) -> Iterator[Found]:
        if isinstance(result, CheckpointError):
            self._error = self._error or result
        else:
            self._parts.append(result[0])
            self._checksums.add(chunk, result[1])
        if len(self._parts) > _MERGED_AT_ONCE:
            self._parts = [Summary.merged(self._parts)]
        if last:
            yield self._variable, self._error or self.summary()

    def summary(self) -> Summary:
        checksums = self._checksums
        return Summary.merged(self._parts)._replace(checksum=checksums.verdict, problem=checksums.problem)


class _Plan:
    """The tasks for some variables, and what becomes of the results, which come in the same order."""

    def __init__(self, checkpoint: Checkpoint, cancel: CancelToken) -> None:
        self._checkpoint, self._cancel = checkpoint, cancel
        self._takers: deque[Callable[[Any], Iterable[Found]]] = deque()

    def tasks(self, variables: Sequence[Variable]) -> Iterator[_Task]:
        for each in grouped(self._checkpoint, variables):
            if isinstance(each, SmallOnes):  # mostly Python, which two threads cannot run at once
                self._takers.append(partial(_of_each, each.variables))
                yield _Done(_carried_out(each), each.nbytes)
            else:
                yield from self._tasks_of_one(each)

    def conclude(self, result: Any) -> Iterable[Found]:
        return self._takers.popleft()(result)

    def _tasks_of_one(self, variable: Variable) -> Iterator[_Task]:
        if is_numeric(variable.dtype):
            yield from self._tasks_of_chunks(variable)
        else:
            self._takers.append(partial(_of_one, variable))
            yield _OfStrings(self._checkpoint, variable, self._cancel)

    def _tasks_of_chunks(self, variable: Variable) -> Iterator[_Task]:
        try:
            pieces = under(self._checkpoint.pieces(variable), self._cancel)
        except CheckpointError as error:
            self._takers.append(partial(_of_one, variable))
            yield _Done(error)
            return
        whole, empty = _Whole(variable, pieces), True
        for chunk, last in with_last(chunks_of(pieces)):
            self._takers.append(partial(whole.add, chunk, last))
            yield _OfChunk(chunk)
            empty = False
        if empty:
            self._takers.append(partial(_of_one, variable))
            yield _Done(whole.summary())


def _of_one(variable: Variable, result: Summary | CheckpointError) -> Iterator[Found]:
    yield variable, result


def _of_each(variables: Sequence[Variable], result: Sequence[Summary] | CheckpointError) -> Iterator[Found]:
    if isinstance(result, CheckpointError):
        yield from ((variable, result) for variable in variables)
    else:
        yield from zip(variables, result, strict=True)
