"""Which nodes of a graph belong to which key of a checkpoint.

A Saver may store a variable under any name, so the truth is in the save ops: their second input is a constant
with the keys, and their last inputs are the values (tensorflow/core/ops/io_ops.cc). Where there are no save
ops, the variables collection and then the names of the nodes have to do.
"""

from collections.abc import Iterable, Mapping, Sequence

from ckpt_viewer.errors import CheckpointError, Malformed
from ckpt_viewer.formats.attributes import value_of
from ckpt_viewer.formats.graph import Collection
from ckpt_viewer.formats.node_list import source_of
from ckpt_viewer.formats.protos.graph_pb2 import NodeListing
from ckpt_viewer.formats.signatures import text
from ckpt_viewer.formats.tensors import parse_tensor, tensor_value

HOLDERS = frozenset(
    (
        b"VarHandleOp",
        b"VariableV2",
        b"Variable",
        b"AutoReloadVariable",
        b"TemporaryVariable",
        b"_VarHandlesOp",
    )
)
READERS = frozenset(
    (b"Identity", b"ReadVariableOp", b"_ReadVariablesOp", b"RefIdentity", b"Cast", b"Snapshot")
)
# Op → place of the input that holds the keys, and of the first value.
SAVE_OPS: Mapping[bytes, tuple[int, int]] = {b"SaveV2": (1, 3), b"SaveSlices": (1, 3), b"Save": (1, 2)}
RESTORE_OPS: Mapping[bytes, int] = {b"RestoreV2": 1, b"RestoreSlice": 1, b"Restore": 1}
MOST_KEYS = 1 << 24
_LONGEST_WAY = 16
_VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"


class VariableOps:
    """Made once per graph; answers in the order of the nodes."""

    def __init__(
        self,
        nodes: Sequence[NodeListing],
        place: Mapping[bytes, int],
        consumers: Mapping[bytes, Sequence[int]],
        collections: Iterable[Collection],
    ) -> None:
        self._nodes, self._place, self._consumers = nodes, place, consumers
        self._holders: dict[str, set[int]] = {}
        self._keys: dict[int, list[str]] = {}
        self._transfers: dict[str, set[int]] = {}
        self._follow_saves()
        if not self._holders:
            self._follow_collections(collections)

    def of_key(self, key: str) -> list[str]:
        """Nodes that hold the variable or touch it directly, and the ops that save and restore it."""
        holders = self._holders.get(key) or self._named(key)
        found = set(holders) | self._transfers.get(key, set())
        for holder in holders:
            found.update(self._touching(holder))
        return [text(self._nodes[place].name) for place in sorted(found)]

    def keys_of(self, place: int) -> list[str]:
        """The keys a variable is saved under; for an op that only reads it, those of what it reads."""
        holder = self._holder(place)
        if holder is None:
            return []
        return self._keys.get(holder) or ([] if self._holders else [text(self._nodes[holder].name)])

    def _follow_saves(self) -> None:
        for place, node in enumerate(self._nodes):
            if node.op in SAVE_OPS:
                where, first = SAVE_OPS[node.op]
                data = [name for name in node.input if name[:1] != b"^"]
                for key, value in zip(self._key_list(data, where), data[first:], strict=False):
                    self._add(key, self._place.get(source_of(value)))
                    self._transfers.setdefault(key, set()).add(place)
            elif node.op in RESTORE_OPS:
                data = [name for name in node.input if name[:1] != b"^"]
                for key in self._key_list(data, RESTORE_OPS[node.op]):
                    self._transfers.setdefault(key, set()).add(place)

    def _follow_collections(self, collections: Iterable[Collection]) -> None:
        for collection in collections:
            if collection.proto == "VariableDef":
                for item in collection.items:
                    if isinstance(item, dict):
                        self._add_definition(item)

    def _add_definition(self, item: Mapping[str, object]) -> None:
        name = str(item.get("variable_name", "")).partition(":")[0]
        slice_info = item.get("save_slice_info_def")
        key = str(slice_info.get("full_name", name)) if isinstance(slice_info, dict) else name
        self._add(key, self._place.get(name.encode("utf-8", "surrogateescape")))

    def _add(self, key: str, place: int | None) -> None:
        holder = None if place is None else self._holder(place)
        if holder is None:
            return
        self._holders.setdefault(key, set()).add(holder)
        keys = self._keys.setdefault(holder, [])
        if key not in keys:
            keys.append(key)

    def _key_list(self, data: Sequence[bytes], where: int) -> list[str]:
        """The strings of the constant at an input; none where it is no constant."""
        place = self._place.get(source_of(data[where])) if where < len(data) else None
        if place is None or self._nodes[place].op != b"Const":
            return []
        value = value_of(self._nodes[place].attr, "value")
        if value is None:
            return []
        try:
            strings = tensor_value(parse_tensor(value.tensor), most_bytes=MOST_KEYS)
        except (Malformed, CheckpointError):
            return []
        return [text(key) for key in strings.reshape(-1) if isinstance(key, bytes)]

    def _holder(self, place: int | None) -> int | None:
        """The variable op at the end of a chain of reads."""
        for _ in range(_LONGEST_WAY):
            if place is None or self._nodes[place].op in HOLDERS:
                return place
            if self._nodes[place].op not in READERS or not self._nodes[place].input:
                return None
            place = self._place.get(source_of(self._nodes[place].input[0]))
        return None

    def _named(self, key: str) -> set[int]:
        """The variable op that is called like the key, or like the path of an object checkpoint's key."""
        for name in (key, key.removesuffix(_VALUE)):
            place = self._place.get(name.encode("utf-8", "surrogateescape"))
            if place is not None and self._nodes[place].op in HOLDERS and place not in self._keys:
                return {place}
        return set()

    def _touching(self, holder: int) -> Iterable[int]:
        return self._consumers.get(self._nodes[holder].name, ())
