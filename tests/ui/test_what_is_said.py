"""What the window says above the tabs when it opens what it was given."""

import shutil

import pytest
from PySide6.QtWidgets import QWidget

from ckpt_viewer.resources import sample_run


@pytest.fixture
def run_folder(tmp_path):
    """The sample run, its newest save without an index."""
    folder = shutil.copytree(sample_run(), tmp_path / "run")
    (folder / "digits-2000.index").unlink()
    return folder


def shown_message(window):
    widgets = [widget for widget in window.findChildren(QWidget, "message") if widget.isVisible()]
    return "\n".join(widget.text() for widget in widgets)


def test_no_backticks_stand_in_it(open_quiet, run_folder):
    pointer = run_folder / "fetched-1.index"
    pointer.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    window = open_quiet(pointer)
    assert "Run git lfs pull in its repository" in shown_message(window)
