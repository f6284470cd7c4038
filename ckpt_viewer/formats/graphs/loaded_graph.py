"""A graph in memory: follows the `Graph` protocol, and makes its indexes when they are first needed."""

import difflib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from ckpt_viewer.cancellation import CancelToken, in_breaths
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
from ckpt_viewer.formats.graphs.attributes import attributes_of, value_of
from ckpt_viewer.formats.graphs.edges import Edges, edges_of
from ckpt_viewer.formats.graphs.graph_checks import check_graph
from ckpt_viewer.formats.graphs.node_list import NodeList, node_of, source_of
from ckpt_viewer.formats.graphs.origins import origins_of
from ckpt_viewer.formats.graphs.restores import restores
from ckpt_viewer.formats.graphs.save_ops import NodeIndex
from ckpt_viewer.formats.graphs.variable_ops import VariableOps
from ckpt_viewer.formats.protos.graph_pb2 import GraphListing, NodeListing
from ckpt_viewer.formats.storage.wire import text
from ckpt_viewer.formats.values import dtypes
from ckpt_viewer.formats.values.tensors import shape_of

PLACEHOLDERS = frozenset(("Placeholder", "PlaceholderV2", "PlaceholderWithDefault"))
SHAPES_OF_PLACEHOLDERS_SINCE = 24  # graphs of older producers wrote "unknown" as a scalar's shape
MOST_SUGGESTED_FROM = 20_000


class LoadedGraph:
    """Holds no file open; may be read from any thread.

    Args:
        problems: What reading the file has shown already.
    """

    def __init__(
        self,
        path: Path,
        kind: Kind,
        listing: GraphListing,
        facts: GraphFacts,
        problems: Sequence[Problem] = (),
    ) -> None:
        self.path, self.kind, self.facts = path, kind, facts
        self.variants: Sequence[Graph] = ()
        self._listing, self._listings = listing, listing.node
        self._found_while_reading = tuple(problems)
        self._nodes = NodeList(listing.node)
        self.nodes: Sequence[Node] = self._nodes

    def with_more(self, problems: Sequence[Problem], variants: Sequence[Graph]) -> Self:
        """Itself, with what concerns the file as a whole."""
        self._found_while_reading = (*problems, *self._found_while_reading)
        self.variants = variants
        return self

    @property
    def columns(self) -> NodeColumns:
        return self._nodes

    @cached_property
    def ops(self) -> Mapping[str, int]:
        counts = self._nodes.ops.counts()
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def problems(self) -> Sequence[Problem]:
        return self.check()

    def check(self, cancel: CancelToken | None = None) -> Sequence[Problem]:
        of_collections = [problem for collection in self.collections for problem in collection.problems]
        of_nodes = check_graph(self._listing, self._place, self._edges, cancel)
        return (*self._found_while_reading, *of_collections, *of_nodes)

    @property
    def collections(self) -> Sequence[Collection]:
        return self.facts.collections

    @property
    def signatures(self) -> Mapping[str, Signature]:
        return self.facts.signatures

    @cached_property
    def placeholders(self) -> Sequence[Placeholder]:
        ops = self._nodes.ops
        fed = np.flatnonzero(np.array([word in PLACEHOLDERS for word in ops.words], bool)[ops.codes])
        return [self._placeholder(self._listings[place]) for place in fed.tolist()]

    def node(self, name: str) -> Node:
        return node_of(self._listings[self._find(name)])

    def consumers(self, name: str) -> Sequence[str]:
        return [text(self._listings[place].name) for place in self._edges.consumers(self._find(name))]

    def attributes(self, name: str) -> Mapping[str, Any]:
        return attributes_of(self._listings[self._find(name)].attr)

    def body(self, function: str) -> Graph:
        found = next((each for each in self.facts.functions if each.name == function), None)
        if found is None or not isinstance(found.nodes, NodeList):
            raise NotFound(f"{self.path} has no function called {function!r}.", path=self.path)
        arguments = [NodeListing(name=_encoded(name), op=b"argument") for name in found.inputs]
        listing = GraphListing(node=[*arguments, *found.nodes.listings])
        return LoadedGraph(self.path, self.kind, listing, GraphFacts(functions=self.facts.functions))

    def variable_ops(self, name: str) -> Sequence[str]:
        return self._variable_ops.of_key(name)

    def keys_of(self, node: str) -> Sequence[str]:
        return self._variable_ops.keys_of(_encoded(node))

    def origins(self) -> Mapping[str, Origin]:
        facts = self.facts
        index = NodeIndex(self._listings, self._place)
        return origins_of(index, facts.saver, facts.collections, facts.functions)

    def restores(self) -> Sequence[Restore]:
        index = NodeIndex(self._listings, self._place)
        return tuple(restores(index, self.facts.saver, self.facts.functions))

    @cached_property
    def _place(self) -> Mapping[bytes, int]:
        """Where each name is; of nodes with the same name the first counts."""
        place: dict[bytes, int] = {}
        for at, node in enumerate(in_breaths(self._listings)):
            place.setdefault(node.name, at)
        return place

    @cached_property
    def _edges(self) -> Edges:
        return edges_of(self._listings, self._place)

    @cached_property
    def _variable_ops(self) -> VariableOps:
        index = NodeIndex(self._listings, self._place)
        facts = self.facts
        return VariableOps(index, self._edges, facts.saver, facts.collections, facts.functions)

    def _find(self, name: str) -> int:
        for spelling in (_encoded(name), source_of(_encoded(name))):
            if (place := self._place.get(spelling)) is not None:
                return place
        raise NotFound(
            f"{self.path} has no node called {name!r}.", path=self.path, hint=self._suggestion(name)
        )

    def _suggestion(self, name: str) -> str:
        if not self._place:
            return "The graph has no nodes at all."
        if len(self._place) > MOST_SUGGESTED_FROM:
            return self._what_there_is()
        near = difflib.get_close_matches(name, map(text, self._place), n=3)
        return f"Near it are {', '.join(near)}." if near else self._what_there_is()

    def _what_there_is(self) -> str:
        return f"The names of the {len(self._place):,} nodes are like {text(next(iter(self._place)))}."

    def _placeholder(self, node: NodeListing) -> Placeholder:
        dtype, shape = value_of(node.attr, "dtype"), value_of(node.attr, "shape")
        lengths = (
            shape_of(shape.shape) if shape is not None and shape.WhichOneof("value") == "shape" else None
        )
        if lengths == () and 0 < self.facts.producer < SHAPES_OF_PLACEHOLDERS_SINCE:
            lengths = None
        return Placeholder(
            text(node.name), dtypes.name_of(dtype.type) if dtype is not None else "invalid", lengths
        )


def _encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
