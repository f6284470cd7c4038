"""Files of other programs that land where a checkpoint should be: told by their first bytes.

Each gets one sentence saying what it is, and a hint saying what to do with it.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ckpt_viewer.errors import CheckpointError, NotACheckpoint, UnsupportedFeature

HEAD_SIZE = 1024

# Text has none of these; binary protobufs may begin with a line feed and a brace, but soon show one.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# Possessive throughout: what gives back can be made to take exponentially long.
_TEXT_MESSAGE = re.compile(rb"\s*+(?:#[^\n]*+\s*+)*+[A-Za-z_]\w*+\s*+[:{<]")
_PROSE = re.compile(rb"(?:[\x09-\x7e]|[\xc2-\xf4][\x80-\xbf]++)++[\xc2-\xf4]?\Z")

_DOWNLOAD_AGAIN = "The download failed or needs a login; fetch the file again."
_UNPACK = "Unpack it, then open the folder that comes out."
_KERAS = "Open it with Keras; model.save_weights of TensorFlow's older Keras writes checkpoints."
_PYTORCH = "Open it with PyTorch: torch.load(path, weights_only=True)."
_OTHER_VIEWER = "Netron opens files of this kind."


class Foreign(NamedTuple):
    """One kind of file: how it is recognised, what it is called, what to do with it.

    Attributes:
        code: Its problem code where it has its own; `what` then says all there is to say.
    """

    matches: Callable[[bytes, Path], bool]
    what: str
    hint: str
    code: str = ""


def name_foreign(head: bytes, path: Path) -> CheckpointError | None:
    """What else the file is, by its first bytes (`HEAD_SIZE` of them are enough) and its name.

    Answers None for anything that may be TensorFlow's own, text formats included.
    """
    for kind in FOREIGN:
        if kind.matches(head, path):
            ending = "" if kind.code else ", not a file of a TensorFlow checkpoint"
            message = f"{path} is {kind.what}{ending}."
            return NotACheckpoint(message, path=path, hint=kind.hint, code=kind.code)
    return None


def chunked_graph(path: Path) -> UnsupportedFeature:
    """The container of TensorFlow for graphs of more than 2 GiB: ours by right, but not read."""
    message = f"{path} is a graph of more than 2 GiB in several chunks, which this version does not read."
    hint = "The variables of a SavedModel open without it; TensorFlow reads it."
    return UnsupportedFeature(message, path=path, hint=hint)


def _begins(*magics: bytes) -> Callable[[bytes, Path], bool]:
    return lambda head, path: head.startswith(magics)


def _begins_text(*words: bytes) -> Callable[[bytes, Path], bool]:
    def matches(head: bytes, path: Path) -> bool:
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
        return start.startswith(words) and not _CONTROL.search(head)

    return matches


def _zip_with(*entries: bytes, endings: tuple[str, ...] = ()) -> Callable[[bytes, Path], bool]:
    def matches(head: bytes, path: Path) -> bool:
        if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return False
        return path.name.endswith(endings) or any(entry in head for entry in entries)

    return matches


def _is_keras(head: bytes, path: Path) -> bool:
    """The archive that `model.save` of Keras 3 writes, whatever its name is."""
    zipped = head.startswith(b"PK\x03\x04")
    return zipped and (path.name.endswith(".keras") or (b"metadata.json" in head and b"config.json" in head))


def _is_safetensors(head: bytes, path: Path) -> bool:
    return head[8:9] == b"{" and 2 <= int.from_bytes(head[:8], "little") < 1 << 27


def _is_onnx(head: bytes, path: Path) -> bool:
    """ModelProto: a version number of 3 or more, then the producer's name or an opset."""
    return len(head) > 2 and head[0] == 8 and 3 <= head[1] < 64 and head[2] in (0x12, 0x3A, 0x42)


def _is_mindspore(head: bytes, path: Path) -> bool:
    """Checkpoint.Value of MindSpore: a tag, then a tensor whose type is a word such as `Float32`."""
    word = re.search(rb"\x12[\x04-\x08](?:Float|Int|UInt|Bool|BFloat)\d{0,2}\x1a", head)
    return head[:1] == b"\n" and word is not None


def _is_text(head: bytes, path: Path) -> bool:
    """Prose, code or data in text, but nothing that may be a text protobuf."""
    if not head or path.suffix == ".pbtxt" or _CONTROL.search(head):
        return False
    return not _TEXT_MESSAGE.match(head) and _PROSE.match(head) is not None


# The first that matches counts: what is told by more bytes, or by name, stands before what is told by fewer.
FOREIGN = (
    Foreign(
        _begins(b"version https://git-lfs"),
        "a git-LFS pointer: the real file was never fetched",
        "Run git lfs pull in its repository to fetch it.",
        "lfs-pointer",
    ),
    Foreign(_begins(b"\x89HDF\r\n\x1a\n"), "an HDF5 file, as Keras saves weights", _KERAS),
    Foreign(_is_keras, "a Keras model (a zip archive)", _KERAS),
    Foreign(
        _zip_with(b"data.pkl", b"/.data/", b"constants.pkl", endings=(".pt", ".pth")),
        "a PyTorch file",
        _PYTORCH,
    ),
    Foreign(_zip_with(b".npy", endings=(".npz",)), "a NumPy archive", "Open it with numpy.load."),
    Foreign(_begins(b"PK\x03\x04", b"PK\x05\x06"), "a zip archive", _UNPACK),
    Foreign(_begins(b"\x1f\x8b"), "a gzip archive", _UNPACK),
    Foreign(_begins(b"BZh"), "a bzip2 archive", _UNPACK),
    Foreign(_begins(b"\xfd7zXZ\x00"), "an xz archive", _UNPACK),
    Foreign(_begins(b"\x28\xb5\x2f\xfd"), "a Zstandard archive", _UNPACK),
    Foreign(_begins(b"7z\xbc\xaf\x27\x1c"), "a 7-Zip archive", _UNPACK),
    Foreign(_begins(b"Rar!\x1a\x07"), "a RAR archive", _UNPACK),
    Foreign(lambda head, path: head[257:262] == b"ustar", "a tar archive", _UNPACK),
    Foreign(
        lambda head, path: head[:1] == b"\x80" and head[1:2] in b"\x02\x03\x04\x05" and len(head) > 2,
        "a Python pickle, as PyTorch saved models before 2020",
        _PYTORCH,
    ),
    Foreign(lambda head, path: head[4:8] == b"TFL3", "a TensorFlow Lite model", _OTHER_VIEWER),
    Foreign(_begins(b"GGUF"), "a GGUF file, as llama.cpp uses", _OTHER_VIEWER),
    Foreign(_begins(b"lmgg", b"tjgg", b"fmgg"), "a GGML file, as llama.cpp used", _OTHER_VIEWER),
    Foreign(_begins(b"\x93NUMPY"), "a NumPy array", "Open it with numpy.load."),
    Foreign(_begins(b"MATLAB 5.0 MAT-file"), "a MATLAB file", "Open it with scipy.io.loadmat."),
    Foreign(_is_safetensors, "a safetensors file", "Open it with the safetensors package."),
    Foreign(_is_onnx, "an ONNX model", _OTHER_VIEWER),
    Foreign(_is_mindspore, "a MindSpore checkpoint", "Open it with mindspore.load_checkpoint."),
    Foreign(_begins(b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8"), "a picture", "Open it with a picture viewer."),
    Foreign(_begins(b"%PDF-"), "a PDF document", "Open it with a document viewer."),
    Foreign(
        _begins_text(b"<!doctype html", b"<html", b"<head", b"<body", b"<script"),
        "a web page, probably an error message saved in place of the file",
        _DOWNLOAD_AGAIN,
    ),
    Foreign(
        _begins_text(b"<?xml", b"<error>"),
        "an XML document, probably an error message saved in place of the file",
        _DOWNLOAD_AGAIN,
    ),
    Foreign(
        _begins_text(b"fileformatversion:"),
        "a note of the Unity editor about another file",
        "Unity's .meta files hold no graph; nothing is lost.",
    ),
    Foreign(_begins_text(b"{"), "JSON text", "Open it with a text editor."),
    Foreign(_is_text, "plain text", "Open it with a text editor."),
)
