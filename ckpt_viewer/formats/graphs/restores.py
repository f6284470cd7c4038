"""What the saver of a graph reads from a checkpoint, and into which variables it puts it.

A restore op names its keys and types; what it gives goes, through an Identity or a Reshape, into the op that
assigns it to a variable. TensorFlow 2 has all of that in a function that the saver calls.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from ckpt_viewer.formats.bundle.entries import MOST_AXES
from ckpt_viewer.formats.graph import Function, OtherShape, Restore, Saver
from ckpt_viewer.formats.graphs.attributes import value_of
from ckpt_viewer.formats.graphs.node_list import NodeList, source_of
from ckpt_viewer.formats.graphs.save_ops import RESTORE_OPS, NodeIndex, called_function, data_inputs
from ckpt_viewer.formats.protos.graph_pb2 import NodeListing
from ckpt_viewer.formats.values import dtypes
from ckpt_viewer.formats.values.tensors import shape_of

_KEYS, _SPECS = 1, 2  # inputs of a restore op
_ASSIGNS: Mapping[bytes, bool] = {b"Assign": True, b"AssignVariableOp": False}  # checks shapes by default
_PASSING = frozenset((b"Identity", b"Reshape", b"Cast", b"RefIdentity"))
_LONGEST_WAY = 8
_MOST_DIGITS = 9
_MOST_RESTORES = 1 << 18  # no graph has so many; one may be built to name the same keys again and again
Output = tuple[bytes, int]


@dataclass(frozen=True, slots=True)
class _Use:
    """Where an output goes: the variable op's name, and what comes of another shape."""

    variable: bytes
    checked: bool
    reshaped: bool


def restores(index: NodeIndex, saver: Saver | None, functions: Iterable[Function]) -> Iterator[Restore]:
    """One for each key, in the order of the ops; nothing without a saver."""
    found = _of_saver(index, saver, functions) if saver is not None else iter(())
    return islice(found, _MOST_RESTORES)


def _of_saver(index: NodeIndex, saver: Saver, functions: Iterable[Function]) -> Iterator[Restore]:
    if places := index.behind(saver.restore_op_name, RESTORE_OPS):
        yield from _restored(index, places, index, {})
        return
    call = index.node(saver.restore_op_name.encode("utf-8", "surrogateescape"))
    function = None if call is None else called_function(call, functions)
    if call is None or function is None or not isinstance(function.nodes, NodeList):
        return
    body = NodeIndex.of(function.nodes.listings)
    names = (name.encode("utf-8", "surrogateescape") for name in function.inputs)
    places = [place for place, node in enumerate(body.nodes) if node.op in RESTORE_OPS]
    yield from _restored(body, places, index, dict(zip(names, call.input, strict=False)))


def _restored(
    index: NodeIndex, places: Sequence[int], main: NodeIndex, given: Mapping[bytes, bytes]
) -> Iterator[Restore]:
    """Of these restore ops; `given` is what a function is called with, by the names of its arguments."""
    users, strings = _users(index), cache(index.strings)
    for place in places:
        node = index.nodes[place]
        data = data_inputs(node)
        keys = strings(data[_KEYS]) if len(data) > _KEYS else []
        specs = strings(data[_SPECS]) if len(data) > _SPECS else []
        types = _types(node)
        for number, key in enumerate(keys):
            whole = _whole_shape(specs[number]) if number < len(specs) else None
            dtype = types[number] if number < len(types) else ""
            use = _use(users, (node.name, number))
            name = use and given.get(index.origin(use.variable), use.variable)
            target = _shape(main.node(main.origin(name))) if name else None
            yield Restore(key, dtype, whole, target, _other_shape(use))


def _other_shape(use: _Use | None) -> OtherShape:
    if use is None or (use.checked and not use.reshaped):
        return "fails"
    return "fitted" if use.reshaped else "taken"


def _users(index: NodeIndex) -> Mapping[Output, list[NodeListing]]:
    """Who takes each output as its values: of an op that assigns, or passes them on."""
    users: dict[Output, list[NodeListing]] = {}
    for node in index.nodes:
        values = 1 if node.op in _ASSIGNS else 0 if node.op in _PASSING else -1
        if 0 <= values < len(node.input):
            users.setdefault(_output(node.input[values]), []).append(node)
    return users


def _use(users: Mapping[Output, Sequence[NodeListing]], output: Output) -> _Use | None:
    """The first variable that an output reaches."""
    reshaped = False
    for _ in range(_LONGEST_WAY):
        node = next(iter(users.get(output, ())), None)
        if node is None:
            return None
        if node.op in _ASSIGNS:
            checks = value_of(node.attr, "validate_shape")
            return _Use(node.input[0], _ASSIGNS[node.op] if checks is None else checks.b, reshaped)
        reshaped |= node.op == b"Reshape"
        output = node.name, 0
    return None


def _output(name: bytes) -> Output:
    """`a` and `a:0` are output 0 of `a`; `a:tensors:3`, inside functions, is its third."""
    _, colon, number = name.rpartition(b":")
    is_number = colon and number.isdigit() and len(number) <= _MOST_DIGITS
    return source_of(name), int(number) if is_number else 0


def _types(node: NodeListing) -> list[str]:
    listed, single = value_of(node.attr, "dtypes"), value_of(node.attr, "dt")
    numbers = list(listed.list.type) if listed is not None else [single.type] if single is not None else []
    return [dtypes.name_of(number) for number in numbers]


def _whole_shape(spec: str) -> tuple[int, ...] | None:
    """The shape before the slice in `10 4 0,4:0,4`; None where all of it is meant."""
    lengths = spec.split()[:-1]
    try:
        return tuple(map(int, lengths)) if 0 < len(lengths) <= MOST_AXES else None
    except ValueError:
        return None


def _shape(node: NodeListing | None) -> tuple[int, ...] | None:
    """Of a variable op; None where it says nothing certain."""
    shape = value_of(node.attr, "shape") if node is not None else None
    lengths = shape_of(shape.shape) if shape is not None and shape.WhichOneof("value") == "shape" else None
    certain = lengths is not None and min(lengths, default=0) >= 0 and len(lengths) <= MOST_AXES
    return lengths if certain else None
