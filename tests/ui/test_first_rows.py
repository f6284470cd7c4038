"""A large index shows its first rows at once; the others join them, and nothing that was chosen is lost."""

from collections.abc import Iterator
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt

from ckpt_viewer.errors import DamagedFile
from ckpt_viewer.formats.folders.folder import Folder
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument
from ckpt_viewer.ui.app import open_window
from ckpt_viewer.ui.documents.checkpoint_page import CheckpointPage
from ckpt_viewer.ui.item_models.variable_columns import ROLE_COLUMN
from ckpt_viewer.ui.main_window import MainWindow
from tests.memory_checkpoint import MemoryCheckpoint
from tests.memory_provider import MemoryProvider, run
from tests.ui.conftest import settle

NAMES = [f"layer_{place:03d}/kernel" for place in range(300)]
FIRST = 120


@pytest.fixture
def window(qtbot, tmp_path) -> Iterator[MainWindow]:
    """Shows the first rows; the rest comes when `window.go` is set."""
    go, family = Event(), run(tmp_path, "model", 1)
    checkpoint = MemoryCheckpoint({name: np.zeros((2, 3), np.float32) for name in NAMES})

    def make(path):
        go.wait(10)
        return checkpoint

    provider = MemoryProvider([Folder(tmp_path, runs=(family,))], make)
    provider.first = checkpoint.variables[:FIRST]
    opened = open_window([], Session(provider))
    opened.go, opened.save = go, family.saves[0].path
    qtbot.addWidget(opened)
    yield opened
    go.set()


def open_first(qtbot, window: MainWindow, **fields) -> CheckpointPage:
    window.session.show(CheckpointDocument(window.save, **fields))
    qtbot.waitUntil(lambda: window.documents.page() is not None)
    page = window.documents.page()
    qtbot.waitUntil(lambda: page.variables.model.partial)
    return page


def finish(qtbot, window: MainWindow) -> None:
    window.go.set()
    settle(qtbot, window)


def test_the_first_rows_are_there_before_the_others(qtbot, window):
    page = open_first(qtbot, window)
    assert page.opened is None
    assert page.variables.model.rowCount() == FIRST
    assert page.variables.model.index(0, ROLE_COLUMN).data() == "…"
    assert page.chosen() == ()
    finish(qtbot, window)
    assert page.variables.model.rowCount() == len(NAMES)
    assert page.variables.model.index(0, ROLE_COLUMN).data() == "weight"
    assert page.status == "300 weights · 1.8k params"


def test_selection_and_place_stay_when_the_others_come(qtbot, window):
    page = open_first(qtbot, window)
    table, model = page.variables.table, page.variables.model
    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().setCurrentIndex(model.index(90, 0), flags.ClearAndSelect | flags.Rows)
    table.scrollTo(model.index(90, 0))
    at = table.verticalScrollBar().value()
    page.variables.model.modelReset.connect(lambda: pytest.fail("the rows were put in place anew"))
    finish(qtbot, window)
    assert [variable.name for variable in page.chosen()] == [NAMES[90]]
    assert page.document.variable == NAMES[90]
    assert table.verticalScrollBar().value() >= at > 0


def test_a_filter_counts_only_what_is_complete(qtbot, window):
    page = open_first(qtbot, window, filter="layer_2")
    assert page.variables.model.rowCount() == 0
    assert page.variables.said == ""
    finish(qtbot, window)
    assert page.variables.model.rowCount() == 100
    assert "100 variables" in page.variables.said
    assert page.variables.said.endswith("of 300 shown")


def test_rows_that_are_sorted_are_sorted_again(qtbot, window):
    page = open_first(qtbot, window)
    page.variables.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert page.variables.model.variable(0).name == NAMES[FIRST - 1]
    finish(qtbot, window)
    assert [page.variables.model.variable(row).name for row in (0, 299)] == [NAMES[-1], NAMES[0]]


def test_first_rows_of_other_variables_are_replaced(qtbot, window):
    window.session.provider.first = MemoryCheckpoint({"old": np.zeros(2)}).variables
    page = open_first(qtbot, window)
    finish(qtbot, window)
    assert [page.variables.model.variable(row).name for row in (0, 299)] == [NAMES[0], NAMES[-1]]


def test_what_turns_out_damaged_says_so_in_place_of_its_first_rows(qtbot, window):
    page = open_first(qtbot, window)

    def fail(path):
        raise DamagedFile("its second half is gone", path=path)

    window.session.provider.make = fail
    page.reload()
    window.go.set()
    qtbot.waitUntil(lambda: page.failure.isVisible())
    assert page.opened is None


def test_closing_while_the_rest_is_read_leaves_nothing(qtbot, window):
    page = open_first(qtbot, window)
    window.session.close(page.key)
    finish(qtbot, window)
    assert window.documents.count() == 0
