"""A short run of `tests.fuzz`, the same each time; the long runs are not for every day."""

import subprocess
import sys
from pathlib import Path

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
    examples = 40 if target.share > 0.1 else 4

    @settings(max_examples=examples, derandomize=True, deadline=None, database=None)
    @given(seed=st.integers(0, 2**32 - 1))
    def holds(seed: int) -> None:
        trial.ask(target, target.input(seed, 0), 0, tally)

    holds()
    assert tally.inputs


def test_a_seed_and_a_number_make_the_same_input_each_time() -> None:
    for target in TARGETS:
        assert target.input(3, 7) == target.input(3, 7)
        assert any(target.input(3, 7) != target.input(3, number) for number in range(8, 20))


FAULTY_READERS = """
import os, signal, sys, time
from pathlib import Path
from tests.fuzz import __main__ as program, targets, workers
from tests.fuzz.inputs import Input

def ask(asking, path):
    content = path.read_bytes()
    if content == b"3":
        os._exit(9)
    if content == b"5":
        path.with_name("made").touch()
    if content == b"7":
        raise KeyError("seven")
    if content == b"8":
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF])
        time.sleep(1000)
    return True

def make(random):
    return Input({"f": b"%d" % random.randrange(10)}, "f")

targets.TARGETS = program.TARGETS = (targets.Target("faulty", make, ask),)
workers._STUCK = 1
sys.argv[1:] = ["--runs", "100", "--only", "faulty", "--save", sys.argv[1]]
program._BATCH = 5
sys.exit(program.main())
"""


def test_what_no_reader_should_do_is_found_and_the_run_goes_on(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FAULTY_READERS, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parent.parent)
    assert ended.returncode == 1, ended.stderr
    for found in (
        "process died (9)",
        "process hung",
        "KeyError at <string>:14",
        "files were touched: 'made' was made",
    ):
        assert found in ended.stdout
    kept = {(folder / "input" / "f").read_bytes() for folder in tmp_path.iterdir()}
    assert kept >= {b"3", b"5", b"7", b"8"}
