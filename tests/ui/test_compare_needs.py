"""What Compare asks for, and which of two saves becomes A."""

import os
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolBar

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import ComparisonDocument
from tests.ui.conftest import settle

NEEDED = "Select two saves in the tree (Ctrl+click) to compare them."


def pick(window, *names):
    window.session.change(
        selected=tuple(name if isinstance(name, Path) else sample_run() / name for name in names)
    )


def press_compare(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)


def compared(window):
    document = window.session.state.document
    return (document.a.name, document.b.name) if isinstance(document, ComparisonDocument) else None


@pytest.mark.parametrize("names", [(), ("digits-1000",), ("digits-1000", "digits-1250", "digits-1500")])
def test_with_another_number_than_two_it_says_what_it_needs(open_quiet, qtbot, names):
    window = open_quiet(sample_run())
    pick(window, *names)
    press_compare(window, qtbot)
    assert compared(window) is None
    assert window.statusBar().currentMessage() == NEEDED
    action = window.actions_by_name["compare"]
    button = window.findChild(QToolBar).widgetForAction(action)
    assert (button.isEnabled(), button.toolTip()) == (False, f"Compare (Ctrl+D)\n{NEEDED}")


def test_with_two_it_says_nothing_and_compares(open_quiet, qtbot):
    window = open_quiet(sample_run())
    pick(window, "digits-1000", "digits-1250")
    assert window.actions_by_name["compare"].toolTip() == "Compare (Ctrl+D)"
    press_compare(window, qtbot)
    assert compared(window) == ("digits-1000", "digits-1250")
    assert window.statusBar().currentMessage() == ""


def test_the_older_of_two_saves_of_a_run_is_a(open_quiet, qtbot):
    window = open_quiet(sample_run())
    pick(window, "digits-2000", "digits-1250")
    press_compare(window, qtbot)
    assert compared(window) == ("digits-1250", "digits-2000")


def test_saves_of_different_runs_keep_the_order_they_were_picked_in(open_quiet, qtbot, tmp_path):
    for name in ("other-5", "digits-1500"):
        for file in sample_run().glob("digits-1000.*"):
            shutil.copy(file, tmp_path / file.name.replace("digits-1000", name))
    window = open_quiet(tmp_path)
    pick(window, tmp_path / "digits-1500", tmp_path / "other-5")
    press_compare(window, qtbot)
    assert compared(window) == ("digits-1500", "other-5")


def test_where_a_save_has_no_step_the_time_decides(open_quiet, qtbot, tmp_path):
    for name, time in (("digits", 1_000_000), ("digits-1500", 2_000_000)):
        for file in sample_run().glob("digits-1000.*"):
            target = tmp_path / file.name.replace("digits-1000", name)
            shutil.copy(file, target)
            os.utime(target, (time, time))
    window = open_quiet(tmp_path)
    pick(window, tmp_path / "digits-1500", tmp_path / "digits")
    press_compare(window, qtbot)
    assert compared(window) == ("digits", "digits-1500")
