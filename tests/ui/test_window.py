import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.folders.folder import Folder
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.settings import Settings
from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument, GraphDocument
from ckpt_viewer.ui import actions, theme
from ckpt_viewer.ui.command_search import CommandSearch
from ckpt_viewer.ui.documents import page as documents_page
from ckpt_viewer.ui.error_report import ErrorReport, hook
from tests.memory_checkpoint import MemoryCheckpoint
from tests.memory_provider import MemoryProvider, run
from tests.ui.conftest import settle

PARTS = (
    *("checkpointTree", "details", "documents", "variableTable", "variableFilter", "roleChips"),
    *("valueViews", "graphOps", "graphCollections", "graphNode", "jobs", "message"),
)
CONTROL = Qt.KeyboardModifier.ControlModifier


def memory_session(tmp_path, **checkpoint):
    """A session over a run of two saves that are nowhere on disk."""
    folder = Folder(tmp_path, runs=(run(tmp_path, "m", 1, 2),))
    arrays = {"w": np.arange(6.0).reshape(2, 3)}
    return Session(MemoryProvider([folder], lambda path: MemoryCheckpoint(arrays, path=path, **checkpoint)))


def shown_message(window):
    """The text of what is called `message` and visible."""
    widgets = [widget for widget in window.findChildren(QWidget, "message") if widget.isVisible()]
    return "\n".join(widget.text() for widget in widgets)


def test_every_part_can_be_found_by_its_name(open_quiet):
    window = open_quiet(sample_run())
    assert [name for name in PARTS if window.findChild(QWidget, name) is None] == []


def test_the_comparison_can_be_found_by_its_names(open_quiet, qtbot):
    window = open_quiet(sample_run())
    window.session.compare(sample_run() / "digits-1750", sample_run() / "digits-2000")
    settle(qtbot, window)
    for name in ("compareTable", "compareCounters", "comparePicture", "compareHistogram"):
        assert window.findChild(QWidget, name) is not None


def test_two_paths_open_as_two_tabs(open_quiet):
    window = open_quiet(sample_run() / "digits-1000", sample_run() / "digits-2000.index")
    assert [document.path.name for document in window.session.state.documents] == [
        "digits-1000",
        "digits-2000",
    ]
    assert window.session.state.roots == (sample_run(),)


def test_a_tab_behind_opens_nothing_until_it_comes_to_the_front(open_quiet, qtbot, tmp_path):
    session = memory_session(tmp_path)
    session.show(CheckpointDocument(tmp_path / "m-1"))
    session.show(CheckpointDocument(tmp_path / "m-2"))
    window = open_quiet(session=session)
    assert {checkpoint.path.name for checkpoint in session.provider.opened} == {"m-2"}
    window.documents.setCurrentIndex(0)
    settle(qtbot, window)
    assert session.provider.opened[-1].path.name == "m-1"
    assert session.state.document.path.name == "m-1"


def test_a_closed_tab_closes_its_checkpoint(open_quiet, qtbot, tmp_path):
    session = memory_session(tmp_path)
    session.show(CheckpointDocument(tmp_path / "m-1"))
    window = open_quiet(session=session)
    opened = window.documents.page().opened.checkpoint
    qtbot.keyClick(window, Qt.Key.Key_W, CONTROL)
    assert session.state.documents == ()
    assert opened.closed
    assert window.welcome.isVisible()


def test_a_middle_click_closes_the_tab(open_quiet, qtbot, tmp_path):
    session = memory_session(tmp_path)
    session.show(CheckpointDocument(tmp_path / "m-1"))
    window = open_quiet(session=session)
    bar = window.documents.tabBar()
    qtbot.mouseClick(bar, Qt.MouseButton.MiddleButton, pos=bar.tabRect(0).center())
    assert session.state.documents == ()


def test_moved_tabs_are_moved_in_the_session(open_quiet, tmp_path):
    session = memory_session(tmp_path)
    for step in (1, 2):
        session.show(CheckpointDocument(tmp_path / f"m-{step}"))
    window = open_quiet(session=session)
    window.documents.tabBar().moveTab(0, 1)
    assert [document.path.name for document in session.state.documents] == ["m-2", "m-1"]


def test_tab_titles_are_short_and_plain(open_quiet, tmp_path):
    session = memory_session(tmp_path)
    session.show(CheckpointDocument(Path("/a&b") / "m-12000"))
    session.show(ComparisonDocument(Path("/run1/m-11000"), Path("/run1/m-12000")))
    window = open_quiet(session=session)
    titles = [window.documents.tabText(number) for number in range(2)]
    assert titles == ["a&&b · 12000", "run1: 11000 ↔ 12000"]


def test_what_is_wrong_with_a_checkpoint_is_said_above_its_table(open_quiet, tmp_path):
    problem = Problem("missing-shard", "m.data-00000-of-00001 is not there.", "Copy it beside the index.")
    session = memory_session(tmp_path, problems=[problem])
    session.show(CheckpointDocument(tmp_path / "m-1"))
    window = open_quiet(session=session)
    assert "m.data-00000-of-00001 is not there." in shown_message(window)
    assert window.findChild(QWidget, "variableTable").model().rowCount() == 1


def test_data_files_elsewhere_can_be_pointed_at(open_quiet, qtbot, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    for folder, kind in ((here, "index"), (there, "data-00000-of-00001")):
        folder.mkdir()
        shutil.copy(sample_run() / f"digits-1000.{kind}", folder)
    window = open_quiet(here)
    assert "is not there" in shown_message(window)
    page = window.documents.page()
    assert "Locate…" in [button.text() for button in page.message.findChildren(QPushButton)]
    page.find_data(there)
    settle(qtbot, window)
    assert shown_message(window) == ""
    assert page.opened.checkpoint.read("conv1/kernel").shape == (5, 5, 1, 12)


def test_a_scan_that_meets_nan_marks_the_save(open_quiet, qtbot, tmp_path):
    session = memory_session(tmp_path)
    session.provider.make = lambda path: MemoryCheckpoint({"w": np.array([1.0, np.nan])}, path=path)
    session.show(CheckpointDocument(tmp_path / "m-1"))
    window = open_quiet(session=session)
    window.actions_by_name["scan_values"].trigger()
    qtbot.waitUntil(lambda: session.state.with_nan == {tmp_path / "m-1"})
    settle(qtbot, window)


def test_what_cannot_be_opened_is_a_sentence_with_a_hint_and_can_be_tried_again(open_quiet, qtbot, tmp_path):
    session = Session(MemoryProvider([Folder(tmp_path)]))
    session.show(CheckpointDocument(tmp_path / "x.pt"))
    window = open_quiet(session=session)
    assert shown_message(window) == f"{tmp_path / 'x.pt'} is no TensorFlow checkpoint. Try another."
    buttons = {button.text(): button for button in window.documents.page().findChildren(QPushButton)}
    buttons["Copy details"].click()
    assert "[not-a-checkpoint]" in QGuiApplication.clipboard().text()
    session.provider.make = lambda path: MemoryCheckpoint({"w": np.zeros(2)}, path=path)
    buttons["Retry"].click()
    settle(qtbot, window)
    assert shown_message(window) == ""
    assert window.documents.page().status == "1 weight · 2 params"


def test_without_an_index_the_graph_beside_can_be_shown(open_quiet, qtbot, tmp_path):
    for file in sample_run().glob("digits-1000.*"):
        shutil.copyfile(file, tmp_path / file.name)
    (tmp_path / "digits-1000.index").unlink()
    window = open_quiet()
    window.session.add_root(tmp_path)
    window.session.show(CheckpointDocument(tmp_path / "digits-1000"))
    settle(qtbot, window)
    failure = window.documents.page().failure
    assert "There is no file" in failure.text()
    button = next(each for each in failure.findChildren(QPushButton) if each.text() == "Show its graph")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert window.session.state.current == GraphDocument(tmp_path / "digits-1000.meta").key
    assert window.documents.page().status.endswith(" nodes")


@pytest.fixture
def being_saved(tmp_path, monkeypatch):
    """A save whose index is half there, and a window that soon looks again."""
    monkeypatch.setattr(documents_page, "LOOK_AGAIN_MS", 20)
    for file in sample_run().glob("digits-1000.*"):
        shutil.copyfile(file, tmp_path / file.name)
    index = tmp_path / "digits-1000.index"
    index.write_bytes(index.read_bytes()[:100])
    return index


def test_a_save_in_progress_opens_by_itself_once_it_is_whole(open_quiet, qtbot, being_saved):
    window = open_quiet(being_saved)
    assert "looked at again by itself" in shown_message(window)
    assert "still being saved" in window.details.toPlainText()
    being_saved.write_bytes((sample_run() / "digits-1000.index").read_bytes())
    qtbot.waitUntil(lambda: shown_message(window) == "", timeout=5000)
    settle(qtbot, window)
    assert window.documents.page().opened.checkpoint.variables
    assert "still being saved" not in window.details.toPlainText()
    assert "65" in window.details.toPlainText()


def test_a_save_that_stays_unfinished_is_called_damaged_in_the_end(open_quiet, qtbot, being_saved):
    window = open_quiet(being_saved)
    os.utime(being_saved, (1e9, 1e9))
    qtbot.waitUntil(lambda: "by itself" not in shown_message(window), timeout=5000)
    assert "ends after 100 bytes; its footer should be there" in shown_message(window)
    assert not window.documents.page()._again.isActive()


def test_a_path_that_is_nothing_is_told_and_the_others_open(open_quiet, tmp_path):
    window = open_quiet(tmp_path / "no.index", sample_run())
    assert window.documents.count() == 1
    assert "no.index" in shown_message(window)


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3000 + "x", "x\0y"])
def test_a_name_no_file_can_have_is_told_and_the_others_open(open_quiet, tmp_path, name):
    window = open_quiet(tmp_path / name, sample_run())
    assert window.documents.count() == 1
    assert name[:1] in shown_message(window)


@pytest.mark.parametrize(
    ("error", "reason"),
    [(OSError(5, "Input/output error"), "Input/output error"), (ValueError("odd"), "odd")],
)
def test_a_path_the_system_refuses_is_told(open_quiet, tmp_path, monkeypatch, error, reason):
    session = memory_session(tmp_path)

    def refuse(path):
        raise error

    monkeypatch.setattr(session.provider, "locate_checkpoint", refuse)
    window = open_quiet(tmp_path / "x.index", session=session)
    assert session.state.message == f"{tmp_path / 'x.index'} cannot be opened: {reason}."
    assert window.documents.count() == 0


def test_a_fault_of_ours_at_one_path_is_reported_and_the_others_open(
    open_quiet, qtbot, tmp_path, monkeypatch
):
    session = Session()
    locate = session.provider.locate_checkpoint

    def stumble(path):
        if path.name == "bad":
            raise TypeError("a fault")
        return locate(path)

    monkeypatch.setattr(session.provider, "locate_checkpoint", stumble)
    with qtbot.captureExceptions() as faults:
        window = open_quiet(tmp_path / "bad", sample_run() / "digits-1000", session=session)
    assert [str(fault) for _, fault, _ in faults] == ["a fault"]
    assert window.documents.count() == 1


def test_replaced_files_are_noticed_and_can_be_reloaded(open_quiet, qtbot, tmp_path):
    for file in sample_run().glob("digits-1000.*"):
        shutil.copy(file, tmp_path)
    window = open_quiet(tmp_path)
    for file in sample_run().glob("digits-1500.*"):
        target = tmp_path / file.name.replace("1500", "1000")
        shutil.copyfile(file, target.with_suffix(".new"))
        target.with_suffix(".new").replace(target)
    qtbot.waitUntil(lambda: "was replaced on disk" in shown_message(window), timeout=20_000)
    before = window.documents.page().opened
    reload = [button for button in window.findChildren(QPushButton) if button.text() == "Reload"]
    reload[0].click()
    settle(qtbot, window)
    assert window.documents.page().opened is not before
    assert "was replaced" not in shown_message(window)


def test_a_file_that_was_moved_away_is_not_called_replaced(open_quiet, qtbot, tmp_path):
    for file in sample_run().glob("digits-1000.*"):
        shutil.copy(file, tmp_path)
    window = open_quiet(tmp_path)
    [data] = tmp_path.glob("*.data-*")
    data.rename(tmp_path / "elsewhere")
    qtbot.waitUntil(lambda: " at " in shown_message(window), timeout=20_000)
    assert shown_message(window).startswith(f"{data.name} was moved or deleted at ")
    assert "replaced" not in shown_message(window)


def test_the_last_session_comes_back_without_paths(open_quiet, qtbot):
    first = open_quiet(sample_run())
    first.session.update(first.session.state.current, variable="conv1/kernel")
    settle(qtbot, first)
    first.close()
    second = open_quiet()
    assert second.session.state.document.variable == "conv1/kernel"
    assert second.session.state.roots == (sample_run(),)


def drag(splitter, by):
    """Take its handle with the mouse."""
    handle = splitter.handle(1)
    start = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(handle, start + by)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=start + by)


@pytest.mark.parametrize("width", [800, 1264])
def test_splitters_and_window_come_back(open_quiet, qtbot, width):
    first = open_quiet()
    first.resize(width, 500)
    drag(first._splitters[0], QPoint(0, 37))
    drag(first._splitters[1], QPoint(33, 0))
    sizes = [splitter.sizes() for splitter in first._splitters]
    assert sizes[1][0] > 200
    first.close()
    second = open_quiet()
    second.resize(first.size())  # more than the screen of tests has room for
    qtbot.wait(20)
    assert [splitter.sizes() for splitter in second._splitters] == sizes


def test_a_tree_that_only_a_narrow_window_made_narrow_is_wide_in_the_next_wide_one(open_quiet):
    first = open_quiet()
    first.resize(1264, 700)
    drag(first._splitters[1], QPoint(30, 0))
    wide = first._splitters[1].sizes()[0]
    first.resize(790, 500)
    assert first._splitters[1].sizes()[0] < wide
    first.close()
    second = open_quiet()
    assert second._splitters[1].sizes()[0] < wide
    second.resize(1264, 700)
    assert second._splitters[1].sizes()[0] == wide


def test_actions_are_enabled_when_they_make_sense(open_quiet, tmp_path):
    window = open_quiet()
    assert not window.actions_by_name["export"].isEnabled()
    assert not window.actions_by_name["compare"].isEnabled()
    assert window.actions_by_name["open_folder"].isEnabled()
    window.session.change(selected=(Path("/a"), Path("/b")))
    assert window.actions_by_name["compare"].isEnabled()


def test_no_two_actions_share_a_key_or_a_name():
    keys = [key for command in actions.COMMANDS for key in command.keys.split("; ") if key]
    names = [command.name for command in actions.COMMANDS]
    assert len(set(keys)) == len(keys)
    assert len(set(names)) == len(names)


def test_every_key_of_the_handbook_is_in_the_menus(open_quiet):
    window = open_quiet()
    menus = [action.menu() for action in window.menuBar().actions()]
    keys = {action.shortcut().toString() for menu in menus for action in menu.actions()}
    expected = (
        "Ctrl+O Ctrl+Shift+O Ctrl+F Ctrl+K Ctrl+D Ctrl+E Ctrl+C F5 Ctrl+W F6 [ ] , . 1 2 3 4 5 6 7 A B S D X"
    )
    assert set(expected.split()) | {"Ctrl+Up", "Ctrl+Down", "Ctrl+H", "Esc"} <= keys


def test_escape_cancels_what_runs_and_never_closes(open_quiet, qtbot):
    window = open_quiet()
    told = []

    def endless(cancel):
        while True:
            cancel.check()

    lane = ("test", "endless")
    window.tasks.start(
        lane, endless, done=told.append, failed=told.append, cancelled=lambda: told.append("x"), title="T"
    )
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert told == ["x"]
    assert window.isVisible()


def test_jobs_show_a_figure_and_can_be_cancelled(open_quiet, qtbot):
    window = open_quiet()

    def slow(cancel):
        while True:
            cancel.report(38, 100)

    window.tasks.start(("test", "slow"), slow, done=print, failed=print, title="scanning")
    qtbot.waitUntil(lambda: window.jobs.text() == "scanning 38 %")
    window.jobs._cancel.click()
    assert not window.tasks.any_busy()
    assert window.jobs.text() == ""


def test_value_views_change_by_number(open_quiet, qtbot):
    window = open_quiet(sample_run())
    window.session.update(window.session.state.current, variable="conv1/kernel")
    settle(qtbot, window)
    qtbot.keyClick(window, "2")
    assert window.session.state.document.view == "Histogram"


def test_a_number_typed_into_the_filter_is_text(open_quiet, qtbot):
    window = open_quiet(sample_run())
    window.session.update(window.session.state.current, variable="conv1/kernel")
    qtbot.keyClick(window, Qt.Key.Key_F, CONTROL)
    field = window.findChild(QLineEdit, "variableFilter")
    qtbot.keyClicks(field, "conv2")
    assert field.text() == "conv2"
    assert window.session.state.document.view is None


def test_f6_goes_round_the_panes(open_quiet, qtbot):
    window = open_quiet(sample_run())
    window.activateWindow()
    seen = set()
    for _ in range(6):
        qtbot.keyClick(window, Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        parts = (window.tree, window.details, window.documents)
        seen |= {part.objectName() for part in parts if part is focus or part.isAncestorOf(focus)}
    assert seen == {"checkpointTree", "details", "documents"}


def test_a_command_search_that_finds_nothing_says_so(open_quiet, qtbot):
    window = open_quiet(sample_run())
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    search = window.findChild(CommandSearch)
    said = search.findChild(QLabel)
    assert not said.isVisible()
    qtbot.keyClicks(search.findChild(QLineEdit), "nowhere")
    assert said.isVisible()
    assert search.texts() == []
    search.findChild(QLineEdit).clear()
    assert not said.isVisible()
    search.reject()


def test_the_command_search_does_what_is_chosen(open_quiet, qtbot):
    window = open_quiet(sample_run())
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    search = window.findChild(CommandSearch)
    field = search.findChild(QLineEdit)
    qtbot.keyClicks(field, "summ")
    assert search.texts() == ["Summary"]
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.session.state.document.page == "summary"


def test_dark_and_light_follow_the_menu(open_quiet):
    window = open_quiet()
    window.actions_by_name["theme_dark"].trigger()
    assert theme.current().dark
    window.actions_by_name["theme_light"].trigger()
    assert not theme.current().dark
    assert window.session.settings.remembered.scheme == "light"


def test_a_bug_is_told_calmly_and_the_window_lives_on(open_quiet, qtbot, capsys):
    window = open_quiet()
    try:
        raise ZeroDivisionError("of ours")
    except ZeroDivisionError as error:
        hook(type(error), error, error.__traceback__)
    report = window.findChild(ErrorReport)
    assert "ZeroDivisionError: of ours" in report.text()
    assert "ZeroDivisionError" in capsys.readouterr().err
    report.close()
    assert window.isVisible()


def test_back_and_forward(open_quiet, qtbot):
    window = open_quiet(sample_run())
    for name in ("conv1/kernel", "conv2/kernel"):
        window.session.update(window.session.state.current, variable=name)
    window.actions_by_name["back"].trigger()
    assert window.session.state.document.variable == "conv1/kernel"
    assert window.actions_by_name["forward"].isEnabled()
    window.actions_by_name["forward"].trigger()
    assert window.session.state.document.variable == "conv2/kernel"


def test_every_control_has_an_accessible_name(open_quiet, qtbot):
    from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QHeaderView, QTextEdit

    window = open_quiet(sample_run())
    settle(qtbot, window)
    nameless = [
        f"{type(widget).__name__} {widget.objectName()!r}"
        for kind in (QAbstractItemView, QComboBox, QTextEdit, QLineEdit, QAbstractButton)
        for widget in window.findChildren(kind)
        if widget.isVisible() and not widget.accessibleName() and not getattr(widget, "text", str)()
        if not widget.objectName().startswith("qt_") and not isinstance(widget, QHeaderView)
    ]
    assert nameless == []


def test_the_status_bar_totals_the_checkpoint_in_front(open_quiet):
    window = open_quiet(sample_run())
    assert window._totals.text() == window.documents.page().status
    assert "params" in window._totals.text()


def test_settings_of_the_test_are_its_own(own_settings):
    assert Settings.of_user().remembered.recent == ()


def test_icons_follow_the_palette(open_quiet, qtbot):
    window = open_quiet()
    action = window.actions_by_name["open_folder"]
    theme.apply(QApplication.instance(), "light")
    light = action.icon().pixmap(16).toImage()
    theme.apply(QApplication.instance(), "dark")
    QApplication.sendPostedEvents(None, QEvent.Type.PaletteChange)
    assert action.icon().pixmap(16).toImage() != light
    theme.apply(QApplication.instance(), "light")


def test_a_data_file_that_was_cut_marks_the_save_until_it_is_whole_again(open_quiet, qtbot, tmp_path):
    for kind in ("index", "data-00000-of-00001"):
        shutil.copy(sample_run() / f"digits-1000.{kind}", tmp_path)
    data = tmp_path / "digits-1000.data-00000-of-00001"
    whole = data.read_bytes()
    data.write_bytes(whole[:5000])
    window = open_quiet(tmp_path)
    settle(qtbot, window)
    model = window.tree.model()
    save = model.index(0, 0, model.index(0, 0))
    assert "damaged" in save.data(Qt.ItemDataRole.AccessibleTextRole)
    data.write_bytes(whole)
    window.documents.page().reload()
    qtbot.waitUntil(lambda: "damaged" not in save.data(Qt.ItemDataRole.AccessibleTextRole))
    settle(qtbot, window)
