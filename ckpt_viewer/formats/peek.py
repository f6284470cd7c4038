"""What a few bytes of a file tell about it, where its name does not."""

import os
from pathlib import Path
from typing import Literal

from ckpt_viewer.formats.foreign import HEAD_SIZE
from ckpt_viewer.formats.sstable import Footer

# How the value of an index's first record, its BundleHeaderProto, begins; after the empty key and its length.
_INDEX_VALUE = (b"\x08", b"\x10", b"\x1a")


def read_head(path: Path, size: int = HEAD_SIZE) -> bytes:
    """The first bytes of the file; raises `OSError`."""
    with path.open("rb") as file:
        return file.read(size)


def table_format(path: Path) -> Literal["v1", "index"] | None:
    """Which table the file is by its last bytes, V1 checkpoint or V2 index; raises `OSError`.

    Table and footer: tensorflow/core/lib/io/format.h.
    """
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) < Footer.SIZE:
            return None
        file.seek(-len(Footer.MAGIC), os.SEEK_END)
        if file.read() != Footer.MAGIC:
            return None
        file.seek(0)
        head = file.read(4)
    return "index" if head.startswith(b"\0\0") and head[3:] in _INDEX_VALUE else "v1"
