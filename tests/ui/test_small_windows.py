"""Every kind of tab fits into a small window, and asks for no wider one."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QScrollArea,
    QSlider,
    QSpinBox,
    QSplitter,
    QStyleOptionTab,
    QToolButton,
    QWidget,
)

from ckpt_viewer.analysis.comparison import pair_up
from ckpt_viewer.formats.checkpoint import ROLES
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.pair_columns import PairColumns
from ckpt_viewer.session.state import CheckpointDocument, ComparisonDocument, GraphDocument, RunDocument
from ckpt_viewer.ui.app import open_window
from ckpt_viewer.ui.item_models.pair_table import COLUMNS, NAME, RELATIVE, STATUS, PairTableModel
from ckpt_viewer.ui.main_window import LEFT
from ckpt_viewer.ui.widgets.fact_strip import FactStrip
from ckpt_viewer.ui.widgets.message_bar import MessageBar
from ckpt_viewer.ui.widgets.pair_table_view import PairTableView
from ckpt_viewer.ui.widgets.range_controls import RangeControls
from ckpt_viewer.ui.widgets.role_chips import RoleChips
from tests.memory_checkpoint import MemoryCheckpoint
from tests.ui.conftest import settle

WIDTH, HEIGHT = 900, 600
LEAST = 784  # what a screen 800 wide has room for
CONTROLS = {QCheckBox, QComboBox, QSlider, QSpinBox, QToolButton}
RUN = sample_run()
DOCUMENTS = {
    "comparison": ComparisonDocument(RUN / "digits-1750", RUN / "digits-2000"),
    "run": RunDocument(RUN, "digits", "conv1/kernel"),
}


def test_the_first_window_fits_on_the_screen(qtbot):
    window = open_window([])
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    assert room.width() < 1280  # or this shows nothing
    assert window.width() <= room.width()
    assert window.height() <= room.height()
    assert window.width() >= window.minimumSizeHint().width()
    window.close()


@pytest.mark.parametrize("problem", [False, True])
def test_no_tab_keeps_the_window_wider_than_a_small_screen(open_quiet, qtbot, problem):
    window = open_quiet(RUN)
    window.resize(LEAST, HEIGHT)
    checkpoint = window.session.state.documents[0].key
    for document in (*DOCUMENTS.values(), GraphDocument(RUN / "digits-2000.meta")):
        window.session.show(document)
        settle(qtbot, window)
    window.session.show(window.session.state.documents[0])
    for page in ("graph", "summary", "variables"):
        window.session.update(checkpoint, page=page)
        settle(qtbot, window)
    summary = window.findChild(QScrollArea, "summary")
    assert summary.horizontalScrollBar().maximum() == 0
    if problem:
        window.session.change(message=f"/models/{'x' * 195}/digits-2000 is no checkpoint.")
        settle(qtbot, window)
    assert window.minimumSizeHint().width() <= LEAST


@pytest.mark.parametrize(
    ("widget", "fill"),
    [
        (RoleChips, lambda chips: chips.set_counts(dict.fromkeys(ROLES, 99_999))),
        (RangeControls, lambda controls: controls.set_reduced(True)),
        (lambda: FactStrip(["Minimum"] * 9), lambda facts: facts.show_facts(["-1.234567e-38"] * 9)),
        (MessageBar, lambda bar: bar.show_text("x" * 195)),
    ],
)
def test_what_has_much_to_say_asks_for_no_more_width(qtbot, widget, fill):
    shown = widget()
    qtbot.addWidget(shown)
    fill(shown)
    shown.show()
    assert shown.minimumSizeHint().width() < 400


@pytest.mark.parametrize("width", [LEAST, 910, 1400])
def test_tabs_say_their_steps_however_long_a_name_is(open_quiet, qtbot, width):
    window = open_quiet()
    window.resize(width, HEIGHT)
    ends = []
    for folder in ("run1", "run2", "x" * 195):
        window.session.show(CheckpointDocument(Path("/models", folder, "digits-1000")))
        window.session.show(ComparisonDocument(*(Path("/models", folder, f"digits-{n}") for n in (1, 2000))))
        ends += ["1000", "2000"]
    settle(qtbot, window)
    bar = window.documents.tabBar()
    option = QStyleOptionTab()
    for number, end in enumerate(ends):
        bar.initStyleOption(option, number)
        assert option.text.endswith(end)
        assert bar.tabRect(number).width() <= 260


def in_sight(table):
    """The columns that are so without scrolling, all of each."""
    header = table.horizontalHeader()
    ends = {
        column: header.sectionViewportPosition(column) + header.sectionSize(column)
        for column in range(header.count())
    }
    return [column for column, end in ends.items() if 0 < end <= table.viewport().width()]


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_tab_widens_no_small_window(open_quiet, qtbot, kind):
    window = open_quiet(RUN)
    window.resize(WIDTH, HEIGHT)
    window.session.show(DOCUMENTS[kind])
    settle(qtbot, window)
    assert (window.width(), window.height()) == (WIDTH, HEIGHT)
    if kind == "comparison":
        table = window.documents.page().comparison.table
        assert table.columnWidth(NAME) >= 160
        assert {NAME, STATUS, RELATIVE} <= set(in_sight(table))
        narrow = table.columnWidth(RELATIVE)
        window.resize(1400, HEIGHT)
        assert table.columnWidth(NAME) > 160
        assert table.columnWidth(RELATIVE) > narrow
        assert table.horizontalScrollBar().maximum() == 0
        window.resize(WIDTH, HEIGHT)
    for name in ("graph", "summary"):
        window.session.update(window.session.state.documents[0].key, page=name)
        settle(qtbot, window)
        assert window.width() == WIDTH


@pytest.mark.parametrize("view", ["side", "difference"])
def test_a_comparison_of_many_axes_fits_into_800_by_600(open_quiet, qtbot, view):
    window = open_quiet(RUN)
    window.resize(800, 600)
    window.session.show(DOCUMENTS["comparison"])
    settle(qtbot, window)
    window.session.update(DOCUMENTS["comparison"].key, pair=("conv2/kernel", "conv2/kernel"), mode=view)
    settle(qtbot, window)
    assert (window.width(), window.height()) == (800, 600)
    pictures = window.documents.page().comparison.pictures
    controls = [
        each for each in pictures.findChildren(QWidget) if type(each) in CONTROLS and each.isVisible()
    ]
    places = [each.rect().translated(each.mapTo(pictures, QPoint())) for each in controls]
    assert {type(each) for each in controls} == CONTROLS
    assert all(pictures.rect().contains(place) for place in places)
    assert not any(one.intersects(other) for one, other in combinations(places, 2))
    assert all(
        place.height() >= each.minimumSizeHint().height()
        for each, place in zip(controls, places, strict=True)
    )


def test_the_tree_has_its_width_again_once_the_window_is_wide(open_quiet, qtbot):
    window = open_quiet(sample_run())
    across = window.findChild(QSplitter, "treeBesideTabs")
    widths = []
    for width in (1280, LEAST, 1280, LEAST, 1000, 1600):
        window.resize(width, 700)
        qtbot.wait(1)
        widths.append(across.sizes()[0])
    wide, narrow, *_ = widths
    assert narrow < wide == LEFT
    assert widths == [wide, narrow, wide, narrow, wide, wide]


def test_a_width_that_the_user_chose_for_the_tree_stays(open_quiet, qtbot):
    window = open_quiet(sample_run())
    across = window.findChild(QSplitter, "treeBesideTabs")
    window.resize(LEAST, 700)
    qtbot.wait(1)
    across.moveSplitter(200, 1)
    window.resize(1280, 700)
    qtbot.wait(1)
    assert across.sizes()[0] == pytest.approx(200, abs=2)


@pytest.mark.parametrize("scope", ["", "training/Ftrl/linear_model/"])
def test_figures_give_long_names_of_a_comparison_their_room(qtbot, scope):
    one = {f"{scope}{number}/weights/accumulator": np.full(3, number) for number in range(3)}
    pairs = pair_up(MemoryCheckpoint(one), MemoryCheckpoint({name: 1.0 + one[name] for name in one}))
    model = PairTableModel()
    table = PairTableView(model)
    qtbot.addWidget(table)
    table.resize(1010, HEIGHT)
    table.show()
    model.set_pairs(PairColumns(pairs.pairs))
    table.fit_columns()
    assert table.columnWidth(NAME) >= table.sizeHintForColumn(NAME)
    assert (table.columnWidth(RELATIVE) == COLUMNS[RELATIVE].width) == (not scope)
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
    table.resize(720, HEIGHT)
    assert table.columnWidth(NAME) >= min(table.sizeHintForColumn(NAME), 200)
    assert {NAME, STATUS, RELATIVE} <= set(in_sight(table))


def test_columns_that_the_user_made_wider_stay_so(open_quiet, qtbot):
    window = open_quiet(RUN)
    window.session.show(DOCUMENTS["comparison"])
    settle(qtbot, window)
    table = window.documents.page().comparison.table
    table.header.held = True  # as while the mouse drags an edge
    table.setColumnWidth(STATUS, 300)
    table.header.held = False
    for width in (WIDTH, 1400):
        window.resize(width, HEIGHT)
        assert table.columnWidth(STATUS) == 300
        assert table.columnWidth(NAME) >= 160
