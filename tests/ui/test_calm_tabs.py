"""What stands in tabs is painted when it changes, not when its neighbour asks for another size."""

import pytest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ckpt_viewer.ui.widgets.calm_tabs import CalmTabs


class Canvas(QWidget):
    paintings = 0

    def paintEvent(self, event):
        self.paintings += 1


@pytest.fixture
def canvas():
    return Canvas()


@pytest.fixture
def label():
    return QLabel("short")


@pytest.fixture
def tabs(qtbot, canvas, label):
    """Tabs in tabs, with a canvas and a label in the inner ones."""
    page, inner, outer = QWidget(), CalmTabs(), CalmTabs()
    row = QHBoxLayout(page)
    row.addWidget(label)
    row.addWidget(canvas, 1)
    inner.addTab(page, "page")
    outer.addTab(inner, "inner")
    qtbot.addWidget(outer)
    outer.resize(600, 400)
    outer.show()
    qtbot.wait(50)
    return outer


def test_another_size_wanted_inside_paints_nothing_else_again(qtbot, tabs, canvas, label):
    label.setFixedWidth(label.width())  # so that the canvas keeps its place
    qtbot.wait(50)
    before = canvas.paintings
    label.setMinimumHeight(50)
    qtbot.wait(50)
    assert canvas.paintings == before


def test_what_needs_more_room_gets_it(qtbot, tabs, label):
    label.setText("a text that is much longer than the one before")
    qtbot.wait(50)
    assert label.width() >= label.sizeHint().width()
    label.setMinimumWidth(900)
    qtbot.wait(50)
    assert tabs.minimumSizeHint().width() >= 900


def test_a_higher_tab_bar_moves_what_is_below_it(qtbot, tabs, canvas):
    before = canvas.mapTo(tabs, canvas.rect().topLeft()).y()
    font = tabs.tabBar().font()
    font.setPointSize(3 * font.pointSize())
    tabs.tabBar().setFont(font)
    qtbot.wait(50)
    assert canvas.mapTo(tabs, canvas.rect().topLeft()).y() > before


def test_what_comes_to_the_front_is_laid_out(qtbot, tabs):
    other = QWidget()
    tabs.addTab(other, "other")
    tabs.setCurrentWidget(other)
    qtbot.wait(50)
    assert other.isVisible()
    assert other.width() > 0.9 * tabs.width()
