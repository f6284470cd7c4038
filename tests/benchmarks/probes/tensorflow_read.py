"""Seconds that TensorFlow takes to read a variable of a checkpoint, several times."""

import json
import sys

import tensorflow as tf

from tests.benchmarks.timing import seconds


def main(prefix: str, rounds: str) -> None:
    reader = tf.train.load_checkpoint(prefix)
    reader.get_tensor("values")
    print(json.dumps([seconds(lambda: reader.get_tensor("values")) for _ in range(int(rounds))]))


if __name__ == "__main__":
    main(*sys.argv[1:])
