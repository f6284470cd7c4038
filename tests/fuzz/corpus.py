"""The good files that inputs are made from: what TensorFlow wrote for the tests, cut to a quick size."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from google.protobuf import text_format

from ckpt_viewer.formats.protos.graph_pb2 import GraphDef
from ckpt_viewer.formats.protos.meta_graph_pb2 import MetaGraphDef
from ckpt_viewer.formats.protos.saved_model_pb2 import SavedModel
from tests.corpus import SAMPLES
from tests.fuzz.inputs import Form, Input, Sample

_NODES = 12  # of a graph that are kept
_LONGEST_TEXT = 6000


@cache
def bundles() -> Sequence[Sample]:
    prefixes = (
        "contract/unjoined dtypes/all names/names names/not_utf8 objects/ckpt-10 objects/sharded "
        "partitioned/merged partitioned/model.ckpt-9 run/model.ckpt-10 variant/variant shapes/shapes"
    )
    return tuple(_bundle(SAMPLES / prefix) for prefix in prefixes.split())


@cache
def object_graphs() -> Sequence[Sample]:
    """Bundles that say what their variables are, in one string among them."""
    return tuple(_bundle(SAMPLES / prefix) for prefix in ("objects/ckpt-10", "roles/keras/model"))


@cache
def judged_bundles() -> Sequence[Sample]:
    """Bundles with the graph beside them that says what their variables are."""
    return tuple(_with_graph(SAMPLES / prefix) for prefix in ("roles/plain/model.ckpt", "run/model.ckpt-10"))


@cache
def v1_files() -> Sequence[Sample]:
    folder = SAMPLES / "v1_files"
    shards = [folder / f"sharded-2-0000{number}-of-00002" for number in range(2)]
    return (
        _sample([folder / "old.ckpt-3"], "old.ckpt-3", "table"),
        _sample(shards, "sharded-2-?????-of-00002", "table"),
    )


@cache
def frozen_graphs() -> Sequence[Sample]:
    content = (SAMPLES / "graphs" / "frozen.pb").read_bytes()
    return (_one("frozen.pb", content, "message"),)


@cache
def text_graphs() -> Sequence[Sample]:
    frozen = (SAMPLES / "graphs" / "frozen.pbtxt").read_bytes()
    return (_one("frozen.pbtxt", frozen, "text"), *_texts("graph.meta", _meta_graphs()))


@cache
def meta_graphs() -> Sequence[Sample]:
    return tuple(_one("graph.meta", graph.SerializeToString(), "message") for graph in _meta_graphs())


@cache
def graph_defs() -> Sequence[Sample]:
    """The bare graphs of the meta graphs, functions and all."""
    return tuple(_one("graph.pb", graph.graph_def.SerializeToString(), "message") for graph in _meta_graphs())


@cache
def saved_models() -> Sequence[Sample]:
    folder = SAMPLES / "graphs" / "saved_model" / "variables"
    variables = {f"model/variables/{file.name}": file.read_bytes() for file in sorted(folder.iterdir())}
    found = []
    for model in _saved_models():
        files = {"model/saved_model.pb": model.SerializeToString(), **variables}
        found.append(Sample(Input(files, "model"), {"model/saved_model.pb": "message"}))
        text = _text_of(model)
        if len(text) < 4 * _LONGEST_TEXT:
            files = {"model/saved_model.pbtxt": text, **variables}
            found.append(Sample(Input(files, "model"), {"model/saved_model.pbtxt": "text"}))
    return tuple(found)


@cache
def state_files() -> Sequence[Sample]:
    found = []
    for name in ("run", "objects", "partitioned"):
        files = {"checkpoint": (SAMPLES / name / "checkpoint").read_bytes()}
        files |= {file.name: file.read_bytes() for file in sorted((SAMPLES / name).glob("*.index"))}
        found.append(Sample(Input(files, ""), {"checkpoint": "text"}))
    return tuple(found)


def donors(samples: Iterable[Sample]) -> tuple[bytes, ...]:
    """All files that pieces may be taken from."""
    return tuple(sample.input.files[name] for sample in samples for name in sample.forms)


def _bundle(prefix: Path) -> Sample:
    files = sorted(prefix.parent.glob(f"{prefix.name}.data-*"))
    contents = {file.name: file.read_bytes() for file in files}
    forms: dict[str, Form] = dict.fromkeys(contents, "bytes")
    index = f"{prefix.name}.index"
    contents[index] = prefix.with_name(index).read_bytes()
    return Sample(Input(contents, prefix.name), forms | {index: "table"})


def _with_graph(prefix: Path) -> Sample:
    bundle, graph = _bundle(prefix), f"{prefix.name}.meta"
    files = {**bundle.input.files, graph: prefix.with_name(graph).read_bytes()}
    return Sample(replace(bundle.input, files=files), {graph: "message"})


def _sample(files: Iterable[Path], opened: str, form: Form) -> Sample:
    contents = {file.name: file.read_bytes() for file in files}
    return Sample(Input(contents, opened), dict.fromkeys(contents, form))


def _one(name: str, content: bytes, form: Form) -> Sample:
    return Sample(Input({name: content}, name), {name: form})


def _texts(name: str, graphs: Iterable[MetaGraphDef]) -> list[Sample]:
    texts = map(_text_of, graphs)
    return [_one(name, text, "text") for text in texts if len(text) < _LONGEST_TEXT]


def _text_of(message: MetaGraphDef | SavedModel) -> bytes:
    return text_format.MessageToString(message).encode()


@cache
def _meta_graphs() -> Sequence[MetaGraphDef]:
    names = ("renamed.meta", "control.meta")
    files = [SAMPLES / "meta_graphs" / name for name in names] + [SAMPLES / "v1_files" / "old.ckpt-3.meta"]
    whole = [MetaGraphDef.FromString(file.read_bytes()) for file in files]
    parts = [part for graph in whole for part in _parts(graph)]
    return (*parts, *_saved_models()[0].meta_graphs[:1])


def _parts(graph: MetaGraphDef) -> Iterable[MetaGraphDef]:
    """The graph with only some of its nodes and what stands beside them, each time some others."""
    nodes = list(graph.graph_def.node)
    for first in range(0, len(nodes), 4 * _NODES):
        part = MetaGraphDef()
        part.CopyFrom(graph)
        _thin_out(part, first)
        yield part


def _thin_out(graph: MetaGraphDef, first: int = 0) -> None:
    nodes = list(graph.graph_def.node)[first : first + _NODES]
    functions = list(graph.graph_def.library.function)[:2]
    for function in functions:
        del function.node_def[4:]
    versions = graph.graph_def.versions
    graph.graph_def.CopyFrom(GraphDef(node=nodes, versions=versions))
    graph.graph_def.library.function.extend(functions)
    del graph.meta_info_def.stripped_op_list.op[2:]


@cache
def _saved_models() -> Sequence[SavedModel]:
    binary = SavedModel.FromString((SAMPLES / "graphs" / "saved_model" / "saved_model.pb").read_bytes())
    text = (SAMPLES / "meta_graphs" / "two_tags" / "saved_model.pbtxt").read_text()
    two_tags = text_format.Parse(_with_numbers(text), SavedModel(), allow_unknown_field=True)
    for model in (binary, two_tags):
        for graph in model.meta_graphs:
            _thin_out(graph)
    return binary, two_tags


def _with_numbers(text: str) -> str:
    """The names of TensorFlow's enums as numbers, which is how our messages have them."""
    from ckpt_viewer.formats.graphs.text_graph import ENUM_WORDS

    for word, number in sorted(ENUM_WORDS.items(), key=lambda item: -len(item[0])):
        text = text.replace(f": {word.decode()}\n", f": {number}\n")
    return text
