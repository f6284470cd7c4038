"""Through the tabs by key, wherever the focus is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTableView

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import CheckpointDocument
from ckpt_viewer.ui.widgets.filter_field import FilterField
from tests.ui.conftest import settle

KEY, CONTROL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
FORTH = [(KEY.Key_Tab, CONTROL), (KEY.Key_PageDown, CONTROL)]
BACK = [(KEY.Key_Backtab, CONTROL | SHIFT), (KEY.Key_Tab, CONTROL | SHIFT), (KEY.Key_PageUp, CONTROL)]
DOCUMENTS = [CheckpointDocument(sample_run() / f"digits-{step}") for step in (1000, 1500, 2000)]


@pytest.fixture
def window(open_quiet, qtbot):
    window = open_quiet()
    for document in DOCUMENTS:
        window.session.show(document)
    settle(qtbot, window)
    window.activateWindow()
    return window


def press(qtbot, window, key, modifiers):
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifiers)
    settle(qtbot, window)
    return [document.key for document in DOCUMENTS].index(window.session.state.current)


def in_table(window):
    return window.documents.page().findChild(QTableView, "variableTable")


def in_filter(window):
    return window.documents.page().findChild(FilterField)


def in_tree(window):
    return window.tree


@pytest.mark.parametrize("place", [in_table, in_filter, in_tree])
@pytest.mark.parametrize(("keys", "expected"), [(FORTH, [0, 1]), (BACK, [1, 0, 2])])
def test_keys_go_from_tab_to_tab_and_around(window, qtbot, place, keys, expected):
    place(window).setFocus()
    assert [press(qtbot, window, *key) for key in keys] == expected
    assert window.documents.page().key == window.session.state.current


def test_a_single_tab_stays(open_quiet, qtbot):
    window = open_quiet(sample_run())
    window.activateWindow()
    in_table(window).setFocus()
    qtbot.keyClick(in_table(window), *FORTH[1])
    assert window.documents.count() == 1
    assert not window.actions_by_name["next_tab"].isEnabled()
