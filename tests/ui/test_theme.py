import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QPushButton, QTabWidget, QVBoxLayout, QWidget

from ckpt_viewer.ui import theme


@pytest.fixture
def app(qapp):
    """The application, put back to what the other tests see."""
    palette = qapp.palette()
    yield qapp
    qapp.setPalette(palette)


def shade(button: QPushButton) -> str:
    """As it is painted."""
    return button.grab().toImage().pixelColor(button.rect().center()).name()


@pytest.fixture
def pages(app, qtbot):
    """Tabs in light colours, each of them looked at, with more in them than takes on others in one turn."""
    theme.apply(app, "light")
    tabs = QTabWidget()
    qtbot.addWidget(tabs)
    theme.dress(tabs)
    for number in range(4):
        page = QWidget()
        QVBoxLayout(page).addWidget(QPushButton(objectName=f"button-{number}"))
        for _ in range(theme._AT_ONCE):
            QWidget(page).hide()
        tabs.addTab(page, "")
    tabs.show()
    for number in reversed(range(4)):
        tabs.setCurrentIndex(number)
        shade(tabs.findChild(QPushButton, f"button-{number}"))
    return tabs


@pytest.mark.parametrize(("scheme", "wanted"), [("dark", theme.DARK), ("light", theme.LIGHT)])
def test_palette_and_sheet_are_those_of_the_scheme(app, qtbot, scheme, wanted):
    button = QPushButton()
    qtbot.addWidget(button)
    theme.dress(button)
    button.show()
    for each in ("light", "dark", scheme):
        theme.apply(app, each)
    assert shade(button) == wanted.raised
    assert app.palette().color(QPalette.ColorRole.Window).name() == wanted.window
    assert theme.current() is wanted


def test_what_is_in_sight_changes_at_once_and_what_is_hidden_soon(app, qtbot, pages):
    buttons = [pages.findChild(QPushButton, f"button-{number}") for number in range(4)]
    assert {shade(button) for button in buttons} == {theme.LIGHT.raised}
    theme.apply(app, "dark")
    assert [shade(button) for button in buttons] == [theme.DARK.raised, *[theme.LIGHT.raised] * 3]
    qtbot.waitUntil(lambda: {shade(button) for button in buttons} == {theme.DARK.raised})


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_that_comes_into_sight_meanwhile_is_the_next(app, qtbot, pages, number):
    theme.apply(app, "dark")
    steps = pages.findChild(theme._Dress)
    pages.setCurrentIndex(number)
    steps.timeout.emit()
    hidden = next(other for other in (1, 2, 3) if other != number)
    assert shade(pages.findChild(QPushButton, f"button-{number}")) == theme.DARK.raised
    assert shade(pages.findChild(QPushButton, f"button-{hidden}")) == theme.LIGHT.raised


def test_what_is_gone_before_its_turn_is_left_out(app, qtbot, pages):
    theme.apply(app, "dark")
    pages.widget(2).deleteLater()
    pages.removeTab(2)
    last = pages.findChild(QPushButton, "button-3")
    qtbot.waitUntil(lambda: not pages.findChild(theme._Dress).isActive())
    assert shade(last) == theme.DARK.raised


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
