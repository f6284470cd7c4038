import threading

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTableView, QToolButton, QWidget

from ckpt_viewer.ui.item_models.variable_columns import TITLES
from ckpt_viewer.ui.item_models.variable_table import SUMMARY
from ckpt_viewer.ui.panels.variables import VariablesPanel
from tests.memory_checkpoint import MemoryCheckpoint
from tests.ui.value_parts import KEY, checkpoint, open_session, with_problem


@pytest.fixture
def session():
    return open_session()


@pytest.fixture
def panel(qtbot, session, tasks):
    panel = VariablesPanel(session, tasks, KEY)
    qtbot.addWidget(panel)
    panel.resize(900, 500)
    panel.set_checkpoint(checkpoint())
    panel.show()
    yield panel
    panel.leave()


def table(panel):
    return panel.findChild(QTableView, "variableTable")


def names(panel):
    model = table(panel).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def document(session):
    return session.state.find(KEY)


def select(panel, *wanted):
    flags = QItemSelectionModel.SelectionFlag
    selection = table(panel).selectionModel()
    selection.clear()
    for name in wanted:
        index = panel.model.index(panel.model.row_of(name), 0)
        selection.setCurrentIndex(index, flags.Select | flags.Rows)


def test_chips_count_the_roles_there_are(panel):
    chips = panel.findChild(QWidget, "roleChips").findChildren(QToolButton)
    assert [chip.text() for chip in chips] == ["All 12", "Weights 10", "Slots 1", "Counters 1"]
    assert [chip.isChecked() for chip in chips] == [True, False, False, False]


def test_a_chip_shows_its_role_and_is_remembered(panel, session, qtbot):
    chip = panel.findChild(QWidget, "roleChips").findChildren(QToolButton)[2]
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert names(panel) == ["bias"]
    assert document(session).role == "slot"


def test_typing_filters_at_once(panel, session):
    QTest.keyClicks(panel.findChild(QLineEdit, "variableFilter"), "dtype:int64")
    assert names(panel) == ["step"]
    assert document(session).filter == "dtype:int64"


def test_a_filter_without_rows_says_so_and_can_be_undone(panel, session):
    session.update(KEY, filter="no such name")
    assert not table(panel).isVisible()
    assert "No variable matches" in panel._sentence.text()
    panel._sentence._press(0)
    assert len(names(panel)) == 12
    assert table(panel).isVisible()


def test_a_checkpoint_without_variables_says_so(panel):
    panel.set_checkpoint(MemoryCheckpoint({}))
    assert "holds no variables" in panel._sentence.text()


def test_choosing_a_row_chooses_the_variable(panel, session):
    select(panel, "odd")
    assert document(session).variable == "odd"


def test_where_nothing_is_chosen_the_first_weight_with_two_axes_is(panel, session):
    weights = [v for v in checkpoint().variables if v.role == "weight" and len(v.shape) > 1]
    assert document(session).variable == weights[0].name
    assert [variable.name for variable in panel.selected_variables()] == [weights[0].name]
    assert not table(panel).hasFocus()


def test_what_was_chosen_before_stays_chosen(qtbot, session, tasks):
    session.update(KEY, variable="step")
    panel = VariablesPanel(session, tasks, KEY)
    qtbot.addWidget(panel)
    panel.set_checkpoint(checkpoint())
    assert document(session).variable == "step"
    panel.leave()


def test_a_variable_chosen_elsewhere_is_selected_here(panel, session):
    session.update(KEY, variable="kernel")
    assert [variable.name for variable in panel.selected_variables()] == ["kernel"]


def test_several_rows_can_be_selected_for_an_export(panel):
    told = []
    panel.told.connect(told.append)
    select(panel, "odd", "bias")
    assert [variable.name for variable in panel.selected_variables()] == ["bias", "odd"]
    assert told[-1].startswith("2 variables")


def test_the_chosen_row_survives_filtering_and_sorting(panel, session):
    session.update(KEY, variable="odd")
    session.update(KEY, filter="o")
    table(panel).sortByColumn(TITLES["Params"], Qt.SortOrder.DescendingOrder)
    assert [variable.name for variable in panel.selected_variables()] == ["odd"]
    assert document(session).variable == "odd"


def test_the_same_variable_stays_chosen_in_another_checkpoint(panel, session):
    session.update(KEY, variable="odd")
    panel.set_checkpoint(checkpoint())
    assert [variable.name for variable in panel.selected_variables()] == ["odd"]


def test_ctrl_c_copies_the_selected_rows(panel):
    select(panel, "kernel", "step")
    table(panel).setFocus()
    QTest.keyClick(table(panel), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t")[:3] for line in QGuiApplication.clipboard().text().split("\n")]
    assert lines == [["Name", "Shape", "Dtype"], ["kernel", "3x2x5x7", "float32"], ["step", "", "int64"]]


def test_columns_are_chosen_in_the_menu_of_the_header(panel):
    view = table(panel)
    assert view.isColumnHidden(TITLES["Full name"])
    menu = view.columns_menu()
    action = next(action for action in menu.actions() if action.text() == "Std")
    action.trigger()
    assert not view.isColumnHidden(TITLES["Std"])
    menu.deleteLater()


def test_columns_and_order_are_there_again_in_the_next_window(panel, session, qtbot, tasks):
    view = table(panel)
    next(action for action in view.columns_menu().actions() if action.text() == "Dtype").trigger()
    view.sortByColumn(TITLES["Params"], Qt.SortOrder.DescendingOrder)
    panel.leave()
    session.listen(panel._follow)
    other = VariablesPanel(session, tasks, KEY)
    qtbot.addWidget(other)
    other.set_checkpoint(checkpoint())
    assert table(other).isColumnHidden(TITLES["Dtype"])
    assert table(other).isColumnHidden(TITLES["Mean"])
    assert names(other) == names(panel)
    other.scan_values()
    assert not table(other).isColumnHidden(TITLES["Mean"])
    other.leave()


def test_names_squeezed_by_a_scan_have_their_room_in_the_next_window(panel, session, qtbot, tasks):
    view = table(panel)
    panel.resize(1200, 400)
    wide = view.columnWidth(TITLES["Name"])
    view.sortByColumn(TITLES["Params"], Qt.SortOrder.DescendingOrder)
    panel.scan_values()
    qtbot.waitUntil(lambda: not panel._scan.running)
    panel.resize(600, 400)
    view.setColumnWidth(TITLES["Name"], 30)
    panel.leave()
    session.listen(panel._follow)
    other = VariablesPanel(session, tasks, KEY)
    qtbot.addWidget(other)
    other.resize(1200, 400)
    other.set_checkpoint(checkpoint())
    assert table(other).columnWidth(TITLES["Name"]) == wide
    other.leave()


def test_no_number_is_cut_off(panel, qtbot):
    panel.scan_values()
    qtbot.waitUntil(lambda: not panel._scan.running)
    view = table(panel)
    for title in ("Params", "Bytes", "Min", "Mean", "Max", "Std", "Zeros", "NaN", "±Inf"):
        column = TITLES[title]
        texts = [view.model().index(row, column).data() for row in range(view.model().rowCount())]
        needed = max(view.fontMetrics().horizontalAdvance(text) for text in texts)
        assert view.columnWidth(column) >= needed + 10, title


def test_scanning_fills_the_statistics_of_every_row(panel, qtbot):
    panel.scan_values()
    qtbot.waitUntil(lambda: not panel._scan.running)
    assert not table(panel).isColumnHidden(TITLES["Mean"])
    for name, values in (("kernel", checkpoint().read("kernel")), ("bias", np.arange(6.0))):
        summary = panel.model.index(panel.model.row_of(name), 0).data(SUMMARY)
        assert (summary.min, summary.max) == (values.min(), values.max())
        assert summary.histogram.total == values.size


def test_a_variable_that_cannot_be_read_does_not_stop_the_scan(panel, qtbot):
    panel.set_checkpoint(with_problem(checkpoint(), "kernel"))
    panel.scan_values()
    qtbot.waitUntil(lambda: not panel._scan.running)
    assert panel.model.index(panel.model.row_of("odd"), 0).data(SUMMARY) is not None
    assert panel.model.index(panel.model.row_of("kernel"), 0).data(SUMMARY) is None


def test_a_scan_can_be_stopped(panel, qtbot):
    reached, free = threading.Event(), threading.Event()

    class Slow(MemoryCheckpoint):
        def pieces(self, variable):
            reached.set()
            free.wait(10)
            return super().pieces(variable)

    panel.set_checkpoint(Slow({"a": np.zeros(3), "b": np.zeros(3)}))
    panel.scan_values()
    reached.wait(10)
    assert panel._scan_button.text() == "Stop scanning"
    panel.scan_values()
    free.set()
    assert not panel._scan.running
    assert panel._scan_button.text() == "Scan values"


def test_a_shape_of_many_axes_leaves_room_for_the_other_columns(panel):
    panel.set_checkpoint(MemoryCheckpoint({"deep": np.zeros((1,) * 64, np.float32)}))
    assert table(panel).columnWidth(TITLES["Shape"]) <= 200
