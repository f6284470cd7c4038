"""The menu of a row of the variables, asked for as the window system asks."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QTableView

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import ComparisonDocument, RunDocument
from ckpt_viewer.ui.export_dialog import ExportDialog
from ckpt_viewer.ui.item_models.variable_columns import NAME
from ckpt_viewer.ui.widgets.values_grid import ValuesGrid
from tests.ui.conftest import settle

ROW = "conv2/kernel"


@pytest.fixture
def window(open_quiet):
    return open_quiet(sample_run() / "digits-1500")


def ask(view, index, reason):
    """Right click, or the Menu key while the row is the current one."""
    place = view.visualRect(index).center()
    target = view
    if reason == QContextMenuEvent.Reason.Mouse:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=place)
        target = view.viewport()
    else:
        view.setFocus()
        view.setCurrentIndex(index)
    event = QContextMenuEvent(reason, place, view.viewport().mapToGlobal(place))
    QApplication.sendEvent(target, event)
    return QApplication.activePopupWidget()


def row_menu(window, qtbot, reason=QContextMenuEvent.Reason.Mouse, name=ROW):
    table = window.findChild(QTableView, "variableTable")
    index = table.model().index(table.model().row_of(name), NAME)
    table.scrollTo(index)
    menu = ask(table, index, reason)
    assert isinstance(menu, QMenu)
    settle(qtbot, window)
    return menu


def choose(menu, qtbot, window, text):
    """Click it."""
    action = next(each for each in menu.actions() if each.text().replace("&", "") == text)
    assert action.isEnabled()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    settle(qtbot, window)


@pytest.mark.parametrize("reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard])
def test_a_row_has_a_menu_of_what_can_be_done_with_it(window, qtbot, reason):
    menu = row_menu(window, qtbot, reason)
    texts = [action.text().replace("&", "") for action in menu.actions() if not action.isSeparator()]
    assert texts == [
        "Open in view",
        "Copy name",
        "Copy rows",
        "Export…",
        "Run over time",
        "Compare with the previous",
        "Op of the variable",
        "Filter by this scope",
    ]
    assert window.session.state.document.variable == ROW
    choose(menu, qtbot, window, "Copy name")
    assert QGuiApplication.clipboard().text() == ROW


def test_the_views_that_show_it_are_offered(window, qtbot):
    menu = row_menu(window, qtbot)
    views = [action.text() for action in menu.actions()[0].menu().actions()]
    assert "Heatmap" in views
    assert "Text" not in views
    menu.close()


def test_it_can_be_exported_and_followed(window, qtbot):
    choose(row_menu(window, qtbot), qtbot, window, "Export…")
    window.findChild(ExportDialog).close()
    choose(row_menu(window, qtbot), qtbot, window, "Run over time")
    document = window.session.state.document
    assert (document.key, document.variable) == (RunDocument(sample_run(), "digits").key, ROW)


def test_it_is_about_the_checkpoint_in_front_whatever_the_tree_has_selected(window, qtbot):
    tree = window.tree
    other = tree.model().index_of(tree.model().find(sample_run() / "digits-2000"))
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualRect(other).center())
    settle(qtbot, window)
    assert "digits-2000" in window.details.toPlainText().splitlines()[0]
    choose(row_menu(window, qtbot), qtbot, window, "Compare with the previous")
    expected = ComparisonDocument(sample_run() / "digits-1250", sample_run() / "digits-1500")
    assert window.session.state.current == expected.key


def test_the_scope_of_a_row_becomes_the_filter(window, qtbot):
    choose(row_menu(window, qtbot), qtbot, window, "Filter by this scope")
    assert window.session.state.document.filter == "conv2/*"


def test_a_scope_of_the_tree_has_a_menu_too(window, qtbot):
    panel = window.documents.page().variables
    panel._by_scope.click()
    settle(qtbot, window)
    tree = panel.tree
    index = tree.tree.index_of(ROW).parent()
    menu = ask(tree, index, QContextMenuEvent.Reason.Mouse)
    assert "Run over time" not in [action.text().replace("&", "") for action in menu.actions()]
    choose(menu, qtbot, window, "Filter by this scope")
    assert window.session.state.document.filter == "conv2/*"


def test_values_are_copied_by_menu_too(window, qtbot):
    window.session.update(window.session.state.current, variable=ROW, view="Values")
    settle(qtbot, window)
    grid = window.findChild(ValuesGrid)
    QTimer.singleShot(50, lambda: choose(QApplication.activePopupWidget(), qtbot, window, "Copy"))
    ask(grid, grid.model().index(0, 0), QContextMenuEvent.Reason.Keyboard)  # returns once the menu is closed
    assert float(QGuiApplication.clipboard().text())
