"""What a program that imports the package relies on."""

import re

import pytest

import ckpt_viewer
from tests.corpus import SAMPLES


def test_the_package_knows_its_version():
    assert re.match(r"\d+\.\d+", ckpt_viewer.__version__)
    with pytest.raises(AttributeError, match="has no attribute 'version_info'"):
        _ = ckpt_viewer.version_info


def test_an_error_has_the_code_of_its_problem():
    error = ckpt_viewer.DamagedFile("x ends early.", code="bad-checksum")
    assert error.code == error.problem.code == "bad-checksum"
    assert ckpt_viewer.DamagedFile("x ends early.").code == ckpt_viewer.DamagedFile.code == "truncated"


@pytest.mark.parametrize("wrong", [3, None, b"global_step"])
def test_what_is_no_name_is_told_as_such(wrong):
    with (
        ckpt_viewer.open_checkpoint(SAMPLES / "run") as checkpoint,
        pytest.raises(TypeError, match="takes a variable or its name, not "),
    ):
        checkpoint.read(wrong)
