"""Which nodes of a graph belong to which key of a checkpoint.

A Saver may store a variable under any name, so the save ops are asked first. Where there are none, the
variables collection and then the names of the nodes have to do.
"""

from collections.abc import Iterable, Mapping

from ckpt_viewer.cancellation import in_breaths
from ckpt_viewer.formats.graph import Collection, Function, Saver
from ckpt_viewer.formats.graphs.edges import Edges
from ckpt_viewer.formats.graphs.graph_def_kind import HOLDERS
from ckpt_viewer.formats.graphs.save_ops import NodeIndex, transfers
from ckpt_viewer.formats.storage.wire import text

_VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"


class VariableOps:
    """Made once per graph; answers in the order of the nodes."""

    def __init__(
        self,
        index: NodeIndex,
        edges: Edges,
        saver: Saver | None,
        collections: Iterable[Collection],
        functions: Iterable[Function],
    ) -> None:
        self._index, self._edges = index, edges
        self._holders: dict[str, set[int]] = {}
        self._keys: dict[int, dict[str, None]] = {}  # in the order they were met
        self._transfers: dict[str, set[int]] = {}
        for transfer in in_breaths(transfers(index, saver, functions)):
            self._transfers.setdefault(transfer.key, set()).add(transfer.node)
            if transfer.value is not None:
                self._add(transfer.key, transfer.value)
        if not self._holders:
            self._follow_collections(collections)
        self._names_are_keys = saver is None and not self._holders

    def of_key(self, key: str) -> list[str]:
        """Nodes that hold the variable or touch it directly, and the ops that save and restore it."""
        holders = self._holders.get(key) or self._called(key)
        found = set(holders) | self._transfers.get(key, set())
        for holder in holders:
            found.update(self._edges.consumers(holder))
        return [text(self._index.nodes[place].name) for place in sorted(found)]

    def keys_of(self, name: bytes) -> list[str]:
        """The keys a variable is saved under; for an op that only reads it, those of what it reads."""
        holder = self._holder(self._index.origin(name))
        if holder is None:
            return []
        own_name = {text(self._index.nodes[holder].name): None} if self._names_are_keys else {}
        return list(self._keys.get(holder, own_name))

    def _follow_collections(self, collections: Iterable[Collection]) -> None:
        for collection in collections:
            if collection.proto == "VariableDef":
                for item in collection.items:
                    if isinstance(item, dict):
                        self._add_definition(item)

    def _add_definition(self, item: Mapping[str, object]) -> None:
        name = str(item.get("variable_name", "")).partition(":")[0]
        part = item.get("save_slice_info_def")
        key = str(part.get("full_name", name)) if isinstance(part, dict) else name
        self._add(key, name.encode("utf-8", "surrogateescape"))

    def _add(self, key: str, name: bytes) -> None:
        holder = self._holder(name)
        if holder is None:
            return
        self._holders.setdefault(key, set()).add(holder)
        self._keys.setdefault(holder, {})[key] = None

    def _holder(self, name: bytes) -> int | None:
        place = self._index.place.get(name)
        return place if place is not None and self._index.nodes[place].op in HOLDERS else None

    def _called(self, key: str) -> set[int]:
        """The variable op that is called like the key, or like the path of an object checkpoint's key."""
        for name in (key, key.removesuffix(_VALUE)):
            holder = self._holder(name.encode("utf-8", "surrogateescape"))
            if holder is not None and holder not in self._keys:
                return {holder}
        return set()
