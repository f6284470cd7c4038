from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainter, QPicture
from PySide6.QtTest import QTest

from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.value_views.histogram import BINS, HistogramView
from ckpt_viewer.ui.widgets.histogram_plot import Bins, HistogramPlot
from tests.memory_checkpoint import MemoryCheckpoint
from tests.ui.value_parts import KEY, arrays, checkpoint, open_session


@pytest.fixture
def view(qtbot, tasks):
    view = HistogramView(open_session(), tasks, KEY)
    qtbot.addWidget(view)
    view.resize(800, 500)
    view.show()
    return view


def show(view, qtbot, name, opened=None):
    opened = opened or checkpoint()
    view.show_values(opened, opened.find(name))
    qtbot.waitUntil(lambda: view.summary is not None)


@pytest.mark.parametrize(
    "name", ["kernel", "odd", "bias", "brain", "complex", "bits", "step", "nothing but nan"]
)
def test_the_counts_and_what_is_not_finite_are_all_elements(view, qtbot, name):
    show(view, qtbot, name)
    found = view.summary
    assert view.counts.dtype == np.int64
    assert view.counts.sum() + found.nan + found.posinf + found.neginf == arrays()[name].size


def test_each_bin_counts_what_numpy_counts(view, qtbot):
    show(view, qtbot, "kernel")
    histogram = view.summary.histogram.coarsened(256)
    assert (view.counts == np.histogram(arrays()["kernel"], histogram.edges)[0]).all()


@pytest.mark.parametrize("most", BINS)
def test_there_are_never_more_bins_than_asked_for(view, qtbot, most):
    show(view, qtbot, "kernel")
    view._bins.setCurrentIndex(BINS.index(most))
    assert 0 < len(view.counts) <= most
    assert view.counts.sum() == arrays()["kernel"].size


def test_the_facts_below_are_those_of_all_finite_elements(view, qtbot):
    show(view, qtbot, "odd")
    odd = arrays()["odd"].astype(np.float64)
    finite = odd[np.isfinite(odd)]
    facts = view._facts.facts()
    assert facts[0] == "240"
    assert [float(fact) for fact in facts[1:5]] == pytest.approx(
        [finite.min(), finite.mean(), finite.max(), finite.std()], rel=1e-4
    )
    assert facts[5:] == ["0", "2", "1", "1"]


def test_the_pointer_tells_the_bin_and_its_count(view, qtbot, said):
    show(view, qtbot, "bias")
    told = []
    view.plot.told.connect(told.append)
    view.plot.hovered.emit((float(view.plot.axes["bottom"].places(2.0)) + 1e-6, 0.5))
    assert told[-1].endswith(": 1")
    assert "≤ value <" in told[-1]
    view.plot.hovered.emit(None)
    assert said[-1] == ""


def test_logarithmic_counts_draw_the_same_bins(view, qtbot):
    show(view, qtbot, "kernel")
    before = view.counts.tolist()
    view._log.setChecked(True)
    assert view.counts.tolist() == before
    assert view.plot.axes["left"].logMode


def test_a_summary_that_is_known_is_not_made_again(view):
    opened = checkpoint()
    variable = opened.find("kernel")
    view.show_values(opened, variable, summarize(opened, variable))
    assert not view.tasks.any_busy()
    assert view.counts.sum() == 210


def test_those_who_cannot_see_it_are_told_in_words(view, qtbot):
    show(view, qtbot, "bias")
    assert "6 finite elements" in view.plot.accessibleDescription()


def test_a_single_outlier_among_a_million_stays_visible(view, qtbot):
    values = np.random.default_rng(1).normal(size=1_000_000).astype(np.float32)
    values[77] = 40
    opened = MemoryCheckpoint({"w": values})
    show(view, qtbot, "w", opened)
    qtbot.wait(20)
    plot = view.plot
    edges = view.summary.histogram.coarsened(256).edges
    middle = float(plot.axes["bottom"].places(edges[-2:].mean()))
    ground = plot.mapFromScene(plot.view.mapViewToScene(QPointF(middle, 0)))
    picture = plot.grab().toImage()
    column = {picture.pixelColor(ground - QPoint(0, up)).name() for up in range(4)}
    assert column - {theme.current().surface}


def test_the_keyboard_zooms_and_shows_everything_again(view, qtbot):
    show(view, qtbot, "kernel")
    everything = view.plot.view.viewRange()[0]
    QTest.keyClick(view.plot, Qt.Key.Key_Plus)
    closer = view.plot.view.viewRange()[0]
    assert closer[1] - closer[0] < everything[1] - everything[0]
    QTest.keyClick(view.plot, Qt.Key.Key_Home)
    assert view.plot.view.viewRange()[0] == pytest.approx(everything)


@pytest.mark.parametrize("width", [220, 300, 800])
@pytest.mark.parametrize(
    "span", [(-0.3, 0.3), (0, 1.7e-4), (1.2e-5, 1.3e-5), (-1.7e308, 1.7e308), (99, 101.5)]
)
def test_a_range_can_be_read_at_any_size(qtbot, width, span):
    plot = HistogramPlot()
    qtbot.addWidget(plot)
    plot.resize(width, 200)
    plot.show()
    plot.set_bins([Bins("", np.array([span[0], sum(span) / 2, span[1]]), np.array([1, 2]), "#000000")])
    names = [text for _, _, text in drawn_names(plot.axes["bottom"])]
    assert len(set(names)) >= 2
    boxes = [box for box, _, _ in drawn_names(plot.axes["bottom"])]
    assert all(one.right() < other.left() for one, other in pairwise(boxes))


def drawn_names(axis):
    """What pyqtgraph is about to paint: a box, flags and a text for each."""
    picture = QPicture()
    painter = QPainter(picture)
    specs = axis.generateDrawSpecs(painter)
    painter.end()
    return sorted(specs[2], key=lambda spec: spec[0].left())
