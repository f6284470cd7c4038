"""What is fed, one row each: how its inputs are made, and what is then asked of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from ckpt_viewer.analysis.name_map import parse_name_map
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.folders.state_file import read_state_file
from ckpt_viewer.formats.protos.graph_pb2 import GraphDef
from ckpt_viewer.formats.protos.tensor_bundle_pb2 import BundleEntryProto
from ckpt_viewer.formats.roles.object_keys import OBJECT_GRAPH
from ckpt_viewer.session.filters import Filter
from tests.bundle_writer import table
from tests.fuzz import corpus, inventions, questions
from tests.fuzz.bombs import bomb
from tests.fuzz.byte_mutations import mutated_bytes
from tests.fuzz.inputs import Form, Input, Sample
from tests.fuzz.inventions import stored_string, string_within
from tests.fuzz.message_mutations import mutated_message
from tests.fuzz.odd_folders import odd_folder
from tests.fuzz.questions import Asking, check_sentence
from tests.fuzz.table_mutations import FaultyTable, mutated_table, records_of
from tests.fuzz.text_mutations import mutated_text

_MUTATIONS: dict[Form, Callable[[bytes, Random, Sequence[bytes]], bytes]] = {
    "table": mutated_table,
    "message": mutated_message,
    "text": mutated_text,
    "bytes": mutated_bytes,
}


@dataclass(frozen=True, slots=True)
class Target:
    """Attributes:
    make: An input, from chance alone.
    ask: Whether the input opened, after all questions; raises what only a bug raises.
    share: How many inputs it gets where others get one.
    """

    name: str
    make: Callable[[Random], Input]
    ask: Callable[[Asking, Path], bool]
    share: float = 1.0

    def input(self, seed: int, number: int) -> Input:
        return self.make(Random(f"{seed} {self.name} {number}"))


def _damaged(samples: Callable[[], Sequence[Sample]]) -> Callable[[Random], Input]:
    """Inputs with one file of a sample damaged, mostly in the ways of its form."""

    def make(random: Random) -> Input:
        sample = random.choice(samples())
        name = random.choice(sorted(sample.forms, key=lambda name: sample.forms[name]))
        if "table" in sample.forms.values() and random.random() < 0.8:
            name = random.choice([name for name, form in sample.forms.items() if form == "table"])
        content, donors = sample.input.files[name], corpus.donors(samples())
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            mutate = mutated_bytes if random.random() < 0.1 else _MUTATIONS[sample.forms[name]]
            content = mutate(content, random, donors)
        return replace(sample.input, files={**sample.input.files, name: content})

    return make


def _invented_bundle(random: Random) -> Input:
    data = random.choice((b"", bytes(64), random.randbytes(300)))
    index = FaultyTable(random, faulty=random.random() < 0.1).written(inventions.bundle_records(random, data))
    return Input({"m.index": index, "m.data-00000-of-00001": data}, "m")


def _damaged_objects(random: Random) -> Input:
    """A bundle whose object graph is damaged within, its checksums being right."""
    given = random.choice(corpus.object_graphs()).input
    index, data = f"{given.opened}.index", f"{given.opened}.data-00000-of-00001"
    records, stored = dict(records_of(given.files[index])), given.files[data]
    entry = BundleEntryProto.FromString(records[OBJECT_GRAPH.encode()])
    graph = string_within(stored[entry.offset : entry.offset + entry.size])
    for _ in range(random.choice((1, 1, 2, 5))):
        graph = mutated_message(graph, random, (graph,))
    written, entry.crc32c = stored_string(graph)
    entry.offset, entry.size = len(stored), len(written)
    records[OBJECT_GRAPH.encode()] = entry.SerializeToString()
    return replace(given, files={index: table(sorted(records.items())), data: stored + written})


def _invented_v1(random: Random) -> Input:
    content = table(sorted(inventions.save_v1(random).items()))
    return Input(
        {"old.ckpt": mutated_table(content, random, ()) if random.random() < 0.3 else content}, "old.ckpt"
    )


def _invented_constants(random: Random) -> Input:
    """A graph of constants; one of them may feed an op, which makes it a weight."""
    graph = GraphDef()
    for place in range(random.randrange(1, 4)):
        number, lengths = inventions.dtype_number(random), inventions.shape(random)
        count = max(min(_product(lengths), 200), 0)
        node = graph.node.add(name=f"w{place}", op="Const")
        value = node.attr.add(key="value").value.tensor
        value.CopyFrom(inventions.tensor(random, number, random.choice((count, count, 1, 0))))
        for length in lengths:
            value.tensor_shape.dim.add(size=length)
        value.tensor_shape.SetInParent()
        graph.node.add(
            name=f"y{place}", op=random.choice(("MatMul", "Identity", "Assign")), input=[node.name]
        )
    content = graph.SerializeToString()
    return Input({"g.pb": mutated_message(content, random, ()) if random.random() < 0.3 else content}, "g.pb")


def _product(lengths: Sequence[int]) -> int:
    product = 1
    for length in lengths:
        product *= length
    return product


def _about_state(asking: Asking, path: Path) -> bool:
    state = asking(read_state_file, path / "checkpoint")
    if state is not None:
        for problem in state.problems:
            check_sentence(problem)
    return questions.about_checkpoint(asking, path)


_FILTER = (
    b'w dense*/kernel /^a+b/ /(a+)+$/ shape:3x* dtype:float32 role:slot size:>1k elements:<=9 "x y" -w ? [!a]'
)
_NAMES_MAP = b"a/w = b/w\nprefix:old/ = new/\n/(\\d+)_x/ = \\1_y\nema\n# no\n"
_ASKED_OF = [
    Variable(name, "float32", (3, 2), 24) for name in ("w", "dense/kernel", "a" * 40, "é\udcff", "x y")
]


def _text_of(content: bytes) -> Callable[[Random], Input]:
    def make(random: Random) -> Input:
        text = mutated_text(content, random, (content,))
        return Input({"text": mutated_bytes(text, random, ()) if random.random() < 0.3 else text}, "text")

    return make


def _about_filter(asking: Asking, path: Path) -> bool:
    wanted = Filter.parse(path.read_bytes()[:2000].decode("utf-8", "surrogateescape"))
    wanted.apply(_ASKED_OF)
    return not wanted.problem


def _about_name_map(asking: Asking, path: Path) -> bool:
    names = asking(parse_name_map, path.read_bytes()[:2000].decode("utf-8", "surrogateescape"), path)
    if names is None:
        return False
    for variable in _ASKED_OF:
        names.names_of_b(variable.name)
    for problem in names.problems([each.name for each in _ASKED_OF], ["w"]):
        check_sentence(problem)
    return True


TARGETS: tuple[Target, ...] = (
    Target("bundle", _damaged(corpus.bundles), questions.about_checkpoint),
    Target("bundle-invented", _invented_bundle, questions.about_checkpoint),
    Target("object-graph", _damaged_objects, questions.about_checkpoint, share=0.3),
    Target("judged-bundle", _damaged(corpus.judged_bundles), questions.about_checkpoint, share=0.2),
    Target("v1", _damaged(corpus.v1_files), questions.about_checkpoint),
    Target("v1-invented", _invented_v1, questions.about_checkpoint),
    Target("frozen", _damaged(corpus.frozen_graphs), questions.about_either),
    Target("frozen-invented", _invented_constants, questions.about_either),
    Target("meta-graph", _damaged(corpus.meta_graphs), questions.about_graph),
    Target("graph-def", _damaged(corpus.graph_defs), questions.about_either),
    Target("text-graph", _damaged(corpus.text_graphs), questions.about_either),
    Target("saved-model", _damaged(corpus.saved_models), questions.about_either),
    Target("state-file", _damaged(corpus.state_files), _about_state),
    Target("folder", odd_folder, questions.about_folder),
    Target("bomb", bomb, questions.about_either, share=0.004),
    Target("filter", _text_of(_FILTER), _about_filter),
    Target("name-map", _text_of(_NAMES_MAP), _about_name_map),
)


def target_named(name: str) -> Target:
    return next(target for target in TARGETS if target.name == name)
