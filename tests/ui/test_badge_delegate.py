from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from ckpt_viewer.formats.folders.folder import Folder, Run
from ckpt_viewer.session.session import Session
from ckpt_viewer.ui.panels.checkpoint_tree import CheckpointTree
from ckpt_viewer.ui.widgets.badge_delegate import GAP, BadgeDelegate
from tests.memory_provider import MemoryProvider, save

FOLDER = Path("/models")
BADGES = ("damaged", "mixed shards", "no .meta")


@pytest.fixture
def drawn(qtbot, tasks, monkeypatch):
    """The text and the badges of a save in a tree of some width, and where the last badge ends."""

    def draw(name, badges, width=290):
        shown = {}

        def paint_badge(delegate, painter, badge, *arguments):
            shown[badge] = original(delegate, painter, badge, *arguments)
            return shown[badge]

        original = BadgeDelegate._draw
        monkeypatch.setattr(BadgeDelegate, "_draw", paint_badge)
        folder = Folder(FOLDER, runs=(Run(FOLDER, "", (save(FOLDER / name, badges=badges),)),))
        tree = CheckpointTree(session := Session(MemoryProvider([folder])), tasks)
        qtbot.addWidget(tree)
        tree.resize(width, 200)
        tree.show()
        session.add_root(FOLDER)
        qtbot.waitUntil(lambda: tree.model().find(FOLDER / name) is not None)
        shown.clear()
        tree.grab()
        tree.leave()
        return list(shown), max(shown.values()) - GAP, tree.viewport().width()

    return draw


def test_two_badges_are_whole_at_the_width_of_the_first_start(drawn):
    badges, end, width = drawn("model.ckpt-2000", BADGES[:2])
    assert badges == list(BADGES[:2])
    assert end <= width


def test_badges_without_room_are_counted(drawn):
    badges, end, width = drawn("model.ckpt-2000", BADGES, 230)
    assert badges == ["damaged", "+2"]
    assert end <= width


@pytest.mark.parametrize(("width", "shown"), [(174, "missing shard"), (165, "missing s…"), (100, "+1")])
def test_the_only_badge_is_told_where_there_is_room_for_it_or_most_of_it(drawn, width, shown):
    badges, end, room = drawn("m-999", ("missing shard",), width)
    assert badges == [shown]
    assert end <= room or shown == "+1"


def test_a_long_name_leaves_room_for_its_badge(drawn):
    badges, end, width = drawn("a_name_that_is_longer_than_the_pane_is_wide_by_far", BADGES[:1])
    assert badges == ["damaged"]
    assert end <= width


def test_the_tooltip_has_every_badge(qtbot, tasks):
    folder = Folder(FOLDER, runs=(Run(FOLDER, "", (save(FOLDER / "m-1", badges=BADGES),)),))
    tree = CheckpointTree(session := Session(MemoryProvider([folder])), tasks)
    qtbot.addWidget(tree)
    tree.show()
    session.add_root(FOLDER)
    model = tree.model()
    qtbot.waitUntil(lambda: model.find(FOLDER / "m-1") is not None)
    tip = model.index_of(model.find(FOLDER / "m-1")).data(Qt.ItemDataRole.ToolTipRole)
    assert "damaged · mixed shards · no .meta" in tip
    tree.leave()
