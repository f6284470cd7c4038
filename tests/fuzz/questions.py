"""What the program asks of what it opened: everything that windows and commands show."""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from ckpt_viewer.analysis.comparison import compare
from ckpt_viewer.analysis.neighbourhood import neighbourhood
from ckpt_viewer.analysis.preview import plane, quick_plane
from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.analysis.verify import verify
from ckpt_viewer.errors import CheckpointError, Problem
from ckpt_viewer.export import export_variables
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.folders.folder import walk_folders
from ckpt_viewer.formats.folders.locate import locate_checkpoint, locate_graph
from ckpt_viewer.formats.graph import Graph
from ckpt_viewer.formats.readers import open_checkpoint, open_graph
from ckpt_viewer.formats.values.dtypes import item_size
from ckpt_viewer.session.wording import printable

_VARIABLES = 4  # of a checkpoint, and nodes of a graph, that are asked about
_COMPARED = 2000  # of two checkpoints: each pair costs its time, and is shown as it comes
_EXPORTED = 1 << 20  # bytes; as text they take longer
_LARGE = 16 << 20  # so many bytes of one value take their time however well the file is
_LONGEST = 1000
_Answer = TypeVar("_Answer")


class BadSentence(Exception):
    """A message that no one should have to read."""


class Asking:
    """Puts questions, and counts the answers and the refusals."""

    def __init__(self, random: Random, spare: Path, before: Callable[[], None] | None = None) -> None:
        self.random, self.spare, self._before = random, spare, before
        self.answers = self.refusals = 0

    def __call__(self, question: Callable[..., _Answer], *args: Any, **options: Any) -> _Answer | None:
        if self._before is not None:
            self._before()
        try:
            answer = question(*args, **options)
        except CheckpointError as error:
            self.refusals += 1
            self._check_error(error)
            return None
        self.answers += 1
        return answer

    def _check_error(self, error: CheckpointError) -> None:
        check_sentence(error.problem)
        if error.path is not None and not _names(str(error), error.path):
            raise BadSentence(f"the message names no file: {str(error)!r}") from error

    def some(self, items: Sequence[_Answer]) -> list[_Answer]:
        return self.random.sample(items, min(_VARIABLES, len(items)))


def _names(sentence: str, path: Path) -> bool:
    """Whether it names the file, or another one beside it, such as a shard that is missing."""
    return printable(path.name) in sentence or printable(str(path.parent)) in sentence


def check_sentence(problem: Problem) -> None:
    """Raise `BadSentence` unless it is one sentence, on one line, of a length that people read."""
    for text in filter(None, (problem.message, problem.hint)):
        shown = printable(text)
        if len(text) > _LONGEST or len(shown.splitlines()) > 1 or not shown.isprintable():
            raise BadSentence(f"too long or not on a line ({problem.code}, {len(text)}): {shown[:300]!r}")
        if not text.endswith((".", "?", "!")):
            raise BadSentence(f"no sentence: {text[-300:]!r}")


def about_checkpoint(asking: Asking, path: Path) -> bool:
    """Whether it opens, after everything that can be asked of it."""
    checkpoint = asking(open_checkpoint, path)
    if checkpoint is None:
        return False
    with checkpoint:
        for problem in checkpoint.problems:
            check_sentence(problem)
        assert all(file.name for file in checkpoint.files)
        for variable in asking.some(checkpoint.variables):
            _about_variable(asking, checkpoint, variable)
        asking(checkpoint.find, "no/such")
        if sum(map(bytes_in_memory, checkpoint.variables)) < _LARGE:
            _about_all(asking, checkpoint)
    return True


def _about_all(asking: Asking, checkpoint: Checkpoint) -> None:
    if asking.random.random() < 0.3:
        found = asking(verify, checkpoint)
        for problem in found.problems if found else ():
            check_sentence(problem)
    if asking.random.random() < 0.1 and len(checkpoint.variables) < _COMPARED:
        asking(lambda: list(compare(checkpoint, checkpoint, exact=True)))
    if asking.random.random() < 0.05 and sum(map(bytes_in_memory, checkpoint.variables)) < _EXPORTED:
        target, format_ = asking.spare / "all", asking.random.choice(("npy", "npz", "csv"))
        refused: list[CheckpointError] = []
        options = {"format": format_, "force": True, "folder": True}
        asking(
            export_variables,
            checkpoint,
            checkpoint.variables,
            target,
            refused=lambda _, error: refused.append(error),
            **options,
        )
        for error in refused:
            check_sentence(error.problem)


def bytes_in_memory(variable: Variable) -> int:
    return variable.element_count * (item_size(variable.dtype) or 8)


def _about_variable(asking: Asking, checkpoint: Checkpoint, variable: Variable) -> None:
    if variable.problem is not None:
        check_sentence(variable.problem)
    assert checkpoint.find(variable.name).dtype == variable.dtype
    asking(checkpoint.pieces, variable)
    asking(checkpoint.read_region, variable, _region(asking.random, variable.shape))
    count = min(variable.element_count, 16)
    start = asking.random.randrange(variable.element_count - count + 1)
    asking(checkpoint.read_flat, variable, start, count)
    if asking.random.random() < 0.05:
        asking(checkpoint.read_region, variable, (slice(0, 1),))
        asking(checkpoint.read_flat, variable, -1, 3)
    if bytes_in_memory(variable) >= _LARGE:
        return
    whole = asking(checkpoint.read, variable, verify=False)
    if whole is not None:
        assert whole.size == variable.element_count
    asking(checkpoint.read, variable)
    asking(summarize, checkpoint, variable)
    if asking.random.random() < 0.1:
        _about_picture(asking, checkpoint, variable)


def _about_picture(asking: Asking, checkpoint: Checkpoint, variable: Variable) -> None:
    axes: list[int | None] = [*range(len(variable.shape)), None]
    rows = asking.random.choice(axes)
    columns = asking.random.choice([axis for axis in axes if axis is None or axis != rows])
    if 0 in variable.shape:
        return
    index = (0,) * len(variable.shape)
    for draw in (plane, quick_plane):
        asking(draw, checkpoint, variable, rows, columns, index, max_rows=8, max_columns=8)


def _region(random: Random, shape: Sequence[int]) -> tuple[slice, ...]:
    """A box that is small however long the axes are."""
    region, room = [], 4096
    for length in shape:
        start, step = random.randrange(length + 1), random.choice((1, 1, 2, 5))
        count = random.randrange(min(room, 6) + 1) if random.random() < 0.2 else 1
        region.append(slice(start, min(start + count * step, length), step))
        room //= max(count, 1)
    return tuple(region)


def about_graph(asking: Asking, path: Path) -> bool:
    graph = asking(open_graph, path)
    if graph is None:
        return False
    for each in (graph, *graph.variants[:2]):
        _about_one_graph(asking, each)
    return True


def _about_one_graph(asking: Asking, graph: Graph) -> None:
    for problem in graph.problems:
        check_sentence(problem)
    _ = graph.ops, graph.placeholders, graph.collections, graph.signatures
    for function in graph.facts.functions[:4]:
        list(function.nodes)
    for collection in graph.collections:
        repr(collection.items)
    nodes = list(graph.nodes)
    for node in asking.some(nodes):
        asking(graph.node, node.name)
        asking(graph.consumers, node.name)
        asking(graph.attributes, node.name)
        asking(graph.variable_ops, node.name)
        asking(graph.keys_of, node.name)
        asking(neighbourhood, graph, node.name, 2)
    asking(graph.node, "no/such")


def about_either(asking: Asking, path: Path) -> bool:
    """What opens as a checkpoint and as a graph, as one of them."""
    return about_checkpoint(asking, path) if asking.random.random() < 0.5 else about_graph(asking, path)


def about_folder(asking: Asking, path: Path) -> bool:
    """Everything in it, and whatever its names could mean."""
    for folder in walk_folders(path):
        for problem in folder.problems:
            check_sentence(problem)
        for save in asking.some(folder.saves):
            for finding in save.problems:
                check_sentence(finding)
    names = sorted(each.name for each in path.iterdir())
    for name in ("", *asking.some(names)):
        asking(locate_checkpoint, path / name)
        asking(locate_graph, path / name)
    if names and asking.random.random() < 0.3:
        about_either(asking, path / asking.random.choice(names))
    return asking(open_checkpoint, path) is not None
