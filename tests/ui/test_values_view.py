import threading

import numpy as np
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QComboBox, QTableView

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.ui.item_models import values_table
from ckpt_viewer.ui.item_models.values_table import BLOCK_COLUMNS, BLOCK_ROWS, ValuesTableModel
from ckpt_viewer.ui.value_views import values as values_view
from ckpt_viewer.ui.value_views.values import ValuesView
from tests.memory_checkpoint import MemoryCheckpoint
from tests.ui.value_parts import KEY, arrays, checkpoint, open_session


class Endless(MemoryCheckpoint):
    """A hundred million rows whose elements are their row number; notes how much was read."""

    def __init__(self):
        super().__init__({})
        self.variables = (Variable("rows", "int64", (100_000_000, 300), 100_000_000 * 300 * 8),)
        self.read_elements = 0

    def read_region(self, variable, region, cancel=None):
        rows, columns = (np.arange(part.start, part.stop) for part in region)
        self.read_elements += rows.size * columns.size
        return np.repeat(rows[:, None], columns.size, axis=1)


@pytest.fixture
def view(qtbot, tasks):
    view = ValuesView(open_session(), tasks, KEY)
    qtbot.addWidget(view)
    view.resize(800, 500)
    view.show()
    return view


def show(view, qtbot, name, opened=None):
    opened = opened or checkpoint()
    view.show_values(opened, opened.find(name))
    settle(view, qtbot)


def settle(view, qtbot):
    qtbot.waitUntil(lambda: not view._rest.isActive() and not view.tasks.any_busy())


def shown(view, row, column):
    return view.model.index(row, column).data()


def test_it_is_a_proper_table_model(qapp):
    model = ValuesTableModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.set_slice(300, 100, "float32")
    model.add_blocks([((0, 0), np.zeros((BLOCK_ROWS, BLOCK_COLUMNS)))])


def test_every_cell_is_the_element(view, qtbot):
    show(view, qtbot, "kernel")
    kernel = arrays()["kernel"][0, 0]
    cells = [[float(view.model.plain(row, column)) for column in range(7)] for row in range(5)]
    assert np.array_equal(np.array(cells, np.float32), kernel)


def test_a_one_dimensional_variable_is_a_column(view, qtbot):
    show(view, qtbot, "bias")
    assert (view.model.rowCount(), view.model.columnCount()) == (6, 1)
    assert [shown(view, row, 0) for row in range(6)] == ["0", "1", "2", "3", "4", "5"]


def test_a_scalar_is_one_cell(view, qtbot):
    show(view, qtbot, "step")
    assert (view.model.rowCount(), view.model.columnCount(), shown(view, 0, 0)) == (1, 1, "12000")


@pytest.mark.parametrize(
    ("name", "text"), [("bits", {"True", "False"}), ("odd", {"NaN", "+Inf", "−Inf"}), ("complex", None)]
)
def test_every_type_has_its_text(view, qtbot, name, text):
    show(view, qtbot, name)
    cells = {
        shown(view, row, c) for row in range(view.model.rowCount()) for c in range(view.model.columnCount())
    }
    assert cells & (text or cells) == (text or cells)
    if name == "complex":
        assert all(cell.endswith("i") for cell in cells)


def test_the_screen_follows_the_locale_and_copies_stay_plain(view, qtbot):
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    try:
        show(view, qtbot, "constant")
        assert shown(view, 0, 0) == "2,5"
        assert view.model.plain(0, 0) == "2.5"
    finally:
        QLocale.setDefault(before)


def test_headers_count_from_zero(view, qtbot):
    show(view, qtbot, "kernel")
    model = view.model
    assert model.headerData(4, Qt.Orientation.Vertical) == "4"
    assert model.headerData(6, Qt.Orientation.Horizontal) == "6"


def test_unknown_cells_show_dots_until_they_are_read(view, qtbot):
    go = threading.Event()
    opened = checkpoint(before_read=lambda cancel: go.wait(10))
    view.show_values(opened, opened.find("kernel"))
    assert shown(view, 0, 0) == "…"
    go.set()
    qtbot.waitUntil(lambda: shown(view, 0, 0) != "…")


def test_only_what_is_in_sight_is_read(view, qtbot):
    opened = Endless()
    show(view, qtbot, "rows", opened)
    qtbot.waitUntil(lambda: shown(view, 3, 3) == "3")
    assert opened.read_elements <= 4 * BLOCK_ROWS * BLOCK_COLUMNS


def test_the_last_of_a_hundred_million_rows_can_be_reached(view, qtbot):
    show(view, qtbot, "rows", Endless())
    view.go_to(99_999_999, 299)
    assert view.model.rowCount() <= values_table.PAGE_ROWS
    index = view.grid.currentIndex()
    qtbot.waitUntil(lambda: view.model.plain(index.row(), index.column()) == "99999999")
    assert view.model.headerData(index.row(), Qt.Orientation.Vertical) == "99999999"


def test_scrolling_far_forgets_what_is_far_away(view, qtbot):
    show(view, qtbot, "rows", Endless())
    for row in range(0, 60_000, 500):
        view.model.add_blocks([((row // BLOCK_ROWS, 0), np.zeros((BLOCK_ROWS, BLOCK_COLUMNS)))])
    assert len(view.model._blocks) == values_table.KEPT_BLOCKS


def select(view, top, left, bottom, right):
    model = view.model
    box = QItemSelection(model.index(top, left), model.index(bottom, right))
    view.grid.selectionModel().select(box, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def test_copied_cells_give_the_same_elements_back(view, qtbot):
    show(view, qtbot, "kernel")
    select(view, 1, 2, 3, 5)
    view.grid.setFocus()
    QTest.keyClick(view.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    settle(view, qtbot)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    assert np.array_equal(np.array(lines, np.float32), arrays()["kernel"][0, 0, 1:4, 2:6])


def test_cells_out_of_sight_are_read_for_the_copy(view, qtbot):
    show(view, qtbot, "rows", Endless())
    select(view, 0, 0, 4999, 1)
    view.copy_cells()
    settle(view, qtbot)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert (len(lines), lines[4999]) == (5000, "4999\t4999")


def test_too_many_cells_for_the_clipboard_are_refused_in_words(view, qtbot, monkeypatch):
    monkeypatch.setattr(values_view, "COPY_LIMIT", 10)
    show(view, qtbot, "kernel")
    select(view, 0, 0, 4, 6)
    QGuiApplication.clipboard().setText("before")
    view.copy_cells()
    assert QGuiApplication.clipboard().text() == "before"
    assert "too much for the clipboard" in view._note.text()
    assert view.says() == ""


def test_another_slice_is_other_numbers(view, qtbot):
    show(view, qtbot, "kernel")
    view.step_slice(3)
    settle(view, qtbot)
    qtbot.waitUntil(lambda: view.model.plain(0, 0) == str(arrays()["kernel"][1, 1, 0, 0]))


def test_it_has_its_name_for_automation(view):
    assert view.objectName() == "values"
    assert view.findChild(QTableView) is view.grid


def test_a_scalar_has_no_axes_to_choose_though_it_is_the_first_shown(view, qtbot):
    lists = view.findChildren(QComboBox)
    show(view, qtbot, "step")
    assert [box.isVisible() for box in lists] == [False, False]
    show(view, qtbot, "kernel")
    assert [box.isVisible() for box in lists] == [True, True]
