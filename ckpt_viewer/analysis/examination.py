"""Reading all of a variable once: what its values are, and whether they are those that were saved."""

from dataclasses import dataclass

from ckpt_viewer.analysis.chunks import PieceChecksums, chunks_of
from ckpt_viewer.analysis.summary import Summary, summarize
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.checksums import unmask
from ckpt_viewer.formats.dtypes import is_numeric


@dataclass(frozen=True, slots=True)
class Examination:
    """Its statistics; `problem` names the stored and the found checksum where they differ."""

    summary: Summary
    problem: Problem | None = None


def examine(checkpoint: Checkpoint, variable: Variable, cancel: CancelToken | None = None) -> Examination:
    """Read it, and once more where a checksum is wrong, to say which; raises `CheckpointError`."""
    token = cancel or CancelToken()
    summary = summarize(checkpoint, variable, token)
    if summary.checksum != "wrong":
        return Examination(summary)
    wrong = _numbers_problem if is_numeric(variable.dtype) else _strings_problem
    return Examination(summary, wrong(checkpoint, variable, token))


def _numbers_problem(checkpoint: Checkpoint, variable: Variable, cancel: CancelToken) -> Problem:
    pieces = checkpoint.pieces(variable)
    checksums = PieceChecksums(pieces)
    for chunk in chunks_of(pieces):
        cancel.check()
        checksums.add(chunk, chunk.load()[1])
    wrong = list(checksums.wrong())
    if not wrong:
        return _changed(checkpoint)
    piece, found = wrong[0]
    message = (
        f"{piece.source.path} has checksum 0x{found:08x} where 0x{unmask(piece.crc32c or 0):08x} is stored."
    )
    more = f" {len(wrong) - 1} more slices of it are wrong too." if len(wrong) > 1 else ""
    hint = "The file was damaged after it was saved, or is still being written."
    return Problem("bad-checksum", message + more, hint)


def _strings_problem(checkpoint: Checkpoint, variable: Variable, cancel: CancelToken) -> Problem:
    try:
        checkpoint.read(variable, cancel=cancel)
    except CheckpointError as error:
        return error.problem
    return _changed(checkpoint)


def _changed(checkpoint: Checkpoint) -> Problem:
    return Problem("changed-on-disk", f"{checkpoint.path} was written to while it was being read.")
