import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ckpt_viewer.ui import theme


@pytest.fixture
def app(qapp):
    """The application, put back to what the other tests see."""
    sheet, palette = qapp.styleSheet(), qapp.palette()
    yield qapp
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setStyleSheet(sheet)


@pytest.mark.parametrize(("scheme", "wanted"), [("dark", theme.DARK), ("light", theme.LIGHT)])
def test_palette_and_sheet_are_those_of_the_scheme(app, qtbot, scheme, wanted):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    theme.apply(app, scheme)
    assert app.styleSheet() == theme.style_sheet(wanted)
    assert widget.palette().color(QPalette.ColorRole.Window).name() == wanted.window
    assert theme.current() is wanted


def test_another_style_gives_way_to_fusion_and_fusion_stays(app):
    app.setStyleSheet("")
    app.setStyle("Windows")
    for scheme in ("dark", "light"):
        theme.apply(app, scheme)
        app.setStyleSheet("")
        assert app.style().name() == "fusion"


def test_no_sheet_is_put_in_the_place_of_another(app, monkeypatch):
    theme.apply(app, "light")
    put: list[str] = []
    set_sheet = QApplication.setStyleSheet
    monkeypatch.setattr(
        QApplication, "setStyleSheet", lambda app, text: (put.append(text), set_sheet(app, text))
    )
    theme.apply(app, "dark")
    assert put == ["", theme.style_sheet(theme.DARK)]
