"""Which node takes from which, in columns: a large graph has more edges than nodes."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ckpt_viewer.cancellation import CancelToken, in_breaths
from ckpt_viewer.formats.graphs.node_list import source_of
from ckpt_viewer.formats.protos.graph_pb2 import NodeListing

NOWHERE = -1
Places = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Edges:
    """One entry for each input, in the order of the graph.

    Attributes:
        sources: The place of the node that an input names, `NOWHERE` where there is none.
        targets: The place of the node that has the input, ascending.
        odd: Which inputs are more than the name of a node: they name an output, only wait, or lead nowhere.
        odd_names: How those are written.
    """

    node_count: int
    sources: Places
    targets: Places
    odd: Places
    odd_names: Sequence[bytes]

    def consumers(self, place: int) -> list[int]:
        """The nodes with an input from this one, each once, in the order of the graph."""
        order, starts = self._by_source
        targets = self.targets[order[starts[place] : starts[place + 1]]]
        return list(dict.fromkeys(targets.tolist()))  # `np.unique` imports `np.ma`, while the screen waits

    @cached_property
    def _by_source(self) -> tuple[Places, Places]:
        order = np.argsort(self.sources, kind="stable")
        return order, np.searchsorted(self.sources[order], np.arange(self.node_count + 1))


def edges_of(
    nodes: Sequence[NodeListing], place: Mapping[bytes, int], cancel: CancelToken | None = None
) -> Edges:
    """The edges between nodes, given where each name is."""
    plain = {name: at for name, at in place.items() if b":" not in name and name[:1] != b"^"}
    sources, counts, odd, odd_names = array("q"), array("q"), array("q"), list[bytes]()
    for node in in_breaths(nodes, cancel):
        inputs = node.input
        counts.append(len(inputs))
        for name in inputs:
            source = plain.get(name)
            if source is None:
                odd.append(len(sources))
                odd_names.append(name)
                source = place.get(source_of(name), NOWHERE)
            sources.append(source)
    targets = np.repeat(np.arange(len(nodes), dtype=np.int64), _column(counts))
    return Edges(len(nodes), _column(sources), targets, _column(odd), odd_names)


def _column(values: "array[int]") -> Places:
    return np.frombuffer(values, np.int64) if values else np.zeros(0, np.int64)
