"""Make the samples beside this file with TensorFlow, and ask it what they hold.

Run `python tests/samples/make_samples.py` after `pip install .[oracle]`. The folders are replaced.
`answers.json` holds, per checkpoint and variable, what TensorFlow's restore ops gave back:
`dtype`, `shape` and `sha256` of the C-order little-endian bytes. Types of 4 and 2 bits count one byte per
element with its high bits zero; a string counts its length in 8 bytes and then its bytes.
"""

import hashlib
import json
import os
import shutil
import struct
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import ml_dtypes
import numpy as np
import tensorflow as tf

v1 = tf.compat.v1
HERE = Path(__file__).resolve().parent
LOW_BITS = {"int4": 15, "uint4": 15, "float4_e2m1fn": 15, "int2": 3, "uint2": 3}
QUANTIZED = {"qint8": "int8", "quint8": "uint8", "qint16": "int16", "quint16": "uint16", "qint32": "int32"}
SMALL_FLOATS = (
    "float8_e5m2",
    "float8_e4m3fn",
    "float8_e4m3fnuz",
    "float8_e4m3b11fnuz",
    "float8_e5m2fnuz",
    "float4_e2m1fn",
)
ODD_NAMES = (
    "a", "a/b", "a//b", "/lead", "trail/", "../up", "~", ".hidden", "ünïcode/名前", "emoji/\U0001f600",
    "rtl/\u202eabc", "tab\there", "new\nline", "quote\"'`", "<b>html</b>&amp;", "%s %d {0}", "back\\slash",
    "colon:0", "^ctl", "w", "w/Adam", "w/Adam_1", "A", "Z" * 300, "0", "-1", "null", "a\u0301", "\u00e1",
    "con",
)  # fmt: skip
UNJOINED = "unjoined"  # strings in slices: TensorFlow writes what it cannot put together again
random = np.random.default_rng(7)


def main() -> None:
    v1.logging.set_verbosity(v1.logging.ERROR)
    for make in (
        run,
        dtypes,
        shapes,
        strings,
        names,
        partitioned,
        objects,
        variant,
        v1_files,
        graphs,
        contract,
    ):
        shutil.rmtree(HERE / make.__name__, ignore_errors=True)
        (HERE / make.__name__).mkdir()
        os.chdir(HERE / make.__name__)
        make()
    os.chdir(HERE)
    answers = {prefix: bundle_answers(prefix) for prefix in sorted(prefixes())}
    answers |= {"v1_files/old.ckpt-3": v1_answers("v1_files/old.ckpt-3")}
    answers |= {"v1_files/sharded-2-?????-of-00002": v1_answers("v1_files/sharded-2-?????-of-00002")}
    Path("answers.json").write_text(json.dumps(answers, indent=1, sort_keys=True) + "\n")


def run() -> None:
    """Two saves of a little network: Adam, moving averages, a step counter, and what `.meta` adds."""
    with tf.Graph().as_default(), session() as live:
        features = v1.placeholder(tf.float32, [None, 4], name="features")
        labels = v1.placeholder(tf.float32, [None, 2], name="labels")
        with v1.variable_scope("hidden"):
            weights = v1.get_variable("weights", initializer=normal(4, 6))
            biases = v1.get_variable("biases", initializer=tf.zeros([6]))
            hidden = tf.nn.relu(tf.matmul(features, weights) + biases, name="relu")
        with v1.variable_scope("output"):
            output = tf.matmul(hidden, v1.get_variable("weights", initializer=normal(6, 2)), name="logits")
        step = v1.train.get_or_create_global_step()
        loss = tf.reduce_mean(tf.square(output - labels), name="loss")
        averages = tf.train.ExponentialMovingAverage(0.9)
        with tf.control_dependencies([v1.train.AdamOptimizer(0.01).minimize(loss, global_step=step)]):
            train = averages.apply(v1.trainable_variables())
        v1.add_to_collection("train_op", train)
        v1.add_to_collection("sizes", 6)
        live.run(v1.global_variables_initializer())
        saver = v1.train.Saver(save_relative_paths=True)
        for _ in range(2):
            for _ in range(10):
                batch = {features: random.normal(size=(8, 4)), labels: random.normal(size=(8, 2))}
                live.run(train, batch)
            saver.save(live, "./model.ckpt", global_step=step, strip_default_attrs=True)


def dtypes() -> None:
    """Every type that can be saved, with its extremes; the types of up to 8 bits with every bit pattern."""
    values: dict[str, Any] = {"bool": tf.constant([True, False, True])}
    for name in ("float16", "bfloat16", "float32", "float64"):
        kind = np.dtype(getattr(ml_dtypes, name, name))
        limits = ml_dtypes.finfo(kind)
        some = [0.0, -0.0, 1.0, -1.5, np.nan, np.inf, -np.inf, limits.max, limits.smallest_subnormal]
        values[name] = tf.constant(np.array([float(each) for each in some]).astype(kind))
    for name in SMALL_FLOATS:
        patterns = np.arange(16 if "float4" in name else 256, dtype=np.uint8)
        values[name] = tf.constant(patterns.view(getattr(ml_dtypes, name)).reshape(4, -1))
    for name, low, high in (("int4", -8, 8), ("uint4", 0, 16), ("int2", -2, 2), ("uint2", 0, 4)):
        values[name] = tf.constant(np.arange(low, high).astype(getattr(ml_dtypes, name)))
    for name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"):
        values[name] = tf.constant(np.array([np.iinfo(name).min, np.iinfo(name).max, 0, 1, 100], name))
    for name, plain in QUANTIZED.items():
        numbers = np.array([np.iinfo(plain).min, np.iinfo(plain).max, 0, 5], plain)
        values[name] = tf.bitcast(tf.constant(numbers), getattr(tf, name))
    for name in ("complex64", "complex128"):
        values[name] = tf.constant(np.array([[1 + 2j, -3j], [complex(np.nan, 1), complex(0, -np.inf)]], name))
    save("all", values)


def shapes() -> None:
    """Scalars, empty tensors, long rows, and more axes than numpy has."""
    values = {
        "scalar": tf.constant(2.5),
        "scalar_int": tf.constant(-3, tf.int64),
        "one": tf.ones([1]),
        "empty": tf.zeros([0]),
        "empty_middle": tf.zeros([3, 0, 2], tf.int64),
        "rank5": tf.constant(random.normal(size=(2, 1, 3, 2, 4)).astype("f")),
        "long": tf.constant(random.normal(size=(3000, 1)).astype("f")),
        "kernel": tf.constant(random.normal(size=(3, 3, 4, 8)).astype("f")),
        "rank64": tf.reshape(tf.constant([1.0, 2.0]), [1] * 63 + [2]),
        "rank100": tf.reshape(tf.constant([1.0, 2.0, 3.0]), [3] + [1] * 99),
        "rank253": tf.reshape(tf.constant([1.0, 2.0]), [2] + [1] * 252),
    }
    save("shapes", values)


def strings() -> None:
    values = {
        "scalar": tf.constant(b"hi"),
        "scalar_empty": tf.constant(b""),
        "empty": tf.zeros([0, 2], tf.string),
        "blanks": texts([b""] * 40),
        "nuls": texts([b"\0", b"a\0b", b"", b"end\0"]),
        "utf8": texts(["grüße".encode(), "名前".encode(), "\U0001f600".encode()]),
        "not_utf8": texts([b"\xff", b"\xc3", bytes(range(256))]),
        "long": texts([b"x" * 20000, b"y" * 127, b"z" * 128, b"w" * 16384]),
        "many": texts([bytes(random.integers(97, 123, each % 13).astype("u1")) for each in range(500)]),
        "matrix": tf.constant([[b"a", b"b"], [b"c", b"d"]]),
    }
    save("strings", values)


def names() -> None:
    save("names", {name.encode(): tf.constant([index, index + 0.5]) for index, name in enumerate(ODD_NAMES)})
    save("not_utf8", {b"ok": tf.ones([2]), b"bad\xff\xfebytes": normal(3), b"latin\xe9": tf.zeros([1])})


def partitioned() -> None:
    """Variables of TF1 partitioners, spread over the data files of two devices; whole-axis slices beside."""
    with tf.Graph().as_default(), session(device_count={"CPU": 2}) as live:
        parts = v1.fixed_size_partitioner
        start = v1.random_normal_initializer(seed=7)
        v1.get_variable("rows", [10, 4], partitioner=parts(3), initializer=start)
        v1.get_variable("one_part", [5, 2], partitioner=parts(1), initializer=start)
        v1.get_variable("wide", [300, 2], partitioner=parts(4), initializer=start)
        with tf.device("/cpu:1"):
            v1.get_variable("columns", [4, 9], partitioner=parts(2, axis=1), initializer=start)
            v1.get_variable("words", initializer=texts([b"text", b"\x80"]))
        live.run(v1.global_variables_initializer())
        v1.train.Saver(sharded=True).save(live, "./model.ckpt", global_step=9, write_meta_graph=False)
    table = random.normal(size=(7, 3)).astype("f")
    save("upper", {"table": tf.constant(table[:4]), "more": tf.constant([1, 2])}, ["7 3 0,4:-", ""])
    save("lower", {"table": tf.constant(table[4:])}, ["7 3 4,3:-"])
    v1.raw_ops.MergeV2Checkpoints(
        checkpoint_prefixes=["upper", "lower"], destination_prefix="merged", delete_old_dirs=False
    )
    for path in (*Path().glob("upper*"), *Path().glob("lower*")):
        path.unlink()


def objects() -> None:
    """What tf.train.Checkpoint writes: an object graph, optimizer slots, and variables cut by size."""
    net = tf.Module(name="net")
    net.kernel = tf.Variable(random.normal(size=(4, 3)).astype("f"), name="kernel")
    net.odd = {"a/b": tf.Variable(1.0), "x.y": tf.Variable(2.0), "sp ace": tf.Variable(3.0)}
    optimizer = v1.train.AdamOptimizer(0.1)
    step = tf.Variable(0, dtype=tf.int64, name="my_step")
    manager = tf.train.CheckpointManager(
        tf.train.Checkpoint(net=net, optimizer=optimizer, step=step), ".", max_to_keep=2, step_counter=step
    )
    for _ in range(2):
        optimizer.minimize(lambda: tf.reduce_sum(tf.square(net.kernel)))
        step.assign_add(10)
        manager.save(checkpoint_number=step)
    cut = tf.train.experimental.MaxShardSizePolicy(1000)
    large = tf.Variable(random.normal(size=(100, 10)).astype("f"))
    sharded = tf.train.Checkpoint(
        large=large, ones=tf.Variable(tf.ones([7])), words=tf.Variable([b"a", b"bb"])
    )
    sharded.write("sharded", options=tf.train.CheckpointOptions(experimental_sharding_callback=cut))


def variant() -> None:
    rows = v1.raw_ops.TensorListFromTensor(tensor=tf.constant([[1.0, 2.0], [3.0, 4.0]]), element_shape=[2])
    save("variant", {"list": rows, "plain": tf.constant([1, 2, 3])})


def v1_files() -> None:
    """Saves in the format of the first TensorFlow: one file, and two shards with a partitioned variable."""
    with tf.Graph().as_default(), session() as live:
        v1.get_variable("weights", initializer=normal(3, 2))
        v1.get_variable("empty", initializer=tf.zeros([0, 4]))
        v1.get_variable("text", initializer=texts([b"one", b"", b"\xff\x00z"]))
        v1.get_variable("half", initializer=tf.constant([1.5, -2], tf.float16))
        v1.get_variable("flags", initializer=tf.constant([True, False]))
        v1.get_variable("global_step", initializer=tf.constant(3, tf.int64), trainable=False)
        live.run(v1.global_variables_initializer())
        saver = v1.train.Saver(write_version=v1.train.SaverDef.V1, save_relative_paths=True)
        saver.save(live, "./old.ckpt", global_step=3, strip_default_attrs=True)
    with tf.Graph().as_default(), session(device_count={"CPU": 2}) as live:
        v1.get_variable(
            "rows",
            partitioner=v1.fixed_size_partitioner(2),
            shape=[6, 4],
            initializer=v1.random_normal_initializer(seed=7),
        )
        with tf.device("/cpu:1"):
            v1.get_variable("other", initializer=normal(4))
        live.run(v1.global_variables_initializer())
        saver = v1.train.Saver(sharded=True, write_version=1, save_relative_paths=True)
        saver.save(live, "./sharded", global_step=2, latest_filename="sharded_latest", write_meta_graph=False)


def graphs() -> None:
    """A frozen graph, binary and as text, and a SavedModel with a signature and an asset."""
    with tf.Graph().as_default() as graph, session() as live:
        inputs = v1.placeholder(tf.float32, [None, 3], name="inputs")
        product = tf.matmul(inputs, v1.get_variable("weights", initializer=normal(3, 2)))
        tf.nn.softmax(product + v1.get_variable("biases", initializer=tf.zeros([2])), name="scores")
        live.run(v1.global_variables_initializer())
        frozen = v1.graph_util.convert_variables_to_constants(live, graph.as_graph_def(), ["scores"])
    Path("frozen.pb").write_bytes(frozen.SerializeToString())
    Path("frozen.pbtxt").write_text(str(frozen))
    Path("words.txt").write_text("one\ntwo\n")
    module = tf.Module()
    module.scale = tf.Variable([1.0, 2.0], name="scale")
    module.words = tf.saved_model.Asset("words.txt")
    module.call = tf.function(
        lambda x: x * module.scale, input_signature=[tf.TensorSpec([None, 2], name="x")]
    )
    tf.saved_model.save(module, "saved_model", signatures=module.call.get_concrete_function())
    Path("words.txt").unlink()


def contract() -> None:
    """The arrays of tests/formats/checkpoint_contract.py, whole and cut, as V2, as V1 and as constants."""
    values = {
        "bias": tf.constant([1.5, -0.0, np.inf]),
        "counter": tf.constant(7, tf.int64),
        "empty": tf.zeros([3, 0, 2]),
        "flags": tf.constant([True, False, True]),
        "kernel": tf.reshape(tf.range(60, dtype=tf.float32), [3, 4, 5]),
        "wide": tf.cast(tf.reshape(tf.range(7000), [7, 1000]), tf.int16),
        "words": tf.constant([[b"one", b""], [b"\xff\0", b"four"]]),
    }
    save("whole", values)
    cuts = {
        "kernel": ["3 4 5 0,3:0,1:-", "3 4 5 0,1:1,3:-", "3 4 5 1,2:1,3:0,2", "3 4 5 1,2:1,3:2,3"],
        "wide": ["7 1000 0,2:-", "7 1000 2,5:-"],
    }
    parts = [(name, spec) for name in values for spec in cuts.get(name, [""])]
    names, specs = [name for name, _ in parts], [spec for _, spec in parts]
    pieces = [values[name][selection(spec)] if spec else values[name] for name, spec in parts]
    tf.raw_ops.SaveV2(prefix="cut", tensor_names=names, shape_and_slices=specs, tensors=pieces)
    tf.raw_ops.SaveSlices(filename="old_cut", tensor_names=names, shapes_and_slices=specs, data=pieces)
    whole = list(values.values())
    tf.raw_ops.Save(filename="old_whole", tensor_names=list(values), data=whole)
    constants = [tensor.numpy() for tensor in whole]
    with tf.Graph().as_default() as graph:
        for name, array in zip(values, constants, strict=True):
            tf.constant(array, name=name)
        Path("constants.pb").write_bytes(graph.as_graph_def().SerializeToString())
    words = values["words"]
    tf.raw_ops.SaveV2(
        prefix=UNJOINED,
        tensor_names=["words", "words"],
        shape_and_slices=["2 2 -:0,1", "2 2 -:1,1"],
        tensors=[words[:, :1], words[:, 1:]],
    )


def selection(spec: str) -> tuple[slice, ...]:
    extents = spec.rpartition(" ")[2].split(":")
    pairs = [tuple(map(int, extent.split(","))) if extent != "-" else None for extent in extents]
    return tuple(slice(pair[0], pair[0] + pair[1]) if pair else slice(None) for pair in pairs)


def session(**options: Any) -> Any:
    threads = {"intra_op_parallelism_threads": 1, "inter_op_parallelism_threads": 1}
    return v1.Session(config=v1.ConfigProto(**threads, **options))


def normal(*shape: int) -> tf.Tensor:
    return tf.constant(random.normal(size=shape).astype("f"))


def texts(items: list[bytes]) -> tf.Tensor:
    return tf.constant(items, tf.string)


def save(prefix: str, values: dict[Any, Any], slices: list[str] | None = None) -> None:
    tf.raw_ops.SaveV2(
        prefix=prefix,
        tensor_names=list(values),
        shape_and_slices=slices or [""] * len(values),
        tensors=list(values.values()),
    )


def prefixes() -> list[str]:
    return [path.with_suffix("").as_posix() for path in Path().rglob("*.index") if path.stem != UNJOINED]


def bundle_answers(prefix: str) -> dict[str, Any]:
    answers = {}
    for name, dtype, shape in listed(prefix):
        key = name.decode(errors="surrogateescape")
        if dtype == tf.variant:
            answers[key] = {"dtype": dtype.name, "shape": shape}
            continue
        values = tf.raw_ops.RestoreV2(
            prefix=prefix, tensor_names=[name], shape_and_slices=[""], dtypes=[dtype]
        )[0]
        answers[key] = answer(values, dtype.name)
    return answers


def listed(prefix: str) -> list[tuple[bytes, tf.DType, list[int]]]:
    """Names, types and shapes; TensorFlow cannot list what is no UTF-8: those are known from the recipe."""
    if prefix == "names/not_utf8":
        return [
            (b"ok", tf.float32, [2]),
            (b"bad\xff\xfebytes", tf.float32, [3]),
            (b"latin\xe9", tf.float32, [1]),
        ]
    reader = tf.train.load_checkpoint(prefix)
    lengths = reader.get_variable_to_shape_map()
    return [
        (name.encode(), dtype, lengths[name]) for name, dtype in reader.get_variable_to_dtype_map().items()
    ]


def v1_answers(pattern: str) -> dict[str, Any]:
    types = tf.train.load_checkpoint(pattern).get_variable_to_dtype_map()
    answers = {}
    for name, dtype in types.items():
        values = tf.raw_ops.Restore(file_pattern=pattern, tensor_name=name, dt=dtype)
        answers[name] = answer(values, dtype.name)
    return answers


def answer(tensor: Any, dtype: str) -> dict[str, Any]:
    values = tf.reshape(tensor, [-1]).numpy()  # numpy holds 64 axes, TensorFlow 254
    if dtype == "string":
        content = b"".join(struct.pack("<Q", len(each)) + each for each in values.tolist())
    else:
        plain = values[values.dtype.names[0]] if values.dtype.names else values
        raw = np.ascontiguousarray(plain).view(np.uint8)
        content = (raw & LOW_BITS.get(dtype, 255)).tobytes()
    return {"dtype": dtype, "shape": tensor.shape.as_list(), "sha256": hashlib.sha256(content).hexdigest()}


if __name__ == "__main__":
    main()
