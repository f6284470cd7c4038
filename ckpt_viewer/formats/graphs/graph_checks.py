"""What a graph says against itself: one sentence for each kind of contradiction, never one per node.

The rules are those of TensorFlow's importer (tensorflow/core/common_runtime/graph_constructor.cc).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from google.protobuf.message import DecodeError, EncodeError

from ckpt_viewer.cancellation import CancelToken, in_breaths
from ckpt_viewer.errors import Malformed, Problem
from ckpt_viewer.formats.graphs.attributes import value_of
from ckpt_viewer.formats.graphs.edges import NOWHERE, Edges
from ckpt_viewer.formats.protos.graph_pb2 import AttrEntry, GraphListing, NodeDef, NodeListing
from ckpt_viewer.formats.storage.wire import text
from ckpt_viewer.formats.values.tensors import check_tensor, parse_tensor

_GIVE_WAY = 2048
_BAD_MARKS = (b"\n\n", b"\n/", b"/\n", b"//")  # in names, one a line
_SHALLOW = 200  # bytes that cannot hold 100 nested messages
_BIGGEST_CHECKED = 1 << 26  # bytes of a graph or a constant that is looked into as a whole
_GOOD_INPUT = re.compile(rb"\^?[^:^]+\Z|[^:^]+:[0-9]{1,9}\Z", re.DOTALL)
_LONGEST_SHOWN = 100
_LOOP_SOURCES = (b"NextIteration", b"RefNextIteration")
_LOOP_TARGETS = (b"Merge", b"RefMerge")


@dataclass(slots=True)
class _Findings:
    """How many nodes or inputs break one rule, and the first that does."""

    count: int = 0
    example: str = ""

    def add(self, example: bytes) -> None:
        self.count += 1
        self.example = self.example or text(example[:_LONGEST_SHOWN])


@dataclass(slots=True)
class _Walk:
    """What one look at all nodes has found."""

    duplicates: _Findings = field(default_factory=_Findings)
    dangling: _Findings = field(default_factory=_Findings)
    malformed: _Findings = field(default_factory=_Findings)
    misplaced: _Findings = field(default_factory=_Findings)
    bad_names: _Findings = field(default_factory=_Findings)
    not_utf8: _Findings = field(default_factory=_Findings)
    damaged: _Findings = field(default_factory=_Findings)


def check_graph(
    graph: GraphListing, place: Mapping[bytes, int], edges: Edges, cancel: CancelToken | None = None
) -> list[Problem]:
    """All that is wrong with the nodes of a graph, in one sentence per kind."""
    walk, nodes = _Walk(), graph.node
    _check_names(walk, nodes, place, cancel)
    is_small = graph.ByteSize() <= _BIGGEST_CHECKED
    for node in in_breaths(nodes, cancel):
        if not (is_small and _is_acceptable(node)):
            _check_text(walk, node)
    _check_odd_inputs(walk, nodes, edges, cancel)
    _check_order(walk, nodes, edges)
    problems = [Problem("bad-graph", words(found)) for words, found in _sentences(walk) if found.count]
    if cycle := _find_cycle(nodes, edges, cancel):
        problems.append(_cycle_problem(cycle))
    return problems + list(_check_constants(nodes, cancel))


def _check_names(
    walk: _Walk, nodes: Sequence[NodeListing], place: Mapping[bytes, int], cancel: CancelToken | None
) -> None:
    names = [node.name for node in in_breaths(nodes, cancel)]
    lines = b"\n%b\n" % b"\n".join(names)
    if len(place) == len(names) and not any(mark in lines for mark in _BAD_MARKS):
        return
    for at, name in enumerate(names):
        if place[name] != at:
            walk.duplicates.add(name)
        if not name or name[:1] == b"/" or name[-1:] == b"/" or b"//" in name:
            walk.bad_names.add(name)


def _is_acceptable(node: NodeListing) -> bool:
    """Whether protobuf itself accepts the node as TensorFlow declares it; tells a sound one at once."""
    try:
        NodeDef.FromString(node.SerializeToString())
    except (DecodeError, EncodeError):
        return False
    return True


def _check_text(walk: _Walk, node: NodeListing) -> None:
    """TensorFlow declares all names as text, and refuses a file where one of them is none."""
    entries = node.attr
    keys = [entry[2 : 2 + entry[1]] for entry in entries if entry[:1] == b"\n" and len(entry) > 1]
    for name in (node.name, node.op, node.device, *node.input, *keys):
        if not name.isascii() and not _is_utf8(name):
            walk.not_utf8.add(node.name)
            break
    if node.op != b"Const" and any(_is_damaged(entry) for entry in entries if len(entry) > _SHALLOW):
        walk.damaged.add(node.name)


def _is_damaged(entry: bytes) -> bool:
    try:
        AttrEntry.FromString(entry)
    except DecodeError:
        return True
    return False


def _check_odd_inputs(
    walk: _Walk, nodes: Sequence[NodeListing], edges: Edges, cancel: CancelToken | None
) -> None:
    """Those with a port or a caret, or that name nothing."""
    for at, name in in_breaths(zip(edges.odd.tolist(), edges.odd_names, strict=True), cancel):
        if not _GOOD_INPUT.match(name):
            walk.malformed.add(nodes[edges.targets[at]].name)
        elif edges.sources[at] == NOWHERE:
            walk.dangling.add(name)


def _check_order(walk: _Walk, nodes: Sequence[NodeListing], edges: Edges) -> None:
    """Control inputs stand behind all others."""
    waits = np.zeros(len(edges.targets), bool)
    waits[edges.odd] = [name[:1] == b"^" for name in edges.odd_names]
    before = np.cumsum(waits) - waits  # of all inputs of the graph
    first = np.searchsorted(edges.targets, edges.targets)
    for at in np.flatnonzero(~waits & (before > before[first])).tolist():
        walk.misplaced.add(nodes[edges.targets[at]].name)


def _sentences(walk: _Walk) -> Iterable[tuple[Callable[[_Findings], str], _Findings]]:
    yield _duplicates, walk.duplicates
    yield _dangling, walk.dangling
    yield _malformed, walk.malformed
    yield _misplaced, walk.misplaced
    yield _bad_names, walk.bad_names
    yield _not_utf8, walk.not_utf8
    yield _damaged, walk.damaged


def _duplicates(found: _Findings) -> str:
    return f"{_nodes(found)} the name of an earlier one, such as {found.example!r}; only the first is linked."


def _dangling(found: _Findings) -> str:
    inputs = (
        "1 input names a node that is" if found.count == 1 else f"{found.count} inputs name nodes that are"
    )
    return f"{inputs} not there, such as {found.example!r}."


def _malformed(found: _Findings) -> str:
    inputs = "1 input is" if found.count == 1 else f"{found.count} inputs are"
    return f"{inputs} written in a way TensorFlow does not read, such as one of the node {found.example!r}."


def _misplaced(found: _Findings) -> str:
    inputs = "1 data input stands" if found.count == 1 else f"{found.count} data inputs stand"
    return f"{inputs} behind control inputs, such as one of the node {found.example!r}."


def _bad_names(found: _Findings) -> str:
    return f"{_nodes(found)} an empty name or an empty part in it, such as {found.example!r}."


def _not_utf8(found: _Findings) -> str:
    what = "a name, op or attribute that is no UTF-8 text"
    return f"{_nodes(found)} {what}, such as {found.example!r}; TensorFlow refuses the file."


def _damaged(found: _Findings) -> str:
    what = "an attribute that is damaged or nested deeper than protocol buffers allow"
    return f"{_nodes(found)} {what}, such as {found.example!r}."


def _nodes(found: _Findings) -> str:
    return "1 node has" if found.count == 1 else f"{found.count} nodes have"


def _cycle_problem(cycle: Sequence[bytes]) -> Problem:
    if len(cycle) == 1:
        return Problem("bad-graph", f"The node {text(cycle[0])!r} feeds itself, which only loops may do.")
    shown = [repr(text(name[:_LONGEST_SHOWN])) for name in (*cycle[:4], cycle[0])]
    if len(cycle) > 4:
        shown.insert(4, "…")
    path = " → ".join(shown)
    return Problem("bad-graph", f"A cycle of {len(cycle)} nodes is no loop of TensorFlow: {path}.")


def _find_cycle(nodes: Sequence[NodeListing], edges: Edges, cancel: CancelToken | None) -> list[bytes]:
    """The nodes of one cycle that no loop explains, in the order values flow; empty where there is none.

    Most files have every node behind those it takes from, and no cycle without a look at it.
    """
    backward = edges.sources >= edges.targets
    if not backward.any():
        return []
    ends = [(node.op in _LOOP_SOURCES, node.op in _LOOP_TARGETS) for node in in_breaths(nodes, cancel)]
    gives, takes = np.array(ends, bool).T
    links = (edges.sources != NOWHERE) & ~(gives[edges.sources] & takes[edges.targets])
    if not (backward & links).any():
        return []
    sources: list[list[int]] = [[] for _ in nodes]
    consumers: list[list[int]] = [[] for _ in nodes]
    for source, target in zip(edges.sources[links].tolist(), edges.targets[links].tolist(), strict=True):
        sources[target].append(source)
        consumers[source].append(target)
    left = _left_over(sources, consumers, cancel)
    if not left:
        return []
    step, order = min(left), dict[int, int]()
    while step not in order:
        order[step] = len(order)
        step = next(source for source in sources[step] if source in left)
    return [nodes[found].name for found in reversed(list(order)[order[step] :])]


def _left_over(sources: list[list[int]], consumers: list[list[int]], cancel: CancelToken | None) -> set[int]:
    """What cannot be put in an order: nodes on cycles and behind them (Kahn's algorithm)."""
    waiting = [len(found) for found in sources]
    ready = [place for place, count in enumerate(waiting) if count == 0]
    done = 0
    while ready:
        done += 1
        if cancel is not None and done % _GIVE_WAY == 0:
            cancel.check()
        for target in consumers[ready.pop()]:
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    return {place for place, count in enumerate(waiting) if count > 0}


def _check_constants(nodes: Sequence[NodeListing], cancel: CancelToken | None) -> Iterable[Problem]:
    found: dict[str, _Findings] = {}
    reasons: dict[str, str] = {}
    for node in in_breaths(nodes, cancel):
        if node.op == b"Const" and (wrong := _wrong_constant(node)) is not None:
            found.setdefault(wrong.code, _Findings()).add(node.name)
            reasons.setdefault(wrong.code, wrong.message)
    for code, findings in found.items():
        what = "1 constant has" if findings.count == 1 else f"{findings.count} constants have"
        sentence = f"{what} values that cannot be used, such as {findings.example!r}: {reasons[code]}."
        yield Problem(code, sentence)


def _wrong_constant(node: NodeListing) -> Problem | None:
    if any(len(entry) > _BIGGEST_CHECKED for entry in node.attr):
        return None
    value = value_of(node.attr, "value")
    if value is None or value.WhichOneof("value") != "tensor":
        return None
    try:
        check_tensor(parse_tensor(value.tensor))
    except Malformed as error:
        return error.problem
    return None


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True
