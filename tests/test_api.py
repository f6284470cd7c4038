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


def test_a_message_is_short_however_long_a_name_is():
    error = ckpt_viewer.DamagedFile(
        f"x is damaged where {'long ' * 100_000!r} is: it is cut.", hint="no " * 999
    )
    assert len(str(error)) < 1000
    assert str(error) == error.problem.message
    assert str(error).startswith("x is damaged where 'long long ")
    assert str(error).endswith("' is: it is cut.")
    assert len(error.hint) < 1000


@pytest.mark.parametrize("wrong", [3, None, b"global_step"])
def test_what_is_no_name_is_told_as_such(wrong):
    with (
        ckpt_viewer.open_checkpoint(SAMPLES / "run") as checkpoint,
        pytest.raises(TypeError, match="takes a variable or its name, not "),
    ):
        checkpoint.read(wrong)
