"""The nodes one or two steps around one node of a graph."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ckpt_viewer.errors import NotFound
from ckpt_viewer.formats.graph import Graph, Node

MOST_PER_COLUMN = 24
Output = int | str  # the number of an output; inside functions, the name of some of them and a number


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A node in a column of the drawing: 0 is the middle, inputs are negative, consumers positive."""

    name: str
    op: str
    column: int


@dataclass(frozen=True, slots=True)
class Edge:
    """From the node that gives to the node that takes; `output` says which tensor, None if it only waits."""

    source: str
    target: str
    output: Output | None


@dataclass(slots=True)
class Neighbourhood:
    """What is drawn around a node.

    Attributes:
        hidden: How many nodes of a column found no place.
    """

    centre: str
    nodes: dict[str, Neighbour] = field(default_factory=dict)
    edges: dict[Edge, None] = field(default_factory=dict)
    hidden: dict[int, int] = field(default_factory=dict)

    def column(self, number: int) -> list[Neighbour]:
        return [node for node in self.nodes.values() if node.column == number]


def split_tensor(name: str) -> tuple[str, Output | None]:
    """`x:1` → (`x`, 1), `x` → (`x`, 0), `^x` → (`x`, None); inside functions `x:out:1` → (`x`, `out:1`)."""
    if name.startswith("^"):
        return name[1:], None
    head, colon, tail = name.rpartition(":")
    if colon and tail.isascii() and tail.isdigit():
        source, inner, output = head.partition(":")
        return (source, f"{output}:{tail}") if inner else (head, int(tail))
    return name, 0


def neighbourhood(graph: Graph, name: str, steps: int, most: int = MOST_PER_COLUMN) -> Neighbourhood:
    """Columns of at most `most` nodes each; a node keeps the first place it got. Raises `NotFound`."""
    node = graph.node(name)
    found = Neighbourhood(node.name)
    found.nodes[node.name] = Neighbour(node.name, node.op, 0)
    for side, edges_of in ((-1, _edges_in), (1, _edges_out)):
        ring = [node.name]
        for step in range(1, steps + 1):
            ring = _add_column(found, graph, ring, edges_of, side * step, most)
    return found


def _add_column(
    found: Neighbourhood,
    graph: Graph,
    ring: Sequence[str],
    edges_of: Callable[[Graph, str], Iterable[tuple[str, Edge]]],
    column: int,
    most: int,
) -> list[str]:
    added: list[str] = []
    left_out: set[str] = set()
    for name in ring:
        for other, edge in edges_of(graph, name):
            if other not in found.nodes:
                if len(added) == most:
                    left_out.add(other)
                    continue
                added.append(other)
                found.nodes[other] = Neighbour(other, _op_of(graph, other), column)
            found.edges[edge] = None
    if left_out:
        found.hidden[column] = len(left_out)
    return added


def _edges_in(graph: Graph, name: str) -> Iterable[tuple[str, Edge]]:
    node = _node(graph, name)
    for text in node.inputs if node else ():
        source, output = split_tensor(text)
        yield source, Edge(source, name, output)
    for source in node.control_inputs if node else ():
        yield source, Edge(source, name, None)


def _edges_out(graph: Graph, name: str) -> Iterable[tuple[str, Edge]]:
    if _node(graph, name) is None:
        return
    for consumer in graph.consumers(name):
        for source, edge in _edges_in(graph, consumer):
            if source == name:
                yield consumer, edge


def _op_of(graph: Graph, name: str) -> str:
    node = _node(graph, name)
    return node.op if node else ""


def _node(graph: Graph, name: str) -> Node | None:
    try:
        return graph.node(name)
    except NotFound:
        return None  # an input may name a node that was stripped
