from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyleOptionViewItem

from ckpt_viewer.analysis.comparison import Pair
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.session.pair_columns import PairColumns
from ckpt_viewer.ui.item_models.pair_table import FULL_NAME, NAME, PairTableModel
from ckpt_viewer.ui.widgets.name_elision import NameDelegate, elided_name
from ckpt_viewer.ui.widgets.pair_table_view import PairTableView

KEYS = [f"layer_with_weights-{layer}/bias/.ATTRIBUTES/VARIABLE_VALUE" for layer in range(3)]
SLOTS = [
    f"layer_with_weights-1/{leaf}/.OPTIMIZER_SLOT/optimizer/{slot}/.ATTRIBUTES/VARIABLE_VALUE"
    for leaf in ("bias", "kernel")
    for slot in "mv"
]
UPDATES = [f"training/Adagrad/update_dense_{n}/kernel/ResourceApplyAdagradV2" for n in range(3)]
GRADIENTS = [f"training/Adagrad/gradients/dense_{n}/MatMul_grad/MatMul_1" for n in range(3)]


@pytest.fixture
def metrics(qtbot):
    return QFontMetrics(QFont())


@pytest.mark.parametrize("names", [KEYS, SLOTS, UPDATES, GRADIENTS])
def test_names_in_little_room_stay_different(metrics, names):
    room = metrics.horizontalAdvance("m" * 26)
    shown = [elided_name(name, metrics, room) for name in names]
    assert len(set(shown)) == len(names)
    assert all(metrics.horizontalAdvance(text) <= room for text in shown)


def test_a_name_that_fits_is_left_alone(metrics):
    assert elided_name(KEYS[0], metrics, 10_000) == KEYS[0]


def test_what_all_object_keys_end_in_goes_first(metrics):
    short = "layer_with_weights-1/bias"
    assert elided_name(KEYS[1], metrics, metrics.horizontalAdvance(short) + 1) == short


def test_a_list_draws_what_tells_its_names_apart(qtbot):
    view, model = QListView(), QStandardItemModel()
    qtbot.addWidget(view)
    view.setModel(model)
    for name in UPDATES:
        model.appendRow(QStandardItem(name))
    view.setItemDelegate(NameDelegate(view))
    assert len({drawn(view, row) for row in range(3)}) == 3


def drawn(view, row):
    """The pixels of a row in a column of 200."""
    picture = QPixmap(200, 20)
    picture.fill(Qt.GlobalColor.white)
    option = QStyleOptionViewItem()
    view.initViewItemOption(option)
    option.rect = QRect(0, 0, 200, 20)
    painter = QPainter(picture)
    view.itemDelegate().paint(painter, option, view.model().index(row, 0))
    painter.end()
    return bytes(picture.toImage().constBits())


def test_a_comparison_shows_what_people_called_its_variables(qtbot):
    plain = Variable(KEYS[0], "float32", (2,), 8)
    named = replace(plain, name=KEYS[1], full_name="dense_1/bias")
    model = PairTableModel()
    table = PairTableView(model)
    qtbot.addWidget(table)
    model.set_pairs(PairColumns([Pair(plain, None, "only-a", "names"), Pair(None, named, "only-b", "names")]))
    table.fit_columns()
    assert not table.isColumnHidden(FULL_NAME)
    assert {model.index(row, FULL_NAME).data() for row in range(2)} == {"", "dense_1/bias"}
    model.set_pairs(PairColumns([Pair(plain, plain, "changed", "bytes")]))
    table.fit_columns()
    assert table.isColumnHidden(FULL_NAME)
    assert model.index(0, NAME).data() == KEYS[0]
