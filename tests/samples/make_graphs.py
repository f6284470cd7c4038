"""Make the graphs beside this file with TensorFlow, and ask it what they hold.

Run `python tests/samples/make_graphs.py` after `pip install .[oracle]`; the folder `meta_graphs` is replaced.
`answers.json` in it holds, per file, what TensorFlow's own protos say: node and op counts, a digest of all
nodes with their inputs, collections, signatures and the savers.
"""

import hashlib
import json
import os
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import tensorflow as tf
from google.protobuf import text_format
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2

v1 = tf.compat.v1
HERE = Path(__file__).resolve().parent / "meta_graphs"


def main() -> None:
    v1.logging.set_verbosity(v1.logging.ERROR)
    v1.disable_control_flow_v2()
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir()
    os.chdir(HERE)
    control()
    renamed()
    two_tags()
    answers = {
        "control.meta": meta_graph_answers(
            meta_graph_pb2.MetaGraphDef.FromString(Path("control.meta").read_bytes())
        ),
        "renamed.meta": meta_graph_answers(
            meta_graph_pb2.MetaGraphDef.FromString(Path("renamed.meta").read_bytes())
        ),
        "control_text.meta": meta_graph_answers(
            text_format.Parse(Path("control_text.meta").read_text(), meta_graph_pb2.MetaGraphDef())
        ),
    }
    saved = text_format.Parse(Path("two_tags/saved_model.pbtxt").read_text(), saved_model_pb2.SavedModel())
    for graph in saved.meta_graphs:
        answers["two_tags " + " ".join(graph.meta_info_def.tags)] = meta_graph_answers(graph)
    Path("answers.json").write_text(json.dumps(answers, indent=1, sort_keys=True) + "\n")


def control() -> None:
    """The control flow, queues and collections of TensorFlow 1, in binary and as text."""
    with tf.Graph().as_default():
        number = v1.placeholder(tf.int32, [], name="number")
        v1.placeholder(tf.float32, None, name="anything")
        v1.placeholder(tf.string, [None, 3], name="words")
        with tf.device("/device:CPU:0"):
            weights = v1.get_variable("weights", [10, 2], partitioner=v1.fixed_size_partitioner(2))
        v1.get_variable("count", [], tf.int64, trainable=False, use_resource=False)
        looped = v1.while_loop(
            lambda i: i < number,
            lambda i: v1.cond(i > 3, lambda: i + 2, lambda: i + 1),
            [tf.constant(0)],
            name="loop",
        )
        v1.cond(number > 1, lambda: 1.0, lambda: 2.0, name="choice")
        queue = v1.FIFOQueue(5, [tf.float32], shapes=[[]], name="queue")
        v1.train.add_queue_runner(v1.train.QueueRunner(queue, [queue.enqueue(1.0), queue.enqueue(2.0)]))
        tf.identity(tf.reduce_sum(weights) + tf.cast(looped, tf.float32), name="result")
        v1.train.get_or_create_global_step()
        v1.add_to_collection("train_op", v1.get_default_graph().get_operation_by_name("result"))
        v1.add_to_collection("sizes", 6)
        v1.add_to_collection("rates", 0.5)
        v1.add_to_collection("notes", "läuft")
        v1.add_to_collection("notes", b"\xff\x00raw")
        saver = v1.train.Saver(max_to_keep=3)
        saver.export_meta_graph("control.meta", strip_default_attrs=True)
        saver.export_meta_graph("control_text.meta", as_text=True, strip_default_attrs=True)


def renamed() -> None:
    """A graph of two savers, of which the one it names stores a variable under another name."""
    with tf.Graph().as_default():
        weights = v1.get_variable("weights", [3], use_resource=True)
        v1.train.Saver([weights])
        saver = v1.train.Saver({"other/name": weights})
        saver.export_meta_graph("renamed.meta", strip_default_attrs=True)


def two_tags() -> None:
    """A SavedModel with two MetaGraphs, as text; the one for serving is the second."""
    builder = v1.saved_model.Builder("two_tags")
    for tags in (["train"], ["serve"]):
        with tf.Graph().as_default(), v1.Session() as session:
            features = v1.placeholder(tf.float32, [None, 2], name="features")
            weights = v1.get_variable("weights", initializer=tf.ones([2]))
            output = tf.multiply(features, weights, name="output")
            session.run(v1.global_variables_initializer())
            info = v1.saved_model.build_tensor_info
            signature = v1.saved_model.build_signature_def(
                {"x": info(features)}, {"y": info(output)}, "tensorflow/serving/predict"
            )
            if tags == ["train"]:
                builder.add_meta_graph_and_variables(session, tags, strip_default_attrs=True)
            else:
                builder.add_meta_graph(tags, {"serving_default": signature}, strip_default_attrs=True)
    builder.save(as_text=True)


def meta_graph_answers(graph: Any) -> dict[str, Any]:
    nodes = graph.graph_def.node
    return {
        "nodes": len(nodes),
        "ops": dict(Counter(node.op for node in nodes)),
        "sha256": digest(nodes),
        "attributes": sum(len(node.attr) for node in nodes),
        "producer": graph.graph_def.versions.producer,
        "tensorflow_version": graph.meta_info_def.tensorflow_version,
        "tags": list(graph.meta_info_def.tags),
        "saver": graph.saver_def.save_tensor_name,
        "collections": {
            name: [found.WhichOneof("kind"), len(getattr(found, found.WhichOneof("kind")).value)]
            for name, found in graph.collection_def.items()
        },
        "signatures": {
            name: {key: value.name for key, value in found.inputs.items()}
            for name, found in graph.signature_def.items()
        },
    }


def digest(nodes: Any) -> str:
    """One line per node: name, op, device, inputs."""
    lines = ("\0".join([node.name, node.op, node.device, *node.input]) + "\n" for node in nodes)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


if __name__ == "__main__":
    main()
