"""Every kind of tab fits into a small window, and asks for no wider one."""

import pytest

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import ComparisonDocument, RunDocument
from tests.ui.conftest import settle

WIDTH, HEIGHT = 900, 600
RUN = sample_run()
DOCUMENTS = {
    "comparison": ComparisonDocument(RUN / "digits-1750", RUN / "digits-2000"),
    "run": RunDocument(RUN, "digits", "conv1/kernel"),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_tab_widens_no_small_window(open_quiet, qtbot, kind):
    window = open_quiet(RUN)
    window.resize(WIDTH, HEIGHT)
    window.session.show(DOCUMENTS[kind])
    settle(qtbot, window)
    assert (window.width(), window.height()) == (WIDTH, HEIGHT)
    if kind == "comparison":
        table = window.documents.page().comparison.table
        assert table.columnWidth(0) >= 160
        assert table.horizontalScrollBar().maximum() > 0
        window.resize(1400, HEIGHT)
        assert table.columnWidth(0) > 160
        assert table.horizontalScrollBar().maximum() == 0
        window.resize(WIDTH, HEIGHT)
    for name in ("graph", "summary"):
        window.session.update(window.session.state.documents[0].key, page=name)
        settle(qtbot, window)
        assert window.width() == WIDTH
