"""Roles of the keys that `tf.train.Checkpoint` writes: paths through Python objects.

Keys are `<path>/.ATTRIBUTES/<attribute>`, slots `<path>/.OPTIMIZER_SLOT/<optimizer>/<slot>/.ATTRIBUTES/…`.
"""

from collections.abc import Iterable

from ckpt_viewer.formats.checkpoint import Role
from ckpt_viewer.formats.roles.judgement import Judgement
from ckpt_viewer.formats.roles.saved_names import COUNTER, OTHER, STATISTIC, STATISTICS, SavedNames

OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"
_ATTRIBUTES = "/.ATTRIBUTES/"
VALUE_SUFFIX = "/.ATTRIBUTES/VARIABLE_VALUE"
_SLOT = "/.OPTIMIZER_SLOT/"
_ITERATIONS = ("/iter", "/_iterations", "/iterations", "/beta1_power")


def is_object_key(name: str) -> bool:
    return _ATTRIBUTES in name or name == OBJECT_GRAPH


def has_object_keys(names: Iterable[str]) -> bool:
    """Whether any is one; they are looked through as one text, which takes a tenth of the time."""
    text = "\n".join(names)
    return _ATTRIBUTES in text or OBJECT_GRAPH in text


class ObjectKeys:
    """Judges keys by the path they follow; finds out first which paths are optimizers."""

    def __init__(self, saved: SavedNames) -> None:
        self._saved = saved
        self._optimizers = frozenset(_optimizer_paths(saved.names))

    def judge(self, place: int, name: str) -> Judgement:
        if not name.endswith(VALUE_SUFFIX):
            return OTHER
        path = name[: -len(VALUE_SUFFIX)]
        if _SLOT in path:
            return self._slot(path)
        parent, _, leaf = path.rpartition("/")
        if leaf in STATISTICS:
            return STATISTIC
        if self._saved.is_counter(place, leaf):
            return COUNTER
        return self._in_optimizer(place, parent) or self._plain(place, path)

    def _slot(self, path: str) -> Judgement:
        variable, _, slot = path.rpartition(_SLOT)
        owner = variable + VALUE_SUFFIX
        name = slot.rpartition("/")[2]
        role: Role = "ema" if name == "average" else "slot"
        return Judgement(role, owner if owner in self._saved.place_of else None, name)

    def _in_optimizer(self, place: int, parent: str) -> Judgement | None:
        """Optimizers keep scalars (learning rate, decay) themselves and slots in numbered lists."""
        if parent in self._optimizers:
            return OTHER if self._saved.is_scalar(place) else None
        holder, _, listed = parent.rpartition("/")
        if holder not in self._optimizers or not listed.startswith("_") or "trainable" in listed:
            return None
        return OTHER if self._saved.is_scalar(place) else Judgement("slot")

    def _plain(self, place: int, path: str) -> Judgement:
        leaf = path.rpartition("/")[2]
        if "/metrics/" in f"/{path}" or leaf in ("current_loss_scale", "learning_rate"):
            return OTHER
        return self._saved.usual(place)


def _optimizer_paths(names: Iterable[str]) -> Iterable[str]:
    """Objects that own slots, or count iterations as only optimizers do."""
    for name in names:
        if not name.endswith(VALUE_SUFFIX):
            continue
        path = name[: -len(VALUE_SUFFIX)]
        if _SLOT in path:
            yield path.rpartition(_SLOT)[2].rpartition("/")[0]
        elif path.endswith(_ITERATIONS):
            yield path.rpartition("/")[0]
