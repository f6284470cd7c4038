"""The Const nodes of a GraphDef, found without keeping it: where in its bytes the tensor of each one is.

Nodes inside of functions do not count: their names are no names of the graph.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from google.protobuf.message import DecodeError

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.graphs.node_list import source_of
from ckpt_viewer.formats.graphs.save_ops import READERS
from ckpt_viewer.formats.protos.graph_pb2 import NodeListing
from ckpt_viewer.formats.storage.wire import BYTES, fields

_NODE = 1
_ATTRIBUTE = 5  # of NodeDef
_KEY, _VALUE = 1, 2  # of an entry of its attributes
_TENSOR = 8  # of AttrValue
_CONTENT = 4  # of TensorProto
_PASSED_ON = READERS | {b"Enter", b"RefEnter"}
# Ops that take a value only to put it elsewhere: what feeds nothing else is no weight of the model.
_PUT_ELSEWHERE = frozenset(
    (b"Assign", b"AssignVariableOp", b"Save", b"SaveSlices", b"SaveV2", b"Restore", b"RestoreV2", b"Assert")
)
_CHECK_EVERY = 256


@dataclass(slots=True)
class Constants:
    """Attributes:
    tensors: Where each TensorProto begins and ends, by name; None where a node has none.
    cut: Whether the graph ends before it should.
    unreadable: How many nodes make no sense.
    repeated: Names that come twice; the first counts.
    """

    tensors: dict[bytes, tuple[int, int] | None] = field(default_factory=dict)
    cut: bool = False
    unreadable: int = 0
    repeated: list[bytes] = field(default_factory=list)
    _ops: dict[bytes, bytes] = field(default_factory=dict)
    _users: defaultdict[bytes, list[bytes]] = field(default_factory=lambda: defaultdict(list))

    def add(self, node: NodeListing, tensor: tuple[int, int] | None) -> None:
        self._ops.setdefault(node.name, node.op)
        for name in node.input:
            if name[:1] != b"^":
                self._users[source_of(name)].append(node.name)
        if node.op != b"Const":
            return
        if node.name in self.tensors:
            self.repeated.append(node.name)
        self.tensors.setdefault(node.name, tensor)

    def was_variable(self, name: bytes) -> bool:
        """Whether it is read as variables are: freezing leaves `w/read` and `…/ReadVariableOp` behind."""
        return any(
            user == name + b"/read" or user.rpartition(b"/")[2].startswith(b"ReadVariableOp")
            for user in self._users.get(name, ())
            if self._ops.get(user) in READERS
        )

    def feeds_an_op(self, name: bytes) -> bool:
        """Whether something computes with it, directly or after reading it."""
        waiting, seen = [name], {name}
        while waiting:
            for user in self._users.get(waiting.pop(), ()):
                op = self._ops.get(user, b"")
                if op not in _PASSED_ON and op not in _PUT_ELSEWHERE:
                    return True
                if op in _PASSED_ON and user not in seen:
                    seen.add(user)
                    waiting.append(user)
        return False


def find_constants(content: bytes, cancel: CancelToken | None = None) -> Constants:
    """Of a GraphDef in the wire format, as far as it can be read; never raises for damage."""
    found, graph = Constants(), memoryview(content)
    try:
        for count, part in enumerate(fields(graph)):
            if cancel is not None and count % _CHECK_EVERY == 0:
                cancel.report(part.start, len(content))
            if part.number == _NODE and part.wire_type == BYTES and part.end <= len(content):
                _add_node(found, graph, part.start, part.end)
    except Malformed:
        found.cut = True
    return found


def _add_node(found: Constants, graph: memoryview, start: int, end: int) -> None:
    try:
        node = NodeListing.FromString(bytes(graph[start:end]))
        tensor = _tensor_in(graph, start, end) if node.op == b"Const" else None
    except (DecodeError, Malformed):
        found.unreadable += 1
        return
    found.add(node, tensor)


def _tensor_in(graph: memoryview, start: int, end: int) -> tuple[int, int] | None:
    """Where the tensor of the attribute `value` is within a node; the last one counts."""
    places: list[tuple[int, int]] = []
    for attribute in _messages(graph, start, end, _ATTRIBUTE):
        names = [bytes(graph[slice(*name)]) for name in _messages(graph, *attribute, _KEY)]
        if names[-1:] == [b"value"]:
            for value in _messages(graph, *attribute, _VALUE):
                places += _messages(graph, *value, _TENSOR)
    return places[-1] if places else None


def _messages(graph: memoryview, start: int, end: int, number: int) -> Iterator[tuple[int, int]]:
    for part in fields(graph[start:end]):
        if part.number == number and part.wire_type == BYTES and part.end <= end - start:
            yield start + part.start, start + part.end


def content_place(tensor: bytes, start: int, size: int) -> int | None:
    """Where `tensor_content`, so many bytes of it, begins in a TensorProto that begins at `start`."""
    places = list(_messages(memoryview(tensor), 0, len(tensor), _CONTENT))
    return start + places[-1][0] if places and places[-1][1] - places[-1][0] == size else None
