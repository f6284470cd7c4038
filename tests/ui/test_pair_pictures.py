from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from ckpt_viewer.analysis.comparison import Pair
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.pair_histogram import PairHistogram
from ckpt_viewer.ui.widgets.pair_pictures import PairPictures
from ckpt_viewer.ui.widgets.pair_reading import Sides
from ckpt_viewer.ui.widgets.side_tag import SideTag
from tests.memory_checkpoint import MemoryCheckpoint

KEY = "comparison"


@pytest.fixture
def tasks(qtbot):
    tasks = TaskRunner()
    yield tasks
    tasks.close()


@pytest.fixture
def pictures(qtbot, tasks):
    pictures = PairPictures(tasks, KEY)
    qtbot.addWidget(pictures)
    pictures.resize(900, 500)
    pictures.show()
    yield pictures
    pictures.stop()


def sides(a, b, status="changed", **options):
    first = MemoryCheckpoint({} if a is None else {"x": a}, path=Path("a"), **options)
    second = MemoryCheckpoint({} if b is None else {"x": b}, path=Path("b"))
    pair = Pair(None if a is None else first.find("x"), None if b is None else second.find("x"), status)
    return Sides(first, second, pair)


def show(qtbot, tasks, pictures, a, b, status="changed"):
    shown = sides(a, b, status)
    pictures.show_pair(shown.a, shown.b, shown.pair)
    qtbot.waitUntil(lambda: not tasks.busy((KEY, "pictures")))


def point_at(canvas, row, column):
    """Put the pointer on the middle of an element."""
    place = canvas.mapFromScene(canvas.view.mapViewToScene(QPointF(column + 0.5, row + 0.5)))
    QTest.mouseMove(canvas.viewport(), place + QPoint(1, 1))
    QTest.mouseMove(canvas.viewport(), place)
    return place


def colour_at(pictures, canvas, row, column):
    place = canvas.mapFromScene(canvas.view.mapViewToScene(QPointF(column + 0.3, row + 0.3)))
    return QColor(pictures.stage.grab().toImage().pixel(canvas.mapTo(pictures.stage, place)))


def test_the_brightest_pixel_of_the_difference_is_the_largest_change(qtbot, tasks, pictures):
    a = np.zeros((6, 8), np.float32)
    b = a.copy()
    b[2, 3], b[4, 6] = 5, -1
    show(qtbot, tasks, pictures, a, b)
    canvas = pictures.stage.canvases["difference"]
    saturations = {
        (row, column): colour_at(pictures, canvas, row, column).hsvSaturation()
        for row in range(6)
        for column in range(8)
    }
    assert max(saturations, key=saturations.get) == (2, 3)


def test_a_difference_has_zero_in_the_middle_of_a_symmetric_range(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, np.zeros((2, 2)), np.array([[0.0, 3.0], [1.0, 0.5]]))
    scale = pictures.stage.canvases["difference"].scale
    assert scale.diverging
    assert (scale.low, scale.high) == (-3, 3)


def test_a_and_b_share_one_range_unless_unlocked(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, np.array([[1.0, 2.0]]), np.array([[3.0, 8.0]]))
    canvases = pictures.stage.canvases
    assert canvases["a"].scale == canvases["b"].scale
    assert (canvases["a"].scale.low, canvases["a"].scale.high) == (1, 8)
    pictures.same_range.setChecked(False)
    assert (canvases["a"].scale.low, canvases["a"].scale.high) == (1, 2)
    assert (canvases["b"].scale.low, canvases["b"].scale.high) == (3, 8)


@pytest.mark.parametrize(
    ("mode", "shown"),
    [("a", "a"), ("b", "b"), ("difference", "d"), ("swipe", "ab"), ("side", "abd")],
)
def test_a_mode_shows_its_pictures(qtbot, tasks, pictures, mode, shown):
    show(qtbot, tasks, pictures, np.zeros((4, 4)), np.ones((4, 4)))
    pictures.set_mode(mode)
    visible = "".join(side[0] for side, canvas in pictures.stage.canvases.items() if canvas.isVisible())
    assert visible == shown


def test_side_by_side_panes_do_not_overlap(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, np.zeros((4, 4)), np.ones((4, 4)))
    pictures.set_mode("side")
    places = [canvas.parentWidget().geometry() for canvas in pictures.stage.canvases.values()]
    assert places[0].right() < places[1].left() < places[1].right() < places[2].left()


@pytest.mark.parametrize("mode", ["difference", "side", "swipe"])
def test_cells_are_square_in_every_mode_until_they_shall_fill_the_room(qtbot, tasks, pictures, mode):
    show(qtbot, tasks, pictures, np.zeros((4, 8)), np.ones((4, 8)))
    pictures.set_mode(mode)
    assert pictures.square.isChecked()
    for canvas in pictures.stage.shown():
        width, height = canvas.cell_size()
        assert width == pytest.approx(height)
    pictures.square.setChecked(False)
    for canvas in pictures.stage.shown():
        (left, right), (top, bottom) = canvas.view.viewRange()
        assert (left, right, top, bottom) == pytest.approx((0, 8, 0, 4))


def test_a_long_matrix_fills_the_room_from_the_start(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, np.zeros((400, 8)), np.ones((400, 8)))
    assert not pictures.square.isChecked()


def test_changing_the_mode_or_the_room_does_not_zoom_out(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, np.zeros((16, 16)), np.ones((16, 16)))
    canvas = pictures.stage.canvases["a"]
    pictures.set_mode("a")
    before = canvas.view.viewRect()
    for width in (1400, 500, 900):
        pictures.resize(width, 500)
        for mode in ("side", "swipe", "a"):
            pictures.set_mode(mode)
            qtbot.wait(1)
    after = canvas.view.viewRect()
    assert (after.x(), after.width()) == pytest.approx((before.x(), before.width()), rel=0.02)


def test_square_pictures_beside_each_other_zoom_as_one(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, np.zeros((20, 20)), np.ones((20, 20)))
    pictures.set_mode("side")
    pictures.stage.canvases["b"].view.scaleBy((0.5, 0.5))
    ranges = [canvas.view.viewRange() for canvas in pictures.stage.canvases.values()]
    assert np.allclose(ranges, ranges[0], atol=0.3)


def test_the_divider_moves_with_the_arrow_keys(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, np.zeros((4, 8)), np.ones((4, 8)))
    pictures.set_mode("swipe")
    QTest.keyClick(pictures.stage._divider, Qt.Key.Key_Left)
    assert pictures.stage.divider < 0.5


def test_a_large_slice_shows_an_overview_until_every_element_is_read(qtbot, tasks, pictures, monkeypatch):
    monkeypatch.setattr("ckpt_viewer.ui.widgets.pair_pictures.LARGE", 1000)
    notes = []
    monkeypatch.setattr(pictures.readout, "set_note", notes.append)
    a = np.zeros((3000, 8), np.float32)
    b = a.copy()
    b[1501, 3] = 7  # between the elements of the overview
    show(qtbot, tasks, pictures, a, b)
    qtbot.waitUntil(lambda: not tasks.busy((KEY, "exact")))
    assert any("Overview, one of each 2×1 elements" in note for note in notes)
    assert notes[-1] == ""
    assert pictures.stage.canvases["difference"].scale.high == 7


def test_the_divider_uncovers_b_from_the_right(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, np.zeros((4, 8)), np.ones((4, 8)))
    pictures.set_mode("swipe")
    canvas = pictures.stage.canvases["b"]
    first, last = (colour_at(pictures, canvas, 1, column) for column in (1, 6))
    assert first != last
    divider = pictures.stage._divider
    QTest.mousePress(divider, Qt.MouseButton.LeftButton)
    target = divider.mapFromParent(QPoint(pictures.stage.width() - 1, 50))
    QTest.mouseMove(divider, target)
    pictures.stage._drag(divider.mapToParent(target).x())
    QTest.mouseRelease(divider, Qt.MouseButton.LeftButton)
    assert pictures.stage.divider == pytest.approx(1, abs=0.01)
    assert colour_at(pictures, canvas, 1, 6) == first


def test_blinking_shows_a_and_b_in_turn_and_stops_with_the_mode(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, np.zeros((4, 4)), np.ones((4, 4)))
    pictures.set_mode("blink")
    assert pictures.stage._blink.isActive()
    canvas = pictures.stage.canvases["b"]
    assert canvas.isVisible()
    pictures.stage._flip()
    assert not canvas.isVisible()
    pictures.stage._flip()
    assert canvas.isVisible()
    pictures.set_mode("a")
    assert not pictures.stage._blink.isActive()


def test_zooming_one_picture_zooms_the_others(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, np.zeros((20, 20)), np.ones((20, 20)))
    pictures.set_mode("side")
    pictures.square.setChecked(False)
    canvases = list(pictures.stage.canvases.values())
    canvases[1].view.setRange(xRange=(4, 9), yRange=(2, 6), padding=0)
    for canvas in canvases:
        (left, right), (top, bottom) = canvas.view.viewRange()
        assert (left, right, top, bottom) == pytest.approx((4, 9, 2, 6))
    pictures.set_mode("difference")
    assert pictures.stage.canvases["difference"].view.viewRange()[0] == pytest.approx([4, 9])


def test_the_read_out_gives_a_b_and_their_difference_at_once(qtbot, tasks, pictures):
    a = np.arange(12, dtype=np.float64).reshape(3, 4)
    show(qtbot, tasks, pictures, a, a * 1.5)
    point_at(pictures.stage.canvases["difference"], 1, 2)
    qtbot.waitUntil(lambda: pictures.readout.text() != "")
    assert pictures.readout.text() == "[1, 2]  A  6  B  9  B − A  3"


def test_the_read_out_subtracts_large_integers_exactly(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, np.array([2**60, 0]), np.array([2**60 + 1, 0]))
    point_at(pictures.stage.canvases["difference"], 0, 0)
    qtbot.waitUntil(lambda: pictures.readout.text() != "")
    assert pictures.readout.text().endswith("B − A  1")


def test_the_read_out_of_a_reduced_picture_is_the_element_itself(qtbot, tasks, pictures):
    a = np.zeros((3, 5000), np.float32)
    b = a.copy()
    b[1, 4000] = 2
    show(qtbot, tasks, pictures, a, b)
    assert pictures.stage.canvases["difference"].is_reduced
    pictures.stage.pointed.emit((1, 4000))
    qtbot.waitUntil(lambda: pictures.readout.text() == "[1, 4000]  A  0  B  2  B − A  2")
    pictures.stage.pointed.emit((1, 4001))
    qtbot.waitUntil(lambda: pictures.readout.text() == "[1, 4001]  A  0  B  0  B − A  0")
    pictures.stage.pointed.emit(None)
    assert pictures.readout.text() == ""


def test_zooming_into_a_reduced_picture_brings_its_elements(qtbot, tasks, pictures):
    a = np.zeros((4, 5000), np.float32)
    b = a.copy()
    b[1, 101] = 2
    show(qtbot, tasks, pictures, a, b)
    canvas = pictures.stage.canvases["difference"]
    assert canvas.element_at(1, 101) is None or canvas.element_at(1, 101) == 2
    canvas.view.setRange(xRange=(90, 110), padding=0)
    qtbot.waitUntil(lambda: canvas.element_at(1, 101) == 2)
    assert canvas.element_at(1, 100) == 0


def test_unequal_shapes_are_said_and_aligned_at_the_origin(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, np.ones((2, 3)), np.ones((2, 5)), "shape")
    assert "A difference needs equal shapes" in pictures.sentence.text()
    assert "A is 2×3, B is 2×5" in pictures.sentence.text()
    pictures.set_mode("side")
    assert pictures.stage.isVisible()
    ranges = [pictures.stage.canvases[side].view.viewRange() for side in ("a", "b")]
    assert ranges[0][0] == pytest.approx(ranges[1][0])
    assert ranges[0][0][1] >= 5
    assert not pictures.stage.canvases["difference"].isVisible()


def test_shapes_of_unequal_rank_can_still_be_looked_at(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, np.ones((2, 3, 4)), np.ones((5,)), "shape")
    pictures.set_mode("b")
    assert pictures.stage.canvases["b"].columns == 5


def test_a_variable_of_one_side_is_shown_in_every_mode(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, None, np.ones((2, 3)), "only-b")
    for mode in ("difference", "a", "swipe"):
        pictures.set_mode(mode)
        assert pictures.stage.canvases["b"].isVisible()
    assert "Only in B." in pictures.readout.text()


def test_modes_are_offered_where_there_are_two_pictures(qtbot, tasks, pictures):
    buttons = pictures.findChildren(QToolButton)
    two = np.ones((2, 3))
    for a, b, offered in ((two, two + 1, True), (np.float32(1), np.float32(2), False), (two, None, False)):
        show(qtbot, tasks, pictures, a, b)
        assert {button.isEnabled() for button in buttons} == {offered}
    show(qtbot, tasks, pictures, two, np.ones((3, 2)))
    assert all(button.isEnabled() for button in buttons)


@pytest.mark.parametrize("mode", ["a", "b", "difference", "side", "swipe", "blink"])
def test_what_a_picture_is_called_covers_nothing_of_it(qtbot, tasks, pictures, mode):
    show(qtbot, tasks, pictures, np.zeros((30, 40)), np.ones((30, 40)))
    pictures.set_mode(mode)
    for tag in pictures.stage.findChildren(SideTag):
        for canvas in pictures.stage.shown():
            assert not tag.isVisible() or not tag.geometry().intersects(canvas.parentWidget().geometry())


def test_a_scalar_is_a_sentence(qtbot, tasks, pictures):
    show(qtbot, tasks, pictures, np.int64(11000), np.int64(12500))
    assert pictures.sentence.text().replace(",", "") == "A = 11000     B = 12500 B − A = 1500"


def test_strings_that_differ_are_listed(qtbot, tasks, pictures):
    words = np.array([b"cat", b"dog", b"\x1b[31m"], object)
    other = np.array([b"cat", b"dug", b"\xff"], object)
    show(qtbot, tasks, pictures, words, other)
    assert "[1]  “dog”  →  “dug”" in pictures.sentence.text()
    assert "“\\x1b[31m”" in pictures.sentence.text()


def test_a_variable_without_elements_is_a_sentence(qtbot, tasks, pictures):
    shown = sides(np.zeros((0, 3)), np.zeros((0, 3)), "identical")
    pictures.show_pair(shown.a, shown.b, shown.pair)
    assert "There are no elements" in pictures.sentence.text()


def test_the_slice_is_the_same_for_both(qtbot, tasks, pictures):
    a = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    show(qtbot, tasks, pictures, a, a + 1)
    pictures.step_slice(1)
    qtbot.waitUntil(lambda: pictures.stage.canvases["a"].value_at(0, 0) == 12)
    assert pictures.stage.canvases["b"].value_at(0, 0) == 13
    assert pictures.axis_bar.choice.index == (1, 0, 0)


def test_a_newer_pair_silences_the_older_one(qtbot, tasks, pictures):
    reading, go_on = Event(), Event()

    def wait(cancel):
        reading.set()
        go_on.wait()

    slow = sides(np.zeros((2, 2)), np.zeros((2, 2)), before_read=wait)
    pictures.show_pair(slow.a, slow.b, slow.pair)
    reading.wait()
    fresh = sides(np.ones((3, 7)), np.ones((3, 7)) * 2)
    pictures.show_pair(fresh.a, fresh.b, fresh.pair)
    go_on.set()
    qtbot.waitUntil(lambda: not tasks.busy((KEY, "pictures")))
    assert pictures.stage.canvases["a"].columns == 7


def test_cancelling_says_so(qtbot, tasks, pictures):
    reading = Event()

    def wait(cancel):
        reading.set()
        while True:
            cancel.check()

    slow = sides(np.zeros((2, 2)), np.zeros((2, 2)), before_read=wait)
    pictures.show_pair(slow.a, slow.b, slow.pair)
    reading.wait()
    tasks.cancel((KEY, "pictures"))
    assert "Reading was cancelled" in pictures.sentence.text()


@pytest.fixture
def histogram(qtbot, tasks):
    histogram = PairHistogram(tasks, KEY)
    qtbot.addWidget(histogram)
    histogram.resize(300, 300)
    histogram.show()
    return histogram


def test_both_histograms_stand_on_one_grid(qtbot, tasks, histogram):
    rng = np.random.default_rng(0)
    histogram.show_pair(sides(rng.normal(size=5000), rng.normal(size=5000) * 7))
    qtbot.waitUntil(lambda: not tasks.busy((KEY, "histogram")))
    first, second = histogram.plot._bins
    assert (first.label, second.label) == ("A", "B")
    assert first.edges[1] - first.edges[0] == second.edges[1] - second.edges[0]
    assert first.counts.sum() == second.counts.sum() == 5000


def test_counts_can_be_logarithmic(qtbot, tasks, histogram):
    histogram.show_pair(sides(np.zeros(5), np.ones(5)))
    qtbot.waitUntil(lambda: not tasks.busy((KEY, "histogram")))
    histogram.log.click()
    assert histogram.plot._log


def test_nan_and_infinities_are_counted_beside_the_bars(qtbot, tasks, histogram):
    histogram.show_pair(sides(np.array([1, np.nan, np.inf]), np.array([1.0, 2.0, 3.0])))
    qtbot.waitUntil(lambda: not tasks.busy((KEY, "histogram")))
    assert histogram.facts().startswith("A  1 ± 0 · 1 NaN · 1 +Inf")


def test_no_finite_value_is_a_sentence(qtbot, tasks, histogram):
    histogram.show_pair(sides(np.full(3, np.nan), np.full(3, np.nan)))
    qtbot.waitUntil(lambda: not tasks.busy((KEY, "histogram")))
    assert "No finite values" in histogram._nothing.text()
