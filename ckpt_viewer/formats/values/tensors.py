"""TensorProto → numpy: values of Const nodes and attributes.

Layout: tensorflow/core/framework/tensor.proto. A proto of 30 bytes may stand for 2^40 elements (its last
value fills the rest), so nothing is expanded before its size is known to be allowed.
"""

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError

from ckpt_viewer.errors import CheckpointError, Malformed
from ckpt_viewer.formats.checkpoint import Array
from ckpt_viewer.formats.protos.tensor_pb2 import TensorProto, TensorShapeProto
from ckpt_viewer.formats.storage.wire import varint
from ckpt_viewer.formats.values import dtypes

MOST_BYTES = 1 << 31  # that a constant may take when it is expanded
MOST_REPEATED = 1 << 22  # strings that one stored string stands for; each takes a place in memory
MOST_RANK = 64
_PREVIEW = 16
_OPAQUE = ("resource", "variant")
_FIELDS = {
    "float32": "float_val",
    "float64": "double_val",
    "string": "string_val",
    "complex64": "scomplex_val",
    "complex128": "dcomplex_val",
    "int64": "int64_val",
    "bool": "bool_val",
    "float16": "half_val",
    "bfloat16": "half_val",
    "uint32": "uint32_val",
    "uint64": "uint64_val",
}
_FIELDS |= {f"{sign}int{bits}": "int_val" for sign in ("", "u") for bits in (2, 4, 8, 16)}
_FIELDS |= dict.fromkeys(["int32", "qint8", "quint8", "qint16", "quint16", "qint32"], "int_val")


@dataclass(frozen=True, slots=True)
class TensorHead:
    """What a TensorProto says it is; `shape` is None for an unknown rank, -1 for an unknown length."""

    dtype: str
    shape: tuple[int, ...] | None

    @classmethod
    def of(cls, tensor: TensorProto) -> "TensorHead":
        return cls(dtypes.name_of(tensor.dtype), shape_of(tensor.tensor_shape))

    @property
    def element_count(self) -> int:
        """Elements; raises `Malformed` for shapes that no constant can have."""
        if self.shape is None or min(self.shape, default=0) < 0:
            raise Malformed("its shape is not fully known", code="bad-shape")
        if len(self.shape) > MOST_RANK:
            raise Malformed(f"it has {len(self.shape)} axes", code="bad-shape")
        if (count := prod(self.shape)) >= 1 << 63:
            raise Malformed("its shape has more than 2^63 elements", code="bad-shape")
        return count


def shape_of(shape: TensorShapeProto) -> tuple[int, ...] | None:
    return None if shape.unknown_rank else tuple(dim.size for dim in shape.dim)


def parse_tensor(encoded: bytes) -> TensorProto:
    """Raises `Malformed` for bytes that are no TensorProto, or one nested too deep."""
    try:
        return TensorProto.FromString(encoded)
    except DecodeError as error:
        raise Malformed("it is no tensor, or one nested too deep", code="bad-graph") from error


def stored_values(tensor: TensorProto) -> Array:
    """The values a TensorProto spells out, one-dimensional: all, fewer or more than it has elements."""
    dtype = dtypes.name_of(tensor.dtype)
    if tensor.tensor_content:
        return _from_content(tensor, dtype)
    if dtype in dtypes.BY_NAME and dtype.startswith(("float8", "float4")):
        return dtypes.decode(np.frombuffer(tensor.float8_val, np.uint8), dtype)
    field = _FIELDS.get(dtype)
    if field is None:
        raise Malformed(f"values of type {dtype} cannot be shown", code="bad-dtype")
    return _from_list(getattr(tensor, field), dtype)


def stored_bytes(tensor: TensorProto) -> int:
    """Bytes that the values it spells out take, without decoding them; of strings only their own."""
    dtype = dtypes.name_of(tensor.dtype)
    if tensor.tensor_content:
        return len(tensor.tensor_content)
    if dtype == "string":
        return sum(map(len, tensor.string_val))
    parts = 2 if dtype.startswith("complex") else 1
    stored = getattr(tensor, _FIELDS.get(dtype, "float8_val"))
    return len(stored) // parts * dtypes.item_size(dtype)


def tensor_value(tensor: TensorProto, *, most_bytes: int = MOST_BYTES) -> Array:
    """All values in the shape the proto says; the last stored value fills what is missing.

    Raises `Malformed` where shape, type and stored bytes contradict each other, or the result would take
    more than `most_bytes`.
    """
    head = TensorHead.of(tensor)
    count = head.element_count
    check_size(head, most_bytes)
    _check_strings(tensor, count)
    stored = stored_values(tensor)
    _check_reach(head, max(stored.itemsize, np.dtype(object).itemsize))
    if len(stored) >= count:
        return stored[:count].reshape(head.shape or ())
    values = np.empty(count, stored.dtype)
    values[: len(stored)] = stored
    values[len(stored) :] = stored[-1] if len(stored) else _zero(head.dtype)
    return values.reshape(head.shape or ())


def check_size(head: TensorHead, most_bytes: int = MOST_BYTES) -> None:
    size = head.element_count * (dtypes.item_size(head.dtype) or np.dtype(object).itemsize)
    if size > most_bytes:
        raise Malformed(f"it stands for {head.element_count} elements", code="too-large")


def _check_strings(tensor: TensorProto, count: int) -> None:
    """Strings that are spelled out may be as many as there are: the file has their bytes."""
    is_repeated = dtypes.name_of(tensor.dtype) == "string" and count > len(tensor.string_val)
    if is_repeated and count > max(MOST_REPEATED, len(tensor.tensor_content)):
        raise Malformed(f"it stands for {count} strings", code="too-large")


def _check_reach(head: TensorHead, item_size: int) -> None:
    """Numpy multiplies the axes that are not empty, too."""
    if prod(filter(None, head.shape or ())) * item_size >= 1 << 63:
        raise Malformed("its shape reaches further than memory can", code="too-large")


def check_tensor(tensor: TensorProto) -> None:
    """Raises `Malformed` for a tensor that TensorFlow could not use; its values are not decoded."""
    head = TensorHead.of(tensor)
    if head.dtype in _OPAQUE:
        return
    check_size(head)
    _check_strings(tensor, head.element_count)
    if head.dtype not in dtypes.BY_NAME:
        raise Malformed(f"its type is {head.dtype}", code="bad-dtype")
    if tensor.tensor_content and head.dtype != "string":
        _check_content(tensor.tensor_content, head.element_count * dtypes.item_size(head.dtype))


def describe_tensor(tensor: TensorProto) -> dict[str, Any]:
    """Type, shape and the first values as plain Python; what one value fills is said, not expanded."""
    head = TensorHead.of(tensor)
    facts: dict[str, Any] = {"dtype": head.dtype, "shape": None if head.shape is None else list(head.shape)}
    try:
        return facts | _described_values(tensor, head)
    except Malformed as error:
        return facts | {"problem": error.problem.message}
    except CheckpointError as error:
        return facts | {"problem": str(error)}


def _described_values(tensor: TensorProto, head: TensorHead) -> dict[str, Any]:
    count, stored = head.element_count, stored_values(tensor)
    if not len(stored) and count:
        return {"splat": _plain_list(np.array([_zero(head.dtype)], stored.dtype))[0]}
    if len(stored) == 1 and count > 1:
        return {"splat": _plain_list(stored)[0]}
    if prod(filter(None, head.shape or ())) <= _PREVIEW:
        return {"values": _nested(tensor_value(tensor))}
    facts: dict[str, Any] = {"first": _plain_list(stored[:_PREVIEW]), "elements": count}
    return facts | ({"rest": _plain_list(stored[-1:])[0]} if len(stored) < count else {})


def _from_content(tensor: TensorProto, dtype: str) -> Array:
    head = TensorHead.of(tensor)
    count = head.element_count
    if dtype == "string":
        return _packed_strings(tensor.tensor_content, count)
    if (size := dtypes.item_size(dtype)) == 0:
        raise Malformed(f"values of type {dtype} cannot be shown", code="bad-dtype")
    _check_content(tensor.tensor_content, count * size)
    return dtypes.decode(np.frombuffer(tensor.tensor_content, np.uint8), dtype)


def _check_content(content: bytes, size: int) -> None:
    if len(content) != size:
        raise Malformed(f"it stores {len(content)} bytes where {size} belong", code="bad-size")


def _packed_strings(content: bytes, count: int) -> Array:
    """`count` lengths, then the bytes of all strings; no checksum."""
    if count > len(content):
        raise Malformed(f"it stores {len(content)} bytes for {count} strings", code="bad-size")
    lengths, position = [], 0
    for _ in range(count):
        length, position = varint(content, position)
        lengths.append(length)
    if position + sum(lengths) != len(content):
        raise Malformed("the lengths of its strings do not add up", code="bad-size")
    values = np.empty(count, object)
    for place, length in enumerate(lengths):
        values[place] = content[position : position + length]
        position += length
    return values


def _from_list(stored: Any, dtype: str) -> Array:
    if dtype == "string":
        values = np.empty(len(stored), object)
        values[:] = list(stored)
        return values
    if dtype in ("float16", "bfloat16"):
        return np.fromiter(stored, np.int64, len(stored)).astype(np.uint16).view(dtypes.numpy_dtype(dtype))
    if dtype in ("complex64", "complex128"):
        part = np.float32 if dtype == "complex64" else np.float64
        pairs = np.fromiter(stored, part, len(stored))
        return pairs[: len(pairs) // 2 * 2].view(dtypes.numpy_dtype(dtype))
    if _FIELDS[dtype] == "int_val":
        return _from_integers(stored, dtype)
    return np.fromiter(stored, dtypes.numpy_dtype(dtype), len(stored))


def _from_integers(stored: Any, dtype: str) -> Array:
    """Small integers come as int32; what does not fit wraps around, as it does in TensorFlow."""
    unit = f"u{dtypes.item_size(dtype)}"
    raw = np.fromiter(stored, np.int64, len(stored)).astype(f"<{unit}").view(np.uint8)
    return dtypes.decode(raw, dtype)


def _zero(dtype: str) -> Any:
    return b"" if dtype == "string" else np.zeros((), dtypes.numpy_dtype(dtype))[()]


def _nested(values: Array) -> Any:
    """Nested lists of plain values; a bare value for a scalar."""
    plain = np.empty(values.size, object)
    plain[:] = _plain_list(values.reshape(-1))
    return plain.reshape(values.shape).tolist()


def _plain_list(values: Array) -> list[Any]:
    """What JSON can hold: numbers in their shortest decimal form, complex ones as text, strings as text."""
    if values.dtype == object:
        return [text_or_bytes(value) for value in values]
    if values.dtype.kind == "c":
        return [str(value) for value in values]
    if values.dtype in (np.float16, np.float32):
        return [float(str(value)) for value in values]
    if values.dtype.kind in "fiub":
        return list(values.tolist())
    whole = "int" in values.dtype.name
    with np.errstate(invalid="ignore"):  # a NaN may be of the kind that asks for a warning
        return list(values.astype(np.int64 if whole else np.float64).tolist())


def text_or_bytes(value: bytes) -> str | bytes:
    """Text where the bytes are UTF-8, else the bytes as they are."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value
