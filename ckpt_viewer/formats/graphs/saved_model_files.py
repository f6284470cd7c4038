"""What lies beside the graph of a SavedModel: its fingerprint, and the assets that the graph names.

Field numbers: tensorflow/core/protobuf/fingerprint.proto.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from ckpt_viewer.errors import Malformed, Problem
from ckpt_viewer.formats.graph import Fingerprint
from ckpt_viewer.formats.graphs.signatures import text
from ckpt_viewer.formats.peek import read_head
from ckpt_viewer.formats.storage.wire import BYTES, VARINT, Field, fields

FINGERPRINT = "fingerprint.pb"
LARGEST = 1 << 16  # bytes; there is nothing in it that grows
_NAMED = 5  # of the assets that are missing; the others are counted
_HASHES = {
    1: "saved_model_checksum",
    2: "graph_def_program_hash",
    3: "signature_def_hash",
    4: "saved_object_graph_hash",
    5: "checkpoint_hash",
}
_VERSION, _UUID = 6, 7
_PRODUCER = 1  # of VersionDef


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


def missing_assets(folder: Path, names: Iterable[str]) -> Iterator[Problem]:
    """Of the assets a graph names, those that are not in its folder; nothing is looked for outside of it."""
    lost = [name for name in dict.fromkeys(names) if not _is_there(folder / "assets", name)]
    for name in lost[:_NAMED]:
        message = f"{folder / 'assets' / name} is not there; the graph reads it."
        yield Problem("not-found", message, "Copy it from where the model was exported.")
    if (more := len(lost) - _NAMED) > 0:
        yield Problem("not-found", f"{more:,} more assets of {folder} are not there.")


def _is_there(assets: Path, name: str) -> bool:
    inside = ".." not in PurePosixPath(name).parts and ".." not in PureWindowsPath(name).parts
    rooted = PurePosixPath(name).is_absolute() or bool(PureWindowsPath(name).anchor)
    return inside and not rooted and "\0" not in name and os.path.exists(assets / name)  # noqa: PTH110


def _producer(version: bytes) -> int:
    found = [field for field in fields(version) if _is_producer(field)]
    return found[-1].value if found else 0


def _is_producer(field: Field) -> bool:
    return field.number == _PRODUCER and field.wire_type == VARINT
