"""What a graph answers about its nodes, their neighbours, and the variables of a checkpoint."""

import pytest

from ckpt_viewer.errors import NotFound
from ckpt_viewer.formats.graphs.meta_graph import open_graph_file
from ckpt_viewer.formats.protos.graph_pb2 import AttrValue, GraphListing, NodeListing
from tests.formats.graph_files import SAMPLES, constant, node, open_bytes, open_nodes

CONTROL = SAMPLES / "meta_graphs" / "control.meta"


def _messages(graph):
    return [problem.message for problem in graph.problems]


def test_a_node_is_found_by_every_way_of_naming_it(tmp_path):
    graph = open_nodes(tmp_path, node("a"), node("b", "Identity", ["a:0", "^a"]))
    assert {graph.node(name).name for name in ("a", "a:0", "^a")} == {"a"}
    assert (graph.node("b").inputs, graph.node("b").control_inputs) == (("a:0",), ("a",))


def test_a_missing_node_comes_with_the_nearest_names(tmp_path):
    graph = open_nodes(tmp_path, node("layer/weights"))
    with pytest.raises(NotFound, match="no node called 'layer/weight'") as caught:
        graph.node("layer/weight")
    assert "layer/weights" in caught.value.hint


def test_consumers_are_named_once_each_in_the_order_of_the_graph(tmp_path):
    graph = open_nodes(tmp_path, node("a"), node("b", "Add", ["a", "a:1"]), node("c", "NoOp", ["^a"]))
    assert graph.consumers("a") == ["b", "c"]
    assert graph.consumers("c") == []


def test_ops_are_counted_most_frequent_first(tmp_path):
    graph = open_nodes(tmp_path, node("a"), node("b", "Add"), node("c"))
    assert list(graph.ops.items()) == [("NoOp", 2), ("Add", 1)]


def test_placeholders_have_the_shapes_that_are_known():
    placeholders = open_graph_file(CONTROL, "meta-graph").placeholders
    found = {each.name: (each.dtype, each.shape) for each in placeholders}
    assert found["number"] == ("int32", ())
    assert found["anything"] == ("float32", None)
    assert found["words"] == ("string", (-1, 3))


def test_the_saver_tells_the_keys_not_the_names():
    graph = open_graph_file(SAMPLES / "meta_graphs" / "renamed.meta", "meta-graph")
    assert graph.keys_of("weights") == ["other/name"]
    assert "save_1/SaveV2" in graph.variable_ops("other/name")
    assert "weights/Assign" in graph.variable_ops("other/name")
    assert graph.keys_of("save_1/SaveV2") == []


def test_parts_of_a_variable_are_saved_under_one_key():
    graph = open_graph_file(CONTROL, "meta-graph")
    assert graph.keys_of("weights/part_0") == graph.keys_of("weights/part_1") == ["weights"]
    assert {"weights/part_0", "weights/part_1"} <= set(graph.variable_ops("weights"))


def test_a_save_inside_a_function_is_followed_to_the_variable():
    graph = open_graph_file(SAMPLES / "graphs" / "saved_model", "saved-model")
    key = "scale/.ATTRIBUTES/VARIABLE_VALUE"
    holders = [name for name in graph.variable_ops(key) if graph.node(name).op == "VarHandleOp"]
    assert len(holders) == 1
    assert graph.keys_of(holders[0]) == [key]


def test_save_ops_are_followed_through_reads(tmp_path):
    graph = open_nodes(
        tmp_path,
        node("v", "VariableV2"),
        node("v/read", "Identity", ["v"]),
        node("file", "Const"),
        constant("names", b"key"),
        constant("slices", b""),
        node("save", "SaveV2", ["file", "names", "slices", "v/read"]),
    )
    assert graph.keys_of("v") == graph.keys_of("v/read") == ["key"]
    assert graph.variable_ops("key") == ["v", "v/read", "save"]


def test_without_save_ops_the_name_is_the_key(tmp_path):
    graph = open_nodes(tmp_path, node("v", "VarHandleOp"))
    assert (graph.keys_of("v"), graph.variable_ops("v")) == (["v"], ["v"])
    assert graph.variable_ops("w") == []


def test_a_loop_of_tensorflow_is_no_problem():
    assert "NextIteration" in open_graph_file(CONTROL, "meta-graph").ops
    assert list(open_graph_file(CONTROL, "meta-graph").problems) == []


def test_a_loop_is_no_problem_wherever_its_nodes_stand_in_the_file(tmp_path):
    loop = (
        node("next", "NextIteration", ["body"]),
        node("body", "Add", ["merge"]),
        node("merge", "Merge", ["next"]),
    )
    assert _messages(open_nodes(tmp_path, *loop)) == []
    cycle = node("a", "Identity", ["b"]), node("b", "Identity", ["a"])
    told = _messages(open_nodes(tmp_path, *loop, *cycle))
    assert told == ["A cycle of 2 nodes is no loop of TensorFlow: 'b' → 'a' → 'b'."]


def test_columns_say_what_the_nodes_say(tmp_path):
    content = open_nodes(tmp_path, node("é", "Add"), node("b"), node("c", "Add"))
    for columns, nodes in (
        (each.columns, each.nodes) for each in (content, open_graph_file(CONTROL, "meta-graph"))
    ):
        places = range(len(nodes))
        assert (
            list(columns.names)
            == [columns.name_of(place) for place in places]
            == [each.name for each in nodes]
        )
        assert [columns.ops[place] for place in places] == [each.op for each in nodes]
        assert [columns.device_of(place) for place in places] == [each.device for each in nodes]
        assert [columns.devices[place] for place in places] == [each.device for each in nodes]


def test_names_that_are_no_utf8_are_kept_as_they_are(tmp_path):
    nodes = GraphListing(node=[NodeListing(name=b"caf\xe9", op=b"NoOp"), NodeListing(name=b"b", op=b"NoOp")])
    graph = open_bytes(nodes.SerializeToString(), tmp_path, "graph.pb")
    assert list(graph.columns.names) == ["caf\udce9", "b"]


def test_any_other_cycle_is_told_with_its_way(tmp_path):
    graph = open_nodes(
        tmp_path, node("a", "Identity", ["b"]), node("b", "Identity", ["a"]), node("c", "Identity", ["b"])
    )
    assert _messages(graph) == ["A cycle of 2 nodes is no loop of TensorFlow: 'b' → 'a' → 'b'."]


def test_a_node_may_not_feed_itself(tmp_path):
    assert "'a' feeds itself" in _messages(open_nodes(tmp_path, node("a", "Identity", ["a"])))[0]


def test_each_kind_of_contradiction_is_told_once_with_its_count(tmp_path):
    nodes = [node("a", "Add", [f"gone{i}"]) for i in range(5)]
    assert _messages(open_nodes(tmp_path, *nodes)) == [
        "4 nodes have the name of an earlier one, such as 'a'; only the first is linked.",
        "5 inputs name nodes that are not there, such as 'gone0'.",
    ]


def test_inputs_stand_before_control_inputs(tmp_path):
    graph = open_nodes(tmp_path, node("a"), node("b", "Add", ["^a", "a"]))
    assert "1 data input stands behind control inputs" in _messages(graph)[0]


def test_a_constant_that_is_too_large_to_expand_is_told(tmp_path):
    value = AttrValue()
    value.tensor.dtype = 1
    value.tensor.tensor_shape.dim.add(size=1 << 40)
    value.tensor.float_val.append(1.0)
    graph = open_nodes(tmp_path, node("bomb", "Const", value=value))
    assert graph.problems[0].code == "too-large"
    assert graph.attributes("bomb")["value"] == {"dtype": "float32", "shape": [1 << 40], "splat": 1.0}


def test_a_chain_of_many_nodes_is_walked_without_recursion(tmp_path):
    nodes = [node("n0")] + [node(f"n{i}", "Identity", [f"n{i - 1}"]) for i in range(1, 5000)]
    assert _messages(open_nodes(tmp_path, *reversed(nodes))) == []
