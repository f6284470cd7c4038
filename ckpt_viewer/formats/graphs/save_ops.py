"""What the save and restore ops of a graph say: which key stands for which variable op.

Their second input is a constant with the keys, their last inputs are the values; see
tensorflow/core/ops/io_ops.cc. TensorFlow 2 puts them into a function, whose arguments are the inputs of the
node that calls it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from ckpt_viewer.errors import CheckpointError, Malformed
from ckpt_viewer.formats.graph import Function, Saver
from ckpt_viewer.formats.graphs.attributes import value_of
from ckpt_viewer.formats.graphs.node_list import NodeList, source_of
from ckpt_viewer.formats.protos.graph_pb2 import NodeListing
from ckpt_viewer.formats.storage.wire import text
from ckpt_viewer.formats.values.tensors import parse_tensor, tensor_value

READERS = frozenset(
    (b"Identity", b"ReadVariableOp", b"_ReadVariablesOp", b"RefIdentity", b"Cast", b"Snapshot")
)
# Op → place of the input that holds the keys, and of the first value.
SAVE_OPS: Mapping[bytes, tuple[int, int]] = {b"SaveV2": (1, 3), b"SaveSlices": (1, 3), b"Save": (1, 2)}
RESTORE_OPS = frozenset((b"RestoreV2", b"RestoreSlice", b"Restore"))
_KEYS_OF_RESTORE = 1
_MOST_KEY_BYTES = 1 << 24
_LONGEST_WAY = 16
_MOST_TRANSFERS = 1 << 19  # a graph may be built to name the same keys again and again


@dataclass(frozen=True, slots=True)
class Transfer:
    """One key that a node saves or restores; `value` names the op it saves, by its name in the main graph."""

    key: str
    node: int
    value: bytes | None = None


class NodeIndex:
    """The nodes of a graph or of a function by name."""

    def __init__(self, nodes: Sequence[NodeListing], place: Mapping[bytes, int]) -> None:
        self.nodes, self.place = nodes, place
        self._strings: dict[bytes, list[str]] = {}

    @classmethod
    def of(cls, nodes: Sequence[NodeListing]) -> "NodeIndex":
        return cls(nodes, {node.name: place for place, node in enumerate(nodes)})

    def node(self, name: bytes) -> NodeListing | None:
        place = self.place.get(source_of(name))
        return None if place is None else self.nodes[place]

    def origin(self, name: bytes) -> bytes:
        """The node, or the argument of a function, whose value reaches `name` through nothing but reads."""
        for _ in range(_LONGEST_WAY):
            node = self.node(name)
            if node is None or node.op not in READERS or not node.input:
                break
            name = node.input[0]
        return source_of(name)

    def strings(self, name: bytes) -> list[str]:
        """The strings of a constant; none where it is no constant."""
        if name not in self._strings:
            self._strings[name] = self._decoded_strings(name)
        return self._strings[name]

    def _decoded_strings(self, name: bytes) -> list[str]:
        node = self.node(name)
        value = value_of(node.attr, "value") if node is not None and node.op == b"Const" else None
        if value is None:
            return []
        try:
            strings = tensor_value(parse_tensor(value.tensor), most_bytes=_MOST_KEY_BYTES)
        except (Malformed, CheckpointError):
            return []
        return [text(key) for key in strings.reshape(-1) if isinstance(key, bytes)]

    def behind(self, name: str, ops: Iterable[bytes]) -> list[int]:
        """The nodes of these ops that must run for the node of this name."""
        wanted, found = frozenset(ops), set[int]()
        start = self.place.get(source_of(name.encode("utf-8", "surrogateescape")))
        waiting, seen = [] if start is None else [start], set[int]()
        while waiting:
            place = waiting.pop()
            if place in seen:
                continue
            seen.add(place)
            if self.nodes[place].op in wanted:
                found.add(place)
                continue
            sources = (self.place.get(source_of(source)) for source in self.nodes[place].input)
            waiting += [source for source in sources if source is not None]
        return sorted(found)


def transfers(index: NodeIndex, saver: Saver | None, functions: Iterable[Function]) -> Iterator[Transfer]:
    """What the graph's own saver saves and restores; what any save op does where there is no saver."""
    return islice(_transfers(index, saver, functions), _MOST_TRANSFERS)


def _transfers(index: NodeIndex, saver: Saver | None, functions: Iterable[Function]) -> Iterator[Transfer]:
    saves = index.behind(saver.save_tensor_name, SAVE_OPS) if saver else []
    restores = index.behind(saver.restore_op_name, RESTORE_OPS) if saver else []
    if saver is not None and not saves:
        yield from _in_functions(index, saver, functions)
    for place in saves or _all(index, SAVE_OPS):
        for key, value in _saved(index, index.nodes[place]):
            yield Transfer(key, place, index.origin(value))
    for place in restores or _all(index, RESTORE_OPS):
        data = data_inputs(index.nodes[place])
        if len(data) > _KEYS_OF_RESTORE:
            yield from (Transfer(key, place) for key in index.strings(data[_KEYS_OF_RESTORE]))


def _in_functions(index: NodeIndex, saver: Saver, functions: Iterable[Function]) -> Iterator[Transfer]:
    """The saves inside the function that the saver calls."""
    called = saver.save_tensor_name.encode("utf-8", "surrogateescape")
    call = index.node(called)
    function = None if call is None else called_function(call, functions)
    if call is None or function is None or not isinstance(function.nodes, NodeList):
        return
    body = NodeIndex.of(function.nodes.listings)
    given = dict(
        zip((name.encode("utf-8", "surrogateescape") for name in function.inputs), call.input, strict=False)
    )
    restore = index.place.get(source_of(saver.restore_op_name.encode("utf-8", "surrogateescape")))
    for place in _all(body, SAVE_OPS):
        for key, value in _saved(body, body.nodes[place]):
            argument = given.get(body.origin(value))
            if argument is not None:
                yield Transfer(key, index.place[source_of(called)], index.origin(argument))
            if argument is not None and restore is not None:
                yield Transfer(key, restore)


def called_function(call: NodeListing, functions: Iterable[Function]) -> Function | None:
    attribute = value_of(call.attr, "f")
    name = text(attribute.func.name) if attribute is not None else ""
    return next((function for function in functions if function.name == name), None)


def _all(index: NodeIndex, ops: Iterable[bytes]) -> list[int]:
    wanted = frozenset(ops)
    return [place for place, node in enumerate(index.nodes) if node.op in wanted]


def _saved(index: NodeIndex, node: NodeListing) -> Iterator[tuple[str, bytes]]:
    """Keys and the inputs they are saved from."""
    keys, first = SAVE_OPS[node.op]
    data = data_inputs(node)
    if len(data) > keys:
        yield from zip(index.strings(data[keys]), data[first:], strict=False)


def data_inputs(node: NodeListing) -> list[bytes]:
    return [name for name in node.input if name[:1] != b"^"]
