import pytest
from PySide6.QtWidgets import QListWidget, QPushButton, QWidget

from ckpt_viewer.resources import sample_run
from tests.ui.conftest import settle


def button(window, text):
    return next(found for found in window.welcome.findChildren(QPushButton) if found.text() == text)


def test_the_first_start_is_one_sentence_and_two_buttons(open_quiet):
    window = open_quiet()
    assert window.welcome.isVisible()
    assert "TensorFlow checkpoints" in window.welcome.text()
    assert "drop one here" in window.welcome.text()
    assert not window.welcome.findChild(QListWidget).isVisible()


def test_the_sample_opens_from_there(open_quiet, qtbot):
    window = open_quiet()
    button(window, "Open the sample").click()
    settle(qtbot, window)
    assert window.session.state.document.path == sample_run() / "digits-2000"
    assert not window.welcome.isVisible()


def test_a_folder_without_checkpoints_says_what_was_looked_for_and_found(open_quiet, tmp_path):
    (tmp_path / "weights.h5").write_bytes(b"x")
    window = open_quiet(tmp_path)
    text = window.welcome.text()
    assert f"{tmp_path} holds no TensorFlow checkpoint." in text
    assert "Looked for .index" in text
    assert ".h5 (1)" in text
    assert window.session.state.roots == (tmp_path,)
    assert window.welcome.findChild(QWidget, "message").isVisible()


def test_recent_folders_can_be_opened_again(open_quiet, qtbot):
    window = open_quiet(sample_run())
    window.actions_by_name["close_tab"].trigger()
    recent = window.welcome.findChild(QListWidget)
    assert [recent.item(row).text() for row in range(recent.count())] == [str(sample_run())]
    recent.itemActivated.emit(recent.item(0))
    settle(qtbot, window)
    assert window.session.state.document is not None


@pytest.mark.parametrize("name", ["<b>bold<b>", "a\u202eb", "a&b"])
def test_names_of_recent_folders_are_plain(open_quiet, qtbot, tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    window = open_quiet(folder)
    recent = window.welcome.findChild(QListWidget)
    assert recent.item(0).text().endswith(name.replace("\u202e", "\\u202e"))


def test_opening_a_folder_is_what_stands_out(open_quiet):
    window = open_quiet()
    assert button(window, "Open folder…").isDefault()
    assert not button(window, "Open the sample").isDefault()
