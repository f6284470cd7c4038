"""`.csv`: values as text that reads back to the same values.

One axis gives a value a line, two axes a row a line, without a header, as `numpy.loadtxt` takes them. More
axes give a line for each element with its index in front, under a header `axis0,axis1,…,value`.
Floats are the shortest text that means them, bool is 0 or 1, strings are quoted bytes as they are.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO

import numpy as np

from ckpt_viewer.export.values import Values
from ckpt_viewer.formats.checkpoint import Array

LINES = 65536  # made into text at a time


def write_csv(handle: IO[bytes], entries: Iterable[tuple[str, Values]]) -> None:
    for _, values in entries:
        if len(values.shape) > 2:
            _write_elements(handle, values)
        elif len(values.shape) == 2 and values.shape[1] > 1:
            _write_rows(handle, values, values.shape[1])
        else:
            handle.writelines(text + b"\n" for texts in _texts(values) for text in texts)


def _write_rows(handle: IO[bytes], values: Values, columns: int) -> None:
    position = 0
    for texts in _texts(values):
        begin = 0
        while begin < len(texts):
            row_end = begin + columns - position % columns
            part = texts[begin:row_end]
            handle.write(b",".join(part) + (b"\n" if row_end <= len(texts) else b","))
            position, begin = position + len(part), row_end


def _write_elements(handle: IO[bytes], values: Values) -> None:
    axes = [f"axis{axis}" for axis in range(len(values.shape))]
    handle.write(",".join([*axes, "value\n"]).encode())
    position = 0
    for texts in _texts(values):
        indices = _indices(values.shape, position, len(texts))
        handle.writelines(b"%s%s\n" % pair for pair in zip(indices, texts, strict=True))
        position += len(texts)


def _indices(shape: Sequence[int], start: int, count: int) -> Iterator[bytes]:
    """`0,2,1,` for each element from `start`."""
    index = np.arange(start, start + count)
    columns: list[list[str]] = []
    for length in reversed(shape):
        index, within = np.divmod(index, length)
        columns.insert(0, within.astype("U").tolist())
    return (",".join((*row, "")).encode() for row in zip(*columns, strict=True))


def _texts(values: Values) -> Iterator[list[bytes]]:
    for block in values.blocks:
        for begin in range(0, len(block), LINES):
            yield _as_text(block[begin : begin + LINES])


def _as_text(block: Array) -> list[bytes]:
    if block.dtype == object:
        return [b'"%s"' % text.replace(b'"', b'""') for text in block.tolist()]
    if block.dtype.kind == "b":
        block = block.view(np.uint8)
    texts: list[bytes] = block.astype("S").tolist()
    return [text.strip(b"()") for text in texts] if block.dtype.kind == "c" else texts
