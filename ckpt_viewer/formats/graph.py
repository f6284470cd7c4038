"""MetaGraphDef, GraphDef, SavedModel → one `Graph`.

Field numbers: tensorflow/core/protobuf/meta_graph.proto and tensorflow/core/framework/graph.proto.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Kind
from ckpt_viewer.formats.graphs.fingerprint import Fingerprint
from ckpt_viewer.formats.graphs.words import Words

OtherShape = Literal["fails", "fitted", "taken"]


@dataclass(frozen=True, slots=True)
class Node:
    """One operation of a graph; its attributes stay encoded until `Graph.attributes` is asked.

    Attributes:
        inputs: Data inputs as written (`op`, `op:1`), in order.
        control_inputs: Names of operations that must run before, without `^`.
    """

    name: str
    op: str
    device: str = ""
    inputs: tuple[str, ...] = ()
    control_inputs: tuple[str, ...] = ()


class NodeColumns(Protocol):
    """What a list of many nodes needs of them, in their order; each is made when first asked for."""

    @property
    def names(self) -> Sequence[str]: ...

    @property
    def ops(self) -> Words: ...

    @property
    def devices(self) -> Words: ...

    def name_of(self, place: int) -> str:
        """One of `names`, without making them all; likewise the next."""

    def device_of(self, place: int) -> str: ...


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A value to be fed: its shape is None where the rank is unknown, -1 where a length is."""

    name: str
    dtype: str
    shape: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class TensorRef:
    """One named input or output of a signature (TensorInfo)."""

    name: str
    dtype: str
    shape: tuple[int, ...] | None

    @property
    def is_operation(self) -> bool:
        """Whether it is no tensor, but something to run, as TensorFlow stores `__saved_model_init_op`."""
        return (self.dtype, self.shape) == ("invalid", None) and bool(self.name) and ":" not in self.name


@dataclass(frozen=True, slots=True)
class Signature:
    method_name: str
    inputs: Mapping[str, TensorRef]
    outputs: Mapping[str, TensorRef]


@dataclass(frozen=True, slots=True)
class Saver:
    """SaverDef: `version` is LEGACY, V1 or V2."""

    filename_tensor_name: str
    save_tensor_name: str
    restore_op_name: str
    max_to_keep: int
    sharded: bool
    keep_checkpoint_every_n_hours: float
    version: str


@dataclass(frozen=True, slots=True)
class Collection:
    """One `collection_def`.

    Attributes:
        kind: `node_list`, `bytes_list`, `int64_list`, `float_list`, `any_list`, or empty where none is set.
        items: Plain values for lists of names and numbers; one dict of plain values for each decoded
            proto (`VariableDef`, `QueueRunnerDef`, …); bytes that nothing decodes as bytes.
        proto: Name of the decoded proto, or empty.
    """

    name: str
    kind: str
    items: tuple[Any, ...]
    proto: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """One FunctionDef of the library: names of arguments and results, and its nodes."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    nodes: Sequence[Node]


@dataclass(frozen=True, slots=True)
class Restore:
    """One key that the saver of a graph reads from a checkpoint.

    Attributes:
        dtype: What its restore op asks for.
        whole: The shape it names for the whole of a partitioned variable, of which it takes a slice.
        target: The shape of the variable that gets the values; None where it is not known.
        other_shape: What becomes of values in another shape: an error, fitted where their number is the
            same, or the variable takes that shape.
    """

    key: str
    dtype: str
    whole: tuple[int, ...] | None = None
    target: tuple[int, ...] | None = None
    other_shape: OtherShape = "fails"


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """What stands beside the nodes.

    Attributes:
        assets: Names of files in the folder `assets` of a SavedModel.
        fingerprint: Of a SavedModel that has the file `fingerprint.pb`.
    """

    tags: tuple[str, ...] = ()
    tensorflow_version: str = ""
    git_version: str = ""
    producer: int = 0
    min_consumer: int = 0
    stripped_ops: int = 0
    assets: tuple[str, ...] = ()
    saver: Saver | None = None
    collections: Sequence[Collection] = ()
    signatures: Mapping[str, Signature] = field(default_factory=dict)
    functions: tuple[Function, ...] = ()
    fingerprint: Fingerprint | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The variable op behind a key.

    Attributes:
        parts: How many ops are saved under the key: several for a partitioned variable.
        trainable: None where the graph does not list what it trains.
        anchor: The op that it is colocated with; its own name for a variable by itself.
        trained_as: The kind of training op that takes it as a slot, without `Apply`; nothing where none does.
        trained_for: The variable op which that training op updates.
        place: Where among the inputs behind the variable the slot stands.
        averaged: Whether it is updated as a moving average.
        recomputed: Whether the graph computes new values for it, though it trains others.
        counts_steps: Whether the graph says that it is the global step.
        is_local: Whether it is a metric or other variable that training starts anew.
        is_table: Whether it is no variable at all, but the content of a lookup table.
    """

    name: str
    parts: int = 1
    trainable: bool | None = None
    anchor: str = ""
    trained_as: bytes = b""
    trained_for: str = ""
    place: int = 0
    averaged: bool = False
    counts_steps: bool = False
    is_local: bool = False
    is_table: bool = False
    recomputed: bool = False


class Graph(Protocol):
    """What a `.meta`, a GraphDef or a SavedModel holds, fully in memory: no file stays open.

    Attributes:
        ops: How many nodes there are of each op type, most frequent first.
        problems: What is wrong with it; the first look at them walks the whole graph, so it may be slow.
        variants: The other MetaGraphs of a SavedModel, told apart by their tags.
    """

    path: Path
    kind: Kind
    nodes: Sequence[Node]
    facts: GraphFacts
    variants: Sequence["Graph"]

    @property
    def columns(self) -> NodeColumns: ...

    @property
    def ops(self) -> Mapping[str, int]: ...

    @property
    def problems(self) -> Sequence[Problem]: ...

    @property
    def placeholders(self) -> Sequence[Placeholder]: ...

    @property
    def collections(self) -> Sequence[Collection]: ...

    @property
    def signatures(self) -> Mapping[str, Signature]: ...

    def check(self, cancel: CancelToken | None = None) -> Sequence[Problem]:
        """The problems, found in a way that can be cancelled."""

    def node(self, name: str) -> Node:
        """The node of this name (`x`, `x:0` and `^x` all mean `x`); raises `NotFound`."""

    def consumers(self, name: str) -> Sequence[str]:
        """Names of the nodes that take an output of this node or wait for it, in graph order."""

    def attributes(self, name: str) -> Mapping[str, Any]:
        """Its attributes as plain values: see `graphs/attributes.py`."""

    def body(self, function: str) -> "Graph":
        """What a function of the library holds, as a graph of its own; raises `NotFound`.

        Its arguments are nodes of the type `argument`.
        """

    def variable_ops(self, name: str) -> Sequence[str]:
        """Names of the nodes that hold, read, restore or update the variable of this checkpoint key."""

    def origins(self) -> Mapping[str, Origin]:
        """Which variable op each checkpoint key was saved from, as far as its saver tells."""

    def keys_of(self, node: str) -> Sequence[str]:
        """The checkpoint keys that a variable op saves to, by the save ops; none for other nodes."""

    def restores(self) -> Sequence[Restore]:
        """What its own saver reads from a checkpoint; nothing where it has none, or none we can follow."""
