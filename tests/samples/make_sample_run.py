"""Train the run that ships in `resources/sample`: a small convolutional classifier of handwritten digits.

    python -m tests.samples.make_sample_run [OUT]

Needs tensorflow-cpu and scikit-learn (whose digits it learns); takes about a minute. Each image is also
redrawn from its label and eight strokes of style, so that the decoder's variables are pictures. Trained
with Adam, batch normalization and moving averages; the Saver keeps the last five of eight saves,
every other one with its graph.
"""

import sys
from pathlib import Path

import numpy as np
import tensorflow as tf
from scipy.ndimage import zoom
from sklearn.datasets import load_digits

v1 = tf.compat.v1
STEPS, EVERY, BATCH = 2000, 250, 64
NAMES = [b"zero", b"one", b"two", b"three", b"four", b"five", b"six", b"seven", b"eight", b"nine"]


def main(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    images, labels = digits()
    v1.disable_v2_behavior()
    graph = tf.Graph()
    with graph.as_default(), v1.Session(graph=graph) as session:
        v1.set_random_seed(7)
        train, accuracy = network()
        saver = v1.train.Saver(max_to_keep=5, save_relative_paths=True)
        session.run(v1.global_variables_initializer())
        chance = np.random.default_rng(7)
        for step in range(1, STEPS + 1):
            rows = chance.integers(0, len(images), BATCH)
            session.run(train, {"images:0": images[rows], "labels:0": labels[rows], "training:0": True})
            if step % EVERY == 0:
                saver.save(session, str(out / "digits"), step, write_meta_graph=step % (2 * EVERY) == 0)
        print("accuracy", session.run(accuracy, {"images:0": images, "labels:0": labels}))


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Images of 16×16 from 0 to 1 (1797 of them, drawn 8×8 and smoothed up), and what they show."""
    data = load_digits()
    smooth = zoom(data.images / 16, (1, 2, 2), order=2)
    return smooth.clip(0, 1).astype(np.float32), data.target.astype(np.int64)


def network() -> tuple[tf.Operation, tf.Tensor]:
    images = v1.placeholder(tf.float32, [None, 16, 16], "images")
    labels = v1.placeholder(tf.int64, [None], "labels")
    training = v1.placeholder_with_default(False, [], "training")
    v1.get_variable("label_names", initializer=tf.constant(NAMES), trainable=False)
    hidden = block(images[..., None], "conv1", 5, 1, 12, training)
    hidden = tf.nn.max_pool2d(hidden, 2, 2, "SAME")
    hidden = block(hidden, "conv2", 3, 12, 12, training)
    hidden = tf.nn.max_pool2d(hidden, 2, 2, "SAME")
    features = tf.reshape(hidden, [-1, 4 * 4 * 12])
    style = dense(features, "style", 192, 8)
    logits = dense(tf.nn.relu(dense(features, "dense", 192, 20)), "logits", 20, 10)
    redrawn = decode(labels, style - tf.reduce_mean(style, 0))
    classify = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    redraw = tf.reduce_mean(tf.reduce_sum((redrawn - images) ** 2, [1, 2]))
    decay = tf.add_n([tf.nn.l2_loss(v) for v in v1.trainable_variables() if "kernel" in v.name])
    loss = tf.add_n([classify, 0.1 * redraw, 3e-3 * decay], name="loss")
    v1.add_to_collection(v1.GraphKeys.LOSSES, loss)
    predicted = tf.argmax(logits, 1, name="predicted")
    accuracy = tf.reduce_mean(tf.cast(tf.equal(predicted, labels), tf.float32), name="accuracy")
    return optimize(loss), accuracy


def block(inputs: tf.Tensor, name: str, size: int, before: int, after: int, training: tf.Tensor) -> tf.Tensor:
    """Convolution, batch normalization, ReLU."""
    with v1.variable_scope(name):
        kernel = v1.get_variable("kernel", [size, size, before, after])
        sums = tf.nn.conv2d(inputs, kernel, 1, "SAME")
        gamma = v1.get_variable("gamma", [after], initializer=v1.ones_initializer())
        beta = v1.get_variable("beta", [after], initializer=v1.zeros_initializer())
        mean = v1.get_variable("moving_mean", [after], initializer=v1.zeros_initializer(), trainable=False)
        variance = v1.get_variable(
            "moving_variance", [after], initializer=v1.ones_initializer(), trainable=False
        )
        now_mean, now_variance = tf.nn.moments(sums, [0, 1, 2])
        for moving, now in ((mean, now_mean), (variance, now_variance)):
            update = v1.assign(moving, tf.where(training, 0.95 * moving + 0.05 * now, moving))
            v1.add_to_collection(v1.GraphKeys.UPDATE_OPS, update)
        used_mean = tf.where(training, now_mean, mean)
        used_variance = tf.where(training, now_variance, variance)
        return tf.nn.relu(tf.nn.batch_normalization(sums, used_mean, used_variance, beta, gamma, 1e-3))


def dense(inputs: tf.Tensor, name: str, before: int, after: int) -> tf.Tensor:
    with v1.variable_scope(name):
        kernel = v1.get_variable("kernel", [before, after])
        bias = v1.get_variable("bias", [after], initializer=v1.zeros_initializer())
        return tf.nn.bias_add(inputs @ kernel, bias)


def decode(labels: tf.Tensor, style: tf.Tensor) -> tf.Tensor:
    """The digit as its class draws it, changed by a mix of strokes."""
    with v1.variable_scope("decoder"):
        prototypes = v1.get_variable("prototypes", [10, 16, 16], initializer=v1.zeros_initializer())
        strokes = v1.get_variable(
            "strokes", [8, 16, 16], initializer=v1.random_normal_initializer(stddev=0.05)
        )
        return tf.gather(prototypes, labels) + tf.tensordot(style, strokes, 1)


def optimize(loss: tf.Tensor) -> tf.Operation:
    step = v1.train.get_or_create_global_step()
    rate = v1.get_variable("learning_rate", initializer=0.004, trainable=False)
    average = v1.train.ExponentialMovingAverage(0.99, step)
    with tf.control_dependencies(v1.get_collection(v1.GraphKeys.UPDATE_OPS)):
        train = v1.train.AdamOptimizer(rate).minimize(loss, step)
    with tf.control_dependencies([train]):
        return average.apply(v1.trainable_variables())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "resources" / "sample")
