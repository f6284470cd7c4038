from pathlib import Path

import pytest

from ckpt_viewer.session.path_labels import marks, side_labels

TRIALS = [
    Path(f"/tuner/trial_{name}/checkpoints/epoch_0/checkpoint")
    for name in ("1cbaf13c352c7c7a", "8e6e3cd5e38b2b")
]


def test_paths_are_told_apart_by_the_parts_in_which_they_differ():
    assert marks(TRIALS) == ["trial_1cba…", "trial_8e6e…"]
    assert marks([Path("/a/run/model"), Path("/b/run/model")]) == ["a", "b"]


def test_long_names_that_differ_at_their_ends_keep_the_ends():
    paths = [Path(f"/sweep_with_learning_rate_{rate}/model") for rate in ("0.01", "0.02")]
    assert marks(paths) == ["…te_0.01", "…te_0.02"]


def test_as_many_parts_are_kept_as_it_takes():
    paths = [Path(path) for path in ("/x/1/model", "/x/2/model", "/y/1/model")]
    assert marks(paths) == ["x/1", "x/2", "y/1"]


def test_as_many_letters_are_kept_as_it_takes():
    paths = [Path(f"/run_of_a_long_name_{end}/m") for end in ("00000001x", "00000002x", "10000000x")]
    assert len(set(marks(paths))) == 3


@pytest.mark.parametrize("paths", [[], [Path("/a/m")], [Path("/a/m"), Path("/a/m")]])
def test_nothing_marks_what_is_one(paths):
    assert marks(paths) == [""] * len(paths)


def test_a_shorter_path_is_told_from_a_longer_one_of_the_same_end():
    assert len(set(marks([Path("/m"), Path("/a/m")]))) == 2


def test_two_sides_of_a_comparison_are_never_called_the_same():
    assert side_labels(*TRIALS) == ("checkpoint (trial_1cba…)", "checkpoint (trial_8e6e…)")
    assert side_labels(TRIALS[0], TRIALS[0]) == ("checkpoint", "checkpoint")
    assert side_labels(Path("/r/m-1"), Path("/r/m-2")) == ("m-1", "m-2")
    assert side_labels(Path("/r/one/m-1"), Path("/r/two/m-1")) == ("one/m-1", "two/m-1")
    assert side_labels(Path("/r/one/m-1"), Path("/r/two/m-2")) == ("m-1 (one)", "m-2 (two)")
