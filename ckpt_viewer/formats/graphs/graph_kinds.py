"""Which graph message a file holds, by its first bytes: the suffix `.pb` stands for any of them.

Field numbers: tensorflow/core/protobuf/meta_graph.proto, saved_model.proto and
tensorflow/core/framework/graph.proto.
"""

import re

from ckpt_viewer.formats.checkpoint import Kind
from ckpt_viewer.formats.foreign import HEAD_SIZE

_OP_NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9_>./-]*")
_TEXT_START = re.compile(rb"\s*+(?:#[^\n]*+(?:\n\s*+|\Z))*+([A-Za-z_]\w*+)\s*+[:{<]")
_CONTROL = re.compile(rb"[\x00-\x08]")
_TEXT_FIELDS: dict[bytes, Kind] = {
    b"node": "graph-def",
    b"library": "graph-def",
    b"versions": "graph-def",
    b"version": "graph-def",
    b"meta_info_def": "meta-graph",
    b"graph_def": "meta-graph",
    b"saver_def": "meta-graph",
    b"collection_def": "meta-graph",
    b"signature_def": "meta-graph",
    b"asset_file_def": "meta-graph",
    b"object_graph_def": "meta-graph",
    b"saved_model_schema_version": "saved-model",
    b"meta_graphs": "saved-model",
}
_META_INFO_TAGS = frozenset((0x0A, 0x12, 0x1A, 0x22, 0x2A, 0x32, 0x38, 0x42))


def is_text(content: bytes) -> bool:
    """Whether it begins like a text message; binary ones begin with a newline or a number below 9."""
    start = content[:HEAD_SIZE].removeprefix(b"\xef\xbb\xbf").lstrip()
    return bool(re.match(rb"[A-Za-z#]", start)) and not _CONTROL.search(content, 0, HEAD_SIZE)


def graph_kind(head: bytes) -> Kind | None:
    """The kind that the first bytes of a file speak for, None if for none; 1 KiB of them is enough."""
    if match := _TEXT_START.match(head.removeprefix(b"\xef\xbb\xbf")):
        return _TEXT_FIELDS.get(match[1])
    if head.startswith(b"\x08\x01") and head[2:3] in (b"\x12", b""):
        return "saved-model"
    if head.startswith(b"\n"):
        return _kind_of_first_message(_message(head, 0)[0])
    if head.startswith(b"\x12"):
        return "meta-graph" if _kind_of_first_message(_message(_message(head, 0)[0], 0)[0]) else None
    return None


def _kind_of_first_message(body: bytes) -> Kind | None:
    """NodeDef begins a GraphDef, MetaInfoDef a MetaGraphDef."""
    first, rest = _message(body, 0) if body.startswith(b"\n") else (b"", 0)
    second = _message(body, rest)[0] if body[rest : rest + 1] == b"\x12" else None
    if second and first and _OP_NAME.fullmatch(second):
        return "graph-def"
    if body[:1] and body[0] in _META_INFO_TAGS and (second is None or second.startswith(b"\n")):
        return "meta-graph"
    return None


def _message(buffer: bytes, start: int) -> tuple[bytes, int]:
    """The bytes of the length-delimited field at `start`, as far as they are here, and where it ends."""
    length, shift, position = 0, 0, start + 1
    while position < len(buffer) and shift < 64:
        byte = buffer[position]
        length |= (byte & 0x7F) << shift
        shift, position = shift + 7, position + 1
        if byte < 0x80:
            return buffer[position : position + length], position + length
    return b"", len(buffer)
