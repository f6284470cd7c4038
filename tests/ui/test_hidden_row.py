"""A variable whose row the filter leaves out stays in the lower half, which says so and leads back."""

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from ckpt_viewer.resources import sample_run
from tests.ui.conftest import settle

CHOSEN, OTHER = "conv2/kernel", "dense/bias"


@pytest.fixture
def window(open_quiet, qtbot):
    window = open_quiet(sample_run() / "digits-2000")
    window.session.update(window.session.state.current, variable=CHOSEN, view="Histogram")
    settle(qtbot, window)
    return window


def note(window):
    buttons = window.documents.page().values.findChildren(QPushButton)
    return next(button for button in buttons if button.text().startswith("Hidden by the filter"))


def choose(window, **fields):
    window.session.update(window.session.state.current, **fields)


@pytest.mark.parametrize("by", [{"filter": "dense"}, {"role": "slot"}, {"filter": "nothing like that"}])
@pytest.mark.parametrize("by_scope", [False, True])
def test_it_says_so_and_leads_back(window, by, by_scope):
    page = window.documents.page()
    page.variables._by_scope.setChecked(by_scope)
    assert not note(window).isVisible()
    choose(window, **by)
    assert page.values.variable.name == CHOSEN
    assert page.values.findChild(QWidget, "histogram").isVisible()
    assert note(window).isVisible()
    note(window).click()
    assert not note(window).isVisible()
    assert (page.document.filter, page.document.role) == ("", None)
    assert [variable.name for variable in page.variables.selected_variables()] == [CHOSEN]


def test_it_says_nothing_while_the_filter_shows_the_row(window):
    for text in ("conv2", "kernel role:weight", ""):
        choose(window, filter=text)
        assert not note(window).isVisible()


def test_a_row_chosen_in_its_stead_ends_it(window):
    choose(window, filter="dense")
    choose(window, variable=OTHER)
    assert not note(window).isVisible()
    assert window.documents.page().values.variable.name == OTHER
    choose(window, filter="")
    assert not note(window).isVisible()


def test_a_tab_that_opens_with_a_filter_says_so_too(open_quiet, window, qtbot):
    choose(window, filter="dense")
    again = open_quiet(session=window.session)
    assert note(again).isVisible()
