import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

from ckpt_viewer.ui import theme


@pytest.fixture
def app(qapp):
    """The application, put back to what the other tests see."""
    palette = qapp.palette()
    yield qapp
    qapp.setPalette(palette)


@pytest.mark.parametrize(("scheme", "wanted"), [("dark", theme.DARK), ("light", theme.LIGHT)])
def test_palette_and_sheet_are_those_of_the_scheme(app, qtbot, scheme, wanted):
    widget = QWidget()
    qtbot.addWidget(widget)
    theme.dress(widget)
    widget.show()
    theme.apply(app, scheme)
    assert widget.styleSheet() == theme.style_sheet(wanted)
    assert widget.palette().color(QPalette.ColorRole.Window).name() == wanted.window
    assert theme.current() is wanted


def test_another_style_gives_way_to_fusion_and_fusion_stays(app):
    app.setStyle("Windows")
    for scheme in ("dark", "light"):
        theme.apply(app, scheme)
        assert app.style().name() == "fusion"


def test_a_window_without_the_sheet_gets_none(app, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    theme.apply(app, "dark")
    assert not window.styleSheet()
