"""A short run of `tests.fuzz`, the same each time; the long runs are not for every day."""

import sys

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from tests.fuzz.targets import TARGETS, Target
from tests.fuzz.trial import Tally, Trial

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has names that Windows does not allow")


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_damaged_file_gives_an_error_or_a_value(
    target: Target, tmp_path_factory: pytest.TempPathFactory
) -> None:
    trial, tally = Trial(tmp_path_factory.mktemp("fuzz")), Tally()
    examples = 40 if target.share == 1 else 4

    @settings(max_examples=examples, derandomize=True, deadline=None, database=None)
    @given(seed=st.integers(0, 2**32 - 1))
    def holds(seed: int) -> None:
        trial.ask(target, seed, 0, tally)

    holds()
    assert tally.inputs


def test_a_seed_and_a_number_make_the_same_input_each_time() -> None:
    for target in TARGETS:
        assert target.input(3, 7) == target.input(3, 7)
        assert any(target.input(3, 7) != target.input(3, number) for number in range(8, 20))
