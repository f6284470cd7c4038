"""Every value of every V2 checkpoint there is, against what TensorFlow's own restore ops gave back."""

from pathlib import Path

import numpy as np
import pytest

from ckpt_viewer.errors import UnsupportedFeature
from ckpt_viewer.formats.bundle.bundle_v2 import open_bundle
from ckpt_viewer.formats.values.streaming import blocks
from tests.formats.answers import Answers, bundles, digest

EVERY_BUNDLE = pytest.mark.parametrize(("prefix", "answers"), bundles())


@EVERY_BUNDLE
def test_the_listing_is_tensorflows(prefix: Path, answers: Answers) -> None:
    with open_bundle(prefix) as checkpoint:
        listed = {each.name: (each.dtype, list(each.shape)) for each in checkpoint.variables}
        assert listed == {name: (answer["dtype"], answer["shape"]) for name, answer in answers.items()}
        assert not checkpoint.problems
        assert not [each for each in checkpoint.variables if each.problem]


@EVERY_BUNDLE
def test_every_value_is_tensorflows(prefix: Path, answers: Answers) -> None:
    with open_bundle(prefix) as checkpoint:
        for name, answer in answers.items():
            if "sha256" in answer:
                assert digest(checkpoint.read(name), answer["dtype"]) == answer["sha256"], name


@EVERY_BUNDLE
def test_every_stream_of_small_blocks_is_tensorflows(prefix: Path, answers: Answers) -> None:
    with open_bundle(prefix) as checkpoint:
        for name, answer in answers.items():
            if "sha256" in answer:
                stream = list(blocks(checkpoint, checkpoint.find(name), size=100))
                assert digest(np.concatenate(stream or [np.empty(0)]), answer["dtype"]) == answer["sha256"], (
                    name
                )


@EVERY_BUNDLE
def test_what_tensorflow_cannot_return_is_refused(prefix: Path, answers: Answers) -> None:
    with open_bundle(prefix) as checkpoint:
        for name in (name for name, answer in answers.items() if "sha256" not in answer):
            with pytest.raises(UnsupportedFeature, match="to TensorFlow only"):
                checkpoint.read(name)
