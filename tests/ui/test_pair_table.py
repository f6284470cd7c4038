"""What the rows of a comparison say."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QStyleOptionViewItem

from ckpt_viewer.analysis.comparison import Difference, Pair
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.pair_columns import PairColumns
from ckpt_viewer.ui.item_models.pair_table import (
    CHANGED,
    COLUMNS,
    COSINE,
    MEAN_ABS,
    NAME,
    STATUS,
    PairTableModel,
)
from ckpt_viewer.ui.widgets.name_elision import NameDelegate
from ckpt_viewer.ui.widgets.pair_table_view import FIGURES, PairTableView
from ckpt_viewer.ui.widgets.variable_view import VariableView
from tests.ui.conftest import settle

Role = Qt.ItemDataRole


def test_the_model_follows_the_rules_of_qt(qtbot):
    model = PairTableModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    pairs = [changed("a", 0.1), changed("b", 0.2)]
    model.set_pairs(PairColumns(pairs))
    model.update_pairs([changed("a", 0.3)])
    model.rerank()
    model.show("identical", "")


def test_figures_do_not_move_rows_until_they_are_ranked_anew(qtbot):
    model = PairTableModel()
    model.set_pairs(PairColumns([changed("a", 0.1), changed("b", 0.2)]))
    assert [model.pair(row).name for row in range(2)] == ["b", "a"]
    model.update_pairs([changed("a", 0.3)])
    assert [model.pair(row).name for row in range(2)] == ["b", "a"]
    model.rerank()
    assert [model.pair(row).name for row in range(2)] == ["a", "b"]


def test_other_pairs_in_the_same_order_are_told_of(qtbot):
    model = PairTableModel()
    model.set_pairs(PairColumns([changed("a", 0.1)]))
    with qtbot.waitSignal(model.modelReset):
        model.set_pairs(PairColumns([changed("b", 0.1)]))
    assert model.index(0, NAME).data() == "b"


def test_rows_that_are_chosen_anew_are_ranked_by_the_newest_figures(qtbot):
    model = PairTableModel()
    model.set_pairs(PairColumns([changed("a", 0.1), changed("b", 0.2), changed("c", 0.3)]))
    model.show("all", "")
    model.update_pairs([changed("a", 0.4)])
    model.show("all", "a")
    model.show("all", "")
    assert [model.pair(row).name for row in range(3)] == ["a", "c", "b"]
    model.sort(NAME, Qt.SortOrder.DescendingOrder)
    assert [model.pair(row).name for row in range(3)] == ["c", "b", "a"]


def test_almost_all_is_not_all_and_almost_none_not_none(qtbot):
    model = PairTableModel()
    model.set_pairs(PairColumns([changed("a", 1.0, 999_999), changed("b", 0.5, 1)]))
    assert [model.index(row, CHANGED).data() for row in range(2)] == ["99.99 %", "< 0.001 %"]


def test_a_row_says_what_is_wrong_with_its_sides(qtbot):
    model = PairTableModel()
    lost = Problem("bad-checksum", "Its bytes are not those that were saved.", "Copy it again.")
    late = Problem("bad-checksum", "Nor are those of B.")
    model.set_pairs(PairColumns([replace(changed("bad", 0.2), damage=(lost, late)), changed("good", 0.1)]))
    bad, good = model.index(0, NAME), model.index(1, NAME)
    assert (bad.data(), good.data()) == ("bad", "good")
    assert not bad.data(Role.DecorationRole).isNull()
    for role in (Role.ToolTipRole, Role.AccessibleTextRole):
        for text in ("bad", lost.message, lost.hint, late.message):
            assert text in bad.data(role)
    assert bad.data(Role.AccessibleTextRole).startswith("bad Its bytes")
    assert (good.data(Role.DecorationRole), good.data(Role.AccessibleTextRole)) == (None, "good")
    assert model.index(0, STATUS).data(Role.AccessibleTextRole) == "≠ changed"


def test_a_row_that_cannot_be_read_is_marked_too(qtbot):
    model = PairTableModel()
    model.set_pairs(
        PairColumns([replace(changed("bad", 0.2), problem=Problem("missing-shard", "It is not there."))])
    )
    name = model.index(0, NAME)
    assert not name.data(Role.DecorationRole).isNull()
    assert name.data(Role.AccessibleTextRole) == "bad It is not there."
    assert "It is not there." in model.index(0, STATUS).data(Role.ToolTipRole)


def changed(name, relative, elements=7):
    variable = Variable(name, "float32", (1000, 1000), 4_000_000)
    return Pair(
        variable,
        variable,
        "changed",
        "bytes",
        Difference(1_000_000, elements, 1.0, 0.5, 0.7, relative, 0.9 if relative else None),
    )


def test_only_a_cosine_of_one_is_shown_as_one(qtbot):
    model = PairTableModel()
    pair = changed("a", 0.5)
    model.set_pairs(PairColumns([replace(pair, difference=replace(pair.difference, cosine=0.999984))]))
    assert model.index(0, COSINE).data() == "0.999984"


@pytest.mark.parametrize("width", [800, 1280])
def test_no_figure_of_the_sample_is_cut(open_quiet, qtbot, width):
    window = open_quiet(sample_run())
    window.resize(width, 700)
    window.session.compare(sample_run() / "digits-1000", sample_run() / "digits-2000")
    settle(qtbot, window)
    table = window.findChild(PairTableView)
    for column in FIGURES:
        assert table.columnWidth(column) >= table.sizeHintForColumn(column), COLUMNS[column].title


def test_what_is_cut_all_the_same_is_cut_where_it_cannot_mislead(open_quiet, qtbot):
    window = open_quiet(sample_run())
    window.session.compare(sample_run() / "digits-1000", sample_run() / "digits-2000")
    settle(qtbot, window)
    for table in (window.findChild(PairTableView), window.findChild(VariableView)):
        assert isinstance(table.itemDelegateForColumn(NAME), NameDelegate)
        index, option = table.model().index(0, MEAN_ABS), QStyleOptionViewItem()
        table.initViewItemOption(option)
        table.itemDelegateForIndex(index).initStyleOption(option, index)
        assert option.textElideMode == Qt.TextElideMode.ElideRight
