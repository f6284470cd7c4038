"""What the menu of the tree does to the line it was opened on, whatever tab is in front."""

import shutil

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import CheckpointDocument, GraphDocument, RunDocument
from ckpt_viewer.ui.actions import CONTEXT_MENU
from ckpt_viewer.ui.verification import VerificationDialog
from tests.ui.conftest import settle

EVERYTHING = set(CONTEXT_MENU) - {"compare"}


@pytest.fixture
def models(tmp_path):
    """A root with a folder of one run, one of two runs, one without any save, and a lone graph."""
    for name in ("one", "two", "empty"):
        (tmp_path / name).mkdir()
    for file in sample_run().glob("digits-1[05]00.*"):
        shutil.copyfile(file, tmp_path / "one" / file.name)
        shutil.copyfile(file, tmp_path / "two" / file.name)
        shutil.copyfile(file, tmp_path / "two" / file.name.replace("digits", "other"))
    shutil.copyfile(sample_run() / "digits-1000.meta", tmp_path / "lone.meta")
    return tmp_path


@pytest.fixture
def window(open_quiet, qtbot, models):
    """Another checkpoint is in front, and the root is open."""
    made = open_quiet(sample_run() / "digits-2000")
    made.session.add_root(models)
    settle(qtbot, made)
    return made


def pick(window, qtbot, path, *, button=Qt.MouseButton.RightButton, keys=Qt.KeyboardModifier.NoModifier):
    """Press the button on the line of the folder, run or save at `path`."""
    tree = window.tree
    model = tree.model()
    qtbot.waitUntil(lambda: model.find(path) is not None)
    index = model.index_of(model.find(path))
    tree.scrollTo(index)
    QTest.mouseClick(tree.viewport(), button, keys, tree.visualRect(index).center())
    settle(qtbot, window)


def offered(window):
    actions = window.actions_by_name
    return {name for name in CONTEXT_MENU if actions[name].isEnabled()}


def trigger(window, qtbot, name):
    action = window.actions_by_name[name]
    assert action in window.tree.actions()
    action.trigger()
    settle(qtbot, window)


def verified(window):
    return [dialog.path for dialog in window.findChildren(VerificationDialog)]


def test_on_a_folder_it_is_about_the_newest_checkpoint_there(window, qtbot, models):
    pick(window, qtbot, models / "one")
    assert offered(window) == EVERYTHING - {"remove_folder"}
    trigger(window, qtbot, "copy_path")
    assert QGuiApplication.clipboard().text() == str(models / "one")
    trigger(window, qtbot, "verify")
    assert verified(window) == [models / "one" / "digits-1500"]
    told = window.findChild(VerificationDialog).text()
    assert "Only the newest was checked: 1 other checkpoint of the folder was not." in told
    trigger(window, qtbot, "compare_previous")
    document = window.session.state.document
    assert (document.a, document.b) == (models / "one" / "digits-1000", models / "one" / "digits-1500")


def test_open_on_a_folder_does_as_a_double_click(window, qtbot, models):
    pick(window, qtbot, models / "one")
    trigger(window, qtbot, "open_selected")
    assert window.session.state.current == CheckpointDocument(models / "one" / "digits-1500").key


def test_run_over_time_on_a_folder_follows_the_run_there(window, qtbot, models):
    pick(window, qtbot, models / "one")
    trigger(window, qtbot, "run_over_time")
    assert window.session.state.document.key == RunDocument(models / "one", "digits").key


def test_show_in_the_file_manager_opens_the_folder_itself(window, qtbot, models, monkeypatch):
    shown = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url))
    pick(window, qtbot, models / "one")
    trigger(window, qtbot, "reveal")
    assert shown == [QUrl.fromLocalFile(str(models / "one"))]


def test_a_folder_without_checkpoints_offers_nothing_that_needs_one(window, qtbot, models):
    pick(window, qtbot, models / "empty")
    assert offered(window) == {"copy_path", "reveal"}


def test_only_a_root_can_be_removed(window, qtbot, models):
    pick(window, qtbot, models / "one")
    assert not window.actions_by_name["remove_folder"].isEnabled()
    pick(window, qtbot, models)
    trigger(window, qtbot, "remove_folder")
    assert models not in window.session.state.roots
    assert sample_run() in window.session.state.roots


def test_a_root_that_holds_only_a_graph_opens_that(window, qtbot, models):
    pick(window, qtbot, models)
    assert offered(window) == {"open_selected", "copy_path", "reveal", "remove_folder"}
    trigger(window, qtbot, "open_selected")
    assert window.session.state.current == GraphDocument(models / "lone.meta").key


def test_the_line_of_a_run_is_about_its_newest(window, qtbot, models):
    pick(window, qtbot, models / "two")
    window.tree.expand(window.tree.currentIndex())
    pick(window, qtbot, models / "two" / "other")
    assert offered(window) == EVERYTHING - {"remove_folder"}
    trigger(window, qtbot, "verify")
    assert verified(window) == [models / "two" / "other-1500"]


def test_a_graph_alone_offers_what_a_graph_can(window, qtbot, models):
    pick(window, qtbot, models / "lone.meta")
    assert offered(window) == {"open_selected", "copy_path", "reveal"}


def test_of_several_it_is_about_the_one_it_was_opened_on(window, qtbot):
    older, newer = sample_run() / "digits-1000", sample_run() / "digits-1500"
    pick(window, qtbot, older, button=Qt.MouseButton.LeftButton)
    pick(window, qtbot, newer, button=Qt.MouseButton.LeftButton, keys=Qt.KeyboardModifier.ControlModifier)
    pick(window, qtbot, older)
    assert offered(window) == EVERYTHING - {"remove_folder"} | {"compare"}
    trigger(window, qtbot, "copy_path")
    assert QGuiApplication.clipboard().text() == str(older)
    trigger(window, qtbot, "verify")
    assert verified(window) == [older]


def test_open_on_a_save_and_a_folder_without_any_opens_the_save(window, qtbot, models):
    save = sample_run() / "digits-1000"
    pick(window, qtbot, save, button=Qt.MouseButton.LeftButton)
    empty = models / "empty"
    pick(window, qtbot, empty, button=Qt.MouseButton.LeftButton, keys=Qt.KeyboardModifier.ControlModifier)
    trigger(window, qtbot, "open_selected")
    assert window.session.state.current == CheckpointDocument(save).key


def test_keys_in_the_tree_are_about_its_line_too(window, qtbot, models):
    pick(window, qtbot, models / "one", button=Qt.MouseButton.LeftButton)
    QTest.keyClick(window.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == str(models / "one")
    QTest.keyClick(window.tree, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    assert window.session.state.document.key == RunDocument(models / "one", "digits").key


def test_details_describe_the_folder_that_is_chosen(window, qtbot, models):
    pick(window, qtbot, models / "two", button=Qt.MouseButton.LeftButton)
    window.tree.expand(window.tree.currentIndex())
    text = window.details.toPlainText()
    assert "digits-2000" not in text
    for told in (str(models / "two"), "checkpoints\n4", "runs\n2", "opens\n"):
        assert told in text
    pick(window, qtbot, models / "two" / "other", button=Qt.MouseButton.LeftButton)
    assert "checkpoints\n2" in window.details.toPlainText()
    pick(window, qtbot, models / "empty", button=Qt.MouseButton.LeftButton)
    assert "checkpoints\n0" in window.details.toPlainText()
    pick(window, qtbot, models, button=Qt.MouseButton.LeftButton)
    assert "folders inside\n" in window.details.toPlainText()
    assert "checkpoints\n0" not in window.details.toPlainText()


def test_whoever_goes_on_in_a_comparison_means_that(window, qtbot, models):
    run = sample_run()
    window.session.compare(run / "digits-1000", run / "digits-1500")
    settle(qtbot, window)
    pick(window, qtbot, models / "one", button=Qt.MouseButton.LeftButton)
    table = window.documents.page().comparison.table
    place = table.visualRect(table.model().index(0, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    settle(qtbot, window)
    assert "digits-1500" in window.details.toPlainText()
    assert not window.actions_by_name["verify"].isEnabled()
    QTest.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    assert window.session.state.document.key == RunDocument(run, "digits").key
