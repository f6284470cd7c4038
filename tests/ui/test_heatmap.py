import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QSlider, QSpinBox

from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.ui.value_views import heatmap
from ckpt_viewer.ui.value_views.heatmap import HeatmapView
from ckpt_viewer.ui.value_views.kernels import KernelsView
from ckpt_viewer.ui.widgets.axis_bar import AxisBar, AxisChoice
from tests.counted_bytes import CountedCheckpoint
from tests.memory_checkpoint import MemoryCheckpoint
from tests.ui.value_parts import KEY, arrays, checkpoint, open_session


@pytest.fixture
def view(qtbot, tasks):
    view = HeatmapView(open_session(), tasks, KEY)
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    return view


def show(view, qtbot, name, opened=None):
    opened = opened or checkpoint()
    view.show_values(opened, opened.find(name))
    settle(view, qtbot)


def settle(view, qtbot):
    qtbot.waitUntil(lambda: not view.tasks.any_busy())


def pick_axis(box, axis):
    box.setCurrentIndex(box.findData(axis))
    box.activated.emit(box.currentIndex())


def test_it_has_its_names_for_automation(view):
    assert view.objectName() == "heatmap"
    assert view.findChild(AxisBar, "axisBar") is view.axes


def test_rows_and_columns_are_the_last_two_axes(view, qtbot):
    show(view, qtbot, "kernel")
    kernel = arrays()["kernel"]
    drawn = [[view.canvas.value_at(row, column) for column in range(7)] for row in range(5)]
    assert np.array_equal(np.array(drawn, np.float32), kernel[0, 0])


@pytest.mark.parametrize("rows", range(4))
@pytest.mark.parametrize("columns", range(4))
def test_any_two_axes_can_be_rows_and_columns(view, qtbot, rows, columns):
    if rows == columns:
        return
    show(view, qtbot, "kernel")
    kernel = arrays()["kernel"]
    view.axes.set_choice(AxisChoice(rows, columns, (0, 0, 0, 0)))
    view.axes.chosen.emit(view.axes.choice)
    settle(view, qtbot)
    index = [0, 0, 0, 0]
    index[rows], index[columns] = slice(None), slice(None)
    expected = kernel[tuple(index)] if rows < columns else kernel[tuple(index)].T
    assert (view.canvas.rows, view.canvas.columns) == expected.shape
    assert view.canvas.value_at(1, 0) == expected[1, 0]


def test_choosing_the_same_axis_twice_swaps_them(view, qtbot):
    show(view, qtbot, "kernel")
    pick_axis(view.axes._rows, 3)
    settle(view, qtbot)
    assert (view.axes.choice.rows, view.axes.choice.columns) == (3, 2)
    assert view.canvas.value_at(6, 4) == arrays()["kernel"][0, 0, 4, 6]


def test_a_slider_goes_through_the_slices(view, qtbot):
    show(view, qtbot, "kernel")
    sliders = view.axes.findChildren(QSlider)
    sliders[0].setValue(2)
    sliders[1].setValue(1)
    qtbot.waitUntil(lambda: view.canvas.value_at(0, 0) == arrays()["kernel"][2, 1, 0, 0])


def test_while_a_slider_is_dragged_the_picture_waits(view, qtbot):
    show(view, qtbot, "kernel")
    told = []
    view.axes.chosen.connect(told.append)
    slider = view.axes.findChildren(QSlider)[0]
    slider.setSliderDown(True)
    for place in (1, 2, 1, 2):
        slider.setValue(place)
    assert told == []
    qtbot.waitUntil(lambda: bool(told))
    assert [choice.index for choice in told] == [(2, 0, 0, 0)]


def test_stepping_goes_on_to_the_next_axis(view, qtbot):
    show(view, qtbot, "kernel")
    places = []
    for _ in range(3):
        view.step_slice(1)
        places.append(view.axes.choice.index[:2])
    assert places == [(0, 1), (1, 0), (1, 1)]
    view.step_slice(-3)
    assert view.axes.choice.index == (0, 0, 0, 0)
    view.step_slice(-1)
    assert view.axes.choice.index == (0, 0, 0, 0)


def test_the_slice_stays_when_the_next_checkpoint_has_the_same_shape(view, qtbot):
    show(view, qtbot, "kernel")
    view.step_slice(3)
    settle(view, qtbot)
    show(view, qtbot, "kernel")
    assert view.axes.choice.index == (1, 1, 0, 0)


def test_the_read_out_names_the_element_and_whether_it_was_checked(view, qtbot, said):
    show(view, qtbot, "kernel")
    view.step_slice(5)
    settle(view, qtbot)
    view.canvas.pointed.emit((4, 6))
    value = arrays()["kernel"][2, 1, 4, 6]
    assert said[-1] == f"kernel [2,1,4,6] = {value:.6g}  │  not verified yet"
    view.show_summary(summarize(checkpoint(), checkpoint().find("kernel")))
    view.canvas.pointed.emit((4, 6))
    assert said[-1] == f"kernel [2,1,4,6] = {value:.6g}  │  no checksum is stored"
    view.canvas.pointed.emit(None)
    assert said[-1] == ""


def test_colours_cover_the_whole_slice_with_zero_in_the_middle(view, qtbot):
    show(view, qtbot, "odd")
    odd = arrays()["odd"]
    most = float(np.abs(odd[np.isfinite(odd)]).max())
    assert (view.canvas.scale.low, view.canvas.scale.high) == (-most, most)
    assert view.bar.legend() == ["NaN 2", "+Inf 1", "−Inf 1"]


def test_the_range_can_be_that_of_the_whole_variable(view, qtbot):
    show(view, qtbot, "kernel")
    opened = checkpoint()
    view.show_summary(summarize(opened, opened.find("kernel")))
    box = view.controls._range
    box.setCurrentIndex(box.findData("variable"))
    box.activated.emit(box.currentIndex())
    assert view.canvas.scale.high == float(np.abs(arrays()["kernel"]).max())


def test_whether_cells_are_square_is_seen_from_a_box_with_a_tick(view, qtbot):
    show(view, qtbot, "bits")
    square = next(box for box in view.findChildren(QCheckBox) if box.text() == "Square cells")
    for checked in (True, False):
        square.setChecked(checked)
        width, height = view.canvas.cell_size()
        assert (width == pytest.approx(height)) == checked


def test_the_range_can_be_typed(view, qtbot):
    show(view, qtbot, "bits")
    box = view.controls._range
    box.setCurrentIndex(box.findData("manual"))
    box.activated.emit(box.currentIndex())
    view.controls._low.setText("-3")
    view.controls._high.setText("5")
    QTest.keyClick(view.controls._high, Qt.Key.Key_Return)
    assert (view.canvas.scale.low, view.canvas.scale.high) == (-3.0, 5.0)


@pytest.mark.parametrize("name", ["brain", "bits", "bias", "complex"])
def test_every_numeric_type_is_drawn_as_it_is(view, qtbot, name):
    show(view, qtbot, name)
    values = np.atleast_2d(arrays()[name])
    shown = np.abs(values) if np.iscomplexobj(values) else values
    assert view.canvas.value_at(0, 1) == pytest.approx(float(shown[0, 1]))
    assert ("magnitude" in view._badge.text()) == (name == "complex")


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(heatmap, "LARGE", 1000)
    values = np.zeros((5000, 30), np.float32)
    values[4321, 7] = -50
    return MemoryCheckpoint({"large": values})


def test_a_large_slice_is_first_an_overview_then_exact(view, qtbot, large):
    badges = []
    original = view._describe
    view._describe = lambda *arguments: (original(*arguments), badges.append(view._badge.text()))
    show(view, qtbot, "large", large)
    assert "overview: one of each 3×1 elements" in badges[0]
    assert "each pixel: largest magnitude of 3×1 elements" in badges[1]
    assert view.picture.low == -50


def test_another_aggregate_makes_the_picture_again(view, qtbot, large):
    show(view, qtbot, "large", large)
    assert view.canvas.value_at(4321, 7) == -50
    box = view.controls._aggregate
    assert box.isVisible()
    box.setCurrentIndex(box.findData("max"))
    box.activated.emit(box.currentIndex())
    settle(view, qtbot)
    assert view.canvas.value_at(4321, 7) == 0


def test_a_closer_look_is_read_again_in_full(view, qtbot, large):
    show(view, qtbot, "large", large)
    assert view.canvas.element_at(4321, 7) is None
    view.canvas.set_aspect_locked(False)
    view.canvas.view.setRange(xRange=(0, 30), yRange=(4300, 4340), padding=0)
    qtbot.waitUntil(lambda: view.canvas.element_at(4321, 7) == -50)
    assert view.canvas.element_at(4320, 7) == 0


def test_zooming_reads_only_what_is_in_sight(view, qtbot):
    opened = CountedCheckpoint((8000, 8000))
    show(view, qtbot, "x", opened)
    read = opened.content.read_bytes
    view.canvas.view.setRange(xRange=(1000, 1300), yRange=(5000, 5200), padding=0)
    qtbot.waitUntil(lambda: view.canvas.element_at(5100, 1150) is not None)
    box = view.canvas.in_sight()
    in_sight = 4 * (box.row_end - box.row) * (box.column_end - box.column)
    assert in_sight <= opened.content.read_bytes - read <= 2 * in_sight


def test_20_gb_begin_with_a_look_at_little_of_it(view, qtbot):
    opened = CountedCheckpoint((10_000_000, 512))
    view.show_values(opened, opened.find("x"))
    qtbot.waitUntil(lambda: view.picture is not None)
    assert not view.picture.exact
    view.clear()
    settle(view, qtbot)


def test_a_newer_slice_silences_the_older_one(view, qtbot):
    first, go = threading.Event(), threading.Event()

    def slow(cancel):
        if not first.is_set():
            first.set()
            go.wait(10)

    opened = checkpoint(before_read=slow)
    view.show_values(opened, opened.find("kernel"))
    first.wait(10)
    view.show_values(opened, opened.find("odd"))
    qtbot.waitUntil(lambda: view.canvas.rows == 12)
    go.set()
    settle(view, qtbot)
    assert view.canvas.rows == 12


def test_it_is_described_in_words(view, qtbot):
    show(view, qtbot, "odd")
    assert "odd. 12 rows × 20 columns" in view.canvas.accessibleDescription()


def test_kernels_stand_as_tiles_inputs_down_and_outputs_across(qtbot, tasks, said):
    view = KernelsView(open_session(), tasks, KEY)
    qtbot.addWidget(view)
    view.show()
    show(view, qtbot, "kernel")
    kernel = arrays()["kernel"]
    for y, x, source, target in ((0, 0, 0, 0), (2, 1, 4, 6), (1, 0, 3, 2)):
        assert view.canvas.value_at(source * 3 + y, target * 2 + x) == kernel[y, x, source, target]
    view.canvas.pointed.emit((4 * 3 + 2, 6 * 2 + 1))
    assert said[-1].startswith("kernel [2,1,4,6] = ")
    view.canvas.grab()


def test_axes_of_one_place_get_no_slider_and_hundreds_of_others_are_scrolled_to(qtbot):
    bar = AxisBar()
    qtbot.addWidget(bar)
    bar.resize(700, 100)
    bar.set_shape((1,) * 250 + (4, 3, 2))
    assert [slider.axis for slider in bar._sliders] == [250]
    bar.set_shape((2,) * 253)
    bar.show()
    assert len(bar._sliders) == 251
    assert bar.minimumSizeHint().width() < 700
    assert bar.height() < 200
    assert bar._slider_lines.verticalScrollBar().maximum() > 0


@pytest.mark.parametrize(
    ("shape", "axes"),
    [
        ((3, 3, 3, 64), (2, 3)),
        ((5, 5, 1, 12), (0, 1)),
        ((5, 5, 12, 1), (0, 1)),
        ((1, 5, 1, 12), (1, 3)),
        ((10, 20, 1), (0, 1)),
        ((1, 7), (0, 1)),
        ((7,), (None, 0)),
        ((), (None, None)),
    ],
)
def test_the_axes_shown_first_have_something_to_see(shape, axes):
    choice = AxisChoice.fitting(shape)
    assert (choice.rows, choice.columns) == axes


def test_a_place_is_counted_from_0_and_says_so(qtbot):
    bar = AxisBar()
    qtbot.addWidget(bar)
    bar.set_shape((5, 6, 7))
    assert bar.findChild(QSpinBox).text() == "0  (0–4)"
