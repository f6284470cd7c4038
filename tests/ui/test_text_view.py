import numpy as np
import pytest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.formats.readers import open_checkpoint
from ckpt_viewer.ui.value_views import text as text_module
from ckpt_viewer.ui.value_views.text import TextView, readable
from ckpt_viewer.ui.widgets.sentence import Sentence
from tests.corpus import SAMPLES
from tests.memory_checkpoint import MemoryCheckpoint
from tests.ui.value_parts import KEY, checkpoint, open_session


@pytest.fixture
def view(qtbot, tasks):
    view = TextView(open_session(), tasks, KEY)
    qtbot.addWidget(view)
    view.show()
    return view


def show(view, qtbot, strings):
    opened = MemoryCheckpoint({"s": np.array(strings, object)})
    view.show_values(opened, opened.find("s"))
    qtbot.waitUntil(lambda: not view.tasks.any_busy())


def lines(view):
    return view.findChild(QPlainTextEdit).toPlainText().split("\n")


def test_each_element_is_a_line_with_its_index(view, qtbot):
    opened = checkpoint()
    view.show_values(opened, opened.find("words"))
    qtbot.waitUntil(lambda: not view.tasks.any_busy())
    assert lines(view) == ["[0]  first", "[1]  grün", "[2]  \\xff\\x01raw"]
    assert view._told.text() == "3 elements"


def test_more_axes_have_longer_indices(view, qtbot):
    show(view, qtbot, [[b"a", b"b"], [b"c", b"d"]])
    assert lines(view) == ["[0,0]  a", "[0,1]  b", "[1,0]  c", "[1,1]  d"]


def test_a_scalar_is_its_text_alone(view, qtbot):
    opened = MemoryCheckpoint({"s": np.array(b"two\nlines", object)})
    view.show_values(opened, opened.find("s"))
    qtbot.waitUntil(lambda: not view.tasks.any_busy())
    assert lines(view) == ["two", "lines"]


def test_many_elements_begin_with_the_first_and_can_all_be_shown(view, qtbot):
    show(view, qtbot, [str(number).encode() for number in range(2500)])
    assert len(lines(view)) == text_module.FIRST_ELEMENTS
    assert view._told.text() == "the first 1000 of 2500 elements"
    assert view._all.isVisible()
    view._all.click()
    qtbot.waitUntil(lambda: not view.tasks.any_busy())
    assert lines(view)[2499] == "[2499]  2499"
    assert not view._all.isVisible()


def test_a_huge_element_is_cut_until_all_is_asked_for(view, qtbot):
    show(view, qtbot, [b"x" * (text_module.FIRST_BYTES + 10), b"y"])
    assert lines(view)[0].endswith("x…")
    view._all.click()
    qtbot.waitUntil(lambda: not view.tasks.any_busy())
    assert lines(view)[0] == "[0]  " + "x" * (text_module.FIRST_BYTES + 10)
    assert lines(view)[1] == "[1]  y"


def test_markup_stays_text(view, qtbot):
    show(view, qtbot, [b"<b>bold</b>"])
    assert lines(view) == ["[0]  <b>bold</b>"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"plain", "plain"),
        ("größe ✓".encode(), "größe ✓"),
        (b"\x00\x1b[31m", "\\x00\\x1b[31m"),
        (b"\xf0\x28", "\\xf0("),
        ("a\u202eb".encode(), "a\\u202eb"),
        (b"tab\tline\n", "tab\tline\n"),
    ],
)
def test_bytes_are_text_where_they_are_and_escaped_where_not(content, text):
    assert readable(content) == text


@pytest.mark.parametrize("before", range(4))
def test_a_character_across_two_steps_stays_whole(before):
    content = b"x" * (text_module.STEP - before) + "€".encode() + b"\xff\xe2"
    assert readable(content) == "x" * (text_module.STEP - before) + "€\\xff\\xe2"


def test_nothing_is_no_text():
    assert readable(b"") == ""


def test_a_long_element_nobody_waits_for_is_left_between_two_steps():
    class Impatient(CancelToken):
        steps = 0

        def check(self):
            self.steps += 1
            if self.steps == 3:
                self.cancel()
            super().check()

    token = Impatient()
    with pytest.raises(Cancelled):
        readable(b"\n" * text_module.STEP * 10, token)
    assert token.steps == 3


def test_of_a_variant_it_is_said_what_it_is(view, qtbot):
    with open_checkpoint(SAMPLES / "variant" / "variant") as opened:
        view.show_values(opened, opened.find("list"))
        qtbot.waitUntil(lambda: not view.tasks.any_busy())
        sentence = view.findChild(Sentence)
        assert sentence.isVisible()
        assert "'list'" in sentence.text()
        assert "is a variant (tensorflow::TensorList)" in sentence.text()
        assert not [button for button in sentence.findChildren(QPushButton) if button.isVisible()]
