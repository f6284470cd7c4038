"""Widgets go on as many lines as the width asks for, and are laid out anew when any of them changes."""

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ckpt_viewer.ui.widgets.flow_layout import SPACING, FlowLayout

WIDTH, HEIGHT = 100, 20


@pytest.fixture(params=["by itself", "within a column"])
def flow(qtbot, request):
    whole = QWidget()
    qtbot.addWidget(whole)
    flow = FlowLayout(whole) if request.param == "by itself" else FlowLayout()
    if flow.parent() is None:
        QVBoxLayout(whole).addLayout(flow)
        whole.layout().setContentsMargins(0, 0, 0, 0)
    for _ in range(3):
        flow.addWidget(box())
    whole.resize(2 * WIDTH + SPACING, 200)
    whole.show()
    flow.whole = whole  # would go with it
    return flow


def box():
    label = QLabel()
    label.setFixedSize(WIDTH, HEIGHT)
    return label


def widgets(flow):
    return [flow.itemAt(place).widget() for place in range(flow.count())]


def tops(flow):
    return [widget.y() for widget in widgets(flow)]


def test_two_fit_on_a_line_and_the_third_begins_another(flow):
    assert tops(flow) == [0, 0, HEIGHT + SPACING]
    assert flow.heightForWidth(2 * WIDTH + SPACING) == 2 * HEIGHT + SPACING
    assert flow.heightForWidth(3 * WIDTH + 2 * SPACING) == HEIGHT
    assert flow.heightForWidth(WIDTH) == 3 * HEIGHT + 2 * SPACING


def test_one_that_is_hidden_leaves_its_place_to_the_next(qtbot, flow):
    widgets(flow)[0].hide()
    qtbot.waitUntil(lambda: tops(flow)[2] == 0)
    assert flow.heightForWidth(2 * WIDTH + SPACING) == HEIGHT


def test_one_that_grows_pushes_the_next_to_another_line(qtbot, flow):
    widgets(flow)[0].setFixedSize(WIDTH + 1, HEIGHT)
    qtbot.waitUntil(lambda: tops(flow)[1] == HEIGHT + SPACING)
    assert tops(flow) == [0, HEIGHT + SPACING, HEIGHT + SPACING]


def test_one_that_comes_or_goes_counts(qtbot, flow):
    flow.addWidget(box())
    qtbot.waitUntil(lambda: flow.heightForWidth(WIDTH) == 4 * HEIGHT + 3 * SPACING)
    gone = flow.takeAt(0).widget()
    gone.deleteLater()
    assert flow.heightForWidth(WIDTH) == 3 * HEIGHT + 2 * SPACING
