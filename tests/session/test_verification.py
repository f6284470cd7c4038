"""A checkpoint with the folder and the graph it lies beside."""

import shutil

import numpy as np
import pytest

from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.provider import Files
from ckpt_viewer.session.verification import verified
from ckpt_viewer.session.verification_report import headline
from tests.bundle_writer import write_bundle


@pytest.fixture
def folder(tmp_path):
    """Two saves of the sample run, with their graphs and their state file."""
    names = [each.name for each in sample_run().iterdir() if "2000" in each.name or "1750" in each.name]
    for name in [*names, "checkpoint"]:
        shutil.copy(sample_run() / name, tmp_path / name)
    (tmp_path / "checkpoint").write_text(
        'model_checkpoint_path: "digits-2000"\n'
        'all_model_checkpoint_paths: "digits-1750"\nall_model_checkpoint_paths: "digits-2000"\n'
    )
    return tmp_path


def found(path):
    return verified(Files(), path, CancelToken())


def told(findings):
    return [(problem.code, problem.message) for problem in findings]


def test_a_save_that_its_graph_and_its_state_file_know_has_no_findings(folder):
    verification = found(folder / "digits-2000")
    assert (verification.ok, verification.problems, verification.notes) == (True, (), ())


def test_a_state_file_that_does_not_list_it_is_a_note(folder):
    (folder / "checkpoint").write_text('model_checkpoint_path: "digits-1750"\n')
    verification = found(folder / "digits-2000")
    assert verification.ok
    state = folder / "checkpoint"
    assert told(verification.notes) == [("not-listed", f"{state} does not list digits-2000.")]


def test_saves_that_the_state_file_lists_and_are_gone_are_a_note(folder):
    (folder / "digits-1750.index").unlink()
    verification = found(folder / "digits-2000")
    state = folder / "checkpoint"
    assert verification.ok
    assert told(verification.notes) == [
        ("stale-path", f"{state} lists a save that is not here: digits-1750.")
    ]


def test_a_newest_save_that_is_gone_is_a_note(folder):
    state = folder / "checkpoint"
    state.write_text(state.read_text().replace('path: "digits-2000"', 'path: "digits-3000"', 1))
    verification = found(folder / "digits-2000")
    assert verification.ok
    assert "digits-3000" in told(verification.notes)[0][1]


def test_a_path_of_another_machine_is_a_note_that_says_what_tensorflow_does(folder):
    (folder / "checkpoint").write_text('model_checkpoint_path: "/gone/run/digits-2000"\n')
    verification = found(folder / "digits-2000")
    assert verification.ok
    [note] = verification.notes
    assert (note.code, "finds nothing" in note.hint) == ("stale-path", True)


def test_a_path_that_leads_to_the_save_this_is_a_copy_of_is_told(folder, tmp_path_factory):
    other = write_bundle(tmp_path_factory.mktemp("there") / "digits-2000", {"w": np.ones(1)})
    (folder / "checkpoint").write_text(f'model_checkpoint_path: "{other}"\n')
    [note] = found(folder / "digits-2000").notes
    assert "would resume from that other place" in note.hint


def test_what_an_interrupted_save_left_is_a_note(folder):
    (folder / "digits-2000.data-00000-of-00001.tempstate123").touch()
    verification = found(folder / "digits-2000")
    assert (verification.ok, [note.code for note in verification.notes]) == (True, ["partial-save"])


def test_a_graph_that_is_cut_short_is_a_problem(folder):
    meta = folder / "digits-2000.meta"
    meta.write_bytes(meta.read_bytes()[:-3000])
    verification = found(folder / "digits-2000")
    assert not verification.ok
    assert {check.status for check in verification.variables} == {"ok"}
    cut, *lost = verification.problems
    assert cut.message.startswith(f"In {meta}: The MetaGraphDef is cut short")
    assert {problem.code for problem in lost} == {"bad-graph"}


def test_the_graph_of_another_model_would_not_restore_it(folder):
    write_bundle(folder / "digits-2000", {"other": np.ones(3)})
    verification = found(folder / "digits-2000")
    assert verification.ok
    assert headline(verification).endswith("the graph beside cannot restore them all.")
    [problem] = verification.problems
    assert problem.code == "missing-key"
    assert problem.message.startswith("None of the ")
    assert [note.code for note in verification.notes] == ["extra-keys"]


def test_what_cannot_be_opened_is_a_finding(folder):
    (folder / "digits-2000.index").write_bytes(b"")
    verification = found(folder / "digits-2000")
    assert (verification.ok, [problem.code for problem in verification.problems]) == (False, ["empty-file"])


def test_it_can_be_cancelled(folder):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        verified(Files(), folder / "digits-2000", cancel)
