"""Variables as columns: what is asked of a hundred thousand of them takes no object for each."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any, NamedTuple, overload

import numpy as np

from ckpt_viewer.formats.checkpoint import Array, Role, Variable
from ckpt_viewer.formats.roles.judgement import Judgement


@dataclass(frozen=True)
class Columns:
    """One value for each variable, in their order; `sizes` are in bytes."""

    names: Sequence[str]
    dtypes: Sequence[str]
    shapes: Sequence[tuple[int, ...]]
    sizes: Sequence[int]
    judgements: Sequence[Judgement]

    @cached_property
    def roles(self) -> Sequence[Role]:
        return [judgement.role for judgement in self.judgements]

    @cached_property
    def role_counts(self) -> Mapping[Role, int]:
        return Counter(self.roles)

    @cached_property
    def full_names(self) -> Sequence[str | None]:
        return [judgement.full_name for judgement in self.judgements]

    @cached_property
    def element_counts(self) -> Sequence[int]:
        of_shape = {shape: prod(shape) for shape in set(self.shapes)}
        return [of_shape[shape] for shape in self.shapes]

    @cached_property
    def amounts(self) -> Array:
        """A line of element counts and one of sizes; what is added up of either is exact."""
        both = self.element_counts, self.sizes
        kind = np.int64 if max(map(sum, both)) <= np.iinfo(np.int64).max else object
        return np.stack([np.array(amounts, kind) for amounts in both])


class Places(NamedTuple):
    """Where the values of variables that lie in one piece are."""

    shards: Sequence[int]
    offsets: Sequence[int]
    checksums: Sequence[int]


class Listing(Sequence[Variable]):
    """The variables of an index; each is made anew whenever it is asked for.

    Args:
        unusual: Those that do not lie in one piece or cannot be read, by their place.
    """

    def __init__(self, columns: Columns, places: Places, unusual: Mapping[int, Variable]) -> None:
        self.columns = columns
        self._places, self._unusual = places, unusual

    def judged(self, judgements: Sequence[Judgement]) -> "Listing":
        """The same variables, judged otherwise."""
        unusual = {place: _judged(variable, judgements[place]) for place, variable in self._unusual.items()}
        return Listing(replace(self.columns, judgements=judgements), self._places, unusual)

    def __len__(self) -> int:
        return len(self.columns.names)

    @overload
    def __getitem__(self, place: int) -> Variable: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Variable, ...]: ...
    def __getitem__(self, place: int | slice) -> Variable | tuple[Variable, ...]:
        if isinstance(place, slice):
            return tuple(self[each] for each in range(len(self))[place])
        place = range(len(self))[place]
        return self._unusual.get(place) or _made(*(column[place] for column in self._columns()))

    def __iter__(self) -> Iterator[Variable]:
        usual = map(_made, *self._columns())
        if not self._unusual:
            return usual
        return (self._unusual.get(place, variable) for place, variable in enumerate(usual))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def _columns(self) -> tuple[Sequence[Any], ...]:
        columns = self.columns
        return (
            columns.names, columns.dtypes, columns.shapes, columns.sizes, columns.judgements, *self._places
        )  # fmt: skip


def columns_of(variables: Sequence[Variable]) -> Columns:
    if isinstance(variables, Listing):
        return variables.columns
    return Columns(
        [each.name for each in variables],
        [each.dtype for each in variables],
        [each.shape for each in variables],
        [each.nbytes for each in variables],
        [judgement_on(each) for each in variables],
    )


def rejudged(variables: Sequence[Variable], judgements: Sequence[Judgement]) -> Sequence[Variable]:
    """The same variables, judged otherwise."""
    if isinstance(variables, Listing):
        return variables.judged(judgements)
    return tuple(map(_judged, variables, judgements))


def judgement_on(variable: Variable) -> Judgement:
    return Judgement(variable.role, variable.owner, variable.slot, variable.full_name, variable.object_path)


def _judged(variable: Variable, judgement: Judgement) -> Variable:
    return variable if judgement == judgement_on(variable) else replace(variable, **judgement._asdict())


class _Draft:
    """A variable of the usual kind while it is made.

    A frozen dataclass sets each field through `object.__setattr__`; for a hundred thousand of them that takes
    longer than all the rest.
    """

    __slots__ = Variable.__slots__

    def __init__(
        self,
        name: str,
        dtype: str,
        shape: tuple[int, ...],
        nbytes: int,
        judgement: Judgement,
        shard: int,
        offset: int,
        crc32c: int,
    ) -> None:
        self.name = name
        self.dtype = dtype
        self.shape = shape
        self.nbytes = nbytes
        self.role, self.owner, self.slot, self.full_name, self.object_path = judgement
        self.shard = shard
        self.offset = offset
        self.crc32c = crc32c
        self.slices = 0
        self.problem = None
        self.__class__: Any = Variable


_made: Any = _Draft
