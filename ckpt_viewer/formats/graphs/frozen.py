"""Frozen graphs: GraphDefs whose variables were made constants.

See tensorflow/python/framework/convert_to_constants.py. Opening goes through the file once and keeps where
each constant is; its values are read from there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, DamagedFile, Malformed, NotACheckpoint, Problem
from ckpt_viewer.formats.checkpoint import Array, Piece, Role, Variable
from ckpt_viewer.formats.decoded import DecodedBytes, DecodedCheckpoint, as_stored
from ckpt_viewer.formats.graphs.constants import Constants, content_place, find_constants
from ckpt_viewer.formats.graphs.graph_bytes import read_graph_bytes
from ckpt_viewer.formats.protos.tensor_pb2 import TensorProto
from ckpt_viewer.formats.roles.classify import classify
from ckpt_viewer.formats.storage.source import ByteSource, LocalFile, MemoryBytes, Stamp
from ckpt_viewer.formats.values import pieces as reading
from ckpt_viewer.formats.values.dtypes import is_numeric, item_size
from ckpt_viewer.formats.values.tensors import (
    TensorHead,
    check_tensor,
    parse_tensor,
    stored_bytes,
    stored_values,
    tensor_value,
)

_AT_ONCE = 256
_NAMED = 5  # of the names that come twice


@dataclass(frozen=True, slots=True)
class ConstPlace:
    """Where the TensorProto of a constant is; `content`, where its plain bytes begin, if it has such."""

    start: int
    end: int
    content: int | None = None


def open_frozen(path: Path, cancel: CancelToken | None = None) -> "FrozenGraph":
    """The constants of a GraphDef, binary or text; raises `CheckpointError` where it is none."""
    stamp = Stamp.of(path)
    encoded = read_graph_bytes(path, "frozen-graph", cancel)
    if encoded.form != "GraphDef":
        message = f"{path} holds a {encoded.form}, not the bare graph that a frozen one is."
        raise NotACheckpoint(message, path=path, hint="Open it as a graph.")
    found = find_constants(encoded.content, cancel)
    listing = _Listing(path, encoded.content, found, cancel)
    problems = (*encoded.problems, *_problems(path, found, len(encoded.content)))
    source = MemoryBytes(encoded.content, path) if encoded.is_text else LocalFile(path)
    return FrozenGraph(path, listing, problems, source, stamp)


class FrozenGraph(DecodedCheckpoint):
    """An open frozen graph."""

    def __init__(
        self,
        path: Path,
        listing: "_Listing",
        problems: Sequence[Problem],
        source: ByteSource,
        stamp: Stamp | None,
    ) -> None:
        stamps = {path: stamp} if stamp else {}
        super().__init__(path, "frozen-graph", listing.variables, problems, (path,), stamps)
        self._places, self._source = listing.places, source

    def close(self) -> None:
        super().close()
        self._source.close()

    def _pieces(self, variable: Variable, keep: bool) -> Sequence[Piece]:
        place, shape, dtype = self._places[variable.name], variable.shape, variable.dtype
        item = item_size(dtype)
        size, whole = variable.element_count * item, ((0,) * len(shape), shape)
        if place.content is not None:
            return (Piece(self._source, place.content, size, *whole, dtype, None),)
        decode = partial(self._spelled_out, variable.name, variable.element_count)
        return (Piece(DecodedBytes(self.path, size, item, decode, keep=keep), 0, size, *whole, dtype, None),)

    def _strings(self, variable: Variable, cancel: CancelToken | None) -> Array:
        try:
            values = tensor_value(self._tensor(variable.name))
        except Malformed as error:
            raise _damaged(self.path, variable.name, error) from error
        return values.reshape(reading.shape_in_memory(variable.shape))

    def _spelled_out(self, name: str, count: int, cancel: CancelToken | None) -> Array:
        """The values that are stored, which may be fewer than the constant has."""
        try:
            return as_stored(stored_values(self._tensor(name))[:count])
        except Malformed as error:
            raise _damaged(self.path, name, error) from error

    def _tensor(self, name: str) -> TensorProto:
        place = self._places[name]
        return parse_tensor(self._source.read(place.start, place.end - place.start))


class _Listing:
    """The variables that the constants of a graph are, in order of their names as bytes."""

    def __init__(self, path: Path, content: bytes, found: Constants, cancel: CancelToken | None) -> None:
        self.places: dict[str, ConstPlace] = {}
        self._path, self._content = path, memoryview(content)
        drafts = []
        for count, (key, place) in enumerate(sorted(found.tensors.items())):
            if cancel is not None and count % _AT_ONCE == 0:
                cancel.check()
            drafts.append(self._draft(key.decode("utf-8", "surrogateescape"), place))
        self.variables = tuple(_with_roles(drafts, found))
        del self._content

    def _draft(self, name: str, place: tuple[int, int] | None) -> Variable:
        """The variable without its role."""
        try:
            if place is None:
                raise Malformed("it has no value", code="bad-graph")
            encoded = bytes(self._content[slice(*place)])
            tensor = parse_tensor(encoded)
        except Malformed as error:
            return Variable(name, "invalid", (), 0, problem=self._problem(name, error))
        content = content_place(encoded, place[0], len(tensor.tensor_content)) if _is_plain(tensor) else None
        self.places[name] = ConstPlace(*place, content)
        head = TensorHead.of(tensor)
        try:
            shape: tuple[int, ...] = ()
            _ = head.element_count
            shape = head.shape or ()
            check_tensor(tensor)
        except Malformed as error:
            return Variable(name, head.dtype, shape, stored_bytes(tensor), problem=self._problem(name, error))
        return Variable(name, head.dtype, shape, stored_bytes(tensor))

    def _problem(self, name: str, error: Malformed) -> Problem:
        message = f"The constant {name!r} in {self._path} cannot be read: {error.problem.message}."
        return Problem(error.problem.code, message, "The other constants are not touched by it.")


def _is_plain(tensor: TensorProto) -> bool:
    return bool(tensor.tensor_content) and is_numeric(TensorHead.of(tensor).dtype)


def _with_roles(drafts: Sequence[Variable], found: Constants) -> Iterator[Variable]:
    """Weights are floats with axes that ops compute with; of names, only those of batch statistics count.

    Where constants show that they were variables, one value repeated is part of the computation instead.
    """
    names, dtypes = [each.name for each in drafts], [each.dtype for each in drafts]
    judgements = classify(names, dtypes, [each.shape for each in drafts])
    keys = [name.encode("utf-8", "surrogateescape") for name in names]
    variables = {key for key in keys if found.was_variable(key)}
    for draft, key, judged in zip(drafts, keys, judgements, strict=True):
        role: Role = "other"
        is_repeated = bool(variables) and draft.nbytes < draft.element_count * item_size(draft.dtype)
        computed_with = key in variables or (found.feeds_an_op(key) and not is_repeated)
        if draft.shape and "float" in draft.dtype and computed_with:
            role = "batch-statistics" if judged.role == "batch-statistics" else "weight"
        yield replace(draft, role=role)


def _problems(path: Path, found: Constants, size: int) -> Iterator[Problem]:
    if found.cut:
        message = f"{path} is damaged or cut short: of its {size} bytes not all are whole nodes."
        yield Problem("truncated", message, "Fetch or export the file again; constants may be missing here.")
    if found.unreadable:
        one = found.unreadable == 1
        what = "1 node makes no sense and is" if one else f"{found.unreadable:,} nodes make no sense and are"
        yield Problem("bad-graph", f"Of {path}, {what} left out.", "Fetch or export the file again.")
    for name in found.repeated[:_NAMED]:
        printed = name.decode("utf-8", "surrogateescape")
        yield Problem("bad-graph", f"{path} has several nodes called {printed!r}: the first one counts.")
    if not found.tensors:
        message = f"{path} holds a graph without constants: it has no variables."
        yield Problem("not-a-checkpoint", message, "Its nodes can be looked at as those of a graph.")


def _damaged(path: Path, name: str, error: Malformed) -> CheckpointError:
    message = f"{path} is damaged where {name!r} is: {error.problem.message}."
    return DamagedFile(message, path=path, code=error.problem.code)
