"""Which variable op each key of a checkpoint was saved from, and what the rest of the graph says of that op.

Slots and averages are colocated with their variable (`_class`: slot_creator.py), the ops that train take a
variable and its slots as their first inputs (tensorflow/core/ops/training_ops.cc), and averages are updated
by ops called `AssignMovingAvg` (moving_averages.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ckpt_viewer.formats.graph import Collection, Function, Origin, Saver
from ckpt_viewer.formats.graphs.attributes import value_of
from ckpt_viewer.formats.graphs.graph_def_kind import HOLDERS
from ckpt_viewer.formats.graphs.node_list import source_of
from ckpt_viewer.formats.graphs.save_ops import RESTORE_OPS, NodeIndex, transfers
from ckpt_viewer.formats.protos.graph_pb2 import NodeListing
from ckpt_viewer.formats.storage.wire import text

_APPLY = b"Apply"
_TABLE = b"LookupTable"
_LOCAL = ("local_variables", "metric_variables")
_AVERAGING = b"AssignMovingAvg"
_SUBTRACTIONS = frozenset((b"AssignSub", b"AssignSubVariableOp"))
_ASSIGNMENTS = frozenset((b"Assign", b"AssignVariableOp"))
_CHANGES = _ASSIGNMENTS | _SUBTRACTIONS | {b"AssignAdd", b"AssignAddVariableOp"}
_GIVEN = RESTORE_OPS | {b"Placeholder", b"PlaceholderWithDefault", b"Const"}


def origins_of(
    index: NodeIndex, saver: Saver | None, collections: Iterable[Collection], functions: Iterable[Function]
) -> dict[str, Origin]:
    """By key, as far as the graph's own saver tells; the first part stands for a partitioned variable."""
    sources: dict[str, list[NodeListing]] = {}
    for transfer in transfers(index, saver, functions):
        node = index.node(transfer.value) if transfer.value else None
        if node is not None and (node.op in HOLDERS or _TABLE in node.op):
            sources.setdefault(transfer.key, []).append(node)
    if not sources:
        return {}
    facts = _Facts(index, collections)
    known: dict[tuple[bytes, int], Origin] = {}  # many keys may name one op
    found = {}
    for key, nodes in sources.items():
        op = nodes[0].name, len(nodes)
        if op not in known:
            known[op] = facts.origin(nodes[0], len(nodes))
        found[key] = known[op]
    return found


class _Facts:
    """What is known of variable ops from elsewhere in the graph."""

    def __init__(self, index: NodeIndex, collections: Iterable[Collection]) -> None:
        listed = {each.name: each for each in collections}
        self._trainable = _names_in(listed.get("trainable_variables"))
        self._steps = _names_in(listed.get("global_step")) or frozenset()
        self._local = frozenset().union(*(_names_in(listed.get(name)) or () for name in _LOCAL))
        self._trained: dict[bytes, tuple[bytes, bytes, int]] = {}
        self._averaged: set[bytes] = set()
        self._recomputed: set[bytes] = set()
        for node in index.nodes:
            if _APPLY in node.op:
                self._add_training(node)
            elif node.input and _averages(node):
                self._averaged.add(source_of(node.input[0]))
            elif self._trainable and len(node.input) > 1 and _recomputes(node, index):
                self._recomputed.add(source_of(node.input[0]))

    def origin(self, node: NodeListing, parts: int) -> Origin:
        kind, owner, place = self._trained.get(node.name, (b"", b"", 0))
        name = text(node.name)
        return Origin(
            name,
            parts,
            None if self._trainable is None else name in self._trainable,
            _anchor(node),
            kind,
            text(owner),
            place,
            node.name in self._averaged,
            name in self._steps,
            name in self._local,
            _TABLE in node.op,
            node.name in self._recomputed,
        )

    def _add_training(self, node: NodeListing) -> None:
        kind = node.op.partition(_APPLY)[2]
        names = [source_of(name) for name in node.input]
        for place, name in enumerate(names[1:]):
            self._trained.setdefault(name, (kind, names[0], place))


def _averages(node: NodeListing) -> bool:
    """An average that is corrected for its start at zero is assigned as a whole."""
    if node.op in _SUBTRACTIONS:
        return _AVERAGING in node.name
    return node.op in _ASSIGNMENTS and node.name.rpartition(b"/")[2].startswith(_AVERAGING)


def _recomputes(node: NodeListing, index: NodeIndex) -> bool:
    """Not where it only gets its first value, or one that is restored, fed or written into the graph."""
    if node.op not in _CHANGES or node.name == source_of(node.input[0]) + b"/Assign":
        return False
    value = index.node(index.origin(node.input[1]))
    return value is not None and value.op not in _GIVEN


def _anchor(node: NodeListing) -> str:
    value = value_of(node.attr, "_class")
    places: Sequence[bytes] = value.list.s if value is not None else ()
    return next((text(place.removeprefix(b"loc:@")) for place in places), text(node.name))


def _names_in(collection: Collection | None) -> frozenset[str] | None:
    """Names of the variable ops that a collection lists; None where there is no such collection."""
    return None if collection is None else frozenset(_variable_names(collection.items))


def _variable_names(items: Iterable[object]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Mapping):
            yield str(item.get("variable_name", "")).partition(":")[0]
        elif isinstance(item, str):
            yield item.partition(":")[0]
