"""Letters typed in a table, as Qt's own view takes them."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.ui.item_models.variable_table import VariableTableModel

NAMES = ["alpha", "Beta", "bias", "gamma", "beta/kernel"]


@pytest.fixture
def view(qtbot, qapp):
    interval = qapp.keyboardInputInterval()
    qapp.setKeyboardInputInterval(1)
    view = QTableView()
    qtbot.addWidget(view)
    model = VariableTableModel(view)
    model.set_variables([Variable(name, "float32", (1,), 4) for name in NAMES])
    view.setModel(model)
    view.setCurrentIndex(model.index(0, 0))
    yield view
    qapp.setKeyboardInputInterval(interval)


def typed(view, text):
    QTest.qWait(5)  # longer than letters of one word are apart
    view.keyboardSearch(text)
    return NAMES[view.currentIndex().row()]


def test_letters_lead_to_the_next_name_that_begins_with_them(view):
    assert typed(view, "bi") == "bias"
    assert typed(view, "BETA/") == "beta/kernel"
    assert typed(view, "al") == "alpha"


def test_what_no_name_begins_with_leads_nowhere_and_asks_for_no_text(view, monkeypatch):
    monkeypatch.setattr(VariableTableModel, "data", lambda *_: pytest.fail("asked"))
    assert typed(view, "kernel") == "alpha"


def test_an_empty_table_has_nothing_to_lead_to(view):
    view.model().set_variables([])
    view.keyboardSearch("a")
    assert not view.currentIndex().isValid()
