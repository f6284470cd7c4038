"""What graphs and object graphs say of variables, against what was known when TensorFlow made them."""

import json
from pathlib import Path

import pytest

from ckpt_viewer.formats.bundle.bundle_v2 import open_bundle
from ckpt_viewer.formats.protos.object_graph_pb2 import TrackableObjectGraph
from ckpt_viewer.formats.readers import open_checkpoint
from ckpt_viewer.formats.roles.object_graph import ObjectGraph
from ckpt_viewer.formats.roles.object_witness import ObjectWitness
from ckpt_viewer.formats.roles.saved_names import SavedNames
from tests.corpus import SAMPLES, oracle_folder

ROLES = SAMPLES / "roles"
ANSWERS = json.loads((ROLES / "answers.json").read_text())
OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"


@pytest.mark.parametrize("prefix", ANSWERS)
def test_every_variable_is_what_it_was_made_as(prefix: str) -> None:
    with open_checkpoint(ROLES / prefix) as checkpoint:
        judged = {
            each.name: (each.role, each.owner, each.slot)
            for each in checkpoint.variables
            if each.name != OBJECT_GRAPH
        }
    assert judged == {
        key: (told["role"], told["owner"], told["slot"]) for key, told in ANSWERS[prefix].items()
    }


@pytest.mark.parametrize("prefix", ["renamed/model.ckpt", "keras/model"])
def test_a_key_that_says_something_else_has_the_name_it_was_made_with(prefix: str) -> None:
    with open_checkpoint(ROLES / prefix) as checkpoint:
        names = {each.name: each.full_name for each in checkpoint.variables if each.name != OBJECT_GRAPH}
    assert names == {key: told["name"] for key, told in ANSWERS[prefix].items()}


def test_names_that_say_what_they_mean_have_no_other() -> None:
    with open_checkpoint(ROLES / "plain" / "model.ckpt") as checkpoint:
        assert {each.full_name for each in checkpoint.variables} == {None}


@pytest.mark.oracle
@pytest.mark.parametrize("resource", [True, False])
def test_what_the_graph_updates_as_a_moving_average_is_one_under_any_name(
    tmp_path: Path, resource: bool
) -> None:
    tf = pytest.importorskip("tensorflow")
    v1 = tf.compat.v1
    averaging = pytest.importorskip("tensorflow.python.training.moving_averages")
    with tf.Graph().as_default(), v1.Session() as live, v1.variable_scope("", use_resource=resource):
        kernel = v1.get_variable("kernel", [2, 3])
        averages = [
            v1.get_variable(name, [3], trainable=False) for name in ("norm/mu", "codes", "bn/moving_mean")
        ]
        v1.get_variable("frozen", [3], trainable=False)
        batch = tf.reduce_sum(kernel, 0)
        for average, debias in zip(averages, (False, True, False), strict=True):
            averaging.assign_moving_average(average, batch, 0.9, zero_debias=debias)
        v1.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(batch))
        live.run(v1.global_variables_initializer())
        v1.train.Saver().save(live, str(tmp_path / "m"))
    with open_checkpoint(tmp_path / "m") as checkpoint:
        roles = {each.name: each.role for each in checkpoint.variables}
    assert roles == {
        "kernel": "weight",
        "frozen": "weight",  # what is not trained at the moment is one all the same
        "norm/mu": "ema",
        "codes": "ema",
        "codes/biased": "ema",
        "codes/local_step": "other",
        "bn/moving_mean": "batch-statistics",
    }


@pytest.mark.oracle
@pytest.mark.parametrize("resource", [True, False])
@pytest.mark.parametrize("trains", [True, False])
def test_what_the_graph_computes_anew_without_training_it_is_no_weight(
    tmp_path: Path, resource: bool, trains: bool
) -> None:
    tf = pytest.importorskip("tensorflow")
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as live, v1.variable_scope("", use_resource=resource):
        kernel = v1.get_variable("kernel", [3], trainable=trains)
        trace, fed, reset = (
            v1.get_variable(name, [3], trainable=False) for name in ("trace", "fed", "reset")
        )
        v1.assign(trace, trace * 0.9 + kernel)
        v1.assign(fed, v1.placeholder(tf.float32, [3]))
        v1.assign(reset, [0.0, 0.0, 0.0])
        live.run(v1.global_variables_initializer())
        v1.train.Saver().save(live, str(tmp_path / "m"))
    with open_checkpoint(tmp_path / "m") as checkpoint:
        roles = {each.name: each.role for each in checkpoint.variables}
    # A graph that lists nothing it trains says of nothing that it is not trained.
    expected = {
        "kernel": "weight",
        "trace": "other" if trains else "weight",
        "fed": "weight",
        "reset": "weight",
    }
    assert roles == expected


def test_without_its_graph_names_alone_judge(tmp_path: Path) -> None:
    for ending in ("index", "data-00000-of-00001"):
        name = f"model.ckpt.{ending}"
        (tmp_path / name).write_bytes((ROLES / "plain" / name).read_bytes())
    with open_checkpoint(tmp_path / "model.ckpt") as checkpoint:
        assert checkpoint.find("block/Adam").role == "slot"
        assert checkpoint.find("block/Mine").slot is None
        assert not checkpoint.problems


@pytest.mark.parametrize("content", [b"", b"\n\xff", b"version https://git-lfs.github.com/spec/v1\n"])
def test_a_graph_that_cannot_be_read_is_no_witness(tmp_path: Path, content: bytes) -> None:
    for ending in ("index", "data-00000-of-00001"):
        name = f"model.ckpt.{ending}"
        (tmp_path / name).write_bytes((ROLES / "plain" / name).read_bytes())
    (tmp_path / "model.ckpt.meta").write_bytes(content)
    with open_checkpoint(tmp_path / "model.ckpt") as checkpoint:
        assert checkpoint.find("block/Adam").role == "slot"


def test_a_graph_too_large_to_wait_for_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ckpt_viewer.formats.readers.LARGEST_WITNESS", 1000)
    with open_checkpoint(ROLES / "plain" / "model.ckpt") as checkpoint:
        assert checkpoint.find("block/Adam").role == "slot"


def test_without_data_an_object_checkpoint_is_judged_by_its_keys(tmp_path: Path) -> None:
    (tmp_path / "model.index").write_bytes((ROLES / "keras" / "model.index").read_bytes())
    with open_bundle(tmp_path / "model") as checkpoint:
        kernel = checkpoint.find("optimizer/_trainable_variables/0/.ATTRIBUTES/VARIABLE_VALUE")
        assert (kernel.role, kernel.full_name) == ("weight", None)
        assert [problem.code for problem in checkpoint.problems] == ["missing-shard"]


def test_an_object_graph_that_is_damaged_is_told_and_left_out(tmp_path: Path) -> None:
    data = bytearray((ROLES / "keras" / "model.data-00000-of-00001").read_bytes())
    with open_bundle(ROLES / "keras" / "model") as checkpoint:
        place = checkpoint.find(OBJECT_GRAPH)
    assert place.offset is not None
    data[place.offset + place.nbytes // 2] ^= 1
    (tmp_path / "model.index").write_bytes((ROLES / "keras" / "model.index").read_bytes())
    (tmp_path / "model.data-00000-of-00001").write_bytes(data)
    with open_bundle(tmp_path / "model") as checkpoint:
        problem = checkpoint.problems[0]
        assert problem.code == "bad-checksum"
        assert problem.message.startswith(f"The object graph of {tmp_path / 'model'} cannot be used: ")
        assert checkpoint.find("save_counter/.ATTRIBUTES/VARIABLE_VALUE").role == "counter"


def test_no_file_stays_open_for_the_object_graph() -> None:
    with open_bundle(ROLES / "keras" / "model") as checkpoint:
        assert not checkpoint._data._open  # read when it was opened, then let go


@pytest.mark.parametrize(
    ("case", "pick"),
    [("tf2_checkpoint/ckpt-40", None), ("tf2_odd/state", "state"), ("keras_weights/keras3-1", "keras3-1")],
)
def test_names_and_slots_are_those_of_tensorflows_object_graph(case: str, pick: str | None) -> None:
    folder = oracle_folder("seed1-small")
    if folder is None:
        pytest.skip("no oracle here")
    graph = json.loads((folder / case).with_name("oracle.json").read_text())["object_graph"]
    nodes = graph[pick] if pick else graph
    key_of = {
        place: key
        for place, node in enumerate(nodes)
        for name, _, key in node["attributes"]
        if name == "VARIABLE_VALUE"
    }
    slots = {key_of[node]: (key_of[owner], name) for each in nodes for owner, name, node in each["slots"]}
    names = {key: full_name for node in nodes for _, full_name, key in node["attributes"]}
    with open_checkpoint(folder / case) as checkpoint:
        found = {each.name: each for each in checkpoint.variables}
    for key, full_name in names.items():
        if key in found:  # tables and iterators are stored under keys of their own
            assert found[key].full_name == (full_name or None), key
    for key, told in slots.items():
        assert (found[key].owner, found[key].slot) == told


def test_what_is_no_variable_is_named_by_its_object() -> None:
    folder = oracle_folder("seed1-small")
    if folder is None:
        pytest.skip("no oracle here")
    with open_checkpoint(folder / "tf2_odd" / "state") as checkpoint:
        told = {each.name: (each.role, each.object_path) for each in checkpoint.variables}
    assert told["state/.ATTRIBUTES/py_state"] == ("other", "state")
    assert (
        told["table/.ATTRIBUTES/table-keys"] == told["table/.ATTRIBUTES/table-values"] == ("other", "table")
    )


def test_optimizers_may_share_a_list_and_many_variables_an_owner() -> None:
    """Gone through once each: as many times as there are optimizers would take hours."""
    count, end = 3000, "/.ATTRIBUTES/VARIABLE_VALUE"
    stored = TrackableObjectGraph(
        nodes=[TrackableObjectGraph.TrackableObject() for _ in range(3 * count + 2)]
    )
    slots, owners = stored.nodes[3 * count], stored.nodes[3 * count + 1]
    for place in range(count):
        owners.children.add(node_id=count + place, local_name=b"%d" % place)
        slots.children.add(node_id=2 * count + place, local_name=b"%d" % place)
        for base, name in ((count, "w"), (2 * count, "s")):
            stored.nodes[base + place].attributes.add(
                name=b"VARIABLE_VALUE", checkpoint_key=f"{name}{place}{end}".encode()
            )
        optimizer = stored.nodes[place]
        optimizer.children.add(node_id=count, local_name=b"_iterations")
        optimizer.children.add(node_id=3 * count, local_name=b"_momentums")
        optimizer.children.add(node_id=3 * count + 1, local_name=b"_trainable_variables")
    names = sorted(f"{name}{place}{end}" for name in "ws" for place in range(count))
    graph = ObjectGraph.parse(stored.SerializeToString())
    saved = SavedNames(names, ["float32"] * len(names), [(2,)] * len(names))
    judged = ObjectWitness(saved, graph).judge(names.index(f"s7{end}"))
    assert judged is not None
    assert (judged.role, judged.owner, judged.slot) == ("slot", f"w7{end}", "momentum")
