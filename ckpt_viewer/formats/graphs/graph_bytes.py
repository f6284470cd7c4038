"""Which of the three graph messages a file holds, and its bytes in the wire format.

Neither a suffix nor a magic number tells: a `.pb` may be any of them, and a `.meta` may be text.
"""

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from google.protobuf.message import Message

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import (
    CheckpointError,
    DamagedFile,
    Malformed,
    NotACheckpoint,
    Problem,
    UnsupportedFeature,
)
from ckpt_viewer.formats.checkpoint import Kind
from ckpt_viewer.formats.foreign import HEAD_SIZE, name_foreign
from ckpt_viewer.formats.graphs import text_graph
from ckpt_viewer.formats.graphs.graph_kinds import is_text
from ckpt_viewer.formats.protos.graph_pb2 import GraphDef
from ckpt_viewer.formats.protos.meta_graph_pb2 import MetaGraphDef
from ckpt_viewer.formats.protos.saved_model_pb2 import SavedModel
from ckpt_viewer.formats.storage.source import LocalFile
from ckpt_viewer.formats.storage.wire import BYTES, VARINT, Field, fields

Form = Literal["GraphDef", "MetaGraphDef", "SavedModel"]

MOST_BYTES = (1 << 31) - 1  # that a protocol buffer may have
TABLE_MAGIC = bytes.fromhex("57fb808b247547db")
_READ_AT_ONCE = 16 << 20
_LOOKED_AT = 32
_OP_NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9_>./-]*\Z")
_MESSAGES: dict[Form, type[Message]] = {
    "GraphDef": GraphDef,
    "MetaGraphDef": MetaGraphDef,
    "SavedModel": SavedModel,
}
_TEXT_FORMS: dict[str, Form] = {
    **dict.fromkeys(("node", "library", "version", "versions"), "GraphDef"),
    **dict.fromkeys(
        ("meta_info_def", "graph_def", "saver_def", "collection_def", "signature_def", "asset_file_def"),
        "MetaGraphDef",
    ),
    **dict.fromkeys(("saved_model_schema_version", "meta_graphs"), "SavedModel"),
    "object_graph_def": "MetaGraphDef",
}
_USUAL_FORMS: dict[Kind, Form] = {
    "meta-graph": "MetaGraphDef",
    "saved-model": "SavedModel",
    "graph-def": "GraphDef",
    "frozen-graph": "GraphDef",
}


@dataclass(frozen=True, slots=True)
class GraphBytes:
    """One graph message in the wire format, whatever the file looks like."""

    form: Form
    content: bytes
    problems: tuple[Problem, ...] = ()
    is_text: bool = False


def read_graph_bytes(path: Path, kind: Kind, cancel: CancelToken | None = None) -> GraphBytes:
    """The message of a file; `kind` decides only where the content fits several. Raises `CheckpointError`."""
    content = _read(path, kind, cancel)
    if not content:
        hint = "The save was interrupted, or the disk was full."
        raise DamagedFile(f"{path} is empty: it has no bytes.", path=path, code="empty-file", hint=hint)
    if foreign := name_foreign(content[:HEAD_SIZE], path):
        raise foreign
    if is_text(content):
        return _from_text(path, content, cancel)
    form = form_of(content, usual_form(kind))
    if form is None:
        raise _no_graph(path, content)
    return GraphBytes(form, content)


def usual_form(kind: Kind) -> Form:
    return _USUAL_FORMS.get(kind, "MetaGraphDef")


def form_of(content: bytes, usual: Form) -> Form | None:
    """Which message the bytes are; None where they are none of the three."""
    first = _first_fields(content)
    if not first or content.endswith(TABLE_MAGIC):
        return None
    if first[0].number == 1 and first[0].wire_type == VARINT:
        graphs = all(field.number == 2 and field.wire_type == BYTES for field in first[1:])
        return "SavedModel" if graphs else None
    if any(
        field.wire_type != BYTES for field in first if not (field.number == 3 and field.wire_type == VARINT)
    ):
        return None
    nodes = [field for field in first if field.number == 1]
    if nodes and all(_is_node(content, field) for field in nodes):
        return "GraphDef"
    if _has_nodes_inside(content, first):
        return "MetaGraphDef"
    return _by_numbers(content, first, usual)


def _by_numbers(content: bytes, first: list[Field], usual: Form) -> Form | None:
    """A message without nodes is what it is called, if its fields are those of such a message."""
    numbers = {field.number for field in first}
    if usual == "SavedModel":
        return "SavedModel" if numbers == {2} else None
    if usual == "GraphDef" and numbers <= {2, 3, 4}:
        return "GraphDef"
    infos = [content[field.start : field.end] for field in first if field.number == 1]
    return "MetaGraphDef" if numbers <= set(range(1, 8)) and all(map(_is_meta_info, infos)) else None


def _is_meta_info(content: bytes) -> bool:
    return all(1 <= field.number <= 8 for field in _first_fields(content))


def _is_node(content: bytes, field: Field) -> bool:
    inner = content[field.start : field.end]
    ops = [part for part in _first_fields(inner) if part.number == 2]
    return bool(ops) and all(
        part.wire_type == BYTES and _OP_NAME.match(inner, part.start, min(part.end, len(inner)))
        for part in ops
    )


def _has_nodes_inside(content: bytes, first: list[Field]) -> bool:
    """Whether field 2 is a GraphDef; only its beginning is looked at."""
    graphs = [
        content[field.start : min(field.end, field.start + (1 << 20))] for field in first if field.number == 2
    ]
    nodes = [(graph, field) for graph in graphs for field in _first_fields(graph) if field.number == 1]
    whole = [(graph, field) for graph, field in nodes if field.end <= len(graph)] or nodes
    return bool(whole) and all(field.wire_type == BYTES and _is_node(graph, field) for graph, field in whole)


def _first_fields(content: bytes) -> list[Field]:
    """The first fields, as far as they make sense."""
    found: list[Field] = []
    try:
        for field in islice(fields(content), _LOOKED_AT):
            found.append(field)
    except Malformed:
        pass
    return found


def _from_text(path: Path, content: bytes, cancel: CancelToken | None) -> GraphBytes:
    content = content.removeprefix(b"\xef\xbb\xbf")
    form = _TEXT_FORMS.get(text_graph.first_field(content))
    if form is None:
        word = text_graph.first_field(content)
        raise NotACheckpoint(
            f"{path} is text but no graph: it begins with {word!r}.", path=path, code="not-a-graph"
        )
    try:
        encoded = text_graph.encode(content, _MESSAGES[form], cancel)
    except Malformed as error:
        message = f"{path} is no readable text graph: {error.problem.message}."
        raise DamagedFile(message, path=path, code=error.problem.code, hint=_DAMAGED_HINT) from error
    return GraphBytes(form, encoded.content, encoded.problems, is_text=True)


_DAMAGED_HINT = "Fetch or export the file again; graphs carry no checksum that could say more."


def _no_graph(path: Path, content: bytes) -> CheckpointError:
    if content.endswith(TABLE_MAGIC):
        hint = "Open it under a name that ends in .index."
        message = f"{path} holds no graph: it is the table of a checkpoint."
        return NotACheckpoint(message, path=path, code="not-a-graph", hint=hint)
    message = f"{path} holds no graph: its bytes are no MetaGraphDef, GraphDef or SavedModel."
    return NotACheckpoint(message, path=path, code="not-a-graph", hint=_DAMAGED_HINT)


def _check_beginning(source: LocalFile, size: int, kind: Kind) -> None:
    """Raise what the file is instead, before gigabytes of something else are read."""
    if size <= _READ_AT_ONCE:
        return
    head = source.read(0, _READ_AT_ONCE)
    if foreign := name_foreign(head[:HEAD_SIZE], source.path):
        raise foreign
    if not is_text(head) and form_of(head, usual_form(kind)) is None:
        raise _no_graph(source.path, source.read(size - len(TABLE_MAGIC), len(TABLE_MAGIC)))


def _read(path: Path, kind: Kind, cancel: CancelToken | None) -> bytes:
    source = LocalFile(path)
    try:
        size = source.size
        if size > MOST_BYTES:
            message = f"{path} has {size} bytes; a graph in one file has at most {MOST_BYTES}."
            raise UnsupportedFeature(message, path=path, code="too-large")
        _check_beginning(source, size, kind)
        parts = []
        for start in range(0, size, _READ_AT_ONCE):
            if cancel is not None:
                cancel.check()
            parts.append(source.read(start, min(_READ_AT_ONCE, size - start)))
        return parts[0] if len(parts) == 1 else b"".join(parts)
    finally:
        source.close()
