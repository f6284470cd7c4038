"""What was drawn in the colours of one scheme is drawn again in those of the next."""

import pytest
from PySide6.QtGui import QImage, QTextCursor
from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QTabWidget, QTreeWidget

from ckpt_viewer.resources import sample_run
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.icons import icon
from tests.ui.conftest import settle


@pytest.fixture
def change_to(qapp):
    """Changes the scheme, and puts back what the other tests see."""
    palette = qapp.palette()
    yield lambda scheme: theme.apply(qapp, scheme)
    theme.apply(qapp, "light")
    qapp.setPalette(palette)


def drawn(shown) -> QImage:
    return shown.pixmap(16, 16).toImage()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_icons_of_tabs(qtbot, open_quiet, change_to, scheme):
    change_to("light" if scheme == "dark" else "dark")
    window = open_quiet(sample_run() / "digits-2000")
    change_to(scheme)
    settle(qtbot, window)
    documents, pages = window.documents, window.findChild(QTabWidget, "pages")
    assert drawn(documents.tabIcon(0)) == drawn(icon("checkpoint"))
    names = ("variables", "graph", "summary")
    assert [drawn(pages.tabIcon(n)) for n in range(3)] == [drawn(icon(name)) for name in names]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_details(qtbot, open_quiet, change_to, scheme):
    change_to("light" if scheme == "dark" else "dark")
    window = open_quiet(sample_run() / "digits-2000")
    change_to(scheme)
    settle(qtbot, window)
    found = window.details.document().find("kind")
    assert isinstance(found, QTextCursor)
    assert found.charFormat().foreground().color().name() == theme.current().muted.lower()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_keys_in_the_command_search(qtbot, open_quiet, change_to, scheme):
    change_to("light" if scheme == "dark" else "dark")
    window = open_quiet()
    window.actions_by_name["search"].trigger()
    change_to(scheme)
    offers = window.findChild(QDialog, "commandSearch").findChild(QTreeWidget)
    line = offers.visualItemRect(offers.topLevelItem(1))
    picture = offers.viewport().grab(line).toImage()
    shades = {picture.pixelColor(x, y).name() for x in range(line.width()) for y in range(line.height())}
    assert shades >= {theme.current().surface, theme.current().text, theme.current().muted}
    assert line.height() > offers.fontMetrics().height() + 4


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_headline_of_a_verification(qtbot, open_quiet, change_to, scheme):
    change_to("light" if scheme == "dark" else "dark")
    window = open_quiet(sample_run() / "digits-2000")
    window.actions_by_name["verify"].trigger()
    qtbot.waitUntil(lambda: window.findChild(QDialog, "verification") is not None)
    change_to(scheme)
    labels = window.findChild(QDialog, "verification").findChildren(QLabel)
    headline = next(label for label in labels if label.text().startswith("✓"))
    qtbot.waitUntil(lambda: headline.palette().windowText().color().name() == theme.current().good)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_folders_opened_lately(qtbot, open_quiet, change_to, scheme):
    change_to("light" if scheme == "dark" else "dark")
    window = open_quiet(sample_run() / "digits-2000")
    window.actions_by_name["close_tab"].trigger()
    settle(qtbot, window)
    change_to(scheme)
    recent = window.welcome.findChild(QListWidget)
    assert recent.count()
    assert drawn(recent.item(0).icon()) == drawn(icon("folder"))


@pytest.mark.parametrize("scheme", ["dark", "light", "system"])
def test_the_menu_marks_the_colours_in_use_also_at_the_next_start(qtbot, open_quiet, change_to, scheme):
    for scheme_before in ("system", "light", scheme):
        window = open_quiet()
        window.actions_by_name[f"theme_{scheme_before}"].trigger()
    again = open_quiet()
    for shown in (window, again):
        names = ("theme_system", "theme_light", "theme_dark")
        marked = [name for name in names if shown.actions_by_name[name].isChecked()]
        assert marked == [f"theme_{scheme}"]
