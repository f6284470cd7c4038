import pytest

from ckpt_viewer.formats.graph import Node
from ckpt_viewer.ui.item_models.graph_ops import DEVICE, NODES, GraphOpsModel, Nodes
from ckpt_viewer.ui.widgets.ops_view import MOST_DEVICE, OpsView
from tests.memory_graph import MemoryGraph

GPU = "/device:GPU:0"


@pytest.fixture
def view(qtbot):
    model = GraphOpsModel()
    view = OpsView(model)
    model.setParent(view)
    qtbot.addWidget(view)
    view.header().setStretchLastSection(False)
    view.resize(300, 200)
    view.show()
    return view


def nodes(*devices):
    graph = MemoryGraph([Node(f"node_{place}", "Const", device) for place, device in enumerate(devices)])
    return Nodes(graph.columns)


def show(view, listed):
    view.fit_counts(listed)
    view.model().set_groups(listed.grouped(listed.all))
    view.fit_devices(listed)


@pytest.mark.parametrize(
    ("devices", "shown"),
    [
        (("", "", ""), False),
        (("", "", GPU), False),
        ((GPU, GPU, ""), True),
        ((GPU, "/device:CPU:0"), True),
        ((), False),
    ],
)
def test_devices_are_shown_where_most_nodes_have_one(view, devices, shown):
    show(view, nodes(*devices))
    assert view.isColumnHidden(DEVICE) is not shown


def test_they_are_shown_and_hidden_when_asked_for_by_keyboard_and_mouse(view):
    action, *_ = view.actions()
    assert view.header().actions() == [action]
    show(view, nodes("", ""))
    action.trigger()
    assert not view.isColumnHidden(DEVICE)
    show(view, nodes("", "", ""))
    assert not view.isColumnHidden(DEVICE)
    action.trigger()
    show(view, nodes(GPU, GPU))
    assert view.isColumnHidden(DEVICE)
    assert not action.isChecked()


def test_names_get_the_room_that_the_rest_leaves(view):
    show(view, nodes("", ""))
    few = view.columnWidth(0)
    assert few == view.viewport().width() - view.columnWidth(NODES)
    assert few > 0.75 * view.viewport().width()
    show(view, nodes(GPU, GPU))
    assert view.columnWidth(0) == few - view.columnWidth(DEVICE)
    show(view, nodes(*["/job:worker/replica:0/task:12/device:GPU:0"] * 3))
    assert view.columnWidth(DEVICE) == MOST_DEVICE


def test_counts_of_a_large_graph_fit(view):
    show(view, nodes(*[""] * 123_456))
    assert view.columnWidth(NODES) > view.fontMetrics().horizontalAdvance("123,456") + 8
