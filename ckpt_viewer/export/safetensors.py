"""`.safetensors`: a JSON header, then the values.

Written here and not by the library of that name, which wants all tensors in memory at once: this takes a
block at a time. The tests read the files back with the library.

Format: https://huggingface.co/docs/safetensors (u64 length of the header, header, one buffer).
"""

import json
from collections.abc import Iterable
from typing import IO

from ckpt_viewer.errors import RequestRefused
from ckpt_viewer.export.values import Values, content

_TYPES = {
    "bool": "BOOL",
    "int8": "I8",
    "uint8": "U8",
    "int16": "I16",
    "uint16": "U16",
    "float16": "F16",
    "int32": "I32",
    "uint32": "U32",
    "float32": "F32",
    "int64": "I64",
    "uint64": "U64",
    "float64": "F64",
    "complex64": "C64",
}
_RESERVED = "__metadata__"


def prepare_safetensors(values: Values) -> Values:
    if values.dtype_name not in _TYPES:
        message = (
            f"{values.variable.name} is of type {values.variable.dtype}, which .safetensors cannot hold."
        )
        raise RequestRefused(message, hint="Use --format npz, or --format csv for strings.")
    return values


def write_safetensors(handle: IO[bytes], entries: Iterable[tuple[str, Values]]) -> None:
    """Wider types come first, so that every tensor begins at a multiple of its item size."""
    ordered = sorted(entries, key=lambda entry: -entry[1].dtype.itemsize)
    header, offset = {}, 0
    for key, values in ordered:
        end = offset + values.nbytes
        header[key + "~2" if key == _RESERVED else key] = {
            "dtype": _TYPES[values.dtype_name],
            "shape": values.shape,
            "data_offsets": (offset, end),
        }
        offset = end
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    handle.write(len(text).to_bytes(8, "little") + text)
    for _, values in ordered:
        for block in values.blocks:
            handle.write(content(block))
