"""AttrValue → plain Python values (tensorflow/core/framework/attr_value.proto).

| in the file | here |
|---|---|
| `s` | `str`; `bytes` where it is no UTF-8 |
| `i` `f` `b` | `int` `float` `bool` |
| `type` | TensorFlow's name of the type |
| `shape` | list of lengths, -1 where one is unknown; `"unknown rank"` |
| `tensor` | dict: `dtype`, `shape`, and `values`, or `first` of them, or the one value `splat` |
| `func` | dict: `function`, `attributes` |
| `placeholder` | dict: `placeholder` |
| `list` | list of these |
| nothing | None |
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError

from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.protos.graph_pb2 import AttrListing, AttrValueListing, NameAttrListing
from ckpt_viewer.formats.protos.tensor_pb2 import TensorShapeProto
from ckpt_viewer.formats.values import dtypes
from ckpt_viewer.formats.values.tensors import describe_tensor, parse_tensor, shape_of, text_or_bytes

UNKNOWN_RANK = "unknown rank"
DEEPEST = 24  # functions within functions that are still written out
_TOO_DEEP = "nested deeper than this program shows"
_UNREADABLE = "cannot be read: its bytes make no sense"


def attributes_of(entries: Iterable[bytes]) -> dict[str, Any]:
    """All attributes of a node by name, those that begin with `_` last."""
    values = {name: plain_value(value) for name, value in named_values(entries)}
    return dict(sorted(values.items(), key=lambda item: (item[0].startswith("_"), item[0])))


def named_values(entries: Iterable[bytes]) -> Iterable[tuple[str, bytes]]:
    """Names and still encoded values; an entry that is damaged has an empty name."""
    for entry in entries:
        try:
            listing = AttrListing.FromString(entry)
        except DecodeError:
            yield "", entry
        else:
            yield listing.key.decode("utf-8", "surrogateescape"), listing.value


def value_of(entries: Iterable[bytes], name: str) -> AttrValueListing | None:
    """One attribute of a node, still as a message; None where it is absent or damaged."""
    spelled = name.encode()
    for found, value in named_values(entry for entry in entries if spelled in entry):
        if found == name:
            try:
                return AttrValueListing.FromString(value)
            except DecodeError:
                return None
    return None


def plain_value(encoded: bytes, depth: int = 0) -> Any:
    """An encoded AttrValue as the table above says; a sentence where it is damaged or nested too deep."""
    if depth > DEEPEST:
        return {"problem": _TOO_DEEP}
    try:
        message = AttrValueListing.FromString(encoded)
    except DecodeError:
        return {"problem": _UNREADABLE}
    which = message.WhichOneof("value")
    if which is None:
        return None
    value = getattr(message, which)
    return _plain_list(value, depth) if which == "list" else _PLAIN[which](value, depth)


def _plain_list(message: AttrValueListing.ListValue, depth: int) -> list[Any]:
    """The elements of the one kind the list has; protocol buffers would let it have several."""
    return [_PLAIN[field.name](value, depth) for field, values in message.ListFields() for value in values]


def _text(value: bytes, depth: int) -> str | bytes:
    return text_or_bytes(value)


def _same(value: Any, depth: int) -> Any:
    return value


def _float(value: float, depth: int) -> float:
    """The shortest decimal that is the same float32: 0.1, not 0.10000000149011612."""
    return float(str(np.float32(value)))


def _type(value: int, depth: int) -> str:
    return dtypes.name_of(value)


def _shape(value: TensorShapeProto, depth: int) -> list[int] | str:
    lengths = shape_of(value)
    return UNKNOWN_RANK if lengths is None else list(lengths)


def _tensor(value: bytes, depth: int) -> Mapping[str, Any]:
    try:
        return describe_tensor(parse_tensor(value))
    except Malformed as error:
        return {"problem": error.problem.message}


def _placeholder(value: bytes, depth: int) -> Mapping[str, Any]:
    return {"placeholder": text_or_bytes(value)}


def _function(value: NameAttrListing, depth: int) -> Mapping[str, Any]:
    inner = {
        attr.key.decode("utf-8", "surrogateescape"): plain_value(attr.value, depth + 1) for attr in value.attr
    }
    return {"function": text_or_bytes(value.name), "attributes": inner}


_PLAIN: dict[str, Callable[[Any, int], Any]] = {
    "s": _text,
    "i": _same,
    "f": _float,
    "b": _same,
    "type": _type,
    "shape": _shape,
    "tensor": _tensor,
    "placeholder": _placeholder,
    "func": _function,
}
