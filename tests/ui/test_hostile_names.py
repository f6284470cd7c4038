"""Names that hold markup, escapes and marks that reorder text: on the screen they are letters."""

import shutil

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLabel, QWidget

from ckpt_viewer.formats.protos.graph_pb2 import GraphDef
from ckpt_viewer.session.state import GraphDocument, RunDocument
from tests.bundle_writer import write_bundle
from tests.formats.graph_files import constant, node
from tests.ui.conftest import settle

HOSTILE = "<b>&x<img src='file:x'> \x1b[31m\u202eab"
LITERAL = "<b>&x"
RAW = ("\x1b", "\u202e")


@pytest.fixture
def folder(tmp_path):
    """A run of two saves, a damaged one and a graph, all with such names, in a folder with such a name."""
    folder = tmp_path / HOSTILE.replace("/", "-")
    arrays = {
        HOSTILE: np.arange(6.0, dtype=np.float32).reshape(2, 3),
        f"{HOSTILE}/b": np.zeros(4, np.float32),
    }
    for step in (1, 2):
        write_bundle(folder / f"{HOSTILE}-{step}", {name: array + step for name, array in arrays.items()})
    shutil.copy(folder / f"{HOSTILE}-1.index", folder / f"{HOSTILE}-3.index")
    graph = GraphDef(node=[constant(HOSTILE, b"1"), node(f"{HOSTILE}2", "Identity", [HOSTILE])])
    (folder / f"{HOSTILE}.pb").write_bytes(graph.SerializeToString())
    return folder


def faults(window):
    """What Qt would read as markup, or what reaches the screen as it is in the file."""
    found = []
    for widget in [window, *window.findChildren(QWidget)]:
        found += [f"tool tip: {text}" for text in tool_tips_of(widget) if LITERAL in text]
        if isinstance(widget, QLabel) and widget.textFormat() != Qt.TextFormat.PlainText:
            found += [f"label: {widget.text()}"] if LITERAL in widget.text() else []
        for text in [*texts_of(widget), *tool_tips_of(widget)]:
            found += [f"{type(widget).__name__}: {text!r}" for mark in RAW if mark in text]
    return found


def tool_tips_of(widget):
    """Qt guesses of each whether it is markup, so that a name in one must be written as letters."""
    yield widget.toolTip()
    if isinstance(widget, QAbstractItemView) and widget.model():
        yield from cells(widget.model(), Qt.ItemDataRole.ToolTipRole)
    if callable(getattr(widget, "tabToolTip", None)):
        yield from (widget.tabToolTip(number) for number in range(widget.count()))


def texts_of(widget):
    texts = [widget.accessibleName(), widget.windowTitle()]
    texts += [widget.text()] if callable(getattr(widget, "text", None)) else []
    texts += [widget.toPlainText()] if callable(getattr(widget, "toPlainText", None)) else []
    if isinstance(widget, QComboBox):
        texts += [widget.itemText(number) for number in range(widget.count())]
    if isinstance(widget, QAbstractItemView) and widget.model():
        texts += cells(widget.model(), Qt.ItemDataRole.DisplayRole)
    if callable(getattr(widget, "tabText", None)):
        texts += [widget.tabText(number) for number in range(widget.count())]
    return [text for text in texts if isinstance(text, str)]


def cells(model, role, parent=None):
    """The texts of the first lines, and of those below them."""
    above = () if parent is None else (parent,)
    for row in range(min(model.rowCount(*above), 10)):
        column = 0
        while model.hasIndex(row, column, *above):
            yield str(model.index(row, column, *above).data(role) or "")
            column += 1
        yield from cells(model, role, model.index(row, 0, *above))


@pytest.mark.parametrize(
    "shown", ["variables", "graph", "summary", "damaged", "comparison", "run", "lone graph"]
)
def test_hostile_names_are_letters_wherever_they_are_shown(open_quiet, qtbot, folder, shown):
    window = open_quiet(folder / f"{HOSTILE}-{3 if shown == 'damaged' else 2}")
    session = window.session
    key = session.state.current
    if shown in ("variables", "graph", "summary"):
        session.update(key, page=shown, variable=HOSTILE)
    elif shown == "comparison":
        session.compare(folder / f"{HOSTILE}-1", folder / f"{HOSTILE}-2")
    elif shown == "run":
        session.show(RunDocument(folder, HOSTILE, variable=HOSTILE))
    elif shown == "lone graph":
        session.show(GraphDocument(folder / f"{HOSTILE}.pb", node=HOSTILE))
    settle(qtbot, window)
    assert faults(window) == []
    assert any(LITERAL in text for widget in window.findChildren(QWidget) for text in texts_of(widget))
