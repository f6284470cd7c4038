from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QPushButton,
    QStyleOptionTab,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from ckpt_viewer import open_graph
from ckpt_viewer.analysis.neighbourhood import neighbourhood
from ckpt_viewer.errors import DamagedFile, Problem
from ckpt_viewer.formats.graph import Collection, Function, GraphFacts, Node, Saver, Signature, TensorRef
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument
from ckpt_viewer.ui.documents.graph_page import GraphPage
from ckpt_viewer.ui.item_models.fact_tree import FactModel, fact_of
from ckpt_viewer.ui.item_models.graph_ops import GraphOpsModel, Nodes
from ckpt_viewer.ui.item_models.value_text import value_text
from ckpt_viewer.ui.panels.graph import GraphPanel
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.widgets.graph_lists import GraphLists
from ckpt_viewer.ui.widgets.neighbourhood import NeighbourhoodView
from tests.corpus import SAMPLES
from tests.memory_graph import MemoryGraph

DOCUMENT = CheckpointDocument(Path("memory/model.ckpt-1"))
NODES = (
    Node("x", "Placeholder"),
    Node("w", "VarHandleOp", "/device:GPU:0"),
    Node("w/read", "ReadVariableOp", "/device:GPU:0", ("w",)),
    Node("init", "NoOp"),
    Node("y", "MatMul", "/device:CPU:0", ("x", "w/read"), ("init",)),
    Node("<b>split</b>", "Split", "", ("y",)),
    Node("out", "Identity", "", ("<b>split</b>:1",)),
    Node("two", "Const"),
)
VARIABLES = Collection(
    "variables",
    "bytes_list",
    ({"variable_name": "w:0", "initializer_name": "w/Assign", "trainable": True},),
    "VariableDef",
)
FACTS = GraphFacts(
    tags=("train",),
    tensorflow_version="1.15.2",
    saver=Saver("save/Const:0", "save/Identity:0", "save/restore_all", 5, False, 10000.0, "V2"),
    collections=(VARIABLES, Collection("losses", "node_list", ("y:0",))),
    signatures={
        "serve": Signature("predict", {"in": TensorRef("x:0", "float32", (-1, 4))}, {}),
        "__saved_model_init_op": Signature("", {}, {"init": TensorRef("NoOp", "invalid", None)}),
    },
)


@pytest.fixture
def session():
    session = Session()
    session.show(DOCUMENT)
    return session


@pytest.fixture
def tasks(qtbot):
    tasks = TaskRunner()
    yield tasks
    tasks.close()


@pytest.fixture
def panel(qtbot, session, tasks):
    panel = GraphPanel(session, tasks, DOCUMENT.key, *GraphPage.parts(tasks, DOCUMENT.key))
    qtbot.addWidget(panel)
    panel.resize(1000, 700)
    panel.show()
    yield panel
    panel.leave()


@pytest.fixture
def graph():
    attributes = {"two": {"value": np.array([2.5], np.float32)}, "y": {"transpose_a": False}}
    return MemoryGraph(NODES, facts=FACTS, attributes=attributes, keys={"w": ["model/w"]})


def show(qtbot, panel, graph, node=None, session=None):
    panel.set_graph(graph)
    qtbot.waitUntil(lambda: not panel._tasks.any_busy())
    if node:
        session.update(DOCUMENT.key, node=node)
        qtbot.waitUntil(lambda: panel.details.title.text() == node)


def lines(facts):
    """All lines of a tree as text, children after their parent."""
    return [text for fact in facts for text in (f"{fact.label} {fact.value}".strip(), *lines(fact.lines))]


def test_ops_are_grouped_by_type_with_their_counts(qtbot, panel):
    show(qtbot, panel, MemoryGraph([*NODES, Node("three", "Const")]))
    ops = panel.findChild(QTreeView, "graphOps").model()
    assert ops.index(0, 0).data() == "Const"
    assert ops.index(0, 1).data() == "2"
    assert ops.index(0, 0, ops.index(0, 0)).data() == "three"
    assert ops.rowCount() == 8


def test_the_ops_model_follows_the_rules_of_qt(qtbot):
    model = GraphOpsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    nodes = Nodes(MemoryGraph(NODES).columns)
    model.set_groups(nodes.grouped(nodes.all))
    model.set_groups(nodes.grouped(nodes.all[:2]))


def test_a_cell_is_painted_with_what_the_model_says(qtbot, panel, graph):
    show(qtbot, panel, graph)
    view = panel.lists.ops_view
    view.expandAll()
    for index in (view.model().index(0, 0), panel.lists.ops.index_of(graph.node("w"))):
        option = QStyleOptionViewItem()
        view.itemDelegate().initStyleOption(option, index)
        assert option.text == index.data() != ""


def test_a_graph_is_checked_although_its_chosen_node_is_not_there(qtbot, panel, session):
    session.update(DOCUMENT.key, node="nope")
    show(qtbot, panel, MemoryGraph(NODES, problems=[Problem("bad-graph", "A collection makes no sense.")]))
    assert panel.message.text() == "A collection makes no sense."
    assert panel.findChild(QTreeView, "graphVersions").model().rowCount() > 0


def test_a_tab_is_filtered_when_it_is_turned_to(qtbot, panel, graph):
    show(qtbot, panel, graph)
    panel.lists.filter.setText("losses")
    view = panel.findChild(QTreeView, "graphCollections")
    panel.lists.tabs.setCurrentIndex(1)
    assert [fact.label for fact in view.model().facts] == ["losses"]


def test_the_fact_model_follows_the_rules_of_qt(qtbot):
    model = FactModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_facts([fact_of("list", [[1, 2], [3]]), fact_of("plain", 1)])
    assert model.rowCount(model.index(0, 0)) == 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", [node.name for node in NODES]),
        ("read", ["w/read"]),
        ("W", ["w", "w/read", "two"]),
        ("type:const", ["two"]),
        ("op:read w", ["w/read"]),
        ("device:gpu", ["w", "w/read"]),
        ("w*", ["w", "w/read"]),
        ("name:?", ["x", "w", "y"]),
        ("nothing", []),
    ],
)
def test_the_filter_looks_at_names_types_and_devices(text, names):
    found = Nodes(MemoryGraph(NODES).columns).matching(text)
    assert [NODES[place].name for place in found] == names


def test_typing_filters_the_ops(qtbot, panel, graph):
    show(qtbot, panel, graph)
    panel.lists.filter.setText("type:Const")
    ops = panel.lists.ops
    assert [group.op for group in ops.groups] == ["Const"]
    assert panel.lists.count.text() == "1 node of 8 · 1 op type"


@pytest.mark.parametrize("tab", [0, 1])
def test_a_filter_that_leaves_nothing_says_so_and_can_be_taken_back(qtbot, panel, graph, tab):
    show(qtbot, panel, graph)
    bar = panel.lists.tabs.tabBar()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(tab).center())
    QTest.keyClicks(panel.lists.filter, "nowhere")
    assert [text for text in seen(panel.lists) if "matches" in text] == [
        ("No node matches this filter", "Nothing here matches this filter")[tab]
    ]
    (button,) = [each for each in panel.lists.findChildren(QPushButton) if each.isVisible()]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert panel.lists.filter.text() == ""
    assert [text for text in seen(panel.lists) if "matches" in text] == []


def seen(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


@pytest.fixture
def calling():
    """A node that calls a function, in which a node has the name of one of the graph."""
    inner = (Node("w", "TopKV2", "", ("a",)), Node("sum", "AddN", "", ("w:values:0", "w:indices:0", "a")))
    facts = GraphFacts(functions=(Function("f", ("a",), ("out",), inner), Function("g", (), (), ())))
    called = {"call": {"f": {"function": "f", "attributes": {}}}}
    return MemoryGraph([*NODES, Node("call", "PartitionedCall", "", ("w",))], facts=facts, attributes=called)


def click(view, index):
    view.scrollTo(index)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())


def test_a_node_of_a_function_is_shown_with_what_is_around_it_there(qtbot, panel, calling, session):
    show(qtbot, panel, calling, "out", session)
    panel.lists.tabs.setCurrentIndex(3)
    view = panel.findChild(QTreeView, "graphFunctions")
    nodes = view.model().index(2, 0, view.model().index(0, 0))
    view.expandRecursively(view.model().index(0, 0))
    click(view, view.model().index(0, 0, nodes))
    qtbot.waitUntil(lambda: panel.details.title.text() == "w")
    assert panel.details.subtitle.text() == "TopKV2 · in function f"
    assert section(panel, "Outputs") == ["w:indices:0", "w:values:0"]
    assert set(panel.details.drawing._shown.nodes) == {"a", "w", "sum"}
    assert not panel.lists.ops_view.currentIndex().isValid()
    panel.details.drawing.chosen.emit("a")
    qtbot.waitUntil(lambda: panel.details.title.text() == "a")
    assert panel.details.subtitle.text() == "argument · in function f"
    panel.back()
    panel.back()
    qtbot.waitUntil(lambda: panel.details.title.text() == "out")
    assert panel.lists.ops.node(panel.lists.ops_view.currentIndex()) == "out"


def test_an_attribute_that_names_a_function_leads_to_it(qtbot, panel, calling, session):
    show(qtbot, panel, calling, "call", session)
    panel.lists.filter.setText("call")
    lines = panel.details.lines
    click(panel.details._tree, lines.index(0, 1, lines.index(0, 0)))
    view = panel.findChild(QTreeView, "graphFunctions")
    assert view.isVisible()
    assert view.model().fact(view.currentIndex()).label == "f"
    assert view.isExpanded(view.currentIndex())
    assert panel.details.title.text() == "call"


def section(panel, title):
    (found,) = (fact for fact in panel.details.lines.facts if fact.label == title)
    return [line.label for line in found.lines]


def test_collections_are_shown_decoded(qtbot, panel, graph):
    show(qtbot, panel, graph)
    view = panel.findChild(QTreeView, "graphCollections")
    text = lines(view.model().facts)
    assert text[0] == "variables 1 item · VariableDef"
    assert "w:0 initializer_name: w/Assign, trainable: true" in text
    assert "losses 1 item · nodes" in text


def test_signatures_functions_and_the_saver_have_tabs(qtbot, panel, graph):
    show(qtbot, panel, graph)
    texts = {
        name: lines(panel.findChild(QTreeView, name).model().facts)
        for name in ("graphSignatures", "graphVersions")
    }
    assert "in float32 ?×4 · x:0" in texts["graphSignatures"]
    assert "init operation · NoOp" in texts["graphSignatures"]
    assert "Saver format V2, keeps 5" in texts["graphVersions"]
    assert "TensorFlow 1.15.2" in texts["graphVersions"]


def test_the_fingerprint_and_the_assets_of_a_saved_model_are_listed(qtbot, panel):
    graph = open_graph(SAMPLES / "graphs" / "saved_model")
    show(qtbot, panel, graph)
    texts = lines(panel.findChild(QTreeView, "graphVersions").model().facts)
    assert f"Fingerprint {graph.facts.fingerprint.uuid}" in texts
    assert f"saved_model_checksum {graph.facts.fingerprint.saved_model_checksum}" in texts
    assert "words.txt" in texts


def test_a_node_shows_what_it_takes_and_gives(qtbot, panel, graph, session):
    show(qtbot, panel, graph, "y", session)
    text = lines(panel.details.lines.facts)
    assert "transpose_a false" in text
    assert "0 x" in text
    assert "1 w/read" in text
    assert "^ init" in text
    assert "y:0 taken by 1 node" in text


def test_a_constant_shows_its_value(qtbot, panel, graph, session):
    show(qtbot, panel, graph, "two", session)
    assert "value float32 1: 2.5" in lines(panel.details.lines.facts)


def test_an_input_is_a_link_and_the_way_back_is_kept(qtbot, panel, graph, session):
    show(qtbot, panel, graph, "y", session)
    model = panel.details.lines
    inputs = next(row for row, fact in enumerate(model.facts) if fact.label == "Inputs")
    panel.details._follow(model.index(1, 0, model.index(inputs, 0)))
    qtbot.waitUntil(lambda: panel.details.title.text() == "w/read")
    assert session.state.find(DOCUMENT.key).node == "w/read"
    panel.details.back.click()
    qtbot.waitUntil(lambda: panel.details.title.text() == "y")
    panel.details.forward.click()
    qtbot.waitUntil(lambda: panel.details.title.text() == "w/read")
    QTest.keyClick(panel.details, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: panel.details.title.text() == "y")


def test_choosing_an_op_row_chooses_the_node(qtbot, panel, graph, session):
    show(qtbot, panel, graph)
    panel.lists.ops_view.setCurrentIndex(panel.lists.ops.index_of(graph.node("out")))
    assert session.state.find(DOCUMENT.key).node == "out"


def test_the_node_of_the_state_is_the_current_op_row(qtbot, panel, graph, session):
    show(qtbot, panel, graph, "out", session)
    assert panel.lists.ops_view.currentIndex().data() == "out"


def test_a_click_copies_the_name_of_an_output(qtbot, panel, graph, session):
    show(qtbot, panel, graph, "<b>split</b>", session)
    model = panel.details.lines
    outputs = next(row for row, fact in enumerate(model.facts) if fact.label == "Outputs")
    panel.details._follow(model.index(1, 0, model.index(outputs, 0)))
    assert QGuiApplication.clipboard().text() == "<b>split</b>:1"


def test_a_variable_op_leads_to_its_variable(qtbot, panel, graph, session):
    show(qtbot, panel, graph, "w", session)
    button = next(
        child for child in panel.details.findChildren(QPushButton) if child.text() == "Show variable model/w"
    )
    button.click()
    document = session.state.find(DOCUMENT.key)
    assert (document.page, document.variable) == ("variables", "model/w")


def test_the_titles_of_all_lists_fit_beside_the_node(qtbot):
    lists = GraphLists()
    qtbot.addWidget(lists)
    assert lists.tabs.tabBar().sizeHint().width() <= 400


@pytest.mark.parametrize("room", [100, 380])
def test_no_title_of_a_list_is_cut_where_the_node_takes_the_room(qtbot, panel, graph, room):
    panel.set_graph(graph)
    qtbot.wait(20)
    panel.lists.parent().moveSplitter(room, 1)
    qtbot.wait(20)
    bar, option = panel.lists.tabs.tabBar(), QStyleOptionTab()
    for number in range(bar.count()):
        bar.initStyleOption(option, number)
        assert option.text == bar.tabText(number)
        assert bar.rect().contains(bar.tabRect(number))


def test_a_click_in_the_drawing_goes_to_the_neighbour(qtbot, panel, graph, session):
    show(qtbot, panel, graph, "y", session)
    drawing = panel.details.drawing
    box = next(item for item in drawing.scene().items() if item.data(0) == "w/read")
    place = drawing.mapFromScene(box.sceneBoundingRect().center())
    QTest.mouseClick(drawing.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: panel.details.title.text() == "w/read")


def test_the_neighbourhood_has_inputs_left_and_consumers_right(graph):
    around = neighbourhood(graph, "y", 2)
    columns = {number: [node.name for node in around.column(number)] for number in (-2, -1, 0, 1, 2)}
    assert columns == {-2: ["w"], -1: ["x", "w/read", "init"], 0: ["y"], 1: ["<b>split</b>"], 2: ["out"]}


def test_a_crowded_column_says_how_many_are_left_out():
    crowd = [Node("a", "Const"), *(Node(f"use_{number}", "Identity", "", ("a",)) for number in range(36))]
    around = neighbourhood(MemoryGraph(crowd), "a", 1)
    assert len(around.column(1)) == 24
    assert around.hidden == {1: 12}


def test_a_column_that_is_too_long_is_read_from_its_top(qtbot):
    crowd = [Node("a", "Const"), *(Node(f"use_{number}", "Identity", "", ("a",)) for number in range(20))]
    drawing = NeighbourhoodView()
    qtbot.addWidget(drawing)
    drawing.resize(700, 300)
    drawing.show()
    drawing.show_neighbourhood(neighbourhood(MemoryGraph(crowd), "a", 1))
    seen = drawing.mapToScene(drawing.viewport().rect()).boundingRect()
    boxes = {item.data(0): item.sceneBoundingRect() for item in drawing.scene().items() if item.data(0)}
    assert seen.contains(boxes["use_0"])
    assert seen.contains(boxes["a"])
    assert not seen.contains(boxes["use_19"])


def test_a_loop_is_drawn_once():
    loop = [Node("merge", "Merge", "", ("next",)), Node("next", "NextIteration", "", ("merge",))]
    around = neighbourhood(MemoryGraph(loop), "merge", 2)
    assert list(around.nodes) == ["merge", "next"]
    assert len(around.edges) == 2


def test_an_input_that_is_not_in_the_graph_is_drawn_all_the_same():
    around = neighbourhood(MemoryGraph([Node("a", "Identity", "", ("gone:2",))]), "a", 2)
    assert around.nodes["gone"].op == ""


def test_a_node_that_is_not_there_is_said_in_its_place(qtbot, panel, graph, session):
    show(qtbot, panel, graph)
    session.update(DOCUMENT.key, node="nope")
    sentence = panel.details.findChild(QWidget, "nodeSentence")
    qtbot.waitUntil(lambda: "no node 'nope'" in sentence.text())


def test_attributes_that_cannot_be_decoded_leave_the_rest(qtbot, panel, session, monkeypatch):
    def fail(name):
        raise DamagedFile("The attributes make no sense.", code="bad-graph")

    graph = MemoryGraph(NODES)
    monkeypatch.setattr(graph, "attributes", fail)
    show(qtbot, panel, graph, "y", session)
    assert panel.details.message.text() == "The attributes make no sense."
    assert "0 x" in lines(panel.details.lines.facts)


def test_no_graph_is_a_sentence(qtbot, panel):
    panel.set_graph(None)
    assert panel.findChild(QWidget, "graphSentence").isVisible()


def test_problems_of_the_graph_are_said(qtbot, panel):
    show(qtbot, panel, MemoryGraph(NODES, problems=[Problem("bad-graph", "A collection makes no sense.")]))
    assert panel.message.text() == "A collection makes no sense."


def test_several_metagraphs_are_told_apart_by_their_tags(qtbot, panel):
    serve = MemoryGraph(NODES[:2], facts=GraphFacts(tags=("serve", "gpu")))
    show(qtbot, panel, MemoryGraph(NODES, facts=FACTS, variants=[serve]))
    combo = panel.findChild(QComboBox, "graphVariants")
    assert [combo.itemText(row) for row in range(combo.count())] == ["train", "serve, gpu"]
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    qtbot.waitUntil(lambda: panel.lists.ops.rowCount() == 2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"caf\xc3\xa9\xff", "café\\xff"),
        (True, "true"),
        (None, "–"),
        (0.1, "0.1"),
        ([1, 2], "[1, 2]"),
        (list(range(20)), f"[{', '.join(map(str, range(16)))}, … 4 more]"),
        ({"a": [1]}, "a: [1]"),
        ("\x1b[31m", "\\x1b[31m"),
        (np.zeros((2, 0), np.int32), "int32 2×0:"),
    ],
)
def test_values_are_one_line_of_text(value, text):
    assert value_text(value).strip() == text
