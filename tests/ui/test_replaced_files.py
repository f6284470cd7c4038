"""A save replaced on disk while its tab is open: nothing of the new one passes for the one on the screen."""

import shutil

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QTableView, QTextEdit

from ckpt_viewer import open_checkpoint
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import RunDocument
from ckpt_viewer.ui.dragged_files import DragFolder
from ckpt_viewer.ui.export_dialog import ExportDialog
from tests.ui.conftest import settle


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    for file in sample_run().glob("digits-1000.*"):
        shutil.copy2(file, folder)
    return folder


@pytest.fixture
def window(open_quiet, folder, tmp_path):
    """Looks at the files only when it is told to."""
    window = open_quiet(folder)
    window.session.settings.change(export_folder=str(tmp_path))
    window.documents.page()._watch.stop()
    window.session.update(window.session.state.current, variable="conv2/kernel")
    return window


def replace(folder):
    """In place, as a copy over it does."""
    for file in folder.glob("digits-1000.*"):
        shutil.copyfile(sample_run() / file.name.replace("1000", "2000"), file)


def look_again(window, qtbot):
    """As the watch does every other second."""
    window.documents.page()._watch.look()
    settle(qtbot, window)


def reload(window, qtbot):
    """[Reload] by mouse."""
    buttons = window.documents.page().message.findChildren(QPushButton)
    [button] = [button for button in buttons if button.text() == "Reload" and button.isVisible()]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(qtbot, window)


def export(window, qtbot):
    """Ctrl+E in the table: the dialog."""
    table = window.findChild(QTableView, "variableTable")
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    return window.findChildren(ExportDialog)[-1]


def enter(window, qtbot, dialog):
    qtbot.keyClick(dialog.target, Qt.Key.Key_Return)
    settle(qtbot, window)


def test_what_was_opened_is_exported_or_nothing(window, folder, qtbot, tmp_path):
    settle(qtbot, window)
    replace(folder)
    dialog = export(window, qtbot)
    enter(window, qtbot, dialog)
    assert "was replaced after the checkpoint was opened. Reload" in dialog.text()
    assert not list(tmp_path.glob("*.npy"))


def test_also_where_it_is_replaced_while_the_dialog_asks(window, folder, qtbot, tmp_path):
    settle(qtbot, window)
    dialog = export(window, qtbot)
    replace(folder)
    enter(window, qtbot, dialog)
    assert "was replaced after the checkpoint was opened" in dialog.text()
    assert not list(tmp_path.glob("*.npy"))


def test_after_a_reload_the_new_values_are_exported(window, folder, qtbot, tmp_path):
    replace(folder)
    window.documents.page().reload()
    settle(qtbot, window)
    enter(window, qtbot, export(window, qtbot))
    with open_checkpoint(sample_run() / "digits-2000") as new:
        assert np.array_equal(np.load(tmp_path / "conv2_kernel.npy"), new.read("conv2/kernel"))


def test_rows_dragged_away_say_that_they_were_replaced(window, folder, qtbot):
    settle(qtbot, window)
    page, drags = window.documents.page(), DragFolder()
    files = drags.files(page.opened.checkpoint, page.chosen())
    replace(folder)
    assert files.urls() == []
    assert "was replaced after the checkpoint was opened" in files.problem.message
    drags.clean_up()


def test_the_details_tell_of_the_files_that_are_there_now(window, folder, qtbot):
    settle(qtbot, window)
    details, meta = window.findChild(QTextEdit, "details"), folder / "digits-1000.meta"
    assert meta.name in details.toPlainText()
    meta.unlink()
    look_again(window, qtbot)
    assert meta.name not in details.toPlainText()
    shutil.copyfile(sample_run() / meta.name, meta)
    reload(window, qtbot)
    assert meta.name in details.toPlainText()


@pytest.fixture
def run(window, folder, qtbot):
    for file in sample_run().glob("digits-1500.*"):
        shutil.copy2(file, folder)
    window.session.show(RunDocument(folder, "digits", "conv2/kernel"))
    settle(qtbot, window)
    window.documents.page()._watch.stop()
    return window


def means(window):
    return [point.summary.mean for point in window.documents.page().timeline.points]


def test_a_run_over_time_says_that_a_save_was_replaced_and_reloads_it(run, folder, qtbot):
    old = means(run)
    replace(folder)
    look_again(run, qtbot)
    assert run.documents.page().message.text().startswith("digits-1000 was replaced on disk at ")
    assert means(run) == old
    reload(run, qtbot)
    assert not run.documents.page().message.isVisible()
    with open_checkpoint(sample_run() / "digits-2000") as new:
        assert means(run)[0] == pytest.approx(new.read("conv2/kernel").mean(dtype=np.float64), rel=1e-9)
    assert means(run)[1:] == old[1:]


def test_a_run_over_time_says_that_a_save_was_deleted(run, folder, qtbot):
    (folder / "digits-1500.index").unlink()
    look_again(run, qtbot)
    assert run.documents.page().message.text().startswith("digits-1500.index was moved or deleted at ")


def test_a_variable_not_read_before_offers_to_reload(window, folder, qtbot):
    settle(qtbot, window)
    replace(folder)
    page = window.documents.page()
    window.session.update(page.key, variable="conv1/kernel", view="Values")
    settle(qtbot, window)
    view = page.values.views[page.values.tabs.currentIndex()]
    assert "was replaced after the checkpoint was opened" in view.says()
    [button] = [each for each in view.findChildren(QPushButton) if each.isVisible()]
    assert button.text() == "Reload"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert view.says() == ""


def test_a_scan_says_that_what_it_was_to_read_was_replaced(window, folder, qtbot):
    settle(qtbot, window)
    replace(folder)
    scan = next(each for each in window.findChildren(QPushButton) if each.text() == "Scan values")
    qtbot.mouseClick(scan, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    told = window.statusBar().currentMessage()
    assert "variables could not be read: " in told
    assert told.endswith("Reload the checkpoint to read what is there now.")
