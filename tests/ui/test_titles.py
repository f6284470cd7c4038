from pathlib import Path

import numpy as np

from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument, RunDocument
from ckpt_viewer.ui.documents.titles import tab_titles
from ckpt_viewer.ui.widgets.elided_label import ElidedLabel
from tests.bundle_writer import write_bundle
from tests.ui.conftest import settle

TRIALS = [Path(f"/tuner/trial_{name}/epoch_0/checkpoint") for name in ("1cbaf13c352c7c7a", "8e6e3cd5e38b2b")]


def test_tabs_of_one_name_say_what_tells_their_paths_apart():
    documents = [
        CheckpointDocument(TRIALS[0]),
        CheckpointDocument(Path("/run/m-7")),
        CheckpointDocument(TRIALS[1]),
    ]
    assert tab_titles(documents) == [
        "epoch_0 · checkpoint (trial_1cba…)",
        "run · 7",
        "epoch_0 · checkpoint (trial_8e6e…)",
    ]


def test_both_sides_of_a_comparison_can_be_told_apart():
    assert tab_titles([ComparisonDocument(*TRIALS)]) == ["checkpoint: trial_1cba… ↔ trial_8e6e…"]
    assert tab_titles([ComparisonDocument(Path("/r/m-1"), Path("/r/m-2"))]) == ["r: 1 ↔ 2"]


def test_comparisons_and_runs_of_one_name_are_told_apart_too():
    pairs = [ComparisonDocument(Path(f"/{at}/r/m-1"), Path(f"/{at}/r/m-2")) for at in "xy"]
    runs = [RunDocument(Path(f"/{at}/r"), "m") for at in "xy"]
    titles = tab_titles([*pairs, *runs])
    assert len(set(titles)) == 4
    assert titles[2:] == ["r · m over time (x)", "r · m over time (y)"]


def test_the_window_tells_two_trials_apart_in_tabs_and_headings(open_quiet, qtbot, tmp_path):
    trials = [tmp_path / path.relative_to("/") for path in TRIALS]
    for number, trial in enumerate(trials):
        trial.parent.mkdir(parents=True)
        write_bundle(trial, {"w": np.full((2, 3), number, np.float32)})
    window = open_quiet(*trials)
    assert window.documents.tabText(0).endswith("checkpoint (trial_1cba…)")
    window.session.compare(*trials)
    settle(qtbot, window)
    assert window.documents.tabText(2) == "checkpoint: trial_1cba… ↔ trial_8e6e…"
    assert "trial_1cba… ↔ trial_8e6e…" in window.windowTitle()
    texts = [label.text() for label in window.documents.page().findChildren(ElidedLabel)]
    assert {"checkpoint (trial_1cba…)", "checkpoint (trial_8e6e…)"} <= set(texts)
    window.session.close(window.session.state.documents[1].key)
    assert window.documents.tabText(0) == "epoch_0 · checkpoint"
