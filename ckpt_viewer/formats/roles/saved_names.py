"""The variables of a checkpoint by name, and what a name, a type and a shape can tell of one."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from ckpt_viewer.formats.roles.judgement import Judgement

WEIGHT, OTHER = Judgement("weight"), Judgement("other")
STATISTIC, COUNTER = Judgement("batch-statistics"), Judgement("counter")
AVERAGE = Judgement("ema")


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STATISTICS = words(
    "moving_mean moving_variance moving_var moving_std moving_stddev moving_avg running_mean running_var "
    "running_variance renorm_mean renorm_mean_weight renorm_stddev renorm_stddev_weight pop_mean pop_var "
    "pop_variance"
)
COUNTERS = words(
    "save_counter iter iterations _iterations iteration step steps train_step training_step local_step "
    "good_steps global_epoch epoch num_updates counter"
)
INTEGERS = words("int8 int16 int32 int64 uint8 uint16 uint32 uint64")
NOT_NUMBERS = words("string resource variant bool")


class SavedNames:
    """The variables of one checkpoint by name, so that a slot can look for its parent."""

    def __init__(
        self, names: Sequence[str], dtypes: Sequence[str], shapes: Sequence[tuple[int, ...]]
    ) -> None:
        self.names, self.dtypes, self.shapes = names, dtypes, shapes

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        return dict(zip(self.names, range(len(self.names)), strict=True))

    @cached_property
    def leaves(self) -> Sequence[str]:
        """The last part of each name: many share the same few."""
        return [name[name.rfind("/") + 1 :] for name in self.names]

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

    def usual(self, place: int) -> Judgement:
        """What a variable is that nothing special claims."""
        dtype = self.dtypes[place]
        if dtype in NOT_NUMBERS or (dtype in INTEGERS and self.is_scalar(place)):
            return OTHER
        return WEIGHT
