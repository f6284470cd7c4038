"""Roles and names in a TensorFlow 2 checkpoint, as its object graph tells them.

Optimizers of Keras up to 2.10 list their slots (`slot_variables`). Later ones keep them in lists such as
`_momentums`, one element for each trainable variable, and name them after their variable
(keras/src/optimizers/base_optimizer.py: `<variable>_<slot>`; tf_keras: `<optimizer>/<slot>/<variable>`).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from ckpt_viewer.formats.checkpoint import Role
from ckpt_viewer.formats.roles.judgement import Judgement
from ckpt_viewer.formats.roles.object_graph import VARIABLE_VALUE, ObjectGraph, SavedValue
from ckpt_viewer.formats.roles.object_keys import ObjectKeys
from ckpt_viewer.formats.roles.saved_names import COUNTER, OTHER, STATISTIC, STATISTICS, SavedNames

_NO_SLOTS = frozenset(("_variables", "_trainable_variables", "_trainable_variables_indices", "_index_dict"))
_AVERAGES = frozenset(("_average", "_model_variables_moving_average"))
_LONGEST_NAME = 1000  # characters of a full name in which a slot is looked for
_RANDOM_STATES = frozenset(("seed_generator_state", "StateVar"))


class ObjectWitness:
    """Judges the variables of one checkpoint; keys that the graph does not know are left to their names."""

    def __init__(self, saved: SavedNames, graph: ObjectGraph) -> None:
        self._saved, self._graph = saved, graph
        self._by_name = ObjectKeys(saved)

    def judge(self, place: int) -> Judgement | None:
        key = self._saved.names[place]
        value = self._graph.value_of(key)
        if value is None:
            return None
        found = self._judge(place, key, value)
        path = self._graph.path(value.node)
        return found._replace(full_name=value.full_name or None, object_path=path)

    def _judge(self, place: int, key: str, value: SavedValue) -> Judgement:
        if value.attribute != VARIABLE_VALUE:
            return OTHER
        if slot := self._graph.slots.get(value.node):
            return self._slot(slot.name, self._graph.key_of.get(slot.owner), value)
        if value.node in self._listed_slots:
            return self._slot(*self._listed_slots[value.node], value)
        judged = self._by_name.judge(place, key)
        if judged.role == "slot" or value.node in self._kept_by_optimizers:
            return self._slot("", judged.owner, value)
        return self._by_full_name(place, value.full_name.rpartition("/")[2], judged)

    def _by_full_name(self, place: int, leaf: str, by_key: Judgement) -> Judgement:
        """Keys may be numbers in a list; then the end of the full name says what the path does not."""
        if by_key.role == "weight" and leaf in STATISTICS:
            return STATISTIC
        if by_key.role == "other" and self._saved.is_counter(place, leaf):
            return COUNTER
        return OTHER if leaf in _RANDOM_STATES else by_key

    def _slot(self, listed: str, owner: str | None, value: SavedValue) -> Judgement:
        named, named_owner = self._named_after(value.full_name)
        owner = owner or named_owner
        # The name is what the optimizer calls it, but Adafactor of tf_keras names its `_c` by an `r` as well.
        slot = named if named and owner == named_owner and not len(named) == len(listed) == 1 else listed
        role: Role = "ema" if "average" in (listed, slot) else "slot"
        return Judgement(role, owner, slot or None)

    @cached_property
    def _listed_slots(self) -> Mapping[int, tuple[str, str | None]]:
        """Name of the list and owner of each variable in a list of slots, by its node."""
        found: dict[int, tuple[str, str | None]] = {}
        seen: set[int] = set()  # lists that optimizers share are gone through once
        for optimizer in sorted(self._graph.optimizers):
            found |= dict(self._lists(optimizer, seen))
        return found

    @cached_property
    def _kept_by_optimizers(self) -> frozenset[int]:
        """What is in an optimizer's list of all its variables, but is none of those it has by name."""
        kept: set[int] = set()
        seen: set[int] = set()
        for optimizer in sorted(self._graph.optimizers):
            children = {name: node for node, name in self._graph.children(optimizer)}
            if "_variables" in children and children["_variables"] not in seen:
                seen.add(children["_variables"])
                kept |= {*self._elements(children["_variables"])} - {*children.values()}
        return frozenset(kept)

    def _lists(self, optimizer: int, seen: set[int]) -> Iterator[tuple[int, tuple[str, str | None]]]:
        lists = {name: node for node, name in self._graph.children(optimizer)}
        fresh = {
            name: node
            for name, node in lists.items()
            if name not in _NO_SLOTS and node not in self._graph.key_of and node not in seen
        }
        if not fresh:
            return
        seen.update(fresh.values())
        owners = self._elements(lists["_trainable_variables"]) if "_trainable_variables" in lists else ()
        are_owners = frozenset(owners)
        for name, node in fresh.items():
            elements = self._elements(node)
            paired = len(elements) == len(owners)
            for place, element in enumerate(elements):
                owner = self._graph.key_of.get(owners[place]) if paired else None
                if element in self._graph.key_of and element not in are_owners:
                    yield element, (_slot_of_list(name), owner)

    def _elements(self, node: int) -> Sequence[int]:
        """What a list holds; nothing for objects of other kinds."""
        children = self._graph.children(node)
        return [child for child, _ in children] if all(name.isdigit() for _, name in children) else []

    def _named_after(self, full_name: str) -> tuple[str, str | None]:
        """The slot, and the key of the variable that a slot is named after; nothing where no name fits."""
        if len(full_name) > _LONGEST_NAME:
            return "", None
        parts = full_name.split("/")
        for before in (1, 0):  # a loss scale optimizer leaves out its own name
            if owner := self._owners.get("/".join(parts[before + 1 :])):
                return parts[before], owner
        stem, slot = parts[-1], ""
        while "_" in stem:
            stem, _, last = stem.rpartition("_")
            slot = f"{last}_{slot}" if slot else last
            if owner := self._flat_owners.get(stem):
                return slot, owner
        return "", None

    @cached_property
    def _owners(self) -> Mapping[str, str | None]:
        """Keys by full name; nothing for names that several variables have."""
        found: dict[str, str | None] = {}
        for key, value in self._graph.values.items():
            if value.attribute == VARIABLE_VALUE and value.full_name:
                found[value.full_name] = None if value.full_name in found else key
        return found

    @cached_property
    def _flat_owners(self) -> Mapping[str, str | None]:
        flat: dict[str, str | None] = {}
        for name, key in self._owners.items():
            spelled = name.replace("/", "_")
            flat[spelled] = None if spelled in flat else key
        return flat


def _slot_of_list(name: str) -> str:
    """`velocity` of `_velocities`, `r` of `_r`."""
    if name in _AVERAGES:
        return "average"
    listed = name.strip("_")
    return f"{listed[:-3]}y" if listed.endswith("ies") else listed.removesuffix("s")
