"""Look again (F5) and Reload: what was said of files that are well again goes, values stay until Reload."""

import shutil

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from ckpt_viewer.resources import sample_run
from tests.bundle_writer import write_bundle
from tests.ui.conftest import settle


@pytest.fixture
def folder(tmp_path):
    for file in sample_run().glob("digits-1000.*"):
        shutil.copy2(file, tmp_path)
    return tmp_path


@pytest.fixture
def window(open_quiet, folder):
    """Looks at the files only when it is told to."""
    window = open_quiet(folder)
    window.documents.page()._watch.stop()
    return window


def look_again(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_F5)
    settle(qtbot, window)


def said(window):
    message = window.documents.page().message
    return message.text() if message.isVisible() else ""


def data_of(folder):
    [data] = folder.glob("*.data-*")
    return data


def test_what_was_moved_away_and_back_is_not_told_any_more(window, folder, qtbot):
    data, elsewhere = data_of(folder), folder / "elsewhere"
    data.rename(elsewhere)
    look_again(window, qtbot)
    assert said(window).startswith(f"{data.name} was moved or deleted at ")
    elsewhere.rename(data)
    look_again(window, qtbot)
    assert said(window) == ""


def test_what_came_back_as_another_file_is_called_replaced(window, folder, qtbot):
    data = data_of(folder)
    data.rename(folder / "elsewhere")
    look_again(window, qtbot)
    shutil.copyfile(folder / "elsewhere", data)
    look_again(window, qtbot)
    assert "was replaced on disk" in said(window)


def test_looking_again_leaves_the_values_and_says_how_to_get_the_new_ones(window, folder, qtbot):
    data, opened = data_of(folder), window.documents.page().opened
    data.touch()
    look_again(window, qtbot)
    look_again(window, qtbot)
    assert window.documents.page().opened is opened
    assert "was replaced on disk" in said(window)
    [reload] = [button for button in window.findChildren(QPushButton) if button.text() == "Reload"]
    assert "read the values as they are in its files now" in reload.toolTip()
    assert "until Reload" in window.actions_by_name["rescan"].toolTip()


def test_a_banner_that_was_closed_stays_closed(window, folder, qtbot):
    data_of(folder).touch()
    look_again(window, qtbot)
    window.documents.page().message.hide()
    look_again(window, qtbot)
    assert said(window) == ""


def test_what_was_wrong_from_the_beginning_is_told_again(open_quiet, folder, qtbot):
    data, index = data_of(folder), folder / "digits-1000.index"
    data.rename(folder / "elsewhere")
    window = open_quiet(folder)
    window.documents.page()._watch.stop()
    before = said(window)
    assert data.name in before
    index.rename(folder / "index")
    look_again(window, qtbot)
    assert said(window).startswith(index.name)
    (folder / "index").rename(index)
    look_again(window, qtbot)
    assert said(window) == before


def test_a_data_file_that_has_come_is_read_and_its_lack_told_no_more(open_quiet, folder, qtbot):
    data = data_of(folder)
    data.rename(folder / "elsewhere")
    window = open_quiet(folder)
    page = window.documents.page()
    opened = page.opened
    look_again(window, qtbot)
    assert data.name in said(window)
    assert page.opened is opened
    (folder / "elsewhere").rename(data)
    look_again(window, qtbot)
    assert said(window) == ""
    assert page.opened.checkpoint.read("conv1/kernel").shape == (5, 5, 1, 12)


@pytest.fixture
def compared(open_quiet, tmp_path, qtbot):
    """A window with two saves compared, which looks at their files only when it is told to."""
    for step in (1, 2):
        write_bundle(tmp_path / f"m-{step}", {"w": np.full(9, step, np.float32)})
    window = open_quiet()
    window.session.compare(tmp_path / "m-1", tmp_path / "m-2")
    settle(qtbot, window)
    window.documents.page()._watch.stop()
    return window


def largest_change(window):
    return window.documents.page().comparison.model.pair(0).difference.max_abs


def test_a_comparison_says_that_a_side_was_replaced_and_reloads_it(compared, tmp_path, qtbot):
    assert (largest_change(compared), said(compared)) == (1, "")
    write_bundle(tmp_path / "m-2", {"w": np.full(9, 7, np.float32)})
    look_again(compared, qtbot)
    assert said(compared).startswith("m-2 was replaced on disk at ")
    assert largest_change(compared) == 1
    [reload] = [button for button in compared.findChildren(QPushButton) if button.text() == "Reload"]
    reload.click()
    settle(qtbot, compared)
    assert (largest_change(compared), said(compared)) == (6, "")


def test_a_comparison_says_that_a_side_was_moved_until_it_is_back(compared, tmp_path, qtbot):
    data, elsewhere = tmp_path / "m-1.data-00000-of-00001", tmp_path / "elsewhere"
    data.rename(elsewhere)
    look_again(compared, qtbot)
    assert said(compared).startswith(f"{data.name} was moved or deleted at ")
    elsewhere.rename(data)
    look_again(compared, qtbot)
    assert said(compared) == ""
