"""What tells two exports of a SavedModel apart, from a file beside its graph.

Field numbers: tensorflow/core/protobuf/fingerprint.proto.
"""

import errno
from dataclasses import dataclass
from pathlib import Path

from ckpt_viewer.errors import Malformed, Problem
from ckpt_viewer.formats.peek import read_head
from ckpt_viewer.formats.storage.wire import BYTES, VARINT, Field, fields, text

FINGERPRINT = "fingerprint.pb"
LARGEST = 1 << 16  # bytes; there is nothing in it that grows
_HASHES = {
    1: "saved_model_checksum",
    2: "graph_def_program_hash",
    3: "signature_def_hash",
    4: "saved_object_graph_hash",
    5: "checkpoint_hash",
}
_VERSION, _UUID = 6, 7
_PRODUCER = 1  # of VersionDef


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """FingerprintDef of a SavedModel, which tells two exports apart; 0 where a hash is absent."""

    saved_model_checksum: int
    graph_def_program_hash: int
    signature_def_hash: int
    saved_object_graph_hash: int
    checkpoint_hash: int
    version: int
    uuid: str


def read_fingerprint(folder: Path) -> tuple[Fingerprint | None, list[Problem]]:
    """None where there is no such file; a file that cannot be read is a problem."""
    path = folder / FINGERPRINT
    try:
        return parse_fingerprint(read_head(path, LARGEST)), []
    except Malformed as error:
        message = f"{path} cannot be read: {error.problem.message}."
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return None, []
        message = f"{path} cannot be read: {error.strerror or error}."
    return None, [Problem("bad-graph", message, "The graph and the variables are read without it.")]


def parse_fingerprint(content: bytes) -> Fingerprint:
    """Raises `Malformed`."""
    hashes, producer, uuid = dict.fromkeys(_HASHES.values(), 0), 0, ""
    for field in fields(content):
        if field.end > len(content):
            raise Malformed("it is cut short")
        if field.number in _HASHES and field.wire_type == VARINT:
            hashes[_HASHES[field.number]] = field.value
        elif field.number == _VERSION and field.wire_type == BYTES:
            producer = _producer(content[field.start : field.end])
        elif field.number == _UUID and field.wire_type == BYTES:
            uuid = text(content[field.start : field.end])
    return Fingerprint(version=producer, uuid=uuid, **hashes)


def _producer(version: bytes) -> int:
    found = [field for field in fields(version) if _is_producer(field)]
    return found[-1].value if found else 0


def _is_producer(field: Field) -> bool:
    return field.number == _PRODUCER and field.wire_type == VARINT
