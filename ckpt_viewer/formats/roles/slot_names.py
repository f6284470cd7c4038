"""Slots, averages, statistics and counters in checkpoints whose keys are the names of graph variables."""

import re
from collections.abc import Iterator, Sequence

from ckpt_viewer.formats.checkpoint import Role

Judgement = tuple[Role, str | None]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Optimizers that keep two or more slots per variable: one alone is then no slot.
PAIRED_OPTIMIZERS = _words(
    "Adam AdamW AdamOptimizer AdamWeightDecayOptimizer LazyAdam LazyAdamOptimizer NAdam Nadam AdaMax Adamax "
    "AMSGrad RAdam LAMB Lamb RMSProp RMSprop RMSPropOptimizer AdagradDA Adadelta Ftrl"
)
SINGLE_OPTIMIZERS = _words(
    "Momentum MomentumW MomentumOptimizer MomentumWOptimizer Adagrad ProximalAdagrad LARS LARSOptimizer "
    "LARSMomentum AddSign PowerSign SGD adam_m adam_v lamb_m lamb_v"
)
# Slots of optimizers that factor the second moment: smaller than their variable.
FACTORED_SLOTS = _words("Adafactor")
JOINED_SLOT = re.compile(r"^(.+)_slot_(?:vr|vc|v|m)$")
# Slot names of `tf.keras` optimizers, which write `training/Adagrad/<variable>/accumulator`.
KERAS_SLOTS = _words("m v vhat momentum rms mg accumulator accum_grad accum_var linear")
AVERAGES = _words("ExponentialMovingAverage EMA ema moving_average")
STATISTICS = _words(
    "moving_mean moving_variance moving_var moving_std moving_stddev moving_avg running_mean running_var "
    "running_variance renorm_mean renorm_mean_weight renorm_stddev renorm_stddev_weight pop_mean pop_var "
    "pop_variance"
)
DEBIAS_PARTS = _words("biased local_step")
COUNTERS = _words(
    "save_counter iter iterations _iterations iteration step steps train_step training_step local_step "
    "good_steps global_epoch epoch num_updates counter"
)
OPTIMIZER_SCALARS = _words(
    "beta1_power beta2_power learning_rate _learning_rate lr decay beta_1 beta_2 rho epsilon "
    "current_loss_scale loss_scale"
)
INTEGERS = _words("int8 int16 int32 int64 uint8 uint16 uint32 uint64")
NOT_NUMBERS = _words("string resource variant bool")
_MARKS = AVERAGES | DEBIAS_PARTS | PAIRED_OPTIMIZERS | SINGLE_OPTIMIZERS | FACTORED_SLOTS | KERAS_SLOTS
MOST_SCOPES = 64  # that are tried in front of an owner's name


class SavedNames:
    """The variables of one checkpoint by name, so that a slot can look for its parent."""

    def __init__(
        self, names: Sequence[str], dtypes: Sequence[str], shapes: Sequence[tuple[int, ...]]
    ) -> None:
        self.names, self.dtypes, self.shapes = names, dtypes, shapes
        self.place_of = {name: place for place, name in enumerate(names)}

    def matches(self, place: int, other: str) -> bool:
        """Whether there is a variable `other` of the same shape and type."""
        found = self.place_of.get(other)
        return (
            found is not None
            and self.shapes[found] == self.shapes[place]
            and self.dtypes[found] == self.dtypes[place]
        )

    def is_scalar(self, place: int) -> bool:
        return not self.shapes[place]

    def is_counter(self, place: int, leaf: str) -> bool:
        if leaf == "global_step":
            return self.is_scalar(place) and self.dtypes[place] not in NOT_NUMBERS
        return (
            self.is_scalar(place)
            and self.dtypes[place] in INTEGERS
            and (leaf in COUNTERS or leaf.endswith(("_step", "_steps", "_counter", "_iterations")))
        )

    def usual_role(self, place: int) -> Role:
        """What a variable is that nothing special claims."""
        dtype = self.dtypes[place]
        if dtype in NOT_NUMBERS or (dtype in INTEGERS and self.is_scalar(place)):
            return "other"
        return "weight"


class SlotNames:
    """Judges `scope/variable/Optimizer_1` and its like."""

    def __init__(self, saved: SavedNames) -> None:
        self._saved = saved
        self._custom = _custom_optimizers(saved)

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
            return "batch-statistics", None
        if self._saved.is_counter(place, base):
            return "counter", None
        if self._saved.is_scalar(place) and self._is_setting(parent, base):
            return "other", None
        return self._saved.usual_role(place), None

    def _attached(self, place: int, parent: str, leaf: str, base: str, number: int) -> Judgement | None:
        """The judgement on a name that belongs to another by its last part, or nothing."""
        if base in AVERAGES:
            return self._average(place, parent, certain=base == "ExponentialMovingAverage")
        if leaf in DEBIAS_PARTS:
            return self._debias_part(parent)
        if base in PAIRED_OPTIMIZERS or base in self._custom:
            return self._slot(place, parent) if self._has_partner(parent, base, number) else None
        if base in SINGLE_OPTIMIZERS:
            return self._slot(place, parent)
        if base in FACTORED_SLOTS and parent in self._saved.place_of:
            return "slot", parent
        if leaf in KERAS_SLOTS and (owner := self._scoped_owner(place, parent)):
            return "slot", owner
        return None

    def _slot(self, place: int, parent: str) -> Judgement | None:
        if owner := self._owner(place, parent):
            return "slot", owner
        # A saver that restores averages stores the variable itself under the name of its average.
        if self._saved.matches(place, f"{parent}/ExponentialMovingAverage"):
            return "slot", None
        return None

    def _average(self, place: int, parent: str, *, certain: bool) -> Judgement | None:
        owner = self._owner(place, parent)
        return ("ema", owner) if owner or certain else None

    def _owner(self, place: int, parent: str) -> str | None:
        return parent if self._saved.matches(place, parent) else self._scoped_owner(place, parent)

    def _scoped_owner(self, place: int, parent: str) -> str | None:
        return next((name for name in _without_scope(parent) if self._saved.matches(place, name)), None)

    def _debias_part(self, parent: str) -> Judgement | None:
        """`biased` and `local_step` belong to the average they correct."""
        if parent not in self._saved.place_of:
            return None
        base, _ = split_number(parent.rpartition("/")[2])
        if base in STATISTICS:
            return "batch-statistics", parent
        return ("ema", parent) if base in AVERAGES else None

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
        return ("slot", found[1]) if found and found[1] in self._saved.place_of else None


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
    parents: dict[str, int] = {}
    for place, name in enumerate(saved.names):
        if not name.endswith("_1"):
            continue
        parent, _, leaf = name.rpartition("/")
        if leaf[:-2] in _MARKS:
            continue
        if saved.matches(place, parent) and saved.matches(place, name[:-2]):
            parents[leaf[:-2]] = parents.get(leaf[:-2], 0) + 1
    return frozenset(name for name, count in parents.items() if count > 1)
