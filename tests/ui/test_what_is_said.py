"""What the window says above the tabs when it opens what it was given."""

import shutil

import pytest
from PySide6.QtWidgets import QWidget

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import CheckpointDocument
from ckpt_viewer.ui.widgets.few_lines import FewLines
from tests.ui.conftest import settle


@pytest.fixture
def run_folder(tmp_path):
    """The sample run, its newest save without an index."""
    folder = shutil.copytree(sample_run(), tmp_path / "run")
    (folder / "digits-2000.index").unlink()
    return folder


def shown_message(window):
    widgets = [widget for widget in window.findChildren(QWidget, "message") if widget.isVisible()]
    return "\n".join(widget.text() for widget in widgets)


def test_no_backticks_stand_in_it(open_quiet, run_folder):
    pointer = run_folder / "fetched-1.index"
    pointer.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    window = open_quiet(pointer)
    assert "Run git lfs pull in its repository" in shown_message(window)


def test_each_of_several_problems_has_a_paragraph(open_quiet, tmp_path):
    lost = [tmp_path / f"lost-{number}.index" for number in range(12)]
    window = open_quiet(sample_run(), *lost)
    heading, *lines = shown_message(window).split("\n")
    assert (heading, len(lines)) == ("12 problems", 12)
    for path, line in zip(lost, lines, strict=True):
        assert line.startswith("• ")
        assert str(path) in line


def test_many_problems_leave_room_for_the_tabs_and_scroll(open_quiet, tmp_path):
    one = open_quiet(sample_run(), tmp_path / "lost.index")
    many = open_quiet(sample_run(), *(tmp_path / f"lost-{number}.index" for number in range(40)))
    assert one.message.height() < many.message.height() < many.documents.height() / 3
    [said] = many.message.findChildren(FewLines)
    assert said.verticalScrollBar().maximum() > 0
    assert one.message.findChildren(FewLines)[0].verticalScrollBar().maximum() == 0


def test_without_a_tab_the_welcome_page_says_them_alike(open_quiet, tmp_path):
    window = open_quiet(tmp_path / "lost-1.index", tmp_path / "lost-2.index")
    assert window.welcome.text().startswith("2 problems • ")


SAID = "A newer save cannot be opened: There is no file "


def test_an_older_save_that_opens_says_why_it_is_not_the_newest(open_quiet, run_folder):
    window = open_quiet(run_folder)
    assert window.session.state.document.path.name == "digits-1750"
    assert shown_message(window).startswith(f"{SAID}{run_folder / 'digits-2000.index'}")


def test_so_does_one_opened_by_its_folder_in_the_tree(open_quiet, qtbot, run_folder):
    window = open_quiet(run_folder / "digits-1000")
    assert shown_message(window) == ""
    window.tree._activate(window.tree.model().index(0, 0))
    settle(qtbot, window)
    assert window.session.state.document.path.name == "digits-1750"
    assert shown_message(window).startswith(SAID)
    window.session.show(CheckpointDocument(run_folder / "digits-1500"))
    assert shown_message(window) == ""


def test_nothing_is_said_where_the_newest_opens(open_quiet):
    assert shown_message(open_quiet(sample_run())) == ""
