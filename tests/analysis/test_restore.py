"""What restoring with a graph would stumble over, in words and as TensorFlow does it."""

import numpy as np
import pytest

from ckpt_viewer.analysis.restore import restore_findings
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.graph import Restore
from ckpt_viewer.formats.readers import open_checkpoint, open_graph
from tests.memory_graph import MemoryGraph

W = Variable("w", "float32", (2, 3), 24)


def codes(restores, *variables):
    graph = MemoryGraph([], restores=restores)
    return [problem.code for problem in restore_findings(graph, variables)]


def test_what_the_graph_restores_is_there():
    assert codes([Restore("w", "float32", target=(2, 3))], W) == []


def test_without_a_saver_nothing_is_said():
    assert codes([], W) == []


@pytest.mark.parametrize(
    ("restore", "expected"),
    [
        (Restore("w", "float64", target=(2, 3)), ["graph-mismatch"]),
        (Restore("w", "float32", target=(3, 2)), ["graph-mismatch"]),
        (Restore("w", "float32", target=(3, 2), other_shape="fitted"), []),
        (Restore("w", "float32", target=(3, 3), other_shape="fitted"), ["graph-mismatch"]),
        (Restore("w", "float32", target=(3, 2), other_shape="taken"), ["graph-shape"]),
        (Restore("w", "float64", target=(3, 2), other_shape="taken"), ["graph-mismatch"]),
        (Restore("w", "float32", whole=(2, 3), target=(1, 3), other_shape="taken"), []),
        (Restore("w", "float32", whole=(4, 3), target=(2, 3)), ["graph-mismatch"]),
        (Restore("w", "float32"), []),
    ],
)
def test_types_and_shapes_that_differ(restore, expected):
    assert codes([restore], W) == expected


def test_the_sentences_name_both_sides():
    graph = MemoryGraph([], restores=[Restore("w", "int32"), Restore("v", "float32")])
    missing, other = restore_findings(graph, [W])
    assert missing.message == f"v is not in the checkpoint, and {graph.path} restores it."
    assert other.message == "w is float32 here and int32 in the graph."


def test_many_are_counted():
    restores = [Restore(f"w{number}", "float32") for number in range(100)]
    graph = MemoryGraph([], restores=[Restore("w", "float32"), *restores])
    found = list(restore_findings(graph, [W]))
    assert len(found) == 21
    assert found[-1].message == "80 more keys are missing."


def test_variables_that_the_graph_does_not_know_are_counted():
    restores = [Restore("w", "float32"), Restore("w", "float32")]
    graph = MemoryGraph([], restores=restores)
    others = [Variable(name, "float32", (), 4) for name in ("a", "b")]
    [note] = restore_findings(graph, [W, *others])
    assert note.message == f"2 variables of the checkpoint are not restored by {graph.path}."


BASE = {"a": np.ones((2, 3), np.float32), "b": np.ones(4, np.float32)}
STORED = {
    "same": BASE,
    "missing": {"a": BASE["a"]},
    "more": {**BASE, "c": BASE["a"]},
    "other shape": {**BASE, "a": np.ones((3, 3), np.float32)},
    "other shape of as many": {**BASE, "a": np.ones((3, 2), np.float32)},
    "other type": {**BASE, "a": BASE["a"].astype(np.float64)},
    "nothing alike": {"x": BASE["a"]},
}


@pytest.mark.oracle
@pytest.mark.parametrize("reshape", [False, True])
@pytest.mark.parametrize("resource", [False, True])
def test_restoring_fails_where_we_say_so_and_nowhere_else(tmp_path, resource, reshape):
    tf = pytest.importorskip("tensorflow")
    meta = _saved(tf, tmp_path / "graph", BASE, resource, reshape=reshape)
    graph = open_graph(f"{meta}.meta")
    for name, arrays in STORED.items():
        prefix = _saved(tf, tmp_path / name.replace(" ", "_"), arrays, resource=False)
        with open_checkpoint(prefix) as checkpoint:
            found = list(restore_findings(graph, checkpoint.variables))
        predicted = {problem.code for problem in found} & {"missing-key", "graph-mismatch"}
        error, shapes = _restored(tf, meta, prefix)
        assert (name, bool(predicted)) == (name, error is not None)
        if error is not None:
            expected = {"NotFoundError": "missing-key", "InvalidArgumentError": "graph-mismatch"}
            assert expected[error] in predicted
        else:
            changed = shapes != {key: array.shape for key, array in BASE.items()}
            assert changed == any(problem.code == "graph-shape" for problem in found)


@pytest.mark.oracle
@pytest.mark.parametrize(("rows", "fails"), [(6, False), (8, True)])
def test_the_parts_of_a_partitioned_variable(tmp_path, rows, fails):
    tf = pytest.importorskip("tensorflow")
    meta = _saved(tf, tmp_path / "graph", {}, resource=True, parts=(6, 2))
    prefix = _saved(tf, tmp_path / "stored", {}, resource=True, parts=(rows, 2))
    with open_checkpoint(prefix) as checkpoint:
        found = list(restore_findings(open_graph(f"{meta}.meta"), checkpoint.variables))
    assert [problem.code for problem in found] == (["graph-mismatch"] if fails else [])
    assert (_restored(tf, meta, prefix)[0] is not None) == fails


def _saved(tf, path, arrays, resource, reshape=False, parts=None):
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        for name, array in arrays.items():
            v1.get_variable(name, initializer=tf.constant(array), use_resource=resource)
        if parts:
            halves = v1.fixed_size_partitioner(2)
            v1.get_variable("emb", parts, partitioner=halves, use_resource=resource)
        session.run(v1.global_variables_initializer())
        return v1.train.Saver(reshape=reshape).save(session, str(path))


def _restored(tf, meta, prefix):
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        saver = v1.train.import_meta_graph(f"{meta}.meta")
        try:
            saver.restore(session, str(prefix))
        except tf.errors.OpError as error:
            return type(error).__name__, {}
        return None, {each.op.name: session.run(each).shape for each in v1.global_variables()}
