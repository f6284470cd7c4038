import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester

from ckpt_viewer.formats.folders.folder import Folder, Run
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.provider import Files
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument
from ckpt_viewer.ui.item_models.checkpoint_tree_model import BADGES_ROLE, CheckpointTreeModel
from ckpt_viewer.ui.panels.checkpoint_tree import CheckpointTree
from tests.memory_provider import MemoryProvider, run, save

ROOT = Path("/models")
RUN = ROOT / "run1"


@pytest.fixture
def tree(qtbot, tasks):
    """A tree over two folders, the second of which holds a run of three saves."""
    folders = [
        Folder(ROOT, folders=(RUN,)),
        Folder(RUN, runs=(run(RUN, "model.ckpt", 1000, 2000, 3000, latest=2000),)),
    ]
    session = Session(MemoryProvider(folders))
    made = CheckpointTree(session, tasks)
    made.session, made.provider = session, session.provider
    qtbot.addWidget(made)
    made.show()
    session.add_root(ROOT)
    qtbot.waitUntil(lambda: len(made.provider.listed) == 1 and not tasks.any_busy())
    yield made
    made.leave()


def texts(tree, *rows):
    """What the tree shows below the line that the row numbers lead to."""
    model, index = tree.model(), tree.rootIndex()
    for row in rows:
        index = model.index(row, 0, index)
    return [model.index(row, 0, index).data() for row in range(model.rowCount(index))]


def index_of(tree, path):
    return tree.model().index_of(tree.model().find(path))


def open_run(tree, qtbot):
    tree.expand(index_of(tree, RUN))
    qtbot.waitUntil(lambda: RUN in tree.model().listed())


def test_a_folder_is_listed_only_when_it_is_opened(tree, qtbot):
    assert texts(tree) == ["models/"]
    assert texts(tree, 0) == ["run1/"]
    assert tree.provider.listed == [ROOT]
    open_run(tree, qtbot)
    assert tree.provider.listed == [ROOT, RUN]


def test_saves_stand_newest_first_and_the_latest_is_marked(tree, qtbot):
    open_run(tree, qtbot)
    assert texts(tree, 0) == ["run1/  (3)"]
    assert texts(tree, 0, 0) == ["3000", "● 2000", "1000"]
    latest = index_of(tree, RUN / "model.ckpt-2000")
    assert latest.data(Qt.ItemDataRole.FontRole).bold()
    assert index_of(tree, RUN / "model.ckpt-1000").data(Qt.ItemDataRole.FontRole) is None


def test_several_runs_get_a_line_each_and_a_run_of_one_does_not(qtbot):
    model = CheckpointTreeModel()
    model.set_roots([RUN])
    model.set_folder(Folder(RUN, runs=(run(RUN, "a.ckpt", 1, 2), run(RUN, "b.ckpt", 7))))
    top = model.index(0, 0)
    assert [model.index(row, 0, top).data() for row in range(2)] == ["a.ckpt  (2)", "b.ckpt-7"]


def test_double_clicking_a_folder_opens_its_newest_checkpoint(tree, qtbot):
    tree.activated.emit(index_of(tree, RUN))
    qtbot.waitUntil(lambda: tree.session.state.document is not None)
    assert tree.session.state.document.path == RUN / "model.ckpt-2000"


def test_enter_opens_the_chosen_checkpoint(tree, qtbot):
    open_run(tree, qtbot)
    tree.setCurrentIndex(index_of(tree, RUN / "model.ckpt-1000"))
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert tree.session.state.document.path == RUN / "model.ckpt-1000"


def test_the_selection_keeps_the_order_of_picking(tree, qtbot):
    open_run(tree, qtbot)
    flag = QItemSelectionModel.SelectionFlag.Select
    for step in (1000, 3000):
        tree.selectionModel().select(index_of(tree, RUN / f"model.ckpt-{step}"), flag)
    assert [path.name for path in tree.session.state.selected] == ["model.ckpt-1000", "model.ckpt-3000"]


def test_the_paths_of_selected_saves_can_be_copied(tree, qtbot):
    open_run(tree, qtbot)
    tree.selectAll()
    tree.copy()
    assert set(QGuiApplication.clipboard().text().splitlines()) == {
        str(RUN / f"model.ckpt-{step}") for step in (1000, 2000, 3000)
    }


def test_a_new_save_appears_and_the_selection_stays(tree, qtbot, tasks):
    open_run(tree, qtbot)
    tree.setCurrentIndex(index_of(tree, RUN / "model.ckpt-1000"))
    tree.provider.folders[RUN] = Folder(
        RUN, runs=(run(RUN, "model.ckpt", 1000, 2000, 3000, 4000, latest=4000),)
    )
    tree.rescan()
    qtbot.waitUntil(lambda: not tasks.any_busy())
    assert texts(tree, 0, 0) == ["● 4000", "3000", "2000", "1000"]
    assert [path.name for path in tree.session.state.selected] == ["model.ckpt-1000"]
    assert tree.currentIndex().data() == "1000"


def test_saves_written_while_it_is_open_are_found(tree, qtbot, tmp_path):
    for file in sample_run().glob("digits-1000*"):
        shutil.copy(file, tmp_path)
    tree.session.provider = Files()
    tree.session.change(roots=(tmp_path,))
    qtbot.waitUntil(lambda: tmp_path in tree.model().listed())
    assert len(texts(tree, 0)) == 1
    for file in sample_run().glob("digits-1250*"):
        shutil.copy(file, tmp_path)
    qtbot.waitUntil(lambda: len(texts(tree, 0)) == 2, timeout=20_000)


def test_removed_saves_leave_and_badges_change(qtbot):
    model = CheckpointTreeModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.set_roots([RUN])
    model.set_folder(Folder(RUN, runs=(run(RUN, "a", 1, 2, 3, 4, 5),)))
    broken = save(RUN / "a-3", badges=("missing shard",))
    model.set_folder(Folder(RUN, runs=(Run(RUN, "a", (save(RUN / "a-6"), broken, save(RUN / "a-1"))),)))
    top = model.index(0, 0)
    assert [model.index(row, 0, top).data() for row in range(model.rowCount(top))] == ["6", "3", "1"]
    assert model.index(1, 0, top).data(BADGES_ROLE) == ("missing shard",)


def test_another_order_is_taken_over(qtbot):
    model = CheckpointTreeModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.set_roots([RUN])
    model.set_folder(Folder(RUN, runs=(Run(RUN, "a", (save(RUN / "a-1"), save(RUN / "a-2"))),)))
    model.set_folder(Folder(RUN, runs=(Run(RUN, "a", (save(RUN / "a-2"), save(RUN / "a-1"))),)))
    top = model.index(0, 0)
    assert [model.index(row, 0, top).data() for row in range(2)] == ["2", "1"]


def test_thousands_of_saves_are_one_insertion(qtbot):
    model = CheckpointTreeModel()
    model.set_roots([RUN])
    insertions = []
    model.rowsInserted.connect(lambda parent, first, last: insertions.append((first, last)))
    model.set_folder(Folder(RUN, runs=(run(RUN, "a", *range(5000)),)))
    assert insertions == [(0, 4999)]


def test_listing_tens_of_thousands_of_saves_again_touches_no_line(qtbot):
    model = CheckpointTreeModel()
    model.set_roots([RUN])
    model.set_folder(Folder(RUN, runs=(run(RUN, "a", *range(30_000)),)))
    changes = []
    model.rowsInserted.connect(lambda parent, first, last: changes.append((first, last)))
    model.rowsRemoved.connect(lambda parent, first, last: changes.append((first, last)))
    model.set_folder(Folder(RUN, runs=(run(RUN, "a", *range(30_001)),)))
    assert changes == [(0, 0)]


def test_a_known_nan_is_a_badge(tree, qtbot):
    open_run(tree, qtbot)
    path = RUN / "model.ckpt-1000"
    tree.session.mark_nan(path)
    assert index_of(tree, path).data(BADGES_ROLE) == ("NaN",)


def test_a_folder_that_cannot_be_listed_says_why(tree, qtbot):
    tree.session.change(roots=(Path("/gone"),))
    qtbot.waitUntil(lambda: bool(tree.model().index(0, 0).data(BADGES_ROLE)))
    assert "/gone is not there." in tree.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_one_folder_may_stand_in_the_tree_twice(tree, qtbot):
    open_run(tree, qtbot)
    tree.session.add_root(RUN)
    qtbot.waitUntil(lambda: len(texts(tree, 1)) == 3)
    assert texts(tree, 0, 0) == texts(tree, 1)


def test_opening_a_checkpoint_elsewhere_selects_it_here(tree, qtbot):
    path = RUN / "model.ckpt-3000"
    tree.session.show(CheckpointDocument(path))
    qtbot.waitUntil(lambda: tree.session.state.selected == (path,))
    assert tree.currentIndex().data() == "3000"


def test_names_are_shown_as_they_are_never_as_markup(qtbot):
    model = CheckpointTreeModel()
    nasty = Path("/x") / "<b>bold<i>\u202e-1"
    model.set_roots([Path("/x")])
    model.set_folder(Folder(Path("/x"), runs=(Run(Path("/x"), "n", (replace(save(nasty), step=None),)),)))
    line = model.index(0, 0, model.index(0, 0))
    assert line.data() == "<b>bold<i>\\u202e-1"
    assert "&lt;b&gt;" in line.data(Qt.ItemDataRole.ToolTipRole)


def test_an_index_that_may_grow_is_looked_at_again_until_it_is_whole_or_old(qtbot, tasks, tmp_path):
    for file in sample_run().glob("digits-1000.*"):
        shutil.copyfile(file, tmp_path / file.name)
    index = tmp_path / "digits-1000.index"
    whole = index.read_bytes()
    index.write_bytes(whole[:100])
    tree = CheckpointTree(Session(Files()), tasks)
    qtbot.addWidget(tree)
    tree.show()
    tree._session.add_root(tmp_path)

    def badges():
        return tree.model().index(0, 0, tree.model().index(0, 0)).data(BADGES_ROLE)

    qtbot.waitUntil(lambda: badges() == ("damaged",))
    index.write_bytes(whole)
    tree._look_for_changes()
    qtbot.waitUntil(lambda: badges() == ())
    tree.leave()


def test_what_comes_to_the_front_is_alone_even_while_ctrl_is_held(tree, qtbot):
    """As it is while Ctrl+W closes a tab."""
    open_run(tree, qtbot)
    qtbot.keyPress(tree, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    try:
        assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.ControlModifier
        for path in (RUN / "model.ckpt-3000", RUN / "model.ckpt-1000"):
            tree.session.show(CheckpointDocument(path))
            assert tree.session.state.selected == (path,)
    finally:
        qtbot.keyRelease(tree, Qt.Key.Key_Control)
