"""The nodes of a graph, decoded one by one as they are asked for."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import overload

from ckpt_viewer.cancellation import in_breaths
from ckpt_viewer.formats.graph import Node
from ckpt_viewer.formats.graphs.words import Words
from ckpt_viewer.formats.protos.graph_pb2 import NodeListing
from ckpt_viewer.formats.storage.wire import text


class NodeList(Sequence[Node]):
    """Stands before the parsed messages, so that 50,000 nodes cost nothing until they are looked at.

    Whoever goes through all of them pays once: they are kept.
    """

    def __init__(self, listings: Sequence[NodeListing]) -> None:
        self.listings = listings
        self._decoded: tuple[Node, ...] | None = None

    def __len__(self) -> int:
        return len(self.listings)

    @overload
    def __getitem__(self, place: int) -> Node: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Node]: ...
    def __getitem__(self, place: int | slice) -> Node | Sequence[Node]:
        if self._decoded is not None:
            return self._decoded[place]
        if isinstance(place, slice):
            return tuple(map(node_of, self.listings[place]))
        return node_of(self.listings[place])

    def __iter__(self) -> Iterator[Node]:
        if self._decoded is None:
            self._decoded = tuple(map(node_of, self.listings))
        return iter(self._decoded)

    @cached_property
    def names(self) -> Sequence[str]:
        names = [node.name for node in in_breaths(self.listings)]
        try:
            return list(map(bytes.decode, names))
        except UnicodeDecodeError:
            return list(map(text, names))

    @cached_property
    def ops(self) -> Words:
        return Words.of((node.op for node in self.listings), text)

    @cached_property
    def devices(self) -> Words:
        return Words.of((node.device for node in in_breaths(self.listings)), text)

    def name_of(self, place: int) -> str:
        return text(self.listings[place].name)

    def device_of(self, place: int) -> str:
        return text(self.listings[place].device)


def node_of(listing: NodeListing) -> Node:
    inputs = tuple(map(text, listing.input))
    control = tuple(name[1:] for name in inputs if name[:1] == "^")
    if control:
        inputs = tuple(name for name in inputs if name[:1] != "^")
    return Node(text(listing.name), text(listing.op), text(listing.device), inputs, control)


def source_of(name: bytes) -> bytes:
    """The node that an input names: `a` for `a`, `a:1`, `^a` and, inside functions, `a:out:0`."""
    return (name[1:] if name[:1] == b"^" else name).partition(b":")[0]
