"""Pages are made, shown and taken down in turns of the event loop; anything may come between."""

import sys
from threading import get_ident
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument, GraphDocument, RunDocument
from ckpt_viewer.ui import late_imports
from ckpt_viewer.ui.documents import comparison_page
from ckpt_viewer.ui.widgets.curtain import LONGEST_MS, Curtain
from ckpt_viewer.ui.widgets.picture_stage import SHOWN
from tests.ui.conftest import settle

RUN = sample_run()
SAVES = [RUN / f"digits-{step}" for step in (1000, 1500, 2000)]
DOCUMENTS = {
    "checkpoint": CheckpointDocument(SAVES[0]),
    "comparison": ComparisonDocument(SAVES[0], SAVES[2]),
    "graph": GraphDocument(SAVES[2].with_name(f"{SAVES[2].name}.meta")),
    "run": RunDocument(RUN, "digits"),
}
TURNS = range(0, 40, 3)  # some while its parts are made, some while it opens, some afterwards

kinds = pytest.mark.parametrize("kind", DOCUMENTS)


def go_on(turns):
    for _ in range(turns):
        QApplication.processEvents()
        QTest.qWait(1)


def stage_of(window):
    return window.documents.findChild(QStackedWidget)


def place_of(window):
    stage = stage_of(window)
    return QRect(stage.mapTo(window, QPoint(0, 0)), stage.size())


def on_screen(window):
    """What is seen where pages are; nothing is painted for this."""
    picture = window.screen().grabWindow(window.winId(), *place_of(window).getRect())
    return picture.toImage().convertToFormat(QImage.Format.Format_RGB32)


def seen_behind_the_curtain(window):
    """What is on the screen after each turn until it rises; the last is what it showed then."""
    seen = [on_screen(window)]
    while not stage_of(window).updatesEnabled():
        QApplication.processEvents()
        seen.append(on_screen(window))
    return seen


def painted_anew(window):
    return window.grab(place_of(window)).toImage().convertToFormat(QImage.Format.Format_RGB32)


@kinds
def test_a_tab_may_be_closed_at_any_time_while_it_is_made(qtbot, open_quiet, kind):
    window = open_quiet()
    for turns in TURNS:
        window.session.show(DOCUMENTS[kind])
        go_on(turns)
        window.session.close(DOCUMENTS[kind].key)
    settle(qtbot, window)
    assert window.documents.count() == 0
    assert not window.tasks.any_busy()


@kinds
def test_the_window_may_be_closed_at_any_time_while_a_page_is_made(qtbot, open_quiet, kind):
    for turns in TURNS[::3]:
        window = open_quiet()
        window.session.show(DOCUMENTS[kind])
        go_on(turns)
        window.close()
        assert not window.tasks.any_busy()


def test_many_tabs_may_be_closed_at_once(qtbot, open_quiet):
    window = open_quiet()
    for document in DOCUMENTS.values():
        window.session.show(document)
        settle(qtbot, window)
    while window.session.state.documents:
        window.actions_by_name["close_tab"].trigger()
    settle(qtbot, window)
    assert window.documents.count() == 0
    qtbot.waitUntil(lambda: not stage_of(window).findChildren(comparison_page.ComparisonPage))


def test_the_window_may_be_closed_while_pages_are_taken_down(qtbot, open_quiet):
    window = open_quiet()
    for document in DOCUMENTS.values():
        window.session.show(document)
        settle(qtbot, window)
    while window.session.state.documents:
        window.actions_by_name["close_tab"].trigger()
    window.close()


@kinds
def test_the_page_before_stays_in_sight_until_the_next_one_stands(qtbot, open_quiet, kind):
    window = open_quiet()
    window.session.show(CheckpointDocument(SAVES[1]))
    settle(qtbot, window)
    before = on_screen(window)
    window.session.show(DOCUMENTS[kind])
    seen = seen_behind_the_curtain(window)
    assert all(image == before for image in seen[:-1])
    settle(qtbot, window)
    assert on_screen(window) == painted_anew(window)


def test_closing_a_tab_leaves_no_hole_meanwhile(qtbot, open_quiet):
    window = open_quiet()
    for document in DOCUMENTS.values():
        window.session.show(document)
        settle(qtbot, window)
    before = on_screen(window)
    window.actions_by_name["close_tab"].trigger()
    seen = seen_behind_the_curtain(window)
    assert all(image == before for image in seen[:-1])
    settle(qtbot, window)
    assert on_screen(window) == painted_anew(window)


def test_going_back_to_a_page_shows_it_at_once_and_whole(qtbot, open_quiet):
    window = open_quiet()
    for document in DOCUMENTS.values():
        window.session.show(document)
        settle(qtbot, window)
    tab = window.documents.tabBar().tabRect(0).center()
    QTest.mouseClick(window.documents.tabBar(), Qt.MouseButton.LeftButton, pos=tab)
    settle(qtbot, window)
    assert window.session.state.current == DOCUMENTS["checkpoint"].key
    assert on_screen(window) == painted_anew(window)


def test_a_page_that_cannot_be_made_does_not_freeze_the_others(qtbot, open_quiet, monkeypatch):
    def broken(*_):
        raise ValueError("a bug")

    window = open_quiet()
    window.session.show(DOCUMENTS["checkpoint"])
    settle(qtbot, window)
    monkeypatch.setattr(comparison_page, "PairPictures", broken)
    with qtbot.captureExceptions() as caught:
        window.session.show(DOCUMENTS["comparison"])
        qtbot.wait(2 * LONGEST_MS)
    assert len(caught) == 1
    assert window.documents.currentWidget().updatesEnabled()


def test_a_step_to_the_save_before_shows_no_other_tab_meanwhile(qtbot, open_quiet):
    window = open_quiet()
    for save in SAVES:
        window.session.show(CheckpointDocument(save))
        settle(qtbot, window)
    shown = []
    stage_of(window).currentChanged.connect(lambda number: shown.append(window.documents.widget(number).key))
    window.session.replace(CheckpointDocument(SAVES[2]).key, ComparisonDocument(SAVES[0], SAVES[1]))
    assert set(shown) == {ComparisonDocument(SAVES[0], SAVES[1]).key}
    assert [document.key for document in window.session.state.documents] == [
        window.documents.widget(place).key for place in range(window.documents.count())
    ]


def test_the_screen_follows_those_who_click_faster_than_pages_are_made(qtbot):
    stage = QWidget()
    qtbot.addWidget(stage)
    curtain = Curtain(stage)
    clicks = QTimer(stage, interval=LONGEST_MS // 10)
    clicks.timeout.connect(lambda: stage.updatesEnabled() or curtain.fall())
    curtain.fall()
    clicks.start()
    qtbot.waitUntil(stage.updatesEnabled)


def test_the_module_of_a_page_is_loaded_in_a_worker(qtbot, open_quiet, monkeypatch):
    """The screen would wait where another worker is loading the same."""
    window, loaded = open_quiet(), []
    monkeypatch.setattr(late_imports, "is_missing", lambda name: name == "documents.run_page")
    monkeypatch.setattr(late_imports, "load", lambda cancel, names=(): loaded.append((names, get_ident())))
    window.session.show(DOCUMENTS["run"])
    settle(qtbot, window)
    [(names, thread)] = loaded
    assert (names, thread == get_ident()) == (("documents.run_page",), False)
    assert window.documents.page().key == DOCUMENTS["run"].key


@pytest.mark.parametrize("half_there", [True, False])
def test_a_module_that_is_still_being_imported_is_not_there_yet(monkeypatch, half_there):
    spec = SimpleNamespace(_initializing=half_there)
    monkeypatch.setitem(sys.modules, "ckpt_viewer.ui.documents.run_page", SimpleNamespace(__spec__=spec))
    assert late_imports.is_missing("documents.run_page") is half_there


@pytest.mark.parametrize("mode", SHOWN)
def test_a_comparison_looks_the_same_after_another_tab(qtbot, open_quiet, mode):
    window = open_quiet()
    window.session.show(DOCUMENTS["comparison"])
    window.session.update(DOCUMENTS["comparison"].key, mode=mode)
    settle(qtbot, window)
    window.session.show(DOCUMENTS["checkpoint"])
    settle(qtbot, window)
    window.session.show(DOCUMENTS["comparison"])
    settle(qtbot, window)
    qtbot.waitUntil(lambda: stage_of(window).updatesEnabled())
    qtbot.wait(50)
    seen = on_screen(window)
    assert seen == painted_anew(window)
