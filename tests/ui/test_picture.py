import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest

from ckpt_viewer.analysis.blocks import joined
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.widgets import colour_scale
from ckpt_viewer.ui.widgets.colour_bar import ColourBar
from ckpt_viewer.ui.widgets.colour_scale import COLOUR_MAPS, NAN, NEGINF, POSINF, STEPS, ColourScale
from ckpt_viewer.ui.widgets.numbers import short_number
from ckpt_viewer.ui.widgets.picture import Box, PictureCanvas
from ckpt_viewer.ui.widgets.pyramid import Pyramid


@pytest.fixture
def canvas(qtbot):
    canvas = PictureCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(640, 480)
    canvas.show()
    return canvas


def colour_at(canvas, row, column):
    place = canvas.mapFromScene(canvas.view.mapViewToScene(QPointF(column + 0.5, row + 0.2)))
    return canvas.grab().toImage().pixelColor(place).name()


def colour_of(scale, value):
    place = int(scale.indices(np.array([[value]]))[0, 0])
    return "#{:02x}{:02x}{:02x}".format(*scale.table(theme.current())[place, :3].tolist())


@pytest.mark.parametrize("value", [-1.0, -0.2, 0.0, 0.7, 1.0, np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", [entry.title for entry in COLOUR_MAPS])
def test_a_cell_has_the_colour_of_its_value(canvas, name, value):
    values = np.zeros((6, 8))
    values[2, 3] = value
    scale = ColourScale(name, -1.0, 1.0)
    canvas.set_picture(values)
    canvas.set_scale(scale)
    assert colour_at(canvas, 2, 3) == colour_of(scale, value)
    assert colour_at(canvas, 4, 3) == colour_of(scale, 0.0)


def test_numbers_have_room_above_a_picture_that_came_after_an_empty_plot(qtbot):
    heights = []
    for came_late in (False, True):
        canvas = PictureCanvas()
        qtbot.addWidget(canvas)
        canvas.resize(640, 480)
        canvas.show()
        if came_late:
            draw(qtbot, canvas)
        canvas.set_picture(np.zeros((16, 16)))
        draw(qtbot, canvas)
        heights.append(canvas.axes["top"].height())
    assert heights[0] == heights[1]


def draw(qtbot, canvas):
    """Until an axis has the room that it asks for when it is drawn."""
    for _ in range(3):
        canvas.grab()
        qtbot.wait(1)


def test_nan_and_the_infinities_have_colours_of_their_own():
    scale = ColourScale.fitting(-1, 1)
    values = np.array([[np.nan, np.inf, -np.inf, 1e300, -1e300]])
    assert scale.indices(values).tolist() == [[NAN, POSINF, NEGINF, STEPS - 1, 0]]
    table = scale.table(theme.LIGHT)
    assert len({tuple(table[place].tolist()) for place in (NAN, POSINF, NEGINF)}) == 3


def test_values_of_both_signs_get_a_diverging_map_with_zero_in_the_middle():
    scale = ColourScale.fitting(-1, 3)
    assert (scale.diverging, scale.low, scale.high) == (True, -3.0, 3.0)
    assert scale.indices(np.array([[0.0]]))[0, 0] == STEPS // 2


def test_values_of_one_sign_keep_their_range():
    scale = ColourScale.fitting(2, 3)
    assert (scale.diverging, scale.low, scale.high) == (False, 2.0, 3.0)


@pytest.mark.parametrize(
    ("low", "high"),
    [(0, 0), (-1.7e308, 1.7e308), (1e16, 1e16 + 4), (5e-324, 1e-323), (-3e38, 3e38), (1, 1 + 1e-12)],
)
def test_colours_follow_the_order_of_the_values_in_any_range(low, high):
    values = np.array([[low, low / 2 + high / 2, high]])
    places = ColourScale("Grey", low, high).indices(values)[0].astype(int)
    assert (np.diff(places) >= 0).all()
    assert places.max() < STEPS


finite_or_not = st.floats(width=32)


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=finite_or_not))
def test_a_smaller_picture_keeps_every_extreme(values):
    rows, columns = (int(np.ceil(np.log2(length))) for length in values.shape)
    largest = Pyramid(values, "max").level(rows, columns)
    assert largest.shape == (1, 1)
    magnitude = Pyramid(values, "absmax").level(rows, columns)[0, 0]
    if np.isnan(values).any():
        assert np.isnan(largest[0, 0])
        assert np.isnan(magnitude)
    else:
        infinite = values[np.isinf(values)]
        assert largest[0, 0] == (infinite if len(infinite) else values).max()
        assert abs(magnitude) == np.abs(values).max()


@given(st.data(), array_shapes(min_dims=2, max_dims=2, max_side=40))
def test_a_picture_is_halved_as_it_was_made(data, shape):
    values = data.draw(arrays(np.float32, shape, elements=st.floats(-9, 9, width=32)))
    for aggregate in ("absmax", "min", "max"):
        once, _ = joined(values, (4, 2), aggregate)
        np.testing.assert_array_equal(np.abs(Pyramid(values, aggregate).level(2, 1)), np.abs(once))


def test_a_detail_is_drawn_alone_where_it_is_all_that_is_in_sight(canvas):
    canvas.set_picture(np.zeros((10, 10)), rows=100, columns=100, row_step=10, column_step=10)
    canvas.set_scale(ColourScale("Grey", 0, 1))
    canvas.set_detail(np.ones((20, 20)), 40, 40)
    assert colour_at(canvas, 50, 50) == colour_of(canvas.scale, 1.0)
    assert colour_at(canvas, 5, 5) == colour_of(canvas.scale, 0.0)
    canvas.view.setRange(xRange=(45, 55), yRange=(45, 55), padding=0)
    assert colour_at(canvas, 50, 50) == colour_of(canvas.scale, 1.0)
    canvas.reset_view()
    assert colour_at(canvas, 5, 5) == colour_of(canvas.scale, 0.0)


def test_colours_of_many_values_are_those_of_each(monkeypatch):
    values = np.random.default_rng(0).normal(size=(70, 30)).astype(np.float32)
    values[3, 4], values[60, 7], values[61, 8] = np.nan, np.inf, -np.inf
    scale = ColourScale("Viridis", -1, 1)
    one_by_one = [[scale.indices(np.array([[value]]))[0, 0] for value in row] for row in values]
    monkeypatch.setattr(colour_scale, "_AT_ONCE", 100)
    assert scale.indices(values).tolist() == np.array(one_by_one).tolist()
    assert scale.indices(values.T).tolist() == np.array(one_by_one).T.tolist()


def test_one_outlier_among_millions_is_drawn(canvas):
    values = np.zeros((2000, 3000), np.float32)
    values[1234, 2345] = 1
    scale = ColourScale("Grey", 0, 1)
    canvas.set_picture(values)
    canvas.set_scale(scale)
    image = canvas.grab().toImage()
    at = canvas.mapFromScene(canvas.view.mapViewToScene(QPointF(2345, 1234)))
    near = {
        image.pixelColor(at.x() + x, at.y() + y).name() for x in (-2, -1, 0, 1, 2) for y in (-2, -1, 0, 1, 2)
    }
    assert colour_of(scale, 1) in near


def test_the_pointer_tells_the_element(canvas, qtbot):
    canvas.set_picture(np.arange(12.0).reshape(3, 4))
    with qtbot.waitSignal(canvas.pointed) as told:
        place = canvas.mapFromScene(canvas.view.mapViewToScene(QPointF(2.5, 1.5)))
        QTest.mouseMove(canvas.viewport(), place)
    assert told.args == [(1, 2)]
    assert canvas.value_at(1, 2) == 6.0
    assert canvas.value_at(3, 0) is None


def test_a_reduced_picture_knows_blocks_not_elements(canvas):
    canvas.set_picture(np.array([[1.0, 2.0]]), rows=4, columns=8, row_step=4, column_step=4)
    assert canvas.value_at(3, 7) == 2.0
    assert canvas.element_at(3, 7) is None
    canvas.set_detail(np.arange(4.0).reshape(2, 2), 2, 6)
    assert canvas.element_at(3, 7) == 3.0
    assert canvas.has_detail(Box(2, 6, 4, 8))
    assert not canvas.has_detail(Box(1, 6, 4, 8))


def test_numbers_appear_once_the_cells_are_large_enough(canvas):
    canvas.set_picture(np.zeros((4, 5)))
    assert canvas._numbers.fits()
    canvas.set_picture(np.zeros((400, 500)))
    assert not canvas._numbers.fits()
    canvas.view.setRange(xRange=(0, 5), yRange=(0, 5), padding=0)
    assert canvas._numbers.fits()


def test_linked_pictures_move_together(canvas, qtbot):
    other = PictureCanvas()
    qtbot.addWidget(other)
    other.resize(640, 480)
    for picture in (canvas, other):
        picture.set_picture(np.zeros((50, 50)))
    other.link(canvas)
    other.show()
    canvas.view.setRange(xRange=(10, 20), yRange=(10, 20), padding=0)
    assert other.view.viewRange()[0] == pytest.approx(canvas.view.viewRange()[0])


def test_the_part_in_sight_stays_for_the_next_slice(canvas):
    canvas.set_picture(np.zeros((100, 100)))
    canvas.view.setRange(xRange=(10, 20), yRange=(10, 20), padding=0)
    before = canvas.in_sight()
    canvas.set_picture(np.ones((100, 100)))
    assert canvas.in_sight() == before
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    assert canvas.in_sight() == Box(0, 0, 100, 100)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (3, 2)])
def test_any_shape_is_drawn(canvas, shape):
    canvas.set_picture(np.ones(shape))
    canvas.set_aspect_locked(canvas.looks_better_square())
    canvas.set_scale(ColourScale.fitting(1, 1))
    canvas.grab()
    assert canvas.in_sight() == Box(0, 0, *shape)


def test_colours_follow_the_theme(canvas, qapp, restore_theme):
    theme.apply(qapp, "light")
    canvas.set_picture(np.full((2, 2), np.nan))
    assert colour_at(canvas, 0, 0) == theme.LIGHT.nan_colour
    theme.apply(qapp, "dark")
    qapp.processEvents()
    assert colour_at(canvas, 0, 0) == theme.DARK.nan_colour


def test_the_bar_lists_only_what_the_picture_has(qtbot):
    bar = ColourBar()
    qtbot.addWidget(bar)
    bar.set_scale(ColourScale.fitting(-2, 2), nan=3, neginf=1)
    bar.resize(108, 300)
    bar.grab()
    assert bar.legend() == ["NaN 3", "−Inf 1"]
    assert bar.accessibleDescription().startswith("-2 … 2")


@pytest.fixture
def restore_theme(qapp):
    palette, sheet, style = qapp.palette(), qapp.styleSheet(), qapp.style().objectName()
    yield
    qapp.setStyleSheet(sheet)
    qapp.setStyle(style)
    qapp.setPalette(palette)


@pytest.mark.parametrize(
    "value", [-0.00189012, 8.94e-19, -4.6e18, -1.2345e-300, 123456.0, -999999.0, np.nan, -np.inf]
)
def test_a_cell_number_has_at_most_seven_characters(qapp, value):
    assert len(short_number(value)) <= 7


def test_numbers_are_written_only_where_the_longest_fits(canvas):
    canvas.set_picture(np.full((4, 4), 0.5))
    canvas.view.setRange(QRectF(0, 0, 4, 4), padding=0)
    assert canvas._numbers.fits()
    canvas.set_picture(np.full((40, 40), 0.5))
    assert not canvas._numbers.fits()
