"""Whether a GraphDef is frozen: constants, and no op that would hold a variable.

Every command and the tree take their word from here. The nodes are gone through one by one, without the
values of the constants, and no further than to the first variable.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.checkpoint import Kind
from ckpt_viewer.formats.graphs.graph_kinds import is_text
from ckpt_viewer.formats.storage.source import open_regular
from ckpt_viewer.formats.storage.wire import BYTES, fields

# Ops that hold a variable.
HOLDERS = frozenset(
    (
        b"VarHandleOp",
        b"VariableV2",
        b"Variable",
        b"AutoReloadVariable",
        b"TemporaryVariable",
        b"_VarHandlesOp",
    )
)
_HEAD = 1024  # bytes of a node, which begins with its name and its op
_CHUNK = 1 << 20
_OVERLAP = 64  # no text that is searched for is longer
_LONGEST_TAG = 20
_NODE, _OP = 1, 2
_TEXT_OP = re.compile(
    rb"""\bop\s{0,9}:\s{0,9}["'](Const|%s)["']""" % b"|".join(map(re.escape, sorted(HOLDERS)))
)
_LIBRARY = re.compile(rb"^library\s{0,9}\{", re.MULTILINE)


def graph_def_kind(path: Path, cancel: CancelToken | None = None) -> Kind:
    """`frozen-graph` or `graph-def`, as far as the file can be read."""
    try:
        return _kind(path, cancel)
    except OSError:
        return "graph-def"


def _kind(path: Path, cancel: CancelToken | None) -> Kind:
    with os.fdopen(open_regular(path), "rb") as file:
        ops = _ops_in_text if is_text(file.read(_HEAD) or b"") else _ops
        file.seek(0)
        frozen = False
        for count, op in enumerate(ops(file)):
            if cancel is not None and count % 256 == 0:
                cancel.check()
            if op in HOLDERS:
                return "graph-def"
            frozen = frozen or op == b"Const"
    return "frozen-graph" if frozen else "graph-def"


def _ops(file: BinaryIO) -> Iterator[bytes]:
    """The op of each node, up to where the file makes no sense."""
    position, size = 0, os.fstat(file.fileno()).st_size
    while start := file.read(_LONGEST_TAG):
        try:
            field = next(fields(start))
        except Malformed:
            return
        length = field.end - field.start
        if field.number == _NODE and field.wire_type == BYTES:
            file.seek(position + field.start)
            yield _op_of(file.read(min(length, _HEAD)))
        position += field.end
        if position > size:  # cut short, or a length that no file has
            return
        file.seek(position)


def _op_of(node: bytes) -> bytes:
    try:
        for field in fields(node):
            if field.number == _OP and field.wire_type == BYTES:
                return node[field.start : field.end]
    except Malformed:  # cut by us, usually
        pass
    return b""


def _ops_in_text(file: BinaryIO) -> Iterator[bytes]:
    """Whether constants and variables are among the ops; those of the function library do not count."""
    kept = b""
    while chunk := file.read(_CHUNK):
        text = kept + chunk
        library = _LIBRARY.search(text)
        for match in _TEXT_OP.finditer(text, 0, library.start() if library else len(text)):
            yield match[1]
        if library:
            return
        yield b""  # a moment to look at the token
        kept = text[-_OVERLAP:]
