"""Seconds that TensorFlow takes for the same."""

import json
import sys

import tensorflow as tf

from tests.benchmarks.timing import seconds


def main(prefix: str, rounds: str) -> None:
    tf.train.list_variables(prefix)
    print(json.dumps([seconds(lambda: tf.train.list_variables(prefix)) for _ in range(int(rounds))]))


if __name__ == "__main__":
    main(*sys.argv[1:])
