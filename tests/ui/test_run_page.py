"""A run over time: one variable through all saves, over memory and over the sample run."""

from itertools import pairwise
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from ckpt_viewer import open_checkpoint
from ckpt_viewer.analysis.timeline import Ridge
from ckpt_viewer.errors import MissingShard
from ckpt_viewer.formats.folders.folder import Folder
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session import last_session
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, RunDocument
from ckpt_viewer.ui.app import open_window
from ckpt_viewer.ui.widgets.step_words import FACTS
from tests.memory_checkpoint import MemoryCheckpoint
from tests.memory_provider import MemoryProvider, run
from tests.ui.conftest import settle

STEPS = (10, 20, 30, 40)
chance = np.random.default_rng(8)
W = {step: chance.normal(step / 10, 1, (20, 30)).astype(np.float32) for step in STEPS}
SAMPLE_STEPS = (1000, 1250, 1500, 1750, 2000)


def run_session(tmp_path, arrays=None, **options):
    """A run `m` nowhere on disk; an error in place of arrays is raised when that save is opened."""
    found = {step: {"w": values, "b": values[0]} for step, values in W.items()} | (arrays or {})

    def make(path):
        content = found[int(path.name.rpartition("-")[2])]
        if isinstance(content, Exception):
            raise content
        return MemoryCheckpoint(content, path=path, **options)

    return Session(MemoryProvider([Folder(tmp_path, runs=(run(tmp_path, "m", *found),))], make))


@pytest.fixture
def follow(open_quiet, tmp_path):
    """Opens the page of a run over a variable and waits until it is read."""

    def open_page(arrays=None, variable="w", **options):
        session = run_session(tmp_path, arrays, **options)
        session.show(RunDocument(tmp_path, "m", variable))
        return open_quiet(session=session)

    return open_page


@pytest.fixture
def sample(open_quiet):
    session = Session()
    session.show(RunDocument(sample_run(), "digits", "decoder/prototypes"))
    return open_quiet(session=session)


def timeline(window):
    return window.documents.page().timeline


def plots(window):
    return timeline(window).plots


def facts(window):
    return dict(zip(FACTS, plots(window).facts.facts(), strict=True))


def notes(window):
    found = plots(window).notes
    return [found.item(row).text() for row in range(found.count())]


def pixel(plot, number):
    centre = plot.view.viewRect().center()
    centre.setX(float(plot.axes["bottom"].places(plot._steps[number])))
    return plot.mapFromScene(plot.view.mapViewToScene(centre))


def test_the_figures_drawn_are_those_numpy_computes(follow):
    shown = plots(follow())
    wide = [W[step].astype(np.float64) for step in STEPS]
    low, high, mean = (curve.values for curve in shown.values.figures.curves)
    assert low.tolist() == [values.min() for values in wide]
    assert high.tolist() == [values.max() for values in wide]
    assert mean == pytest.approx([values.mean() for values in wide], rel=1e-12)
    below, above = shown.values.figures.band
    assert above - below == pytest.approx([2 * values.std() for values in wide], rel=1e-9)
    assert shown.norm.figures.curves[0].values == pytest.approx([np.linalg.norm(values) for values in wide])
    changes = [np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in pairwise(wide)]
    drawn = shown.change.figures.curves[0].values
    assert np.isnan(drawn[0])
    assert drawn[1:] == pytest.approx(changes, rel=1e-12)


def test_the_sample_run_has_the_figures_of_its_values(sample):
    wide = []
    for step in SAMPLE_STEPS:
        with open_checkpoint(sample_run() / f"digits-{step}") as checkpoint:
            wide.append(checkpoint.read("decoder/prototypes").astype(np.float64))
    points = timeline(sample).points
    assert [point.step for point in points] == list(SAMPLE_STEPS)
    for point, values in zip(points, wide, strict=True):
        assert (point.summary.min, point.summary.max) == (values.min(), values.max())
        assert point.summary.mean == pytest.approx(values.mean(), rel=1e-12)
        assert point.summary.std == pytest.approx(values.std(), rel=1e-12)
        assert point.norm == pytest.approx(np.sqrt((values**2).sum()), rel=1e-12)
    for point, a, b in zip(points[1:], wide, wide[1:], strict=False):
        assert point.change.relative == pytest.approx(np.linalg.norm(b - a) / np.linalg.norm(a), rel=1e-12)
    ridge = plots(sample).ridge.ridge
    for counts, values in zip(ridge.counts, wide, strict=True):
        assert counts.tolist() == np.histogram(values, ridge.edges)[0].tolist()


def test_the_page_has_its_name_and_says_what_the_run_is(sample):
    assert sample.findChild(QWidget, "timeline") is timeline(sample)
    assert sample.documents.tabText(0) == "sample · digits over time"
    assert sample.documents.page().status == "5 saves, steps 1000 to 2000"


def test_without_a_pointer_the_newest_save_is_read_out(follow):
    read = facts(follow())
    assert read["step"] == "40"
    assert float(read["mean"]) == pytest.approx(W[40].mean(), rel=1e-3)
    assert read["change"].endswith("since 30")


def test_arrow_keys_read_out_the_other_saves(follow):
    window = follow()
    QTest.keyClick(plots(window).norm, Qt.Key.Key_Left)
    QTest.keyClick(plots(window).norm, Qt.Key.Key_Left)
    assert facts(window)["step"] == "30"
    assert "step 30" in window.statusBar().currentMessage()
    QTest.keyClick(plots(window).ridge, Qt.Key.Key_Down)
    assert facts(window)["step"] == "40"


def test_the_pointer_reads_out_the_nearest_save(follow, qtbot):
    window = follow()
    plot = plots(window).change
    for shift in (3, 0):
        QTest.mouseMove(plot.viewport(), pixel(plot, 1) + QPoint(shift, 0))
    qtbot.waitUntil(lambda: facts(window)["step"] == "20")
    assert {shown.highlighted for shown in (plots(window).values, plots(window).ridge)} == {1}


def test_a_click_on_a_point_opens_that_checkpoint_with_the_variable(follow, qtbot):
    window = follow()
    plot = plots(window).values
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel(plot, 2))
    settle(qtbot, window)
    document = window.session.state.document
    assert isinstance(document, CheckpointDocument)
    assert (document.path.name, document.variable) == ("m-30", "w")


def test_a_click_far_from_any_point_opens_nothing(follow):
    window = follow()
    plot = plots(window).values
    between = (pixel(plot, 0) + pixel(plot, 1)) / 2
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=between)
    assert isinstance(window.session.state.document, RunDocument)


def test_enter_opens_the_save_that_the_keys_chose(follow, qtbot):
    window = follow()
    QTest.keyClick(plots(window).values, Qt.Key.Key_Left)
    QTest.keyClick(plots(window).values, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert window.session.state.document.path.name == "m-40"


def test_a_row_of_the_ridge_is_its_save(follow):
    ridge = plots(follow()).ridge
    assert [ridge.save_at(0.5, row + 0.5) for row in range(4)] == [3, 2, 1, 0]
    assert ridge.save_at(0.5, 4.5) is None


def test_a_long_ridge_draws_some_saves_and_says_so(follow, qtbot):
    shown = plots(follow())
    title = shown._titles[shown.ridge]
    assert title.text() == "Histograms"
    many = np.ones((400, 3), np.int64)
    shown.ridge.set_ridge(Ridge(np.arange(4.0), tuple(many)), range(400), True, ())
    assert title.text().startswith("Histograms of one save in ")
    assert shown.ridge.save_at(0.5, 2.5) == 397


def test_the_bin_under_the_pointer_is_told(follow):
    ridge = plots(follow()).ridge
    told = []
    ridge.told.connect(told.append)
    counts, edges = ridge.ridge.counts[3], ridge.ridge.edges
    place = int(np.argmax(counts))
    middle = float(ridge.axes["bottom"].places((edges[place] + edges[place + 1]) / 2))
    ridge.hovered.emit((middle, 0.5))
    assert told[-1].endswith(f"value < {edges[place + 1]:.4g}: {counts[place]}")


def test_one_bad_save_does_not_stop_the_others(follow, tmp_path):
    lost = MissingShard(f"{tmp_path}/m-30.data-00000-of-00001 is not there.")
    window = follow({30: lost})
    assert [point.summary is not None for point in timeline(window).points] == [True, True, False, True]
    assert notes(window) == ["step 30: m-30.data-00000-of-00001 is not there."]
    assert plots(window).values.figures.marks.noted == (2,)
    assert facts(window)["change"].endswith("since 20")
    assert plots(window).ridge.ridge.counts[2] is None


def test_saves_without_the_variable_or_with_another_shape_are_told(follow):
    others = {10: {"w": W[10][:, :5]}, 20: {"b": W[20]}, 30: {"b": W[30]}}
    window = follow(others)
    assert notes(window) == [
        "steps 20 to 30 (2 saves): the variable is not in this checkpoint",
        "step 10: the shape is 20×5 here, not 20×30",
    ]
    assert timeline(window).chooser.model._lacking == {"b", "w"}


def test_nan_is_marked_and_its_first_step_named(follow):
    broken = {step: W[step].copy() for step in (30, 40)}
    for values in broken.values():
        values[2, 3] = np.nan
    broken[40][5] = np.inf
    window = follow({step: {"w": values} for step, values in broken.items()})
    said = timeline(window).head.finding.text()
    assert "NaN first at step 30" in said
    assert "±Inf first at step 40" in said
    assert plots(window).values.figures.marks.nan == (2, 3)
    assert (facts(window)["NaN"], facts(window)["±Inf"]) == ("1", "30")


def test_a_variable_without_figures_says_so_in_a_sentence(follow):
    text = np.array([b"a", b"b"], object)
    window = follow({step: {"w": text} for step in STEPS})
    assert timeline(window).nothing.isVisible()
    assert "steps 10 to 40 (4 saves): string values have no figures" in timeline(window).nothing.text()


def test_the_list_chooses_and_the_filter_finds(follow, qtbot):
    window = follow()
    chooser = timeline(window).chooser
    chooser.filter.setText("b")
    qtbot.waitUntil(lambda: chooser.model.rowCount() == 1)
    chooser.list.setCurrentIndex(chooser.model.index(0))
    settle(qtbot, window)
    assert window.session.state.document.variable == "b"
    assert timeline(window).points[0].summary.count == 30


def test_without_a_choice_the_first_weight_is_followed(follow):
    window = follow(variable=None, roles={"b": "counter"})
    assert window.session.state.document.variable == "w"
    assert len(timeline(window).points) == 4


def test_a_newer_choice_silences_the_older_one(follow, qtbot):
    window = follow()
    panel, document = timeline(window), window.session.state.document
    for name in ("b", "w", "b"):
        window.session.update(document.key, variable=name)
    settle(qtbot, window)
    assert {point.variable.name for point in panel.points} == {"b"}
    assert panel.head.name.text() == "b"


def test_cancelling_keeps_what_has_arrived_and_offers_the_rest(follow, qtbot):
    window = follow()
    panel, started, held = timeline(window), Event(), [True]

    def wait(cancel):
        started.set()
        while held[0]:
            cancel.check()

    window.session.provider.before = wait
    panel._follow()
    qtbot.waitUntil(started.is_set)
    qtbot.waitUntil(panel.head.cancel.isVisible)
    panel.head.cancel.click()
    assert panel.head.said.text() == "Stopped after 0 of 4 saves"
    held[0] = False
    panel.head._again.click()
    settle(qtbot, window)
    assert len(panel.points) == 4
    assert not panel.head.said.isVisible()


def test_every_save_is_closed_once_it_was_read(follow):
    window = follow()
    assert len(window.session.provider.opened) == 5  # one of them for the list of names
    assert all(checkpoint.closed for checkpoint in window.session.provider.opened)


@pytest.mark.parametrize("whole_window", [True, False])
def test_closing_while_it_reads_leaves_nothing(qtbot, tmp_path, whole_window):
    started = Event()

    def endless(cancel):
        started.set()
        while True:
            cancel.check()

    session = run_session(tmp_path, before_read=endless)
    document = RunDocument(tmp_path, "m", "w")
    session.show(document)
    window = open_window([], session)
    qtbot.addWidget(window)
    qtbot.waitUntil(started.is_set)
    if not whole_window:
        session.close(document.key)
        assert not window.tasks.busy((document.key, "follow"))
    window.close()
    assert all(checkpoint.closed for checkpoint in session.provider.opened)


def test_the_action_takes_the_variable_of_the_checkpoint_in_front(open_quiet, qtbot, tmp_path):
    session = run_session(tmp_path)
    session.show(CheckpointDocument(tmp_path / "m-20", variable="b"))
    window = open_quiet(session=session)
    assert window.actions_by_name["run_over_time"].isEnabled()
    QTest.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    document = session.state.document
    assert (document.key, document.variable) == (RunDocument(tmp_path, "m").key, "b")
    assert len(timeline(window).points) == 4


def test_the_action_takes_the_variable_chosen_in_a_comparison(open_quiet, qtbot, tmp_path):
    session = run_session(tmp_path)
    session.compare(tmp_path / "m-10", tmp_path / "m-20")
    window = open_quiet(session=session)
    panel = window.documents.page().comparison
    row = panel.model.row_of(("b", "b"))
    place = panel.table.visualRect(panel.model.index(row, 0)).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    document = session.state.document
    assert (document.key, document.variable) == (RunDocument(tmp_path, "m").key, "b")


def test_the_line_of_a_run_in_the_tree_is_enough(open_quiet, qtbot, tmp_path):
    folder = Folder(tmp_path, runs=(run(tmp_path, "a", 1, 2), run(tmp_path, "m", 1, 2)))
    session = Session(MemoryProvider([folder], lambda path: MemoryCheckpoint({"w": np.ones(3)}, path=path)))
    session.add_root(tmp_path)
    window = open_quiet(session=session)
    assert not window.actions_by_name["run_over_time"].isEnabled()
    model = window.tree.model()
    window.tree.setCurrentIndex(model.index(1, 0, model.index(0, 0)))
    assert (session.state.line.folder, session.state.line.run) == (tmp_path, "m")
    window.actions_by_name["run_over_time"].trigger()
    settle(qtbot, window)
    assert session.state.document == RunDocument(tmp_path, "m", "w")
    assert window.actions_by_name["run_over_time"] in window.tree.actions()


def test_a_run_that_is_gone_says_so(open_quiet, tmp_path):
    session = run_session(tmp_path)
    session.show(RunDocument(tmp_path, "gone"))
    window = open_quiet(session=session)
    assert "holds no run 'gone'" in window.documents.page().failure.text()


def test_looking_again_finds_new_saves(follow, qtbot, tmp_path):
    window = follow()
    provider = window.session.provider
    provider.folders[tmp_path] = Folder(tmp_path, runs=(run(tmp_path, "m", 10, 20),))
    window.documents.page().retry()
    settle(qtbot, window)
    assert [point.step for point in timeline(window).points] == [10, 20]


def test_the_run_comes_back_with_the_next_start(tmp_path):
    session = run_session(tmp_path)
    session.show(RunDocument(tmp_path, "m", "w"))
    last_session.remember(session)
    again = Session(session.provider, session.settings)
    last_session.restore(again)
    assert again.state.documents == (RunDocument(tmp_path, "m", "w"),)


def test_choices_of_drawing_are_kept_in_the_document(follow):
    window = follow()
    plots(window).extremes.click()
    plots(window).one_scale.click()
    document = window.session.state.document
    assert (document.extremes, document.one_scale) == (False, False)
    assert len(plots(window).values.figures.curves) == 1


def test_plots_have_a_text_for_those_who_do_not_see_them(follow):
    text = plots(follow()).norm.accessibleDescription()
    assert text.startswith("step 10: norm ")
    assert text.count("step") == 4


def test_a_run_of_one_save_has_a_point_and_no_change(open_quiet, tmp_path):
    folder = Folder(tmp_path, runs=(run(tmp_path, "m", 7),))
    session = Session(
        MemoryProvider([folder], lambda path: MemoryCheckpoint({"w": np.float32(2)}, path=path))
    )
    session.show(RunDocument(tmp_path, "m", "w"))
    window = open_quiet(session=session)
    assert window.documents.page().status == "1 save, step 7"
    assert (facts(window)["mean"], facts(window)["change"]) == ("2", "–")
