"""The parts of a table that no reader needs: its metaindex, and the padding of its footer."""

from collections.abc import Iterator

from ckpt_viewer.errors import Malformed, Problem
from ckpt_viewer.formats.storage.cursor import Cursor
from ckpt_viewer.formats.storage.source import ByteSource
from ckpt_viewer.formats.storage.sstable import Footer, entries, read_block

_HARMLESS = (
    "No value is touched and nobody reads it, but the file was altered after it was saved: copy it again."
)


def audit_table(source: ByteSource) -> Iterator[Problem]:
    """For a table that could be opened; raises what the source raises."""
    tail = source.read(source.size - Footer.SIZE, Footer.SIZE)
    if any(_padding(tail)):
        message = f"The padding before the last eight bytes of {source.path} is not zero."
        yield Problem("unused-damage", message, _HARMLESS)
    try:
        entries(read_block(source, Footer.parse(tail).metaindex))
    except Malformed as error:
        message = f"The empty metaindex of {source.path} is damaged: {error.problem.message}."
        yield Problem("unused-damage", message, _HARMLESS)


def _padding(tail: bytes) -> bytes:
    """What is between the two handles of a footer and its magic number."""
    cursor = Cursor(tail, end=Footer.SIZE - len(Footer.MAGIC))
    for _ in range(4):
        cursor.varint()
    return cursor.take(cursor.left)
