"""Collections are decoded with the protos TensorFlow registers; what is no such proto stays bytes."""

import pytest

from ckpt_viewer.formats.graphs.collections import DEEPEST, MOST_ITEMS, decode_collection
from ckpt_viewer.formats.graphs.meta_graph import open_graph_file
from ckpt_viewer.formats.protos import collections_pb2 as pb
from ckpt_viewer.formats.protos.meta_graph_pb2 import AssetFileDef
from tests.formats.graph_files import SAMPLES


@pytest.fixture(scope="module")
def collections():
    graph = open_graph_file(SAMPLES / "meta_graphs" / "control.meta", "meta-graph")
    return {collection.name: collection for collection in graph.collections}


def test_plain_collections_hold_names_and_numbers(collections):
    assert collections["train_op"].items == ("result",)
    assert collections["sizes"].items == (6,)
    assert collections["rates"].items == (0.5,)


def test_bytes_are_text_where_they_are_utf8(collections):
    assert collections["notes"].items == ("läuft", b"\xff\x00raw")


def test_variables_are_decoded_with_their_slices(collections):
    variables = collections["variables"]
    assert variables.proto == "VariableDef"
    parts = [item["save_slice_info_def"] for item in variables.items if "save_slice_info_def" in item]
    assert [part["full_name"] for part in parts] == ["weights", "weights"]
    assert [(part.get("var_offset"), part["var_shape"]) for part in parts] == [
        ([0, 0], [5, 2]),
        ([5, 0], [5, 2]),
    ]


def test_a_queue_runner_names_its_ops(collections):
    (runner,) = collections["queue_runners"].items
    assert runner["queue_name"] == "queue"
    assert len(runner["enqueue_op_name"]) == 2


def test_loops_and_branches_are_decoded_into_each_other(collections):
    (loop,) = collections["while_context"].items
    assert loop["context_name"] == "loop/while_context"
    assert {inner["kind"] for inner in loop["nested_contexts"]} == {"cond"}
    assert len(collections["cond_context"].items) == 2


def _nested(depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        wrapper = pb.ControlFlowContextDef(cond_ctxt=content)
        content = pb.CondContextDef(
            context_name=b"c", nested_contexts=[wrapper.SerializeToString()]
        ).SerializeToString()
    return pb.CollectionDef(bytes_list=pb.CollectionDef.BytesList(value=[content])).SerializeToString()


@pytest.mark.parametrize("kind", ["bytes_list", "any_list"])
def test_of_items_without_end_the_first_are_decoded_and_the_others_counted(kind):
    encoded = pb.CollectionDef(**{kind: {"value": [{} if kind == "any_list" else b""] * (MOST_ITEMS + 3)}})
    collection = decode_collection("variables", encoded.SerializeToString())
    assert len(collection.items) == MOST_ITEMS
    assert collection.problems[-1].message.startswith("3 of 131,075 items of the collection 'variables'")


def test_contexts_nested_without_end_are_cut_off_and_told():
    collection = decode_collection("cond_context", _nested(20_000))
    assert "nested deeper" in collection.problems[0].message
    item, depth = collection.items[0], 0
    while isinstance(inner := item["nested_contexts"], list):
        item, depth = inner[0], depth + 1
    assert depth == DEEPEST


def test_what_is_no_proto_stays_bytes_and_is_told():
    message = pb.CollectionDef(bytes_list=pb.CollectionDef.BytesList(value=[b"\xff\xff", b""]))
    collection = decode_collection("variables", message.SerializeToString())
    assert collection.items == (b"\xff\xff", {})
    assert "1 of 2 items" in collection.problems[0].message


def test_assets_come_in_any_messages():
    asset = AssetFileDef(filename=b"words.txt")
    value = pb.AnyValue(
        type_url=b"type.googleapis.com/tensorflow.AssetFileDef", value=asset.SerializeToString()
    )
    message = pb.CollectionDef(any_list=pb.CollectionDef.AnyList(value=[value]))
    collection = decode_collection("saved_model_assets", message.SerializeToString())
    assert collection.proto == "AssetFileDef"
    assert collection.items[0]["filename"] == "words.txt"


def test_an_unknown_any_message_keeps_its_bytes():
    value = pb.AnyValue(type_url=b"type.googleapis.com/own.Thing", value=b"\1\2")
    message = pb.CollectionDef(any_list=pb.CollectionDef.AnyList(value=[value]))
    collection = decode_collection("things", message.SerializeToString())
    assert (collection.proto, collection.items[0]["value"], collection.problems) == ("Thing", b"\1\2", ())


def test_a_collection_without_a_kind_is_empty():
    assert decode_collection("x", b"").items == ()


def test_a_damaged_collection_says_so():
    assert "'x' is damaged" in decode_collection("x", b"\xff").problems[0].message
