"""V1 checkpoints and frozen graphs in the window: they open like any other checkpoint."""

import pytest
from PySide6.QtWidgets import QWidget

from ckpt_viewer.formats.readers import open_checkpoint
from ckpt_viewer.session.state import CheckpointDocument
from ckpt_viewer.ui.value_views.info import facts_of, python_for
from tests.corpus import SAMPLES
from tests.ui.conftest import settle

FILES = {
    "v1_files/old.ckpt-3": (6, "weights", "none"),
    "v1_files/sharded-2-?????-of-00002": (2, "rows", "none"),
    "v1_files/sharded-2-00001-of-00002": (2, "other", "none"),
    "graphs/frozen.pb": (2, "weights", "none"),
    "graphs/frozen.pbtxt": (2, "weights", "none"),
}


@pytest.mark.parametrize("given", FILES)
def test_the_table_fills_and_values_show(open_quiet, qtbot, given):
    count, name, checksum = FILES[given]
    window = open_quiet(SAMPLES / given)
    document = window.session.state.document
    assert isinstance(document, CheckpointDocument)
    page = window.documents.page()
    assert window.findChild(QWidget, "variableTable").model().rowCount() == count
    for view in ("Heatmap", "Histogram", "Values", "Info"):
        window.session.update(window.session.state.current, variable=name, view=view)
        settle(qtbot, window)
    assert page.values.summary.checksum == checksum
    assert page.values.summary.count == page.opened.checkpoint.find(name).element_count


def test_slices_without_a_place_in_the_file_tell_none():
    with open_checkpoint(SAMPLES / "v1_files" / "sharded-2") as checkpoint:
        rows = checkpoint.find("rows")
        assert dict(facts_of(checkpoint, rows))["Slices"].splitlines() == [
            "2", "[0:3, 0:4]  sharded-2-00000-of-00002", "[3:6, 0:4]  sharded-2-00000-of-00002",
        ]  # fmt: skip
        assert "tensorflow" not in python_for(checkpoint, rows)
        assert "tensorflow" in python_for(checkpoint, checkpoint.find("other"))
