"""Slots, averages, statistics and counters in checkpoints whose keys are the names of graph variables."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import repeat

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.roles.judgement import Judgement
from ckpt_viewer.formats.roles.optimizer_slots import slot_in_order
from ckpt_viewer.formats.roles.saved_names import (
    COUNTER,
    NOT_NUMBERS,
    OTHER,
    STATISTIC,
    STATISTICS,
    WEIGHT,
    SavedNames,
    words,
)
from ckpt_viewer.formats.roles.usual_slots import MOST_SLOTS, UsualSlots

# Optimizers that keep two or more slots per variable: one alone is then no slot.
PAIRED_OPTIMIZERS = words(
    "Adam AdamW AdamOptimizer AdamWeightDecayOptimizer LazyAdam LazyAdamOptimizer NAdam Nadam AdaMax Adamax "
    "AMSGrad RAdam LAMB Lamb RMSProp RMSprop RMSPropOptimizer AdagradDA Adadelta Ftrl"
)
SINGLE_OPTIMIZERS = words(
    "Momentum MomentumW MomentumOptimizer MomentumWOptimizer Adagrad ProximalAdagrad LARS LARSOptimizer "
    "LARSMomentum AddSign PowerSign SGD adam_m adam_v lamb_m lamb_v"
)
# Slots of optimizers that factor the second moment: smaller than their variable.
FACTORED_SLOTS = words("Adafactor")
JOINED_SLOT = re.compile(r"^(.+)_slot_(vr|vc|v|m)$")
# Slot names of `tf.keras` optimizers, which write `training/Adagrad/<variable>/accumulator`.
KERAS_SLOTS = words("m v vhat momentum rms mg accumulator accum_grad accum_var linear")
AVERAGES = words("ExponentialMovingAverage EMA ema moving_average")
DEBIAS_PARTS = words("biased local_step")
OPTIMIZER_SCALARS = words(
    "beta1_power beta2_power learning_rate _learning_rate lr decay beta_1 beta_2 rho epsilon "
    "current_loss_scale loss_scale"
)
_MARKS = AVERAGES | DEBIAS_PARTS | PAIRED_OPTIMIZERS | SINGLE_OPTIMIZERS | FACTORED_SLOTS | KERAS_SLOTS
_CHECK_EVERY = 1000
MOST_SCOPES = 64  # that are tried in front of an owner's name


class SlotNames:
    """Judges `scope/variable/Optimizer_1` and its like."""

    def __init__(self, saved: SavedNames) -> None:
        self._saved = saved
        self._custom = _custom_optimizers(saved)
        self._quiet = frozenset(leaf for leaf in set(saved.leaves) if self._says_nothing(leaf))

    def judge_all(self, cancel: CancelToken | None) -> list[Judgement]:
        """A judgement on each variable; most have axes and names that say nothing, which is soon seen."""
        saved, quiet = self._saved, self._quiet
        usual = {dtype: OTHER if dtype in NOT_NUMBERS else WEIGHT for dtype in set(saved.dtypes)}
        found = [usual[dtype] for dtype in saved.dtypes]
        facts = enumerate(zip(saved.leaves, saved.shapes, strict=True))
        unclear = [place for place, (leaf, shape) in facts if not shape or leaf not in quiet]
        for count, (place, judgement) in enumerate(self._usual_slots(unclear)):
            if cancel is not None and count % _CHECK_EVERY == 0:
                cancel.check()
            found[place] = judgement or self.judge(place, saved.names[place])
        return found

    def judge(self, place: int, name: str) -> Judgement:
        parent, _, leaf = name.rpartition("/")
        base, number = split_number(leaf)
        if (
            parent
            and (base in _MARKS or leaf in _MARKS or base in self._custom)
            and (judged := self._attached(place, parent, leaf, base, number))
        ):
            return judged
        if "_slot_" in leaf and (joined := self._joined_slot(name)):
            return joined
        if base in STATISTICS:
            return STATISTIC
        if self._saved.is_counter(place, base):
            return COUNTER
        if self._saved.is_scalar(place) and self._is_setting(parent, base):
            return OTHER
        return self._saved.usual(place)

    def _usual_slots(self, unclear: Sequence[int]) -> Iterator[tuple[int, Judgement | None]]:
        """All these places; None with those that are no slots, or not as usual."""
        places: dict[str, list[int]] = defaultdict(list)
        for place in unclear:
            places[self._saved.leaves[place]].append(place)
        usual = UsualSlots(self._saved, places)
        for leaf, group in places.items():
            base, number = split_number(leaf)
            is_paired = base in PAIRED_OPTIMIZERS or base in self._custom
            is_slot = is_paired or base in SINGLE_OPTIMIZERS
            judged = usual.judge(leaf, base, number, is_paired=is_paired) if is_slot else repeat(None)
            yield from zip(group, judged, strict=False)

    def _says_nothing(self, leaf: str) -> bool:
        """Whether a name that ends so makes nothing special of a variable that has axes."""
        base, _ = split_number(leaf)
        marked = base in _MARKS or leaf in _MARKS or base in self._custom
        return not (marked or "_slot_" in leaf or base in STATISTICS)

    def _attached(self, place: int, parent: str, leaf: str, base: str, number: int) -> Judgement | None:
        """The judgement on a name that belongs to another by its last part, or nothing."""
        if base in AVERAGES:
            return self._average(place, parent, certain=base == "ExponentialMovingAverage")
        if leaf in DEBIAS_PARTS:
            return self._debias_part(parent, leaf)
        if base in PAIRED_OPTIMIZERS or base in self._custom:
            return (
                self._slot(place, parent, base, number) if self._has_partner(parent, base, number) else None
            )
        if base in SINGLE_OPTIMIZERS:
            return self._slot(place, parent, base, number)
        if base in FACTORED_SLOTS and parent in self._saved.place_of:
            return Judgement("slot", parent)
        if leaf in KERAS_SLOTS and (owner := self._scoped_owner(place, parent)):
            return Judgement("slot", owner, leaf)
        return None

    def _slot(self, place: int, parent: str, base: str, number: int) -> Judgement | None:
        owner = self._owner(place, parent)
        # A saver that restores averages stores the variable itself under the name of its average.
        if owner or self._saved.matches(place, f"{parent}/ExponentialMovingAverage"):
            return Judgement("slot", owner, self.slot_name(f"{parent}/{base}", base, number))
        return None

    def slot_name(self, first: str, base: str, number: int) -> str | None:
        """What the optimizer calls this slot; `first` is the name of the first for the same variable."""
        count = 1
        while count < MOST_SLOTS and f"{first}_{count}" in self._saved.place_of:
            count += 1
        return slot_in_order(base, number, count)

    def _average(self, place: int, parent: str, *, certain: bool) -> Judgement | None:
        owner = self._owner(place, parent)
        return Judgement("ema", owner) if owner or certain else None

    def _owner(self, place: int, parent: str) -> str | None:
        return parent if self._saved.matches(place, parent) else self._scoped_owner(place, parent)

    def _scoped_owner(self, place: int, parent: str) -> str | None:
        return next((name for name in _without_scope(parent) if self._saved.matches(place, name)), None)

    def _debias_part(self, parent: str, leaf: str) -> Judgement | None:
        """`biased` and `local_step` belong to the average they correct."""
        known = (name for name in (parent, *_without_scope(parent)) if name in self._saved.place_of)
        if (parent := next(known, "")) == "":
            return None
        base, _ = split_number(parent.rpartition("/")[2])
        if base in STATISTICS:
            return Judgement("batch-statistics", parent, leaf)
        return Judgement("ema", parent, leaf) if base in AVERAGES else None

    def _has_partner(self, parent: str, base: str, number: int) -> bool:
        place_of = self._saved.place_of
        if number == 0:
            return f"{parent}/{base}_1" in place_of
        return f"{parent}/{base}" in place_of or f"{parent}/{base}_{number - 1}" in place_of

    def _is_setting(self, parent: str, base: str) -> bool:
        """Scalars beside a learning rate are settings of the same optimizer."""
        return base in OPTIMIZER_SCALARS or f"{parent}/learning_rate" in self._saved.place_of

    def _joined_slot(self, name: str) -> Judgement | None:
        found = JOINED_SLOT.match(name)
        return Judgement("slot", found[1], found[2]) if found and found[1] in self._saved.place_of else None


@lru_cache(maxsize=4096)  # of many variables few end differently
def split_number(leaf: str) -> tuple[str, int]:
    """`Adam_1` → `Adam`, 1: TensorFlow counts the second and later of one name; the first has number 0."""
    if leaf[-1:].isdigit() and "_" in leaf:
        stem, _, digits = leaf.rpartition("_")
        if stem and digits.isascii() and digits.isdigit() and len(digits) < 10:
            return stem, int(digits)
    return leaf, 0


def _without_scope(parent: str) -> Iterator[str]:
    """`b/w`, then `w` for `a/b/w`: an optimizer made in a variable scope puts the scope in front."""
    for _ in range(MOST_SCOPES):
        _, slash, parent = parent.partition("/")
        if not slash:
            return
        yield parent


def _custom_optimizers(saved: SavedNames) -> frozenset[str]:
    """Names that look like an optimizer with a name of its own.

    Two or more variables have both `Name` and `Name_1` below them, each of the variable's shape and type.
    """
    counted = {leaf for leaf in set(saved.leaves) if leaf.endswith("_1") and leaf[:-2] not in _MARKS}
    parents: dict[str, int] = {}
    for place, leaf in enumerate(saved.leaves) if counted else ():
        name = saved.names[place]
        if (
            leaf in counted
            and saved.matches(place, name[: -len(leaf) - 1])
            and saved.matches(place, name[:-2])
        ):
            parents[leaf[:-2]] = parents.get(leaf[:-2], 0) + 1
    return frozenset(name for name, count in parents.items() if count > 1)
