"""Object graphs with cycles, shared objects and nonsense; the paths are written as Python would."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.protos.object_graph_pb2 import TrackableObjectGraph
from ckpt_viewer.formats.roles.object_graph import DEEPEST_PATH, LONGEST_PATH, MOST_PARTS, ObjectGraph

Tree = dict[int, list[tuple[int, str]]]


def graph(children: Tree, keys: dict[int, str] | None = None, slots: Tree | None = None) -> ObjectGraph:
    stored = TrackableObjectGraph()
    for number in range(
        max([*children, *(keys or {}), *(child for each in children.values() for child, _ in each)]) + 1
    ):
        node = stored.nodes.add()
        for child, name in children.get(number, []):
            node.children.add(node_id=child, local_name=name.encode())
        if keys and number in keys:
            node.attributes.add(name=b"VARIABLE_VALUE", checkpoint_key=keys[number].encode())
        for owner, name in (slots or {}).get(number, []):
            node.slot_variables.add(
                original_variable_node_id=owner, slot_name=name.encode(), slot_variable_node_id=9
            )
    return ObjectGraph.parse(stored.SerializeToString())


def test_paths_are_written_as_python_would() -> None:
    found = graph({0: [(1, "model")], 1: [(2, "layers"), (5, "a.b/c'")], 2: [(3, "0")], 3: [(4, "kernel")]})
    assert found.path(4) == "model.layers[0].kernel"
    assert found.path(5) == r"model['a.b/c\'']"


def test_the_shortest_path_counts_and_of_equal_ones_the_first() -> None:
    found = graph(
        {0: [(1, "long"), (2, "b"), (3, "c")], 1: [(4, "x")], 2: [(4, "y")], 4: [(5, "z")], 3: [(5, "w")]}
    )
    assert found.path(4) == "long.x"
    assert found.path(5) == "c.w"


def test_a_path_beside_the_optimizer_is_preferred() -> None:
    children: Tree = {0: [(1, "optimizer"), (2, "model")], 1: [(3, "kept")], 2: [(4, "deep")], 4: [(3, "w")]}
    assert graph(children).path(3) == "optimizer.kept"
    assert graph(children, slots={1: [(3, "m")]}).path(3) == "model.deep.w"


def test_cycles_and_references_to_itself_end() -> None:
    found = graph({0: [(0, "root"), (1, "a")], 1: [(0, "back"), (1, "me"), (2, "b")]})
    assert found.path(2) == "a.b"
    assert found.path(0) is None


def test_children_and_slots_that_are_not_there_are_passed_over() -> None:
    found = graph({0: [(1, "a")], 1: []}, keys={1: "a/.ATTRIBUTES/VARIABLE_VALUE"}, slots={0: [(77, "m")]})
    assert found.slots[9].owner == 77
    assert found.path(9) is None
    broken = TrackableObjectGraph()
    broken.nodes.add().children.add(node_id=-5, local_name=b"x")
    assert ObjectGraph.parse(broken.SerializeToString()).children(0) == ()


def test_a_path_that_never_ends_is_left_out() -> None:
    chain = {at: [(at + 1, "next")] for at in range(DEEPEST_PATH + 1)}
    found = graph(chain)
    assert found.path(DEEPEST_PATH) == ".".join(["next"] * DEEPEST_PATH)
    assert found.path(DEEPEST_PATH + 1) is None


def test_names_may_be_no_text() -> None:
    stored = TrackableObjectGraph()
    stored.nodes.add().children.add(node_id=1, local_name=b"\xff")
    stored.nodes.add()
    assert ObjectGraph.parse(stored.SerializeToString()).path(1) == "['\udcff']"


def test_an_empty_graph_has_no_objects() -> None:
    found = ObjectGraph.parse(b"")
    assert (found.values, found.path(0)) == ({}, None)


def test_it_can_be_cancelled() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        ObjectGraph.parse(
            TrackableObjectGraph(nodes=[TrackableObjectGraph.TrackableObject()]).SerializeToString(), token
        )


@settings(deadline=None, derandomize=True)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_graph_or_are_malformed(content: bytes) -> None:
    try:
        found = ObjectGraph.parse(content)
    except Malformed:
        return
    assert all(value.node < len(found._children) for value in found.values.values())


def test_a_path_as_long_as_the_file_is_left_out() -> None:
    found = graph({0: [(1, "x" * LONGEST_PATH)], 1: [(2, "y")]})
    assert found.path(1) == "x" * LONGEST_PATH
    assert found.path(2) is None


def test_more_objects_than_any_model_has_are_not_counted_out() -> None:
    with pytest.raises(Malformed, match="more objects than any model") as raised:
        ObjectGraph.parse(b"\n\0" * (MOST_PARTS + 1))
    assert raised.value.problem.code == "unsupported"
