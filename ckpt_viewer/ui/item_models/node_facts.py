"""Everything known about one node of a graph, gathered off the screen's thread, as lines of a `FactModel`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckpt_viewer.analysis.neighbourhood import Neighbourhood, Output, neighbourhood, split_tensor
from ckpt_viewer.errors import CheckpointError, NotFound, Problem
from ckpt_viewer.formats.graph import Graph, Node
from ckpt_viewer.session.function_nodes import split_function
from ckpt_viewer.session.wording import plural, printable
from ckpt_viewer.ui.item_models.fact_tree import Fact, fact_of

OUTPUTS = "Outputs"


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """One node and what is around it.

    Attributes:
        takers: For each output number that is used, the names of the nodes that take it.
        waiting: Names of the nodes that only wait for it.
        keys: The checkpoint keys it saves to.
        function: The one that it is inside of.
        problem: Why its attributes cannot be shown.
    """

    node: Node
    attributes: Mapping[str, Any]
    takers: Mapping[Output, Sequence[str]]
    waiting: Sequence[str]
    keys: Sequence[str]
    around: Neighbourhood
    function: str = ""
    problem: Problem | None = None


def gather(graph: Graph, name: str, steps: int) -> NodeFacts:
    """Raises `NotFound` where the graph has no such node; `in_function` makes names of those inside one."""
    function, name = split_function(name)
    graph = graph.body(function) if function else graph
    node = graph.node(name)
    attributes: Mapping[str, Any] = {}
    problem = None
    try:
        attributes = graph.attributes(node.name)
    except CheckpointError as error:
        problem = error.problem
    takers, waiting = _takers(graph, node)
    around = neighbourhood(graph, node.name, steps)
    keys = graph.keys_of(node.name)
    return NodeFacts(node, attributes, takers, waiting, keys, around, function, problem)


def node_lines(facts: NodeFacts) -> list[Fact]:
    """Sections in the order people read them: values, inputs, outputs, what waits."""
    node = facts.node
    sections = [
        _section("Attributes", [fact_of(name, value) for name, value in facts.attributes.items()]),
        _section("Inputs", [_input(number, text) for number, text in enumerate(node.inputs)]),
        _section("Waits for", [_link(name) for name in node.control_inputs]),
        _section(OUTPUTS, [_output(node.name, number, names) for number, names in facts.takers.items()]),
        _section("Waited for by", [_link(name) for name in facts.waiting]),
    ]
    return [section for section in sections if section is not None]


def _takers(graph: Graph, node: Node) -> tuple[dict[Output, list[str]], list[str]]:
    takers: dict[Output, list[str]] = {}
    waiting: list[str] = []
    for name in graph.consumers(node.name):
        try:
            consumer = graph.node(name)
        except NotFound:
            continue
        taken = {number for source, number in map(split_tensor, consumer.inputs) if source == node.name}
        for output in taken:
            if output is not None:
                takers.setdefault(output, []).append(name)
        if node.name in consumer.control_inputs:
            waiting.append(name)
    if all(isinstance(output, int) for output in takers):
        takers.setdefault(0, [])
    return dict(sorted(takers.items(), key=_order)), waiting


def _order(taken: tuple[Output, Sequence[str]]) -> tuple[str, int]:
    name, _, number = str(taken[0]).rpartition(":")
    return name, int(number)


def _section(title: str, lines: list[Fact]) -> Fact | None:
    if not lines:
        return None
    return Fact(title, f"{len(lines):,}", below=lambda: lines, heading=True)


def _input(number: int, text: str) -> Fact:
    return Fact(str(number), printable(text), node=text)


def _link(name: str) -> Fact:
    return Fact("^", printable(name), node=name)


def _output(name: str, number: Output, takers: Sequence[str]) -> Fact:
    tensor = f"{name}:{number}"
    below = (lambda: [Fact("→", printable(taker), node=taker) for taker in takers]) if takers else None
    return Fact(tensor, f"taken by {plural(len(takers), 'node')}", copies=tensor, below=below)
