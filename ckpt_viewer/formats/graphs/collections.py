"""What the collections of a MetaGraphDef hold, decoded with the protos TensorFlow registers for them.

Which proto belongs to which name: tensorflow/python/framework/ops.py (`GraphKeys`) and the calls of
`register_proto_function`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, overload

from google.protobuf.message import DecodeError, Message

from ckpt_viewer.cancellation import in_breaths
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.graph import Collection
from ckpt_viewer.formats.protos import collections_pb2 as pb
from ckpt_viewer.formats.protos.meta_graph_pb2 import AssetFileDef
from ckpt_viewer.formats.protos.tensor_pb2 import TensorShapeProto
from ckpt_viewer.formats.values.tensors import shape_of, text_or_bytes

PROTOS: dict[str, type[Message]] = {
    "variables": pb.VariableDef,
    "trainable_variables": pb.VariableDef,
    "local_variables": pb.VariableDef,
    "model_variables": pb.VariableDef,
    "moving_average_variables": pb.VariableDef,
    "metric_variables": pb.VariableDef,
    "concatenated_variables": pb.VariableDef,
    "global_step": pb.VariableDef,
    "queue_runners": pb.QueueRunnerDef,
    "cond_context": pb.CondContextDef,
    "while_context": pb.WhileContextDef,
    "savers": pb.SaverDef,
}
ANY_PROTOS: dict[str, type[Message]] = {"AssetFileDef": AssetFileDef}
CONTEXTS: dict[str, type[Message]] = {"cond_ctxt": pb.CondContextDef, "while_ctxt": pb.WhileContextDef}
MOST_ITEMS = 1 << 17  # of one collection that are decoded
DEEPEST = 24  # contexts within contexts that are still written out
SAVER_VERSIONS = ("LEGACY", "V1", "V2")
SYNCHRONIZATIONS = ("AUTO", "NONE", "ON_WRITE", "ON_READ")
AGGREGATIONS = ("NONE", "SUM", "MEAN", "ONLY_FIRST_REPLICA")
_WORDS = {"synchronization": SYNCHRONIZATIONS, "aggregation": AGGREGATIONS, "version": SAVER_VERSIONS}


class Collections(Sequence[Collection]):
    """Decoded when they are first looked at: the variables of a large graph take as long as all its nodes."""

    def __init__(self, entries: Sequence[tuple[str, bytes]]) -> None:
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, place: int) -> Collection: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Collection]: ...
    def __getitem__(self, place: int | slice) -> Collection | Sequence[Collection]:
        return self._decoded[place]

    @cached_property
    def _decoded(self) -> Sequence[Collection]:
        return tuple(decode_collection(*entry) for entry in self._entries)


def decode_collection(name: str, encoded: bytes) -> Collection:
    """One `collection_def`; what cannot be decoded stays bytes, and a problem says so."""
    try:
        message = pb.CollectionDef.FromString(encoded)
    except DecodeError:
        problem = Problem("bad-graph", f"The collection {name!r} is damaged: its bytes make no sense.")
        return Collection(name, "", (), problems=(problem,))
    kind = message.WhichOneof("kind")
    if kind is None:
        return Collection(name, "", ())
    return _DECODERS[kind](name, kind, getattr(message, kind).value)


def _node_list(name: str, kind: str, values: Iterable[bytes]) -> Collection:
    return Collection(name, kind, tuple(value.decode("utf-8", "surrogateescape") for value in values))


def _number_list(name: str, kind: str, values: Iterable[Any]) -> Collection:
    return Collection(name, kind, tuple(values))


def _bytes_list(name: str, kind: str, values: Sequence[bytes]) -> Collection:
    proto = PROTOS.get(name)
    if proto is None:
        return Collection(name, kind, tuple(map(text_or_bytes, values)))
    items = tuple(decode_item(proto, value) for value in in_breaths(islice(values, MOST_ITEMS)))
    problems = (
        *_undecoded(name, proto.DESCRIPTOR.name, items),
        *_left_out(name, items),
        *_too_many(name, values),
    )
    return Collection(name, kind, items, proto.DESCRIPTOR.name, problems)


def _any_list(name: str, kind: str, values: Sequence[pb.AnyValue]) -> Collection:
    decoded = [_any_item(value) for value in islice(values, MOST_ITEMS)]
    items = tuple(item for _, item in decoded)
    protos = {proto for proto, _ in decoded}
    proto = protos.pop() if len(protos) == 1 else ""
    undecoded = _undecoded(name, proto, items) if proto in ANY_PROTOS else ()
    return Collection(name, kind, items, proto, (*undecoded, *_too_many(name, values)))


def _too_many(name: str, values: Sequence[Any]) -> Iterator[Problem]:
    if len(values) > MOST_ITEMS:
        left_out = f"{len(values) - MOST_ITEMS:,} of {len(values):,} items of the collection {name!r}"
        yield Problem("too-large", f"{left_out} are left out: no graph needs so many.")


def _any_item(value: pb.AnyValue) -> tuple[str, Any]:
    """The name of the proto inside, and its content; that of unknown protos stays bytes."""
    url = value.type_url.decode("utf-8", "surrogateescape")
    name = url.rpartition("/")[2].rpartition(".")[2]
    content = decode_item(ANY_PROTOS[name], value.value) if name in ANY_PROTOS else value.value
    if isinstance(content, bytes):
        return name, {"type_url": url, "value": content}
    return name, {"type_url": url} | content


def _undecoded(name: str, proto: str, items: tuple[Any, ...]) -> tuple[Problem, ...]:
    bad = sum(isinstance(item, bytes) or "value" in item for item in items)
    if not bad:
        return ()
    return (
        Problem("bad-graph", f"The collection {name!r} has {bad} of {len(items)} items that are no {proto}."),
    )


def _left_out(name: str, items: tuple[Any, ...]) -> tuple[Problem, ...]:
    """Says so where contexts lie too deep inside of each other."""
    waiting = [item for item in items if isinstance(item, dict)]
    while waiting:
        inner = waiting.pop().get("nested_contexts", [])
        if isinstance(inner, str):
            sentence = f"The collection {name!r} has contexts nested deeper than the {DEEPEST} levels shown."
            return (Problem("bad-graph", sentence),)
        waiting += inner
    return ()


_DECODERS: dict[str, Callable[[str, str, Any], Collection]] = {
    "node_list": _node_list,
    "bytes_list": _bytes_list,
    "int64_list": _number_list,
    "float_list": _number_list,
    "any_list": _any_list,
}


def decode_item(proto: type[Message], encoded: bytes) -> dict[str, Any] | bytes:
    """The fields that are set, as plain values; the bytes themselves where they are no such proto."""
    try:
        message = proto.FromString(encoded)
    except DecodeError:
        return encoded
    return plain_fields(message)


def plain_fields(message: Message) -> dict[str, Any]:
    """The fields of a message that are set: names as text, nested messages as dicts.

    Contexts of control flow lie inside each other; below `DEEPEST` of them only their number is given.
    """
    top: dict[str, Any] = {}
    waiting: list[tuple[dict[str, Any], Message, int]] = [(top, message, 0)]
    while waiting:
        facts, current, depth = waiting.pop()
        for field, value in current.ListFields():
            if field.name != "nested_contexts":
                facts[field.name] = _plain(field.name, value)
            elif depth >= DEEPEST:
                facts["nested_contexts"] = f"{len(value)} more, nested deeper than this program shows"
            else:
                inner = [_context(content) for content in value]
                facts["nested_contexts"] = [plain for plain, _ in inner]
                waiting += [(plain, found, depth + 1) for plain, found in inner if found is not None]
    return top


def _context(encoded: bytes) -> tuple[dict[str, Any], Message | None]:
    """An inner context, its fields still to be filled in; none where its bytes make no sense."""
    try:
        wrapper = pb.ControlFlowContextDef.FromString(encoded)
        kind = wrapper.WhichOneof("ctxt")
        if kind is None:
            return {}, None
        return {"kind": kind.removesuffix("_ctxt")}, CONTEXTS[kind].FromString(getattr(wrapper, kind))
    except DecodeError:
        return {"problem": "its bytes make no sense"}, None


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, TensorShapeProto):
        lengths = shape_of(value)
        return None if lengths is None else list(lengths)
    if isinstance(value, Message):
        return _values(value) if isinstance(value, pb.ValuesDef) else plain_fields(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if name in _WORDS and 0 <= value < len(_WORDS[name]):
        return _WORDS[name][value]
    if isinstance(value, (bool, int, float)):
        return value
    return [_plain("", element) for element in value]


def _values(values: pb.ValuesDef) -> dict[str, Any]:
    outside = {
        entry.key.decode("utf-8", "surrogateescape"): entry.value.decode("utf-8", "surrogateescape")
        for entry in values.external_values
    }
    inside = [value.decode("utf-8", "surrogateescape") for value in values.values]
    return {"values": inside, "external_values": outside}
