"""Roles and names in a checkpoint of graph variables, as the graph that was saved with it tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.listing import columns_of, rejudged
from ckpt_viewer.formats.roles.judgement import Judgement
from ckpt_viewer.formats.roles.object_keys import OBJECT_GRAPH
from ckpt_viewer.formats.roles.optimizer_slots import SLOTS_OF_APPLY
from ckpt_viewer.formats.roles.saved_names import AVERAGE, COUNTER, OTHER, SavedNames
from ckpt_viewer.formats.roles.slot_names import AVERAGES, SlotNames, split_number

if TYPE_CHECKING:
    from ckpt_viewer.formats.graph import Graph, Origin

_CHECK_EVERY = 1000
MOST_VARIANTS = 8  # of a SavedModel that are asked, beside the one for serving


def judged_by(
    graph: Graph, variables: Sequence[Variable], cancel: CancelToken | None = None
) -> Sequence[Variable]:
    """The variables with roles and names as their graph tells them; the same sequence where it tells nothing.

    Objects that were saved know their variables better, and have been asked.
    """
    columns = columns_of(variables)
    if OBJECT_GRAPH in columns.names:
        return variables
    origins: dict[str, Origin] = {}
    for each in (graph, *graph.variants[:MOST_VARIANTS]):
        if cancel is not None:
            cancel.check()
        origins = {**each.origins(), **origins}
    if origins.keys().isdisjoint(columns.names):
        return variables
    witness = GraphWitness(SavedNames(columns.names, columns.dtypes, columns.shapes), origins)
    judgements = []
    for place, judgement in enumerate(columns.judgements):
        if cancel is not None and place % _CHECK_EVERY == 0:
            cancel.check()
        judgements.append(witness.judge(place) or judgement)
    return rejudged(variables, judgements)


_LONGEST_NAME = 1000  # characters of a name that anybody gave


class GraphWitness:
    """Judges by the variable ops behind the keys: a Saver may store them under any names."""

    def __init__(self, saved: SavedNames, origins: Mapping[str, Origin]) -> None:
        self._saved, self._origins = saved, origins
        names = [self._graph_name(key) for key in saved.names]
        self._by_name = SlotNames(SavedNames(names, saved.dtypes, saved.shapes))
        self._names = names
        self._key_of = dict(zip(names, saved.names, strict=True))
        self._key_of |= {origins[key].name: key for key in saved.names if key in origins}

    def judge(self, place: int) -> Judgement | None:
        key = self._saved.names[place]
        origin = self._origins.get(key)
        if origin is None:
            return None
        renamed = origin.parts == 1 and origin.name != key and not origin.is_table
        renamed = renamed and len(origin.name) <= _LONGEST_NAME
        return self._judge(place, origin)._replace(full_name=origin.name if renamed else None)

    def _graph_name(self, key: str) -> str:
        """What its slots are called after: parts of a variable are saved under the name of the whole."""
        origin = self._origins.get(key)
        return origin.name if origin and origin.parts == 1 else key

    def _judge(self, place: int, origin: Origin) -> Judgement:
        if origin.counts_steps:
            return COUNTER
        if origin.trainable:
            return self._saved.usual(place)
        if slot := self._trained(origin):
            return slot
        by_name = self._by_name.judge(place, self._names[place])
        beside = self._key_of.get(origin.anchor) if origin.anchor != origin.name else None
        if by_name.role in ("slot", "ema"):
            return by_name._replace(owner=beside or self._key(by_name.owner))
        if origin.is_local or origin.is_table:
            return OTHER
        if beside and by_name.role == "weight" and self._may_belong(place, beside):
            averages = origin.averaged or split_number(origin.name.rpartition("/")[2])[0] in AVERAGES
            return Judgement("ema" if averages else "slot", beside)
        if origin.averaged and by_name.role == "weight":
            return AVERAGE
        # What the graph does not train and no name explains; frozen layers have axes, and stay as they are.
        is_unexplained = origin.trainable is False and by_name.role == "weight"
        is_state = is_unexplained and (self._saved.is_scalar(place) or origin.recomputed)
        return OTHER if is_state else by_name

    def _trained(self, origin: Origin) -> Judgement | None:
        slots = SLOTS_OF_APPLY.get(origin.trained_as, ())
        if origin.place >= len(slots):
            return None
        return Judgement("slot", self._key_of.get(origin.trained_for), slots[origin.place])

    def _may_belong(self, place: int, owner: str) -> bool:
        """Optimizers keep scalars of their own beside the first variable; those are no slots of it."""
        return not self._saved.is_scalar(place) or self._saved.matches(place, owner)

    def _key(self, name: str | None) -> str | None:
        return None if name is None else self._key_of.get(name)
