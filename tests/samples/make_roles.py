"""Make `roles/` beside this file with TensorFlow: checkpoints whose names alone would mislead.

Run `python tests/samples/make_roles.py` after `pip install .[oracle]`. Every variable is filled with a number
of its own; which key TensorFlow then finds that number under tells what the key stands for, and
`answers.json` says of each key what was known when the variable was made.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import tensorflow as tf

v1 = tf.compat.v1
HERE = Path(__file__).resolve().parent / "roles"


class Truths:
    """What each variable is, by the number that fills it."""

    def __init__(self) -> None:
        self.variables: list[Any] = []
        self.told: list[dict[str, Any]] = []

    def tell(self, variable: Any, role: str, owner: Any = None, slot: str | None = None) -> Any:
        place = None if owner is None else next(at for at, each in enumerate(self.variables) if each is owner)
        self.variables.append(variable)
        self.told.append({"role": role, "owner": place, "slot": slot, "name": _name(variable)})
        return variable

    def answers(self, prefix: str) -> dict[str, Any]:
        reader = tf.train.load_checkpoint(prefix)
        numeric = {name for name, dtype in reader.get_variable_to_dtype_map().items() if dtype != tf.string}
        key_of = {int(number): key for key in numeric for number in reader.get_tensor(key).reshape(-1)}
        return {
            key: self.told[number] | {"owner": key_of.get(self.told[number]["owner"])}
            for number, key in key_of.items()
        }


def main() -> None:
    v1.logging.set_verbosity(v1.logging.ERROR)
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir()
    os.chdir(HERE)
    answers = graph_variables() | keras()
    Path("answers.json").write_text(json.dumps(answers, indent=1, sort_keys=True) + "\n")


def graph_variables() -> dict[str, Any]:
    """Saved under their own names, and under those of a dict."""
    truths = Truths()
    with tf.Graph().as_default(), v1.Session() as live:
        weights = truths.tell(v1.get_variable("block", [2, 3]), "weight")
        truths.tell(v1.get_variable("block/Adam", [2, 3]), "weight")
        truths.tell(v1.get_variable("block/Adam_1", [2, 3]), "weight")
        with v1.variable_scope("gen"):
            inner = truths.tell(v1.get_variable("w", [3]), "weight")
        table = v1.get_variable("table", [4, 3], partitioner=v1.fixed_size_partitioner(2))
        for part in table:
            truths.tell(part, "weight")
        statistic = v1.get_variable("bn/moving_mean", [3], trainable=False)
        truths.tell(statistic, "batch-statistics")
        step = truths.tell(v1.train.get_or_create_global_step(), "counter")
        loss = tf.reduce_sum(weights * inner) + tf.reduce_sum(tf.nn.embedding_lookup(table, [0, 3]))
        with v1.variable_scope("gen"):
            train(truths, v1.train.RMSPropOptimizer(0.1, centered=True), loss, [weights, inner])
        train(truths, v1.train.MomentumOptimizer(0.1, 0.9), loss, list(table))
        mine = train(truths, v1.train.AdamOptimizer(0.1, name="Mine"), loss, [weights, inner])
        for power in mine._get_beta_accumulators():
            truths.tell(power, "other")
        average = tf.train.ExponentialMovingAverage(0.9, name="slow")
        average.apply([weights, inner])
        for variable in (weights, inner):
            truths.tell(average.average(variable), "ema", variable)
        live.run(
            [
                each.assign(tf.cast(tf.fill(each.shape, at), each.dtype))
                for at, each in enumerate(truths.variables)
            ]
        )
        v1.train.Saver(save_relative_paths=True).save(live, "plain/model.ckpt", latest_filename="saved")
        renamed = {
            "kernel": weights,
            "kernel_rms": average_of(truths, "rms"),
            "statistic": statistic,
            "t": step,
        }
        v1.train.Saver(renamed).save(live, "renamed/model.ckpt", latest_filename="saved")
    return {prefix: truths.answers(prefix) for prefix in ("plain/model.ckpt", "renamed/model.ckpt")}


def train(truths: Truths, optimizer: Any, loss: Any, variables: list[Any]) -> Any:
    optimizer.minimize(loss, var_list=variables)
    for variable in variables:
        for slot in optimizer.get_slot_names():
            truths.tell(optimizer.get_slot(variable, slot), "slot", variable, slot)
    return optimizer


def average_of(truths: Truths, slot: str) -> Any:
    return truths.variables[next(at for at, told in enumerate(truths.told) if told["slot"] == slot)]


def keras() -> dict[str, Any]:
    """A model and its optimizer: the kernels are found under the optimizer, whose shortest path they have."""
    truths = Truths()
    layers = tf.keras.layers
    model = tf.keras.Sequential(
        [tf.keras.Input((3,)), layers.Dense(2, name="d1"), layers.BatchNormalization(name="bn")], name="net"
    )
    optimizer = tf.keras.optimizers.Adam(use_ema=True)
    optimizer.build(model.trainable_variables)
    for variable in model.trainable_variables:
        truths.tell(variable, "weight")
    for variable in model.non_trainable_variables:
        truths.tell(variable, "batch-statistics")
    lists = (("momentum", optimizer._momentums), ("velocity", optimizer._velocities))
    for slot, kept in lists:
        for owner, variable in zip(model.trainable_variables, kept, strict=True):
            truths.tell(variable, "slot", owner, slot)
    for owner, variable in zip(
        model.trainable_variables, optimizer._model_variables_moving_average, strict=True
    ):
        truths.tell(variable, "ema", owner, "average")
    truths.tell(optimizer.iterations, "counter")
    truths.tell(optimizer._learning_rate, "other")
    saved = tf.train.Checkpoint(model=model, optimizer=optimizer)
    truths.tell(saved.save_counter, "counter")
    for number, variable in enumerate(truths.variables):
        variable.assign(tf.cast(tf.fill(variable.shape, number), variable.dtype))
    saved.write("keras/model")
    return {"keras/model": truths.answers("keras/model")}


def _name(variable: Any) -> str:
    return getattr(variable, "path", None) or variable.name.partition(":")[0]


if __name__ == "__main__":
    main()
