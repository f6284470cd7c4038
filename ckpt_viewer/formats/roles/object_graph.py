"""The Python objects that a TensorFlow 2 checkpoint was saved from, and the keys of their values.

Layout: tensorflow/core/protobuf/trackable_object_graph.proto. The graph is stored as one string among the
variables; it may have cycles and objects that several others share.
"""

import time
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from google.protobuf.message import DecodeError

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.protos.object_graph_pb2 import TrackableObjectGraph

VARIABLE_VALUE = "VARIABLE_VALUE"
ROOT = 0
DEEPEST_PATH = 64  # objects within objects whose path is still written out
LONGEST_PATH = 1000  # characters
MOST_PARTS = 2_000_000  # objects and references together: far more than 100,000 variables have
_GIVE_WAY = 1000
# What optimizers count with: Keras up to 2.10, Keras since, `tf.compat.v1.train` ones.
_OPTIMIZER_MARKS = frozenset(("iter", "_iterations", "beta1_power"))


@dataclass(frozen=True, slots=True)
class SavedValue:
    """One value of an object; `attribute` is `VARIABLE_VALUE` for variables, else `table` and the like."""

    node: int
    attribute: str
    full_name: str


@dataclass(frozen=True, slots=True)
class SlotReference:
    """Attributes: owner: the node of the variable that the optimizer keeps the slot for."""

    owner: int
    name: str
    optimizer: int


class ObjectGraph:
    """Nodes are numbered; node 0 is what was saved.

    Attributes:
        values: What each key of the checkpoint is the value of.
        slots: The slot variables that optimizers list, by their node.
        optimizers: The nodes that keep slots, or count as only optimizers do.
    """

    def __init__(
        self, nodes: Sequence[TrackableObjectGraph.TrackableObject], cancel: CancelToken | None = None
    ) -> None:
        self._children: list[tuple[tuple[int, str], ...]] = []
        self.values: dict[str, SavedValue] = {}
        self.slots: dict[int, SlotReference] = {}
        self.key_of: dict[int, str] = {}
        self._marked: set[int] = set()
        for number, node in enumerate(nodes):
            if number % _GIVE_WAY == 0 and cancel is not None:
                cancel.check()
                time.sleep(0)
            self._add(number, node, len(nodes))
        self.optimizers = frozenset(self._optimizers())

    @classmethod
    def parse(cls, content: bytes, cancel: CancelToken | None = None) -> Self:
        """Raises `Malformed` for bytes that are no TrackableObjectGraph."""
        if content.count(b"\n") > MOST_PARTS:  # the tag of every one of them
            raise Malformed("it has more objects than any model", code="unsupported")
        try:
            return cls(TrackableObjectGraph.FromString(content).nodes, cancel)
        except DecodeError as error:
            raise Malformed("its bytes are no TrackableObjectGraph", code="bad-graph") from error

    def children(self, node: int) -> Sequence[tuple[int, str]]:
        """Number and local name of each, in the order they were tracked."""
        return self._children[node]

    def value_of(self, key: str) -> SavedValue | None:
        """What a key is the value of; the keys of tables and iterators go on behind the listed one."""
        for listed in (key, key.rpartition("-")[0], key.rpartition("_")[0]):
            if found := self.values.get(listed):
                return found
        return None

    def path(self, node: int) -> str | None:
        """The way from the saved object, as Python writes it (`model.layers[0].kernel`); None without one.

        Of the ways there are, a short one that does not lead through an optimizer.
        """
        for reached in (self._beside_optimizers, self._everywhere):
            if node in reached:
                return _written(node, reached)
        return None

    def _add(self, number: int, node: TrackableObjectGraph.TrackableObject, count: int) -> None:
        children = ((child.node_id, _text(child.local_name)) for child in node.children)
        self._children.append(tuple((child, name) for child, name in children if 0 <= child < count))
        for saved in node.attributes:
            key, attribute = _text(saved.checkpoint_key), _text(saved.name)
            self.values.setdefault(key, SavedValue(number, attribute, _text(saved.full_name)))
            if attribute == VARIABLE_VALUE:
                self.key_of.setdefault(number, key)
        for slot in node.slot_variables:
            reference = SlotReference(slot.original_variable_node_id, _text(slot.slot_name), number)
            self.slots.setdefault(slot.slot_variable_node_id, reference)
            self._marked.add(number)

    def _optimizers(self) -> Iterator[int]:
        yield from self._marked
        for number, children in enumerate(self._children):
            if any(name in _OPTIMIZER_MARKS and child in self.key_of for child, name in children):
                yield number

    @cached_property
    def _everywhere(self) -> Mapping[int, tuple[int, str]]:
        return self._reached(())

    @cached_property
    def _beside_optimizers(self) -> Mapping[int, tuple[int, str]]:
        return self._reached(self.optimizers)

    def _reached(self, closed: Collection[int]) -> dict[int, tuple[int, str]]:
        """The parent and local name by which each object is reached first, going nearest first."""
        reached = {ROOT: (ROOT, "")} if self._children else {}
        waiting = deque(reached)
        while waiting:
            node = waiting.popleft()
            for child, name in () if node in closed else self._children[node]:
                if child not in reached:
                    reached[child] = (node, name)
                    waiting.append(child)
        return reached


def _written(node: int, reached: Mapping[int, tuple[int, str]]) -> str | None:
    names: list[str] = []
    length = 0
    while node != ROOT:
        node, name = reached[node]
        names.append(name)
        length += len(name)
        if len(names) > DEEPEST_PATH or length > LONGEST_PATH:
            return None
    steps = [_step(name) for name in reversed(names)]
    return "".join(steps).removeprefix(".") or None


def _step(name: str) -> str:
    if name.isidentifier():
        return f".{name}"
    if name.isascii() and name.isdigit():
        return f"[{name}]"
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{quoted}']"


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
