from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableView, QToolButton, QWidget

from ckpt_viewer.errors import DamagedFile
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import ComparisonDocument
from ckpt_viewer.ui.documents.comparison_page import ComparisonPage
from ckpt_viewer.ui.item_models.pair_table import COLUMNS, NAME_B, RELATIVE, STATUS
from ckpt_viewer.ui.panels.comparison import ComparisonPanel
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.counter_bar import TITLES
from tests.memory_checkpoint import MemoryCheckpoint

DOCUMENT = ComparisonDocument(Path("run/model.ckpt-1"), Path("run/model.ckpt-2"))
CONTROL = Qt.KeyboardModifier.ControlModifier
A = {
    "same": np.ones((2, 2), np.float32),
    "little": np.full((2, 4), 100, np.float32),
    "much": np.ones((2, 4), np.float32),
    "gone": np.zeros(3, np.float32),
    "wider": np.zeros((2, 2), np.float32),
    "cast": np.zeros(2, np.float32),
}
B = {
    "same": A["same"],
    "little": A["little"] + np.float32(1),
    "much": A["much"] * np.float32(-1),
    "new": np.zeros(3, np.float32),
    "wider": np.zeros((2, 3), np.float32),
    "cast": np.zeros(2, np.float64),
}


@pytest.fixture
def session():
    session = Session()
    session.show(DOCUMENT)
    return session


@pytest.fixture
def tasks(qtbot):
    tasks = TaskRunner()
    yield tasks
    tasks.close()


@pytest.fixture
def panel(qtbot, session, tasks):
    panel = ComparisonPanel(session, tasks, DOCUMENT.key, *ComparisonPage.parts(tasks, DOCUMENT.key))
    qtbot.addWidget(panel)
    panel.resize(1100, 800)
    panel.show()
    yield panel
    panel.leave()


def compare(qtbot, panel, tasks, a=None, b=None, **options):
    checksums = {"same": 5}
    first = MemoryCheckpoint(A if a is None else a, path=DOCUMENT.a, checksums=checksums, **options)
    second = MemoryCheckpoint(B if b is None else b, path=DOCUMENT.b, checksums=checksums)
    panel.set_checkpoints(first, second)
    qtbot.waitUntil(lambda: settled(tasks))
    return first, second


def settled(tasks):
    lanes = ("pair", "measure", "pictures", "histogram")
    return not any(tasks.busy((DOCUMENT.key, lane)) for lane in lanes)


def document(session):
    return session.state.find(DOCUMENT.key)


def names(panel):
    return [panel.model.pair(row).name for row in range(panel.model.rowCount())]


def counter(panel, word):
    return panel.findChild(QWidget, "compareCounters").findChild(QToolButton, word)


def headline(panel):
    return panel.findChild(QLabel, "compareHeadline").text()


def test_counters_say_how_many_pairs_there_are_of_each_kind(qtbot, panel, tasks):
    compare(qtbot, panel, tasks)
    texts = [counter(panel, word).text() for word in ("all", "changed", "only-a", "only-b", "shape", "dtype")]
    assert texts == ["All 7", "Changed 2", "Only A 1", "Only B 1", "Shape 1", "Dtype 1"]
    assert counter(panel, "different").text() == "Different 6"
    assert counter(panel, "identical").text() == "Identical 1"
    assert headline(panel) == "6 of 7 variables differ"


def test_the_largest_relative_change_comes_first_and_identical_pairs_are_hidden(qtbot, panel, tasks):
    compare(qtbot, panel, tasks)
    assert names(panel)[:2] == ["much", "little"]
    assert "same" not in names(panel)


def test_a_counter_chooses_its_pairs(qtbot, panel, tasks, session):
    compare(qtbot, panel, tasks)
    counter(panel, "only-b").click()
    assert names(panel) == ["new"]
    assert document(session).shown == "only-b"
    counter(panel, "identical").click()
    assert names(panel) == ["same"]
    counter(panel, "different").click()
    assert len(names(panel)) == 6


def test_the_counter_that_is_pressed_says_how_many_rows_there_are(qtbot, panel, tasks):
    compare(qtbot, panel, tasks)
    assert [word for word in TITLES if counter(panel, word).isChecked()] == ["different"]
    for word in ("different", "all", "changed", "identical"):
        counter(panel, word).click()
        assert counter(panel, word).text().endswith(f" {panel.model.rowCount()}")


def test_a_change_from_all_zeros_ranks_below_every_ratio_and_a_nan_above(qtbot, panel, tasks):
    a = {"zero": np.zeros(2), "small": np.ones(2), "nan": np.ones(2), "gone": np.ones(2)}
    b = {"zero": np.ones(2), "small": np.array([1, 1.001]), "nan": np.array([1, np.nan])}
    compare(qtbot, panel, tasks, a, b)
    assert names(panel) == ["nan", "small", "zero", "gone"]


def test_ctrl_h_shows_identical_pairs_and_hides_them_again(qtbot, panel, tasks):
    compare(qtbot, panel, tasks)
    QTest.keyClick(panel.table, Qt.Key.Key_H, CONTROL)
    assert "same" in names(panel)
    QTest.keyClick(panel.table, Qt.Key.Key_H, CONTROL)
    assert "same" not in names(panel)


def test_the_filter_takes_names_and_facts(qtbot, panel, tasks):
    compare(qtbot, panel, tasks)
    panel.head.filter.setText("lit*")
    assert names(panel) == ["little"]
    panel.head.filter.setText("dtype:float64")
    assert names(panel) == ["cast"]
    panel.head.filter.clear()
    assert len(names(panel)) == 6


def test_no_row_is_explained_and_offers_a_way_back(qtbot, panel, tasks):
    compare(qtbot, panel, tasks)
    panel.head.filter.setText("nothing like it")
    assert not panel.table.isVisible()
    assert "No pair fits" in panel._nothing.text()
    panel._show_all()
    assert panel.table.isVisible()
    assert panel.head.filter.text() == ""


def test_equal_checkpoints_are_called_equal(qtbot, panel, tasks):
    compare(qtbot, panel, tasks, {"same": A["same"]}, {"same": A["same"]})
    assert headline(panel) == "The only variable is equal"
    assert "The two are equal" in panel._nothing.text()


def test_pairs_without_checksums_are_found_equal_by_reading(qtbot, panel, tasks):
    compare(qtbot, panel, tasks, {"x": np.ones(3)}, {"x": np.ones(3)})
    assert panel.model.columns.pairs[0].status == "identical"
    assert counter(panel, "identical").text() == "Identical 1"
    assert names(panel) == []


def test_the_columns_hold_what_reading_showed(qtbot, panel, tasks):
    compare(qtbot, panel, tasks)
    row = [panel.model.index(0, column).data() for column in range(panel.model.columnCount())]
    assert row == ["much", "", "", "2×4", "float32", "≠ changed", "2", "2", "2", "-1", "100 %"]


def test_ctrl_c_copies_the_selected_rows_as_tsv(qtbot, panel, tasks, session):
    compare(qtbot, panel, tasks)
    session.update(DOCUMENT.key, pair=("little", "little"))
    QTest.keyClick(panel.table, Qt.Key.Key_C, CONTROL)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    assert lines[0] == [each.title for each in COLUMNS if each.title not in ("Full name", "Name in B")]
    assert lines[1][:4] == ["little", "2×4", "float32", "changed"]
    assert float(lines[1][6]) == pytest.approx(0.01)


def test_ctrl_down_and_up_step_through_the_differences(qtbot, panel, tasks, session):
    compare(qtbot, panel, tasks)
    assert document(session).pair == ("much", "much")
    session.update(DOCUMENT.key, shown="all")
    panel.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert names(panel) == ["cast", "gone", "little", "much", "new", "same", "wider"]
    QTest.keyClick(panel.table, Qt.Key.Key_Down, CONTROL)
    QTest.keyClick(panel.table, Qt.Key.Key_Down, CONTROL)
    assert document(session).pair == ("wider", "wider")  # "same" lies between
    QTest.keyClick(panel.pictures.stage.canvases["a"], Qt.Key.Key_Up, CONTROL)
    assert document(session).pair == (None, "new")


@pytest.mark.parametrize(
    ("key", "mode"),
    [("A", "a"), ("B", "b"), ("S", "swipe"), ("D", "difference"), ("X", "blink"), ("W", "side")],
)
def test_single_keys_choose_the_mode_from_table_and_picture(qtbot, panel, tasks, session, key, mode):
    compare(qtbot, panel, tasks)
    session.update(DOCUMENT.key, mode="side" if mode != "side" else "a")
    QTest.keyClick(panel.table, Qt.Key[f"Key_{key}"])
    assert document(session).mode == panel.pictures.mode == mode
    session.update(DOCUMENT.key, mode="side" if mode != "side" else "a")
    QTest.keyClick(panel.pictures.stage.shown()[0], Qt.Key[f"Key_{key}"])
    assert document(session).mode == mode


def test_letters_in_the_filter_are_text(qtbot, panel, tasks, session):
    compare(qtbot, panel, tasks)
    QTest.keyClicks(panel.head.filter, "asd")
    assert panel.head.filter.text() == "asd"
    assert document(session).mode == "difference"


def test_a_tolerance_makes_a_third_grade(qtbot, panel, tasks):
    compare(qtbot, panel, tasks)
    panel.head.tolerance._box.setEditText("0.05")
    panel.head.tolerance._read()
    assert headline(panel) == "6 of 7 variables differ · 1 of them within tolerance"
    row = names(panel).index("little")
    assert panel.model.index(row, STATUS).data() == "≈ within"
    panel.head.tolerance._box.setEditText("what")
    panel.head.tolerance._read()
    assert panel.head.tolerance._box.currentText() == "0.05"


def test_figures_arrive_one_by_one_and_the_chosen_row_stays_chosen(qtbot, panel, tasks, session):
    release = Event()

    def slow(cancel):
        while not release.wait(0.01):
            if cancel is not None:
                cancel.check()

    first = MemoryCheckpoint(A, path=DOCUMENT.a, before_read=slow)
    panel.set_checkpoints(first, MemoryCheckpoint(B, path=DOCUMENT.b))
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0)
    assert "measuring…" in headline(panel)
    assert panel.model.index(names(panel).index("much"), RELATIVE).data() == "…"
    session.update(DOCUMENT.key, pair=("little", "little"))
    release.set()
    qtbot.waitUntil(lambda: settled(tasks))
    assert names(panel)[0] == "much"
    assert document(session).pair == ("little", "little")
    assert panel.table.currentIndex().data() == "little"


def test_a_side_that_cannot_be_read_says_so_in_its_row_and_where_the_picture_would_be(
    qtbot, panel, tasks, session
):
    def fail(cancel):
        raise DamagedFile("The shard ends early.")

    compare(qtbot, panel, tasks, {"much": A["much"]}, {"much": B["much"]}, before_read=fail)
    assert panel.model.index(0, STATUS).data() == "! unreadable"
    session.update(DOCUMENT.key, pair=("much", "much"))
    qtbot.waitUntil(lambda: "The shard ends early." in panel.pictures.sentence.text())


def test_a_side_that_is_not_what_was_saved_is_told_in_its_row_and_beside_its_picture(
    qtbot, panel, tasks, session
):
    release = Event()
    first = MemoryCheckpoint({"w": A["much"], "x": A["much"]}, path=DOCUMENT.a, checksums={"w": 7})
    second = MemoryCheckpoint(
        {"w": B["much"], "x": A["much"]}, path=DOCUMENT.b, before_read=lambda cancel: release.wait(5)
    )
    panel.set_checkpoints(first, second)
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0)
    session.update(DOCUMENT.key, pair=("w", "w"))
    release.set()
    qtbot.waitUntil(lambda: settled(tasks) and names(panel) == ["w"])
    assert "not those that were saved" in panel.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert headline(panel) == "1 of 2 variables differ · 1 damaged"
    qtbot.waitUntil(lambda: "not those that were saved" in panel.pictures.readout.text())


def test_values_that_are_equal_though_damaged_are_not_called_equal_alone(qtbot, panel, tasks):
    checkpoints = [
        MemoryCheckpoint({"w": A["much"]}, path=path, checksums={"w": checksum})
        for path, checksum in ((DOCUMENT.a, 7), (DOCUMENT.b, 8))
    ]
    panel.set_checkpoints(*checkpoints)
    qtbot.waitUntil(lambda: headline(panel) == "The only variable is equal · 1 damaged")
    assert "1 variable with equal contents, 1 of them not as they were saved." in panel._nothing.text()


def test_names_are_shown_as_plain_text(qtbot, panel, tasks):
    name = "<img src=x>\x1b"
    compare(qtbot, panel, tasks, {name: np.zeros(2)}, {name: np.ones(2)})
    index = panel.model.index(0, 0)
    assert index.data() == "<img src=x>\\x1b"
    assert "<img" not in index.data(Qt.ItemDataRole.ToolTipRole)


def test_a_name_that_differs_in_b_has_a_column_of_its_own(qtbot, panel, tasks):
    compare(qtbot, panel, tasks)
    assert panel.findChild(QTableView, "compareTable").isColumnHidden(1)


def test_rules_pair_variables_of_different_names(qtbot, panel, tasks, session):
    ones = np.ones(3, np.float32)
    a = {"old/w": ones, "b/ExponentialMovingAverage": ones, "left": ones}
    compare(qtbot, panel, tasks, a, {"new/w": ones * 2, "b": ones * 3, "right": ones * 4})
    assert panel.head.names.verdict.text() == "0 of 3 names of A are in B"
    panel.head.names.edit.setPlainText("prefix:old/ = new/\nema")
    panel.head.names.apply()
    qtbot.waitUntil(lambda: settled(tasks))
    assert panel.head.names.verdict.text() == "2 of 3 names of A are in B"
    assert document(session).names == "prefix:old/ = new/\nema"
    assert not panel.table.isColumnHidden(NAME_B)
    row = names(panel).index("old/w")
    assert panel.model.index(row, NAME_B).data() == "new/w"
    assert panel.model.index(row, RELATIVE).data() == "1"


def test_two_selected_rows_are_paired_by_hand(qtbot, panel, tasks, session):
    compare(qtbot, panel, tasks)
    pair_button(panel).click()
    assert "Select one row" in panel.head.names.verdict.text()
    select(panel, "gone", "new")
    pair_button(panel).click()
    qtbot.waitUntil(lambda: settled(tasks))
    assert document(session).names == "gone = new"
    assert panel.model.find(("gone", "new")).status == "identical"


def test_a_line_that_is_no_rule_is_named_and_nothing_changes(qtbot, panel, tasks, session):
    compare(qtbot, panel, tasks)
    panel.head.names.edit.setPlainText("ema\nwhat")
    panel.head.names.apply()
    assert "Line 2 of these rules is no rule" in panel.head.names.verdict.text()
    assert document(session).names == ""


def test_rules_are_saved_and_loaded(qtbot, panel, tasks, session, tmp_path):
    compare(qtbot, panel, tasks)
    panel.head.names.edit.setPlainText("gone = new")
    panel.head.names.save(tmp_path / "names.txt")
    panel.head.names.set_rules("")
    panel.head.names.load(tmp_path / "names.txt")
    qtbot.waitUntil(lambda: settled(tasks))
    assert document(session).names == "gone = new\n"
    panel.head.names.load(tmp_path / "none.txt")
    assert "none.txt is not there" in panel.head.names.verdict.text()


def pair_button(panel):
    buttons = panel.head.names.findChildren(QPushButton)
    return next(button for button in buttons if button.text() == "Pair the two selected")


def select(panel, *wanted):
    selection = panel.table.selectionModel()
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    selection.clearSelection()
    for name in wanted:
        selection.select(panel.model.index(names(panel).index(name), 0), flags)


def test_two_sides_are_told_apart_by_their_names(qtbot, panel, tasks):
    compare(qtbot, panel, tasks)
    texts = {label.text() for label in panel.head.findChildren(QLabel)}
    assert {"A", "model.ckpt-1", "B", "model.ckpt-2"} <= texts


def test_a_nan_that_came_is_never_within_tolerance_and_ranks_first(qtbot, panel, tasks):
    a = {"x": np.full(1000, 3.0), "y": np.ones(3)}
    b = {"x": a["x"].copy(), "y": np.full(3, 9.0)}
    b["x"][7] = np.nan
    compare(qtbot, panel, tasks, a, b)
    panel.head.tolerance._box.setEditText("0.1")
    panel.head.tolerance._read()
    assert names(panel) == ["x", "y"]
    assert panel.model.index(0, STATUS).data() == "≠ NaN or Inf"
    assert panel.model.index(0, RELATIVE).data() == "NaN, 0"
    assert "within" not in headline(panel)


def test_the_first_choice_is_a_picture_not_the_counter_that_always_changes(qtbot, panel, tasks, session):
    a = {"global_step": np.int64(1), "w": np.ones((3, 2)), "v": np.ones((3, 2))}
    b = {"global_step": np.int64(9), "w": np.full((3, 2), 1.5), "v": np.full((3, 2), 1.1)}
    compare(qtbot, panel, tasks, a, b)
    assert names(panel) == ["global_step", "w", "v"]
    assert document(session).pair == ("w", "w")


@pytest.mark.parametrize("detour", ["y", "z"])
def test_the_chosen_row_is_chosen_again_after_as_many_other_rows(qtbot, panel, tasks, session, detour):
    a = {f"{letter}{number}": np.ones(2) for letter in "xyz" for number in range(3)}
    compare(qtbot, panel, tasks, a, {name: values + 1 for name, values in a.items()})
    session.update(panel._key, pair=("x1", "x1"))
    for text in ("x", detour, "x"):
        panel.head.filter.setText(text)
    row = panel.table.currentIndex().row()
    assert panel.model.pair(row).name == "x1"
    assert [index.row() for index in panel.table.selectionModel().selectedRows()] == [row]


def test_the_pictures_say_which_pair_they_are_of_and_that_its_row_is_hidden(qtbot, panel, tasks, session):
    a = {name: np.ones(2) for name in ("one", "other")}
    compare(qtbot, panel, tasks, a, {"one": np.zeros(2), "other": np.ones(2)})
    session.update(panel._key, pair=("other", "other"))
    assert panel.title.text == "other"
    assert panel.title.note.isVisibleTo(panel)  # it is identical, and those are not shown
    qtbot.mouseClick(panel.title.note, Qt.MouseButton.LeftButton)
    assert panel.model.pair(panel.table.currentIndex().row()).name == "other"
    assert not panel.title.note.isVisibleTo(panel)
    size = panel.pictures.size()
    panel.head.filter.setText("one")
    assert panel.title.text == "other"
    assert panel.title.note.isVisibleTo(panel)
    QApplication.processEvents()
    assert panel.pictures.size() == size  # a picture that moves is drawn anew at each key


def test_two_names_of_a_pair_are_both_told(qtbot, panel, tasks, session):
    compare(qtbot, panel, tasks, {"old": np.ones(2)}, {"new": np.zeros(2)})
    session.update(panel._key, names="old = new")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1 and panel.title.text == "old → new")


def offered(panel):
    """What the menu of the rows has, with what can be chosen of it."""
    assert panel.table.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
    return {each.text(): each.isEnabled() for each in panel.table.actions() if not each.isSeparator()}


def choose(panel, text):
    next(each for each in panel.table.actions() if each.text() == text).trigger()


def test_the_menu_of_a_row_leads_to_the_variable_in_either_checkpoint(qtbot, panel, tasks, session):
    compare(qtbot, panel, tasks)
    for title, path in (("Show in A", DOCUMENT.a), ("Show in B", DOCUMENT.b)):
        session.show(DOCUMENT)
        session.update(DOCUMENT.key, pair=("little", "little"))
        choose(panel, title)
        shown = session.state.document
        assert (shown.path, shown.page, shown.variable) == (path, "variables", "little")


def test_the_menu_offers_no_side_that_lacks_the_variable(qtbot, panel, tasks, session):
    compare(qtbot, panel, tasks)
    session.update(DOCUMENT.key, pair=("gone", None))
    assert offered(panel) == {"Show in A": True, "Show in B": False, "Copy name": True, "Copy rows": True}
    session.update(DOCUMENT.key, pair=(None, "new"))
    assert offered(panel) == {"Show in A": False, "Show in B": True, "Copy name": True, "Copy rows": True}
    session.update(DOCUMENT.key, pair=None)
    assert not any(offered(panel).values())


def test_the_menu_copies_the_name_or_the_rows(qtbot, panel, tasks, session):
    compare(qtbot, panel, tasks)
    session.update(DOCUMENT.key, pair=("little", "little"))
    choose(panel, "Copy name")
    assert QGuiApplication.clipboard().text() == "little"
    choose(panel, "Copy rows")
    heads, row = QGuiApplication.clipboard().text().split("\n")
    assert heads.startswith("Name\t")
    assert row.startswith("little\t")
    session.update(DOCUMENT.key, names="gone = new")
    qtbot.waitUntil(lambda: panel.model.find(("gone", "new")) is not None)
    session.update(DOCUMENT.key, pair=("gone", "new"), shown="all")
    choose(panel, "Copy name")
    assert QGuiApplication.clipboard().text() == "gone\nnew"
