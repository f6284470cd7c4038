import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ckpt_viewer.ui.widgets.sentence import Sentence

LONG = "Bytes 5672 to 10856 of /models/run/digits-2000.data-00000-of-00001 are not those. " * 4


@pytest.fixture
def sentence(qtbot):
    sentence = Sentence("What is wrong", LONG, [("Show anyway", lambda: None)])
    qtbot.addWidget(sentence)
    sentence.resize(400, 500)
    sentence.show()
    return sentence


def lies_in_sight(sentence, part, edge):
    corner = part.rect().topLeft() if edge == "top" else part.rect().bottomLeft()
    return sentence.viewport().rect().contains(part.mapTo(sentence.viewport(), corner + QPoint(1, 0)))


def test_where_there_is_room_it_is_all_in_sight_and_leaves_the_focus_to_its_buttons(sentence):
    for part in (*sentence.findChildren(QLabel), sentence.findChild(QPushButton)):
        assert lies_in_sight(sentence, part, "top")
        assert lies_in_sight(sentence, part, "bottom")
    assert sentence.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_where_there_is_none_the_keys_lead_through_all_of_it(sentence):
    sentence.resize(300, 90)
    title, text = sentence.findChildren(QLabel)
    button = sentence.findChild(QPushButton)
    assert text.height() >= text.heightForWidth(text.width())
    assert lies_in_sight(sentence, title, "top")
    assert not lies_in_sight(sentence, button, "bottom")
    assert sentence.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(sentence, Qt.Key.Key_End)
    for _ in range(50):
        QTest.keyClick(sentence, Qt.Key.Key_Down)
    assert lies_in_sight(sentence, button, "bottom")
    assert sentence.horizontalScrollBar().maximum() == 0


def test_it_asks_for_no_more_room_than_there_is(sentence):
    assert sentence.minimumSizeHint().height() < 100


def test_whatever_it_says_next_it_asks_for_as_much_room_as_that_takes(qtbot):
    place, sentence = QWidget(), Sentence("What is wrong", LONG)
    qtbot.addWidget(place)
    column = QVBoxLayout(place)
    column.addWidget(sentence)
    column.addStretch(1)
    place.resize(400, 600)
    place.show()
    for text, buttons in (("", []), (LONG * 2, [("Retry", lambda: None)]), (LONG, [])):
        sentence.set("What is wrong", text, buttons)
        qtbot.waitUntil(lambda: sentence.height() == sentence.heightForWidth(sentence.width()))
        assert sentence.verticalScrollBar().maximum() == 0
