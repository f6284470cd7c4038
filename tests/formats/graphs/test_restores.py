"""What savers restore: in graphs that TensorFlow wrote, and in some it would not write."""

import pytest

from ckpt_viewer.formats.graph import Restore
from ckpt_viewer.formats.protos.graph_pb2 import AttrValue
from ckpt_viewer.formats.readers import open_checkpoint, open_graph
from tests.formats.graph_files import SAMPLES, constant, meta_graph, node, open_bytes

FLOAT, INT64 = 1, 9


def shape(*lengths):
    value = AttrValue()
    value.shape.SetInParent()
    for length in lengths:
        value.shape.dim.add(size=length)
    return value


def types(*numbers):
    value = AttrValue()
    value.list.type.extend(numbers)
    return value


def graph_of(folder, *nodes):
    """With the saver that every one of these graphs has."""
    graph = meta_graph(*nodes, node("all", "NoOp", [f"^{each.name}" for each in nodes if "ssign" in each.op]))
    graph.saver_def.restore_op_name = b"all"
    return open_bytes(graph.SerializeToString(), folder)


def read_op(keys, specs=(), dtypes=(FLOAT,)):
    return [
        constant("keys", *keys),
        constant("specs", *(specs or [b""] * len(keys))),
        node("read", "RestoreV2", ["file", "keys", "specs"], dtypes=types(*dtypes)),
    ]


@pytest.mark.parametrize("sample", ["run", "graphs/saved_model"])
def test_a_graph_restores_what_was_saved_with_it(sample):
    with open_checkpoint(SAMPLES / sample) as checkpoint:
        restores = open_graph(SAMPLES / sample).restores()
        stored = {variable.name: variable for variable in checkpoint.variables}
    assert {restore.key for restore in restores} == set(stored)
    for restore in restores:
        variable = stored[restore.key]
        assert restore.dtype == variable.dtype
        assert (restore.whole or restore.target or variable.shape) == variable.shape


def test_outputs_go_to_variables_by_their_number(tmp_path):
    nodes = [
        node("a", "VariableV2", shape=shape(2)),
        node("b", "VarHandleOp", shape=shape(3, 4)),
        *read_op([b"key/a", b"key/b"], dtypes=(FLOAT, INT64)),
        node("put_a", "Assign", ["a", "read"]),
        node("same", "Identity", ["read:1"]),
        node("put_b", "AssignVariableOp", ["b", "same"]),
    ]
    assert graph_of(tmp_path, *nodes).restores() == (
        Restore("key/a", "float32", target=(2,), other_shape="fails"),
        Restore("key/b", "int64", target=(3, 4), other_shape="taken"),
    )


def test_checks_that_are_switched_count(tmp_path):
    nodes = [
        node("a", "VariableV2", shape=shape(2)),
        *read_op([b"a"]),
        node("put", "Assign", ["a", "read"], validate_shape=AttrValue(b=False)),
    ]
    assert graph_of(tmp_path, *nodes).restores()[0].other_shape == "taken"


def test_a_reshape_fits_other_shapes_in(tmp_path):
    nodes = [
        node("a", "VarHandleOp", shape=shape(2)),
        *read_op([b"a"]),
        node("fit", "Reshape", ["read", "lengths"]),
        node("put", "AssignVariableOp", ["a", "fit"]),
    ]
    assert graph_of(tmp_path, *nodes).restores()[0].other_shape == "fitted"


@pytest.mark.parametrize(
    ("spec", "whole"),
    [
        (b"10 4 0,4:0,4", (10, 4)),
        (b"7 -", (7,)),
        (b"", None),
        (b"nonsense here", None),
        (b"1 " * 300 + b"-", None),
        (b"9" * 5000 + b" -", None),
    ],
)
def test_slices_name_the_shape_of_the_whole(tmp_path, spec, whole):
    nodes = [node("a", "VarHandleOp", shape=shape(2)), *read_op([b"a"], [spec])]
    graph = graph_of(tmp_path, *nodes, node("put", "AssignVariableOp", ["a", "read"]))
    assert graph.restores()[0].whole == whole


def test_shapes_that_are_not_certain_are_left_out(tmp_path):
    for odd in (shape(-1, 2), AttrValue(), shape(*[1] * 300)):
        nodes = [node("a", "VarHandleOp", shape=odd), *read_op([b"a"])]
        graph = graph_of(tmp_path, *nodes, node("put", "AssignVariableOp", ["a", "read"]))
        assert graph.restores()[0].target is None


def test_ways_that_lead_nowhere_or_in_circles_end(tmp_path):
    nodes = [
        *read_op([b"a", b"b"], dtypes=()),
        node("one", "Identity", ["read"]),
        node("two", "Identity", ["one"]),
        node("three", "Identity", ["two"]),
        node("put", "AssignVariableOp", ["lost", f"read:{'9' * 5000}"]),
    ]
    found = graph_of(tmp_path, *nodes).restores()
    assert [(each.key, each.dtype, each.target) for each in found] == [("a", "", None), ("b", "", None)]


def test_without_a_saver_nothing_is_restored(tmp_path):
    assert open_bytes(meta_graph(*read_op([b"a"])).SerializeToString(), tmp_path).restores() == ()
