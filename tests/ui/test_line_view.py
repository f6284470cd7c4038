import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as any_arrays

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.ui.value_views.line import MOST_STRETCHES, LineView
from ckpt_viewer.ui.widgets import envelope as envelope_module
from ckpt_viewer.ui.widgets.axis_bar import AxisChoice
from ckpt_viewer.ui.widgets.envelope import envelope
from tests.memory_checkpoint import MemoryCheckpoint
from tests.ui.value_parts import KEY, arrays, checkpoint, open_session


@pytest.fixture
def view(qtbot, tasks):
    view = LineView(open_session(), tasks, KEY)
    qtbot.addWidget(view)
    view.resize(800, 500)
    view.show()
    return view


def show(view, qtbot, name, opened=None):
    opened = opened or checkpoint()
    view.show_values(opened, opened.find(name))
    settle(view, qtbot)


def settle(view, qtbot):
    qtbot.waitUntil(lambda: not view.tasks.any_busy())


def test_a_short_line_has_every_element(view, qtbot):
    show(view, qtbot, "bias")
    assert view.envelope.is_exact
    assert view.envelope.low.tolist() == view.envelope.high.tolist() == arrays()["bias"].tolist()
    view.grab()


def test_of_more_axes_one_row_is_drawn_and_the_others_are_cut(view, qtbot):
    show(view, qtbot, "kernel")
    view.step_slice(1)
    settle(view, qtbot)
    assert view.envelope.low.tolist() == arrays()["kernel"][0, 0, 1].tolist()


def test_any_axis_can_be_drawn_along(view, qtbot):
    show(view, qtbot, "kernel")
    box = view.axes._columns
    box.setCurrentIndex(box.findData(0))
    box.activated.emit(box.currentIndex())
    settle(view, qtbot)
    assert view.envelope.low.tolist() == arrays()["kernel"][:, 0, 0, 0].tolist()


@given(
    any_arrays(np.float32, st.integers(1, 300), elements=st.floats(width=32)),
    st.integers(1, 50),
    st.integers(1, 64),
)
def test_stretches_hold_the_extremes_of_all_their_elements(values, most, block):
    opened = MemoryCheckpoint({"v": values})
    kept, envelope_module.BLOCK = envelope_module.BLOCK, block
    try:
        line = envelope(
            opened, opened.find("v"), AxisChoice(None, 0, (0,)), 0, len(values), most, CancelToken()
        )
    finally:
        envelope_module.BLOCK = kept
    assert len(line.low) <= most
    for number, start in enumerate(range(0, len(values), line.step)):
        part = values[start : start + line.step]
        finite = part[np.isfinite(part)]
        if finite.size:
            assert (line.low[number], line.high[number]) == (finite.min(), finite.max())
        else:
            assert np.isnan(line.low[number])
        present = [np.isnan(part).any(), (part == np.inf).any(), (part == -np.inf).any()]
        assert [special[number] for special in line.specials] == present


@pytest.fixture
def long():
    values = np.zeros(1_000_003, np.float32)
    values[654_321] = 9
    values[5] = np.nan
    return MemoryCheckpoint({"long": values})


def test_a_long_line_shows_least_and_greatest_of_each_stretch(view, qtbot, long):
    show(view, qtbot, "long", long)
    assert len(view.envelope.low) <= MOST_STRETCHES
    assert view.envelope.extent == (0.0, 9.0)
    assert "least and greatest of each 501" in view._badge.text()
    assert "NaN" in view._badge.text()
    view.grab()


def test_a_closer_look_is_read_again_in_full(view, qtbot, long):
    show(view, qtbot, "long", long)
    view.plot.view.setXRange(654_300, 654_340, padding=0)
    qtbot.waitUntil(lambda: view.plot.at(654_321)[:2] == (654_321, 654_321))
    assert view.plot.at(654_321)[2] == "9"
    assert view.plot.at(654_320)[2] == "0"


def test_the_pointer_tells_the_element(view, qtbot, said):
    show(view, qtbot, "bias")
    view.plot.hovered.emit((3.4, 0.5))
    assert said[-1].startswith("bias [3] = 3 ")
    view.plot.hovered.emit(None)
    assert said[-1] == ""


def test_what_is_not_finite_is_named_and_marked(view, qtbot):
    values = np.array([1, np.nan, 3, np.inf, -np.inf], np.float32)
    show(view, qtbot, "v", MemoryCheckpoint({"v": values}))
    view.grab()
    assert [view.plot.at(place)[2] for place in range(5)] == ["1", "NaN", "3", "+Inf", "−Inf"]
    assert view.envelope.extent == (1.0, 3.0)


@pytest.mark.parametrize(
    "values", [[1e308, -1e308], [5e-324, 0.0], [1e16, 1e16 + 2], [np.nan, np.nan, 1.0], [3.0, 3.0, 3.0]]
)
def test_any_span_of_values_can_be_drawn(view, qtbot, values):
    show(view, qtbot, "v", MemoryCheckpoint({"v": np.array(values)}))
    view.grab()
    assert view.says() == ""


def test_it_is_described_in_words(view, qtbot):
    show(view, qtbot, "bias")
    assert view.plot.accessibleDescription() == "bias. 6 elements. Finite values from 0 to 5."
