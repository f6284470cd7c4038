"""A graph made of nodes: what GUI and analysis tests show instead of a file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import NotFound, Problem
from ckpt_viewer.formats.checkpoint import Kind
from ckpt_viewer.formats.graph import (
    Collection,
    Graph,
    GraphFacts,
    Node,
    NodeColumns,
    Origin,
    Placeholder,
    Restore,
    Signature,
)
from ckpt_viewer.formats.graphs.words import Words


@dataclass(frozen=True)
class MemoryColumns:
    names: Sequence[str]
    ops: Words
    devices: Words

    def name_of(self, place: int) -> str:
        return self.names[place]

    def device_of(self, place: int) -> str:
        return self.devices[place]

    @classmethod
    def of(cls, nodes: Sequence[Node]) -> "MemoryColumns":
        ops, devices = Words.of(node.op for node in nodes), Words.of(node.device for node in nodes)
        return cls([node.name for node in nodes], ops, devices)


class MemoryGraph:
    """Follows the `Graph` protocol.

    Args:
        attributes: Plain values by node name.
        keys: Checkpoint keys by the name of the variable op that saves to them.
    """

    kind: Kind = "meta-graph"
    path = Path("memory/model.ckpt-1.meta")

    def __init__(
        self,
        nodes: Sequence[Node],
        *,
        facts: GraphFacts | None = None,
        attributes: Mapping[str, Mapping[str, Any]] | None = None,
        keys: Mapping[str, Sequence[str]] | None = None,
        problems: Sequence[Problem] = (),
        variants: Sequence[Graph] = (),
        restores: Sequence[Restore] = (),
    ) -> None:
        self.nodes = tuple(nodes)
        self.facts = facts or GraphFacts()
        self.problems, self.variants = tuple(problems), tuple(variants)
        self.ops = dict(Counter(node.op for node in nodes).most_common())
        self._attributes, self._keys = dict(attributes or {}), dict(keys or {})
        self._restores = tuple(restores)
        self._by_name = {node.name: node for node in nodes}

    def body(self, function: str) -> Graph:
        (found,) = (each for each in self.facts.functions if each.name == function)
        arguments = [Node(name, "argument") for name in found.inputs]
        return MemoryGraph([*arguments, *found.nodes], facts=GraphFacts(functions=self.facts.functions))

    @property
    def placeholders(self) -> Sequence[Placeholder]:
        return [Placeholder(node.name, "float32", None) for node in self.nodes if node.op == "Placeholder"]

    @property
    def collections(self) -> Sequence[Collection]:
        return self.facts.collections

    @property
    def signatures(self) -> Mapping[str, Signature]:
        return self.facts.signatures

    @property
    def columns(self) -> NodeColumns:
        return MemoryColumns.of(self.nodes)

    def check(self, cancel: CancelToken | None = None) -> Sequence[Problem]:
        return self.problems

    def node(self, name: str) -> Node:
        bare = _bare(name)
        if bare not in self._by_name:
            raise NotFound(f"{self.path} has no node {bare!r}.")
        return self._by_name[bare]

    def consumers(self, name: str) -> Sequence[str]:
        return [node.name for node in self.nodes if name in {*map(_bare, node.inputs), *node.control_inputs}]

    def attributes(self, name: str) -> Mapping[str, Any]:
        return self._attributes.get(self.node(name).name, {})

    def variable_ops(self, name: str) -> Sequence[str]:
        return [node for node, keys in self._keys.items() if name in keys]

    def origins(self) -> Mapping[str, Origin]:
        return self._origins

    def restores(self) -> Sequence[Restore]:
        return self._restores

    def keys_of(self, node: str) -> Sequence[str]:
        return self._keys.get(node, ())


def _bare(name: str) -> str:
    return name.removeprefix("^").partition(":")[0]
