"""Files with graphs: what they are is told by their content, and damage leaves the rest readable."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import CheckpointError, NotFound
from ckpt_viewer.formats.graph import Graph
from ckpt_viewer.formats.graphs import graph_bytes
from ckpt_viewer.formats.graphs.meta_graph import (
    MOST_FUNCTIONS,
    MOST_META_GRAPHS,
    MOST_PARTS,
    open_graph_file,
)
from ckpt_viewer.formats.protos.graph_pb2 import GraphDef
from ckpt_viewer.formats.protos.meta_graph_pb2 import MetaGraphDef
from ckpt_viewer.formats.protos.saved_model_pb2 import SavedModel
from ckpt_viewer.formats.storage.source import LocalFile
from ckpt_viewer.formats.storage.wire import to_varint
from tests.formats.graph_files import SAMPLES, meta_graph, node, open_bytes, open_nodes

GRAPHS = SAMPLES / "meta_graphs"
ANSWERS: dict[str, Any] = json.loads((GRAPHS / "answers.json").read_text())


def _open_answered(name: str) -> Graph:
    file, _, tags = name.partition(" ")
    graph = open_graph_file(GRAPHS / file, "meta-graph")
    return next(one for one in (graph, *graph.variants) if " ".join(one.facts.tags) == tags)


def _digest(graph: Graph) -> str:
    lines = (
        "\0".join(
            [
                found.name,
                found.op,
                found.device,
                *found.inputs,
                *("^" + name for name in found.control_inputs),
            ]
        )
        for found in graph.nodes
    )
    return hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()


@pytest.mark.parametrize("name", ANSWERS)
def test_a_graph_has_the_nodes_tensorflow_wrote(name):
    graph, truth = _open_answered(name), ANSWERS[name]
    assert (len(graph.nodes), graph.ops) == (truth["nodes"], truth["ops"])
    assert _digest(graph) == truth["sha256"]
    assert sum(len(graph.attributes(found.name)) for found in graph.nodes) == truth["attributes"]
    assert list(graph.problems) == []


@pytest.mark.parametrize("name", ANSWERS)
def test_a_graph_has_the_facts_tensorflow_wrote(name):
    facts, truth = _open_answered(name).facts, ANSWERS[name]
    assert (facts.producer, facts.tensorflow_version) == (truth["producer"], truth["tensorflow_version"])
    assert (facts.saver.save_tensor_name if facts.saver else "") == truth["saver"]
    found = {collection.name: [collection.kind, len(collection.items)] for collection in facts.collections}
    assert found == truth["collections"]
    signatures = {
        name: {key: reference.name for key, reference in signature.inputs.items()}
        for name, signature in facts.signatures.items()
    }
    assert signatures == truth["signatures"]


def test_of_several_meta_graphs_the_one_for_serving_is_the_graph():
    graph = open_graph_file(GRAPHS / "two_tags", "saved-model")
    assert (graph.kind, graph.facts.tags) == ("saved-model", ("serve",))
    assert [variant.facts.tags for variant in graph.variants] == [("train",)]


def test_a_graph_in_text_equals_the_same_in_binary():
    binary = open_graph_file(SAMPLES / "graphs" / "frozen.pb", "frozen-graph")
    text = open_graph_file(SAMPLES / "graphs" / "frozen.pbtxt", "frozen-graph")
    assert list(text.nodes) == list(binary.nodes)
    assert [text.attributes(found.name) for found in text.nodes] == [
        binary.attributes(found.name) for found in binary.nodes
    ]
    assert (text.kind, binary.kind) == ("frozen-graph", "frozen-graph")


def test_a_saved_model_of_tensorflow_2_keeps_its_work_in_functions():
    graph = open_graph_file(SAMPLES / "graphs" / "saved_model", "saved-model")
    assert graph.facts.assets == ("words.txt",)
    assert any(found.op == "Mul" for function in graph.facts.functions for found in function.nodes)


def test_the_body_of_a_function_is_a_graph_of_its_own():
    graph = open_graph_file(SAMPLES / "graphs" / "saved_model", "saved-model")
    function = next(each for each in graph.facts.functions if any(node.op == "Mul" for node in each.nodes))
    body = graph.body(function.name)
    assert [node.name for node in body.nodes] == [*function.inputs, *(node.name for node in function.nodes)]
    product = next(node for node in function.nodes if node.op == "Mul")
    assert body.node(product.name) == product
    assert body.attributes(product.name)["T"] == "float32"
    sources = [body.node(text) for text in product.inputs]
    assert all(product.name in body.consumers(source.name) for source in sources)
    assert body.node(function.inputs[0]).op == "argument"
    with pytest.raises(NotFound):
        graph.body("nowhere")


def test_the_content_decides_what_a_file_is_not_its_name(tmp_path):
    bare = GraphDef(node=[node("a"), node("b")]).SerializeToString()
    assert open_bytes(bare, tmp_path, "graph.meta").kind == "graph-def"
    whole = meta_graph(node("a")).SerializeToString()
    assert open_bytes(whole, tmp_path, "graph.pb").kind == "meta-graph"
    saved = SavedModel(saved_model_schema_version=1, meta_graphs=[meta_graph(node("a"))])
    assert open_bytes(saved.SerializeToString(), tmp_path, "graph.meta").kind == "saved-model"


def test_a_meta_graph_without_nodes_is_one_all_the_same(tmp_path):
    empty = MetaGraphDef()
    empty.meta_info_def.tags.append(b"serve")
    assert open_bytes(empty.SerializeToString(), tmp_path).facts.tags == ("serve",)


def test_a_cut_graph_shows_what_came_before_the_cut(tmp_path):
    content = (GRAPHS / "control.meta").read_bytes()
    graph = open_bytes(content[: len(content) * 3 // 4], tmp_path)
    whole = open_graph_file(GRAPHS / "control.meta", "meta-graph")
    assert 0 < len(graph.nodes) <= len(whole.nodes)
    assert list(graph.nodes) == list(whole.nodes)[: len(graph.nodes)]
    assert any("cut short" in problem.message for problem in graph.problems)


def test_of_functions_without_end_the_first_are_kept_and_the_others_counted(tmp_path):
    library = b"\x0a\x00" * (MOST_FUNCTIONS + 7)
    nodes = GraphDef(node=[node("a")]).SerializeToString()
    graph = open_bytes(nodes + b"\x12" + to_varint(len(library)) + library, tmp_path, "graph.pb")
    assert len(graph.facts.functions) == MOST_FUNCTIONS
    assert graph.problems[0].message.startswith("7 of 32,775 functions are left out")


@pytest.mark.parametrize(
    ("tags", "name"), [(b"\x22\x0a", "collections"), (b"\x2a\x0a", "signatures"), (b"\x32\x12", "assets")]
)
def test_of_parts_without_end_the_first_are_kept_and_the_others_counted(tags, name, tmp_path):
    parts = (b"%x" % place for place in range(MOST_PARTS + 7))
    entries = b"".join(tags[:1] + string(tags[1:] + string(part)) for part in parts)
    graph = open_bytes(meta_graph(node("a")).SerializeToString() + entries, tmp_path)
    assert len(getattr(graph.facts, name)) == MOST_PARTS
    assert [problem.message for problem in graph.problems] == [
        f"7 of 16,391 {name} are left out: no graph needs so many."
    ]


def test_parts_that_make_no_sense_are_counted_in_one_sentence(tmp_path):
    entries = b"\x22\x01\xff" * 2000
    graph = open_bytes(meta_graph(node("a")).SerializeToString() + entries, tmp_path)
    assert [problem.message for problem in graph.problems] == [
        "Of its map entry parts 2,000 are damaged: the bytes make no sense."
    ]


def string(content: bytes) -> bytes:
    return to_varint(len(content)) + content


def test_of_meta_graphs_without_end_the_first_are_kept_and_the_others_counted(tmp_path):
    graph = open_bytes(b"\x08\x01" + b"\x12\x00" * 100, tmp_path, "saved_model.pb")
    assert len(graph.variants) == MOST_META_GRAPHS - 1
    assert graph.problems[0].message.startswith("36 of 100 graphs in it are left out")


def test_an_op_of_endless_length_is_one_of_our_errors_or_a_cut_graph(tmp_path):
    content = bytes.fromhex("0a120a0161 12 80808080808080808001 4e6f4f70")
    with suppress(CheckpointError):
        assert open_bytes(content, tmp_path, "graph.pb").problems


def test_a_text_that_breaks_off_shows_what_came_before(tmp_path):
    graph = open_bytes(b'node { name: "a" op: "NoOp" }\nnode { name: "b" op', tmp_path, "graph.pbtxt")
    assert [found.name for found in graph.nodes] == ["a"]
    assert "breaks off" in graph.problems[0].message


def test_a_damaged_part_leaves_the_others_readable(tmp_path):
    content = (
        meta_graph(node("a")).SerializeToString() + b"\x1a\x02\xff\xff"
    )  # a saver of two senseless bytes
    graph = open_bytes(content, tmp_path)
    assert [found.name for found in graph.nodes] == ["a"]
    assert graph.facts.saver is None
    assert "saver_def is damaged" in graph.problems[0].message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "lfs-pointer"),
        (b"fileFormatVersion: 2\nguid: 0\n", "not-a-checkpoint"),
        (b'model_checkpoint_path: "model.ckpt-1"\n', "not-a-graph"),
        (b"\x00" * 100 + bytes.fromhex("57fb808b247547db"), "not-a-graph"),
        (b"\x01\x02\x03\x04 no graph", "not-a-graph"),
        (b"node { name: 5 5 }", "bad-graph"),
    ],
)
def test_a_file_without_a_graph_says_what_it_is(content, code, tmp_path):
    with pytest.raises(CheckpointError) as caught:
        open_bytes(content, tmp_path)
    assert caught.value.problem.code == code
    assert str(tmp_path / "graph.meta") in str(caught.value)


def test_a_graph_in_chunks_is_refused_by_name(tmp_path):
    (tmp_path / "saved_model.cpb").write_bytes(b"chunks")
    with pytest.raises(CheckpointError, match="more than 2 GiB in several chunks"):
        open_graph_file(tmp_path, "saved-model")


def test_a_folder_without_a_saved_model_says_so(tmp_path):
    with pytest.raises(CheckpointError, match="is no SavedModel"):
        open_graph_file(tmp_path, "saved-model")


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(CheckpointError, match="is not there"):
        open_graph_file(tmp_path / "gone.meta", "meta-graph")


def test_opening_can_be_cancelled():
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        open_graph_file(GRAPHS / "control.meta", "meta-graph", cancel)


@given(content=st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_a_graph_or_one_of_our_errors(content, tmp_path):
    _look_at_everything(content, tmp_path)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_graph_with_wrong_bytes_in_it_never_breaks_the_program(data, tmp_path):
    content = bytearray((GRAPHS / "renamed.meta").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    _look_at_everything(bytes(content[: data.draw(st.integers(1, len(content)))]), tmp_path)


@given(text=st.text('{}<>[]:"\\ nodeamp1-.x\n', max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_a_graph_or_one_of_our_errors(text, tmp_path):
    _look_at_everything(b"node { " + text.encode(), tmp_path)


def _look_at_everything(content: bytes, folder: Path) -> None:
    try:
        graph = open_bytes(content, folder)
    except CheckpointError:
        return
    assert all(problem.message.endswith(".") for problem in graph.problems)
    assert sum(graph.ops.values()) == len(graph.nodes)
    for found in graph.nodes:
        graph.attributes(found.name)
        graph.consumers(found.name)
        graph.keys_of(found.name)
    list(graph.placeholders)
    graph.variable_ops("weights")


def test_opening_a_graph_decodes_no_node(tmp_path):
    graph = open_nodes(tmp_path, *(node(f"n{i}") for i in range(50)))
    assert graph.nodes[49].name == "n49"
    assert [found.name for found in graph.nodes[1:3]] == ["n1", "n2"]


@pytest.mark.parametrize(
    "name", ["control.meta", "control_text.meta", "renamed.meta", "two_tags/saved_model.pbtxt"]
)
def test_a_file_too_large_to_read_at_once_is_told_by_its_beginning(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = _digest(open_graph_file(GRAPHS / name, "meta-graph"))
    monkeypatch.setattr(graph_bytes, "_READ_AT_ONCE", 2048)
    assert _digest(open_graph_file(GRAPHS / name, "meta-graph")) == whole
    read: list[int] = []
    monkeypatch.setattr(LocalFile, "read", _counted(LocalFile.read, read))
    (tmp_path / "zeros.meta").write_bytes(bytes(1 << 20))
    with pytest.raises(CheckpointError, match="holds no graph"):
        open_graph_file(tmp_path / "zeros.meta", "meta-graph")
    assert sum(read) < 4096


def _counted(method: Any, lengths: list[int]) -> Any:
    def read(self: LocalFile, offset: int, length: int) -> bytes:
        lengths.append(length)
        return method(self, offset, length)

    return read
