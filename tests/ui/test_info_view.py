from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget

from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.formats.checkpoint import Piece
from ckpt_viewer.formats.graph import Node
from ckpt_viewer.formats.storage.checksums import crc32c
from ckpt_viewer.ui.value_views.info import CHECKED, InfoView
from tests.memory_checkpoint import MemoryCheckpoint
from tests.memory_graph import MemoryGraph
from tests.ui.value_parts import KEY, arrays, checkpoint, damaged_checkpoint, open_session


@pytest.fixture
def session():
    return open_session()


@pytest.fixture
def view(qtbot, session, tasks):
    view = InfoView(session, tasks, KEY)
    qtbot.addWidget(view)
    view.resize(900, 400)
    view.show()
    return view


def test_it_lists_what_the_index_says(view):
    opened = damaged_checkpoint()
    view.show_values(opened, opened.find("bias"))
    facts = view.facts()
    assert facts["Name"] == "bias"
    assert facts["Shape"] == "6  (6 elements)"
    assert facts["Size"] == "24 B  (24 bytes)"
    assert facts["Role"] == "slot"
    assert facts["Stored CRC-32C"].startswith(f"0x{crc32c(arrays()['bias'].tobytes()):08x} ")


def test_it_tells_whether_the_bytes_were_checked(view):
    opened = damaged_checkpoint()
    bias = opened.find("bias")
    view.show_values(opened, bias)
    assert view.facts()[CHECKED] == "not yet"
    view.show_summary(summarize(opened, bias))
    assert view.facts()[CHECKED] == "verified ✓"


def test_slices_are_listed_with_their_place_in_the_variable(view):
    class Partitioned(MemoryCheckpoint):
        def pieces(self, variable):
            whole = super().pieces(variable)[0]
            return [
                Piece(whole.source, row * 12, 12, (row, 0), (1, 3), whole.dtype, None) for row in range(2)
            ]

    opened = Partitioned({"part": np.zeros((2, 3), np.float32)})
    view.show_values(opened, replace(opened.find("part"), slices=2))
    assert view.facts()["Slices"].split("\n") == [
        "2",
        "[0:1, 0:3]  model.ckpt-1 at 0",
        "[1:2, 0:3]  model.ckpt-1 at 12",
    ]


def test_people_read_the_name_they_gave_and_whom_a_slot_belongs_to(view):
    opened = checkpoint()
    slot = replace(
        opened.find("bias"), full_name="dense/bias", owner="dense", slot="m", object_path="model.bias"
    )
    view.show_values(opened, slot)
    assert view.facts()["Full name"] == "dense/bias"
    assert (view.facts()["Slot"], view.facts()["Belongs to"]) == ("m", "dense")
    assert view.facts()["In Python"] == "model.bias"


@pytest.mark.parametrize("name", ["kernel", "<b>markup</b>\n"])
def test_the_python_it_offers_is_python_that_names_the_variable(view, name):
    opened = checkpoint()
    view.show_values(opened, opened.find(name))
    compile(view.code, "offered", "exec")
    assert repr(name) in view.code
    view._copy.click()
    assert QGuiApplication.clipboard().text() == view.code


def test_ops_of_the_variable_lead_into_the_graph(view, session):
    opened = checkpoint()
    view.show_values(opened, opened.find("bias"))
    assert "No graph" in view._ops_title.text()
    nodes = [Node("bias", "VarHandleOp"), Node("bias/Assign", "AssignVariableOp", "", ("bias",))]
    view.set_graph(MemoryGraph(nodes, keys={"bias": ["bias"]}))
    ops = view.findChild(QListWidget)
    named = [ops.item(row).text() for row in range(ops.count())]
    assert named[0] == "bias"
    ops.itemActivated.emit(ops.item(0))
    assert (session.state.find(KEY).page, session.state.find(KEY).node) == ("graph", "bias")


def test_names_are_plain_text(view):
    opened = checkpoint()
    view.show_values(opened, opened.find("<b>markup</b>\n"))
    assert view.facts()["Name"] == "<b>markup</b>\\n"


def test_strings_have_facts_too(view):
    opened = checkpoint()
    view.show_values(opened, opened.find("words"))
    assert view.facts()["Dtype"] == "string"
    assert view.facts()["Stored CRC-32C"] == "none"
