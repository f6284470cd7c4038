"""Every graph of the fixtures against TensorFlow's own count of it; skipped where the fixtures are absent."""

import hashlib
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.formats.graph import Graph
from ckpt_viewer.formats.graphs.attributes import attributes_of, value_of
from ckpt_viewer.formats.graphs.loaded_graph import LoadedGraph
from ckpt_viewer.formats.graphs.meta_graph import open_graph_file
from ckpt_viewer.formats.values.tensors import parse_tensor, tensor_value
from tests.corpus import corpus_folder, oracle_folder

LOW_BITS = {"int4": 15, "uint4": 15, "int2": 3, "uint2": 3, "float4_e2m1fn": 15}
DAMAGED = {
    "meta_zero_bytes": "empty-file",
    "meta_lfs_pointer": "lfs-pointer",
    "meta_is_index": "not-a-graph",
    "pbtxt_garbage": "bad-graph",
}
ODD = {
    "meta_cut": ("truncated", "7 whole nodes lie before the damage"),
    "meta_flip": ("bad-graph", "no UTF-8"),
    "meta_cycle": ("bad-graph", "A cycle of 3 nodes"),
    "meta_self_loop": ("bad-graph", "'a' feeds itself"),
    "meta_dangling": ("bad-graph", "2 inputs name nodes that are not there"),
    "meta_duplicate": ("bad-graph", "1 node has the name of an earlier one"),
    "meta_bad_inputs": ("bad-graph", "7 inputs are written in a way"),
    "meta_empty_names": ("bad-graph", "3 nodes have an empty name"),
    "meta_name_not_utf8": ("bad-graph", "no UTF-8"),
    "meta_deep_attr": ("bad-graph", "nested deeper"),
    "meta_deep_tensor": ("bad-graph", "nested too deep"),
    "meta_deep_cond": ("bad-graph", "nested deeper"),
    "meta_const_splat_bomb": ("too-large", "1099511627776 elements"),
    "meta_const_size": ("bad-size", "3 bytes where 16 belong"),
    "meta_const_overflow": ("bad-shape", "more than 2^63 elements"),
    "meta_coll_garbage": ("bad-graph", "1 of 1 items that are no VariableDef"),
    "pbtxt_deep": ("bad-graph", "nested deeper"),
}


def _cases() -> list[Any]:
    found = []
    for profile in ("seed1-small", "seed1-hard"):
        folder = oracle_folder(profile)
        for file in sorted(folder.glob("*/oracle.json")) if folder else ():
            graphs = json.loads(file.read_text()).get("graphs", {})
            found += [
                pytest.param(file.parent / name, truth, id=f"{file.parent.name}/{name}")
                for name, truth in graphs.items()
            ]
    return found


def _open(path: Path) -> LoadedGraph:
    graph = open_graph_file(path, "meta-graph" if path.suffix == ".meta" else "graph-def")
    assert isinstance(graph, LoadedGraph)
    return graph


def _chosen(graph: Graph, truth: dict[str, Any]) -> Graph:
    """Of a SavedModel with several MetaGraphs, the one the truth is about."""
    tags = truth.get("meta", {}).get("tags")
    return next(one for one in (graph, *graph.variants) if tags is None or list(one.facts.tags) == tags)


def _sha256(graph: Graph) -> str:
    digest = hashlib.sha256()
    for node in sorted(graph.nodes, key=lambda node: node.name):
        # The oracle lists inputs as the file does, and all files of it have control inputs last.
        inputs = [*node.inputs, *("^" + name for name in node.control_inputs)]
        digest.update(("\0".join([node.name, node.op, node.device, *inputs]) + "\n").encode())
    return digest.hexdigest()


@pytest.mark.parametrize(("path", "truth"), _cases())
def test_a_graph_is_listed_as_tensorflow_counts_it(path, truth):
    graph = _chosen(_open(path), truth)
    assert len(graph.nodes) == truth["nodes"]
    if "ops" not in truth:
        return
    assert graph.ops == truth["ops"]
    assert sum(len(node.inputs) + len(node.control_inputs) for node in graph.nodes) == truth["inputs"]
    assert sum(len(node.control_inputs) for node in graph.nodes) == truth["control_inputs"]
    assert sorted({node.device for node in graph.nodes if node.device}) == truth["devices"]
    assert _sha256(graph) == truth["graph_sha256"]
    if path.name != "odd.pbtxt":  # TensorFlow's count includes one that asking for it had added in memory
        assert _attribute_count(graph) == truth["attrs"]


@pytest.mark.parametrize(("path", "truth"), _cases())
def test_functions_and_versions_are_tensorflows(path, truth):
    graph = _chosen(_open(path), truth)
    if "functions" not in truth:
        pytest.skip("the truth tells constants only")
    assert sorted(function.name for function in graph.facts.functions) == truth["functions"]
    assert sum(len(function.nodes) for function in graph.facts.functions) == truth["function_nodes"]
    assert (graph.facts.producer, graph.facts.min_consumer) == (truth["producer"], truth["min_consumer"])


@pytest.mark.parametrize(("path", "truth"), [case for case in _cases() if "meta" in case.values[1]])
def test_what_stands_beside_the_nodes_is_tensorflows(path, truth):
    facts = _chosen(_open(path), truth).facts
    meta = truth["meta"]
    assert (facts.tensorflow_version, facts.git_version) == (meta["tensorflow_version"], meta["git_version"])
    assert (list(facts.tags), facts.stripped_ops) == (meta["tags"], meta["stripped_ops"])
    assert list(facts.assets) == truth["assets"]
    assert _saver_as_truth(facts.saver) == truth["saver"]
    assert {name: _signature_as_truth(found) for name, found in facts.signatures.items()} == truth[
        "signatures"
    ]


@pytest.mark.parametrize(("path", "truth"), [case for case in _cases() if "collections" in case.values[1]])
def test_collections_hold_what_tensorflow_decodes(path, truth):
    collections = {collection.name: collection for collection in _chosen(_open(path), truth).collections}
    assert list(collections) == sorted(truth["collections"])
    for name, expected in truth["collections"].items():
        found = collections[name]
        assert (found.kind or None, len(found.items)) == (expected["kind"], expected["count"]), name
        assert not found.problems
        _check_items(found.items, found.proto, expected)


@pytest.mark.parametrize(("path", "truth"), [case for case in _cases() if case.values[1].get("consts")])
def test_constants_have_the_values_tensorflow_computes(path, truth):
    graph = _chosen(_open(path), truth)
    assert isinstance(graph, LoadedGraph)
    listings = {node.name.decode(): node for node in graph._listings}
    for name, expected in truth["consts"].items():
        if "sha256" not in expected:
            continue
        value = value_of(listings[name].attr, "value")
        assert value is not None
        values = tensor_value(parse_tensor(value.tensor))
        assert list(values.shape) == expected["shape"], name
        assert _values_sha256(values, expected["dtype"]) == expected["sha256"], name


@pytest.mark.parametrize("case", ODD)
def test_a_wrong_graph_is_listed_and_says_what_is_wrong(case):
    graph = _open(_bad(case))
    code, words = ODD[case]
    assert any(problem.code == code and words in problem.message for problem in graph.problems), (
        graph.problems
    )
    for node in graph.nodes:
        graph.attributes(node.name)


@pytest.mark.parametrize("case", DAMAGED)
def test_a_file_without_a_graph_says_what_it_is(case):
    with pytest.raises(CheckpointError) as caught:
        _open(_bad(case))
    assert caught.value.problem.code == DAMAGED[case]
    assert str(_bad(case)) in str(caught.value)


def test_a_bare_graph_under_the_name_of_a_meta_graph_is_read_as_what_it_is():
    graph = _open(_bad("meta_is_graphdef"))
    assert (graph.kind, len(graph.nodes), list(graph.problems)) == ("graph-def", 21, [])


def _corpus_graphs() -> list[Any]:
    folder = corpus_folder()
    files = (
        [file for pattern in ("**/*.meta", "**/saved_model.pb") for file in folder.glob(pattern)]
        if folder
        else []
    )
    return [
        pytest.param(file, id=str(file.relative_to(folder)))
        for file in sorted(files)
        if "unity" not in str(file)
    ]


@pytest.mark.parametrize("path", _corpus_graphs())
def test_graphs_of_real_projects_open_without_a_problem(path):
    graph = _open(path)
    assert len(graph.nodes)
    assert list(graph.problems) == []
    assert all(collection.proto or collection.kind != "bytes_list" for collection in graph.collections)


def test_notes_of_the_unity_editor_are_no_graphs():
    folder = corpus_folder()
    if folder is None:
        pytest.skip("no corpus here")
    with pytest.raises(CheckpointError, match="Unity"):
        _open(folder / "tf-unity-meta" / "TensorFlowLite.meta")


def _bad(case: str) -> Path:
    folder = oracle_folder("seed1-hard")
    if folder is None:
        pytest.skip("no fixtures here")
    return folder / "bad" / case / ("g.pbtxt" if case.startswith("pbtxt") else "g.meta")


def _attribute_count(graph: Graph) -> int:
    assert isinstance(graph, LoadedGraph)
    return sum(len(attributes_of(node.attr)) for node in graph._listings)


def _saver_as_truth(saver: Any) -> Any:
    if saver is None:
        return None
    return {
        "filename": saver.filename_tensor_name,
        "save": saver.save_tensor_name,
        "restore": saver.restore_op_name,
        "max_to_keep": saver.max_to_keep,
        "sharded": saver.sharded,
        "version": ("LEGACY", "V1", "V2").index(saver.version),
    }


def _signature_as_truth(signature: Any) -> Any:
    return {
        "method": signature.method_name,
        "inputs": {name: reference.name for name, reference in signature.inputs.items()},
        "outputs": {name: reference.name for name, reference in signature.outputs.items()},
    }


def _check_items(items: tuple[Any, ...], proto: str, expected: dict[str, Any]) -> None:
    if "values" in expected:
        assert list(items) == expected["values"]
    if expected.get("proto") and expected["kind"] == "bytes_list":
        assert proto == expected["proto"]
    elif "hex" in expected and not proto:  # the truth leaves the VariableDef of `global_step` encoded
        encoded = [item if isinstance(item, bytes) else item.encode() for item in items]
        assert [item.hex() for item in encoded] == expected["hex"]
    if "variable_names" in expected:
        assert [item["variable_name"] for item in items] == expected["variable_names"]
        found = {
            item["variable_name"]: item["save_slice_info_def"]
            for item in items
            if "save_slice_info_def" in item
        }
        assert {name: _slice_as_truth(one) for name, one in found.items()} == expected["slices"]


def _slice_as_truth(info: dict[str, Any]) -> dict[str, Any]:
    return {
        "full_name": info["full_name"],
        "full_shape": info["full_shape"],
        "offset": info["var_offset"],
        "shape": info["var_shape"],
    }


def _values_sha256(values: np.ndarray[Any, Any], dtype: str) -> str:
    if dtype == "string":
        return hashlib.sha256(
            b"".join(struct.pack("<Q", len(one)) + one for one in values.reshape(-1))
        ).hexdigest()
    raw = np.ascontiguousarray(values).reshape(-1).view(np.uint8)
    return hashlib.sha256((raw & np.uint8(LOW_BITS.get(dtype, 255))).tobytes()).hexdigest()
