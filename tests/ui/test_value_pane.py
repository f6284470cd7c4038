import threading

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton, QTabWidget, QWidget

from ckpt_viewer.errors import MissingShard
from ckpt_viewer.formats.storage.checksums import crc32c, mask
from ckpt_viewer.ui.panels import value_pane
from ckpt_viewer.ui.panels.value_pane import ValuePane
from ckpt_viewer.ui.value_views import VALUE_VIEWS
from tests.memory_checkpoint import MemoryCheckpoint
from tests.ui.value_parts import (
    KEY,
    arrays,
    checkpoint,
    damaged_checkpoint,
    open_session,
    with_problem,
)


@pytest.fixture
def session():
    return open_session()


@pytest.fixture
def make_pane(qtbot, session, tasks):
    made = []

    def make(opened):
        pane = ValuePane(session, tasks, KEY)
        made.append(pane)
        qtbot.addWidget(pane)
        pane.resize(900, 600)
        pane.set_checkpoint(opened)
        pane.show()
        return pane

    yield make
    for pane in made:
        pane.leave()


@pytest.fixture
def pane(make_pane):
    return make_pane(checkpoint())


def choose(session, pane, name, qtbot, **fields):
    session.update(KEY, variable=name, **fields)
    qtbot.waitUntil(lambda: not pane._tasks.any_busy())


def offered(pane):
    return [view.title for number, view in enumerate(VALUE_VIEWS) if pane.tabs.isTabVisible(number)]


def in_front(pane):
    return VALUE_VIEWS[pane.tabs.currentIndex()].title


def test_nothing_chosen_asks_for_a_choice(pane):
    assert "Choose a variable" in pane._sentence.text()


@pytest.mark.parametrize(
    ("name", "view"),
    [
        ("kernel", "Heatmap"),
        ("odd", "Heatmap"),
        ("bias", "Line"),
        ("step", "Values"),
        ("words", "Text"),
        ("bits", "Heatmap"),
        ("complex", "Heatmap"),
    ],
)
def test_the_shape_decides_the_first_view(pane, session, qtbot, name, view):
    choose(session, pane, name, qtbot)
    assert in_front(pane) == view


@pytest.mark.parametrize(
    ("name", "views"),
    [
        ("kernel", ["Heatmap", "Histogram", "Line", "Kernels", "Values", "Info"]),
        ("bias", ["Heatmap", "Histogram", "Line", "Values", "Info"]),
        ("step", ["Histogram", "Values", "Info"]),
        ("words", ["Text", "Info"]),
    ],
)
def test_only_views_that_can_show_it_are_offered(pane, session, qtbot, name, views):
    choose(session, pane, name, qtbot)
    assert offered(pane) == views


def test_the_views_have_their_names_for_automation(pane):
    assert pane.findChild(QTabWidget, "valueViews") is pane.tabs
    for view in VALUE_VIEWS:
        assert pane.findChild(QWidget, view.object_name) is not None


def test_a_view_the_user_chose_stays_for_the_next_variable(pane, session, qtbot):
    choose(session, pane, "kernel", qtbot)
    pane.show_view(1)
    assert session.state.find(KEY).view == "Histogram"
    choose(session, pane, "odd", qtbot)
    assert in_front(pane) == "Histogram"
    choose(session, pane, "words", qtbot)
    assert in_front(pane) == "Text"
    choose(session, pane, "bias", qtbot)
    assert in_front(pane) == "Histogram"


def test_a_view_that_does_not_fit_is_not_brought_to_the_front(pane, session, qtbot):
    choose(session, pane, "step", qtbot)
    pane.show_view(0)
    assert in_front(pane) == "Values"


def test_the_title_tells_name_shape_and_type(pane, session, qtbot):
    choose(session, pane, "<b>markup</b>\n", qtbot)
    assert pane._name.text() == "<b>markup</b>\\n"
    assert pane._facts.text() == "2×2 · float32 · weight"


def test_reading_everything_verifies_the_checksum(make_pane, session, qtbot):
    pane = make_pane(damaged_checkpoint())
    choose(session, pane, "bias", qtbot)
    assert pane._check.text() == "verified ✓"
    assert not pane._banner.isVisible()


def test_a_wrong_checksum_holds_the_values_back_and_names_both(make_pane, session, qtbot):
    opened = damaged_checkpoint()
    pane = make_pane(opened)
    choose(session, pane, "kernel", qtbot)
    said = pane._banner.text()
    assert f"0x{mask(crc32c(arrays()['kernel'].tobytes())):08x}" in said
    assert f"0x{opened.find('kernel').crc32c:08x} is stored" in said
    assert "The values may be wrong and are not shown." in said
    assert "checksum" in pane.views[0].says()


def test_values_with_a_wrong_checksum_are_shown_when_asked_for(make_pane, session, qtbot):
    pane = make_pane(damaged_checkpoint())
    choose(session, pane, "kernel", qtbot)
    button = next(b for b in pane._banner.findChildren(QPushButton) if b.text() == "Show anyway")
    button.click()
    qtbot.waitUntil(lambda: not pane._tasks.any_busy())
    assert pane.views[0].says() == ""
    assert pane.views[0].canvas.value_at(0, 0) == arrays()["kernel"][0, 0, 0, 0]
    assert "The values below may be wrong." in pane._banner.text()
    choose(session, pane, "bias", qtbot)
    assert not pane._banner.isVisible()


def test_where_no_checksum_is_stored_it_says_so(pane, session, qtbot):
    choose(session, pane, "words", qtbot)
    assert pane._check.text() == "no checksum is stored"


def test_info_stays_readable_where_the_values_are_not(make_pane, session, qtbot):
    pane = make_pane(damaged_checkpoint())
    choose(session, pane, "kernel", qtbot, view="Info")
    assert pane.views[6].facts()["Bytes checked"].startswith("✗")


def test_a_variable_with_a_known_problem_says_it_and_its_hint(make_pane, session, qtbot):
    pane = make_pane(with_problem(checkpoint(), "kernel"))
    choose(session, pane, "kernel", qtbot)
    assert "model.data-00001-of-00002 is not there. Fetch it." in pane.views[0].says()


def test_a_failure_is_shown_in_place_of_the_answer_and_can_be_tried_again(make_pane, session, qtbot):
    broken = threading.Event()
    broken.set()

    def fail(cancel):
        if broken.is_set():
            raise MissingShard("model.data is not there.", hint="Was it moved?")

    pane = make_pane(checkpoint(before_read=fail))
    choose(session, pane, "odd", qtbot)
    assert pane.views[0].says() == "model.data is not there. Was it moved?"
    broken.clear()
    retry = next(button for button in pane.views[0].findChildren(QPushButton) if button.text() == "Retry")
    retry.click()
    qtbot.waitUntil(lambda: not pane._tasks.any_busy())
    assert pane.views[0].says() == ""


@pytest.mark.parametrize("view", ["Heatmap", "Histogram", "Line", "Values"])
def test_an_empty_variable_says_so_in_every_view(pane, session, qtbot, view):
    choose(session, pane, "empty", qtbot, view=view)
    front = pane.views[pane.tabs.currentIndex()]
    assert front.says() == "This variable has no elements. Its shape is 0 × 3."


@pytest.mark.parametrize("view", ["Heatmap", "Histogram", "Line"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing but nan", "All 16 elements are NaN."),
        ("constant", "All 25 elements are 2.5."),
    ],
)
def test_values_that_are_all_alike_get_a_sentence_not_a_plot(pane, session, qtbot, view, name, said):
    choose(session, pane, name, qtbot, view=view)
    assert pane.views[pane.tabs.currentIndex()].says().startswith(said)


def test_a_scalar_is_said_as_a_number(pane, session, qtbot):
    choose(session, pane, "step", qtbot, view="Histogram")
    assert pane.views[1].says() == "One value: 12000"


def test_much_is_not_read_unasked(make_pane, session, qtbot, monkeypatch):
    monkeypatch.setattr(value_pane, "UNASKED", 100)
    pane = make_pane(checkpoint())
    choose(session, pane, "odd", qtbot)
    assert pane.summary is None
    assert pane._check.text() == "not verified yet"
    assert pane._verify.isVisible()
    pane.show_view(1)
    qtbot.waitUntil(lambda: not pane._tasks.any_busy())
    assert pane.summary.count == 240
    assert pane.views[1].counts.sum() == 236


def test_much_is_verified_when_asked_for(make_pane, session, qtbot, monkeypatch):
    monkeypatch.setattr(value_pane, "UNASKED", 10)
    pane = make_pane(damaged_checkpoint())
    choose(session, pane, "bias", qtbot)
    pane._verify.click()
    qtbot.waitUntil(lambda: not pane._tasks.any_busy())
    assert pane._check.text() == "verified ✓"
    assert not pane._verify.isVisible()


def test_another_checkpoint_shows_the_same_variable_anew(pane, session, qtbot):
    choose(session, pane, "odd", qtbot)
    other = arrays()
    other["odd"] = other["odd"] + 1
    pane.set_checkpoint(MemoryCheckpoint(other))
    qtbot.waitUntil(lambda: not pane._tasks.any_busy())
    assert pane.views[0].canvas.value_at(0, 0) == pytest.approx(arrays()["odd"][0, 0] + 1)


def test_a_variable_the_checkpoint_lacks_is_named(make_pane, session, qtbot):
    pane = make_pane(MemoryCheckpoint({"other": np.zeros(3)}))
    choose(session, pane, "odd", qtbot)
    assert "'odd'" in pane._sentence.text()


def test_reading_happens_off_the_screens_thread(make_pane, session, qtbot):
    threads = set()

    def note(cancel):
        threads.add(threading.current_thread())

    pane = make_pane(checkpoint(before_read=note))
    for view in VALUE_VIEWS:
        choose(session, pane, "kernel", qtbot, view=view.title)
    assert threads
    assert threading.main_thread() not in threads


@pytest.mark.parametrize("shape", [(2,) * 12 + (1,) * 52, (1,) * 64, (0,) * 64])
def test_a_variable_of_many_axes_widens_nothing(make_pane, session, qtbot, shape):
    pane = make_pane(MemoryCheckpoint({"deep": np.zeros(shape, np.float32)}))
    for view in VALUE_VIEWS:
        choose(session, pane, "deep", qtbot, view=view.title)
        assert pane.minimumSizeHint().width() < 700
        assert pane.minimumSizeHint().height() < 500
    assert "(64 axes)" in pane._facts.text()
