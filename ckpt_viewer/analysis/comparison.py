"""The pairs made from two checkpoints' variables, and how each pair differs."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from ckpt_viewer.analysis.checked_side import Seen, Side, Stretch
from ckpt_viewer.analysis.chunks import elements_of, map_in_order
from ckpt_viewer.analysis.difference import Difference, Distance, distance_along
from ckpt_viewer.analysis.name_map import NameMap
from ckpt_viewer.analysis.small_pairs import SmallPairs, grouped_pairs
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.values.dtypes import is_numeric, item_size

__all__ = ["STATUSES", "Comparison", "Difference", "How", "Pair", "Status", "compare", "measure", "pair_up"]

Status = Literal["identical", "changed", "shape", "dtype", "only-a", "only-b"]
STATUSES: tuple[Status, ...] = ("identical", "changed", "shape", "dtype", "only-a", "only-b")
How = Literal["checksum", "bytes"]

_STEP_BYTES = 1 << 20  # both sides, widened, should stay in the cache
_STEPS = 16  # that one thread takes one after the other


@dataclass(frozen=True, slots=True)
class Pair:
    """A variable of A, of B, or one of each.

    Attributes:
        how: By what the status is known; `bytes` before both sides were read: not known, taken for changed.
        difference: None until both sides were read.
        problem: Why they could not be read.
        damage: Why the difference may mean nothing: of each side whose bytes are not those saved.
    """

    a: Variable | None
    b: Variable | None
    status: Status
    how: How = "checksum"
    difference: Difference | None = None
    problem: Problem | None = None
    damage: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        variable = self.a or self.b
        return variable.name if variable else ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All pairs, in the order of their names."""

    a: Path
    b: Path
    pairs: tuple[Pair, ...]

    @property
    def counts(self) -> dict[Status, int]:
        counts = dict.fromkeys(STATUSES, 0)
        for pair in self.pairs:
            counts[pair.status] += 1
        return counts


def pair_up(a: Checkpoint, b: Checkpoint, names: NameMap | None = None) -> Comparison:
    """The pairs as the two indexes tell them; no value is read.

    Equal types, shapes and stored checksums mean equal bytes (but for one chance in 2³²).
    """
    of_a, of_b = list(a.variables), list(b.variables)  # each is made when it is asked for
    partners = _partners(of_a, of_b, names)
    same_order = a.big_endian == b.big_endian  # checksums are those of the bytes as stored
    pairs = [_pair(a, b, variable, partners.get(variable.name), same_order) for variable in of_a]
    taken = {partner.name for partner in partners.values()}
    if alone := [Pair(None, variable, "only-b") for variable in of_b if variable.name not in taken]:
        pairs = sorted(pairs + alone, key=lambda pair: pair.name.encode(errors="surrogateescape"))
    return Comparison(a.path, b.path, tuple(pairs))


def measure(
    a: Checkpoint, b: Checkpoint, pair: Pair, *, exact: bool = False, cancel: CancelToken | None = None
) -> Pair:
    """The pair with its difference, from reading both sides next to each other in bounded memory.

    Read is what the checksums do not call identical, or with `exact` all that has two sides of one shape and
    type. An error of either side becomes the `problem` of the pair.
    """
    with closing(measure_each(a, b, [pair], exact=exact, cancel=cancel)) as pairs:
        return next(pairs)


def measure_each(
    a: Checkpoint,
    b: Checkpoint,
    pairs: Sequence[Pair],
    *,
    exact: bool = False,
    alone: bool = False,
    cancel: CancelToken | None = None,
) -> Generator[Pair, None, None]:
    """The same of several pairs, in their order; all cores work on what is still ahead.

    This thread works `alone` where others would only keep each other waiting, as with small pairs.
    """
    token = cancel or CancelToken()
    planned = [(pair, _sides(a, b, pair, exact, token)) for pair in pairs]
    needed = [(pair, sides) for pair, sides in planned if sides]
    results = map_in_order(_distance, _spans_of_all(a, b, needed), token, size=_bytes, alone=alone)
    with closing(_read(needed, results, token)) as measured:
        for pair, sides in planned:
            yield next(measured) if sides else pair


def compare(
    a: Checkpoint,
    b: Checkpoint,
    *,
    names: NameMap | None = None,
    exact: bool = False,
    cancel: CancelToken | None = None,
) -> Generator[Pair, None, None]:
    """Every pair of `pair_up`, measured, in the same order."""
    yield from measure_each(a, b, pair_up(a, b, names).pairs, exact=exact, cancel=cancel)


@dataclass(frozen=True, slots=True)
class _Span:
    """Some elements of a pair, `step` of them read at once, unless what they show is known already."""

    pair: Pair
    sides: tuple[Side, Side]
    start: int
    count: int
    step: int
    last: bool
    known: "_Part | None" = None


@dataclass(frozen=True, slots=True)
class _Part:
    """What some spans of one pair showed."""

    distance: Distance = field(default_factory=Distance)
    a: Seen = field(default_factory=Seen)
    b: Seen = field(default_factory=Seen)
    problem: Problem | None = None

    def merge(self, later: "_Part") -> "_Part":
        if problem := self.problem or later.problem:
            return _Part(problem=problem)
        distance = self.distance.merge(later.distance)
        return _Part(distance, self.a.merge(later.a), self.b.merge(later.b))


_Planned = tuple[Pair, tuple[Side, Side]]


def _read(
    planned: Sequence[_Planned], results: Generator[tuple[_Span, _Part], None, None], cancel: CancelToken
) -> Generator[Pair, None, None]:
    """Each pair with its difference."""
    total = sum(_elements(pair) for pair, _ in planned)
    whole, done = None, 0
    with closing(results):
        for span, part in results:
            whole = whole.merge(part) if whole else part
            done += span.count
            cancel.report(done, total)
            if span.last:
                yield _concluded(span.pair, whole)
                whole = None


def _sides(
    a: Checkpoint, b: Checkpoint, pair: Pair, exact: bool, cancel: CancelToken
) -> tuple[Side, Side] | None:
    """What has to be read of a pair; None where its status is known without."""
    needed = pair.status == "changed" or (exact and pair.status == "identical")
    if not needed or pair.a is None or pair.b is None:
        return None
    return Side(a, pair.a, "raw a", cancel), Side(b, pair.b, "raw b", cancel)


def _elements(pair: Pair) -> int:
    return pair.a.element_count if pair.a else 0


def _bytes(span: _Span) -> int:
    variable = span.pair.a
    return 2 * span.count * item_size(variable.dtype) if variable else 0


def _spans_of_all(a: Checkpoint, b: Checkpoint, planned: Sequence[_Planned]) -> Iterator[_Span]:
    both = [(pair.a, pair.b) for pair, _ in planned if pair.a and pair.b]
    for each in grouped_pairs(a, b, both):
        if isinstance(each, SmallPairs):  # mostly Python, which two threads cannot run at once
            yield from _known_spans(planned[each.start : each.end], each)
        else:
            yield from _spans(*planned[each])


def _known_spans(planned: Sequence[_Planned], small: SmallPairs) -> Iterator[_Span]:
    try:
        found = list(small.distances())
    except CheckpointError:  # each says by itself whether it is the one
        for pair, sides in planned:
            yield from _spans(pair, sides)
        return
    for (pair, sides), (distance, wrong_a, wrong_b) in zip(planned, found, strict=True):
        part = _Part(distance, Seen(damage=wrong_a), Seen(damage=wrong_b))
        yield _Span(pair, sides, 0, distance.elements, 1, True, part)


def _spans(pair: Pair, sides: tuple[Side, Side]) -> Iterator[_Span]:
    try:  # before a claim of any size is cut into spans
        for side in sides:
            side.look_up()
    except CheckpointError as error:
        yield _Span(pair, sides, 0, 0, 1, True, _Part(problem=error.problem))
        return
    count, variable = _elements(pair), pair.a
    step = elements_of(variable.dtype, _STEP_BYTES) if variable and is_numeric(variable.dtype) else count
    length = max(1, _STEPS * step)
    for start in range(0, count, length):
        yield _Span(pair, sides, start, min(length, count - start), step, start + length >= count)
    if not count:
        yield _Span(pair, sides, 0, 0, 1, True, _Part())


def _distance(span: _Span) -> _Part:
    if span.known is not None:
        return span.known
    try:
        return _measured_in_steps(span)
    except CheckpointError as error:
        return _Part(problem=error.problem)


def _measured_in_steps(span: _Span) -> _Part:
    a, b = (Stretch(side, span.start, span.count, span.step) for side in span.sides)
    distance = distance_along(zip(a, b, strict=True))
    return _Part(distance, a.seen, b.seen)


def _concluded(pair: Pair, whole: _Part) -> Pair:
    if whole.problem is not None:
        return replace(pair, problem=whole.problem)
    verdicts = (whole.a.verdict(), whole.b.verdict())
    return replace(
        pair,
        status="changed" if whole.distance.changed else "identical",
        how="bytes",
        difference=whole.distance.result(),
        damage=tuple(dict.fromkeys(filter(None, verdicts))),
    )


def _partners(a: Sequence[Variable], b: Sequence[Variable], names: NameMap | None) -> dict[str, Variable]:
    """By the names of A; each variable of B is given away once."""
    of_b = {variable.name: variable for variable in b}
    if names is None:
        return {variable.name: of_b[variable.name] for variable in a if variable.name in of_b}
    partners: dict[str, Variable] = {}
    for name, candidate in _in_turn(names, a):
        if name not in partners and candidate in of_b:
            partners[name] = of_b.pop(candidate)
    return partners


def _in_turn(names: NameMap, of_a: Sequence[Variable]) -> list[tuple[str, str]]:
    """Names of A, each with one to try in B: first the exact ones, then what rules make, then its own."""
    tries = [(variable.name, candidate) for variable in of_a for candidate in names.names_of_b(variable.name)]
    return sorted(tries, key=lambda each: (each[0] not in names.exact, each[0] == each[1]))


def _pair(a: Checkpoint, b: Checkpoint, one: Variable, other: Variable | None, same_order: bool) -> Pair:
    if other is None:
        return Pair(one, None, "only-a")
    if one.shape != other.shape:
        return Pair(one, other, "shape")
    if one.dtype != other.dtype:
        return Pair(one, other, "dtype")
    same = _same_checksums(a, b, one, other) if same_order else None
    if same is None:
        return Pair(one, other, "changed", "bytes")
    return Pair(one, other, "identical" if same else "changed")


def _same_checksums(a: Checkpoint, b: Checkpoint, one: Variable, other: Variable) -> bool | None:
    """None where the indexes cannot tell."""
    if one.crc32c is not None and other.crc32c is not None:
        return (one.crc32c, one.nbytes) == (other.crc32c, other.nbytes)
    of_a, of_b = a.slice_checksums(one), b.slice_checksums(other)
    if not of_a or of_a.keys() != of_b.keys():
        return None
    return (of_a, one.nbytes) == (of_b, other.nbytes)
