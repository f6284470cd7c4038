"""The small widgets that say something: sentence, message bar, loading veil, read-out."""

from threading import Event

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QPushButton, QToolButton, QWidget

from ckpt_viewer.errors import Problem
from ckpt_viewer.ui import readout
from ckpt_viewer.ui.widgets.loading import Loading
from ckpt_viewer.ui.widgets.message_bar import MessageBar
from ckpt_viewer.ui.widgets.sentence import Sentence

MISSING = Problem("missing-shard", "m.data is not there.", "Copy it beside the index.")


def test_a_sentence_replaces_its_buttons(qtbot):
    pressed = []
    sentence = Sentence("One.", "More.", [("Old", lambda: pressed.append("old"))])
    qtbot.addWidget(sentence)
    sentence.show()
    sentence.set("Two.", "", [("New", lambda: pressed.append("new"))])
    qtbot.waitUntil(lambda: len(sentence.findChildren(QPushButton)) == 1)
    only = sentence.findChild(QPushButton)
    assert only.text() == "New"
    only.click()
    assert pressed == ["new"]
    assert sentence.text() == "Two."


def test_a_message_is_hidden_until_there_is_something_to_say(qtbot):
    bar = MessageBar()
    qtbot.addWidget(bar)
    assert not bar.isVisible()
    bar.show_problem(MISSING)
    assert bar.isVisible()
    assert bar.text() == "m.data is not there.\nCopy it beside the index."
    bar.clear()
    assert not bar.isVisible()
    assert bar.text() == ""


def test_several_problems_are_counted_and_all_copied(qtbot):
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_problems([MISSING, Problem("bad-checksum", "w is damaged.")])
    assert "And 1 more." in bar.text()
    copy = next(button for button in bar.findChildren(QToolButton) if button.text() == "Copy details")
    copy.click()
    assert "w is damaged." in QGuiApplication.clipboard().text()


def test_a_message_offers_what_can_be_done(qtbot):
    pressed = []
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_problem(MISSING, [("Locate…", lambda: pressed.append("locate"))])
    next(button for button in bar.findChildren(QPushButton) if button.text() == "Locate…").click()
    assert pressed == ["locate"]


@pytest.fixture
def busy(qtbot, tasks):
    """A widget under a veil, and endless work in its lane that has told how far it is."""
    target, started = QWidget(), Event()
    target.resize(400, 300)
    qtbot.addWidget(target)
    veil = Loading(target, tasks, ["lane"])
    target.show()

    def work(cancel):
        while True:
            cancel.report(1, 4)
            started.set()

    told = []
    tasks.start("lane", work, done=told.append, failed=told.append, cancelled=lambda: told.append("stopped"))
    started.wait()
    return target, veil, told


def test_nothing_is_dimmed_at_first_then_a_bar_with_a_figure(qtbot, busy):
    _, veil, _ = busy
    assert not veil.isVisible()
    qtbot.waitUntil(veil.isVisible)
    assert veil._card._bar.value() == 25


def test_cancel_ends_the_work_and_lifts_the_veil(qtbot, busy, tasks):
    _, veil, told = busy
    qtbot.waitUntil(veil.isVisible)
    veil._card.cancel.click()
    assert told == ["stopped"]
    assert not veil.isVisible()
    assert not veil._card.isVisible()


def test_a_read_out_reaches_the_status_bar_of_its_window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    view = QWidget()
    window.setCentralWidget(view)
    window.statusBar()
    readout.show(view, "w [2, 1] = 0.03")
    assert window.statusBar().currentMessage() == "w [2, 1] = 0.03"
    readout.show(view, "")
    assert window.statusBar().currentMessage() == ""


def test_a_read_out_outside_of_a_window_is_no_fault(qtbot):
    view = QWidget()
    qtbot.addWidget(view)
    readout.show(view, "w = 1")
