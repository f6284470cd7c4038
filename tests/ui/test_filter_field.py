import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ckpt_viewer.resources import sample_run
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets.filter_field import FilterField
from tests.ui.conftest import settle

UNCLEAR = ("/[/", "role:foo", "size:abc", "conv1 shape:axb")


@pytest.fixture
def field(qtbot):
    page, field = QWidget(), FilterField()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    column.addWidget(field)
    column.addWidget(field.why)
    page.show()
    yield field
    page.close()


@pytest.fixture
def in_light_colours(qapp):
    palette = qapp.palette()
    theme.apply(qapp, "light")
    yield
    qapp.setPalette(palette)


def colours_on_the_edge(field):
    picture = field.grab().toImage()
    return {picture.pixelColor(x, 0).name() for x in range(picture.width())}


@pytest.mark.parametrize("text", UNCLEAR)
def test_a_filter_that_is_not_understood_says_why(field, text):
    field.setText(text)
    assert field.why.isVisible()
    assert field.accessibleDescription() in field.why.text()
    assert field.accessibleDescription().endswith(".")


@pytest.mark.parametrize("text", ["", "conv*", "/conv[12]/", "role:slot size:>1M", "size:"])
def test_a_filter_that_is_understood_is_quiet(field, text):
    field.setText("role:foo")
    field.setText(text)
    assert not field.why.isVisible()
    assert field.accessibleDescription() == ""
    assert "shape:3x3" in field.toolTip()


def test_its_border_is_that_of_danger_until_it_is_mended(field, in_light_colours):
    danger = theme.LIGHT.danger
    field.setStyleSheet(theme.style_sheet())
    assert danger not in colours_on_the_edge(field)
    field.setText("/[/")
    assert danger in colours_on_the_edge(field)
    field.setText("/[a]/")
    assert danger not in colours_on_the_edge(field)


def test_the_table_says_it_and_keeps_its_rows(open_quiet, qtbot):
    window = open_quiet(sample_run() / "digits-2000")
    field = window.findChild(FilterField, "variableFilter")
    field.setText("conv1")
    rows = window.documents.page().variables.model.rowCount()
    field.setText("conv1 role:foo")
    assert window.documents.page().variables.model.rowCount() == rows
    assert "foo is no role" in field.why.text()
    assert field.why.isVisible()


def test_the_comparison_says_it_too(open_quiet, qtbot):
    window = open_quiet(sample_run())
    window.session.compare(sample_run() / "digits-1750", sample_run() / "digits-2000")
    settle(qtbot, window)
    field = window.findChild(FilterField, "compareFilter")
    field.setText("size:abc")
    assert field.why.isVisible()
    assert "abc is no size" in field.why.text()


def test_an_expression_that_takes_too_long_is_left_out_and_told(open_quiet, qtbot, monkeypatch):
    monkeypatch.setattr("ckpt_viewer.session.name_patterns.PATIENCE", 0.0)
    window = open_quiet(sample_run())
    window.session.compare(sample_run() / "digits-1750", sample_run() / "digits-2000")
    settle(qtbot, window)
    field = window.findChild(FilterField, "compareFilter")
    field.setText("/conv.*[12]/")
    assert "takes too long for" in field.why.text()
    field.setText("conv")
    assert not field.why.isVisible()
    window.open_paths([sample_run() / "digits-2000"])
    settle(qtbot, window)
    field = window.findChild(FilterField, "variableFilter")
    everything = window.documents.page().variables.model.rowCount()
    field.setText("/conv.*[12]/")
    assert "takes too long for" in field.why.text()
    assert window.documents.page().variables.model.rowCount() == everything
    field.setText("")
    assert not field.why.isVisible()
