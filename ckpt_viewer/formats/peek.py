"""What a few bytes of a file tell about it, where its name does not."""

import errno
import os
import re
from pathlib import Path
from typing import BinaryIO, Literal

from ckpt_viewer.formats.foreign import HEAD_SIZE
from ckpt_viewer.formats.roles.object_keys import OBJECT_GRAPH
from ckpt_viewer.formats.storage.source import open_regular
from ckpt_viewer.formats.storage.sstable import Footer

TableFormat = Literal["v1", "index"]

_FIRST_KEYS = 128  # bytes that hold the empty key with its header, and the key after it

# An empty key, the length of the value, and the field it begins with: SavedTensorSlices or BundleHeaderProto.
_FIRST_RECORD = re.compile(rb"\0\0[\x80-\xff]{0,4}[\0-\x7f](?:(\n)|[\x08\x10\x1a])")


def names_file(path: Path) -> bool:
    """`Path.is_file`, and no where the name would be too long; raises other `OSError`."""
    try:
        return path.is_file()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return False
        raise


def is_v1(path: Path, *, cut: bool = True) -> bool:
    """By its last bytes; with `cut` also by its first, where its end is missing. Raises `OSError`."""
    return table_format(path) == "v1" or (cut and begun_table(read_head(path)) == "v1")


def read_head(path: Path, size: int = HEAD_SIZE) -> bytes:
    """The first bytes of the file; raises `OSError`, also for what is no regular file."""
    with os.fdopen(open_regular(path), "rb") as file:
        return _given(file, size)


def read_tail(path: Path, size: int = Footer.SIZE) -> bytes:
    """The last bytes of the file; raises `OSError` as well."""
    with os.fdopen(open_regular(path), "rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - size))
        return _given(file, size)


def holds_objects(path: Path) -> bool:
    """Whether a V2 index begins with the graph of Python's objects; False where it cannot be read.

    TensorFlow 2 saves it in place of a `.meta`; its key comes before all that begin with a small letter.
    """
    try:
        return OBJECT_GRAPH.encode() in read_head(path, _FIRST_KEYS)
    except OSError:
        return False


def begun_table(head: bytes) -> TableFormat | None:
    """Which table begins like this, if it does so uncompressed."""
    match = _FIRST_RECORD.match(head)
    return None if match is None else "v1" if match[1] else "index"


def table_format(path: Path) -> TableFormat | None:
    """Which table the file is by its last bytes, V1 checkpoint or V2 index; raises `OSError`.

    Table and footer: tensorflow/core/lib/io/format.h.
    """
    with os.fdopen(open_regular(path), "rb") as file:
        if file.seek(0, os.SEEK_END) < Footer.SIZE:
            return None
        file.seek(-len(Footer.MAGIC), os.SEEK_END)
        if _given(file, len(Footer.MAGIC)) != Footer.MAGIC:
            return None
        file.seek(0)
        return begun_table(_given(file, 8)) or "v1"


def _given(file: BinaryIO, size: int) -> bytes:
    """Nothing where the file would have us wait, as some of the kernel's do: then `read` gives None."""
    return file.read(size) or b""
