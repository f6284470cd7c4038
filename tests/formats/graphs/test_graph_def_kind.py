"""One word for a GraphDef, by its content, wherever it is asked."""

import json
from pathlib import Path

import pytest
from google.protobuf import text_format
from hypothesis import given, settings
from hypothesis import strategies as st

from ckpt_viewer import open_checkpoint, open_graph
from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.cli.entry import run
from ckpt_viewer.errors import NotACheckpoint
from ckpt_viewer.formats.folders.folder import list_folder
from ckpt_viewer.formats.graphs.graph_def_kind import graph_def_kind
from ckpt_viewer.formats.protos.graph_pb2 import FunctionDef, FunctionDefLibrary, GraphDef, NodeDef
from tests.corpus import SAMPLES
from tests.formats.graph_files import constant, node

# Longer than what is read of a node at once, and than one chunk of text.
LARGE = constant("large", *[b"a value that is not short"] * 60_000)
IN_A_FUNCTION = FunctionDefLibrary(
    function=[FunctionDef(node_def=[node("v", "VarHandleOp"), node("c", "Const")])]
)
GRAPHS = {
    "frozen": (GraphDef(node=[node("x", "Placeholder"), LARGE, constant("w", b"1")]), "frozen-graph"),
    "trained": (GraphDef(node=[LARGE, constant("w", b"1"), node("v", "VariableV2")]), "graph-def"),
    "without": (GraphDef(node=[node("x", "Placeholder"), node("y", "Mul")]), "graph-def"),
    "library": (GraphDef(node=[constant("w", b"1")], library=IN_A_FUNCTION), "frozen-graph"),
    "called": (GraphDef(node=[node("x", "Placeholder")], library=IN_A_FUNCTION), "graph-def"),
    "named": (GraphDef(node=[node("VarHandleOp", "Const" * 2), node("n" * 3000, "Add")]), "graph-def"),
}


def write(folder: Path, name: str, graph: GraphDef) -> Path:
    text = name.endswith(".pbtxt")
    content = text_format.MessageToString(graph).encode() if text else graph.SerializeToString()
    (folder / name).write_bytes(content)
    return folder / name


@pytest.mark.parametrize("ending", [".pb", ".pbtxt"])
@pytest.mark.parametrize("name", GRAPHS)
def test_listing_opening_and_commands_agree(
    tmp_path: Path, name: str, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    graph, kind = GRAPHS[name]
    path = write(tmp_path, f"{name}{ending}", graph)
    assert [save.kind for save in list_folder(tmp_path).saves] == [kind]
    assert open_graph(path).kind == kind
    assert run(["graph", "--json", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == kind
    if kind == "frozen-graph":
        with open_checkpoint(path) as checkpoint:
            assert checkpoint.kind == kind
            assert checkpoint.variables
    else:
        with pytest.raises(NotACheckpoint, match="holds a graph"):
            open_checkpoint(path)


def test_a_name_without_an_ending_needs_the_bytes_of_a_graph(tmp_path: Path) -> None:
    write(tmp_path, "frozen", GRAPHS["frozen"][0])
    (tmp_path / "settings").write_text("version: 2\nnode: 5\n")
    assert [(save.path.name, save.kind) for save in list_folder(tmp_path).saves] == [
        ("frozen", "frozen-graph")
    ]


@given(st.binary(max_size=60), st.sampled_from([b"", b"\n\x0b\n\x01x\x12\x05Const", b'node { op: "']))
@settings(max_examples=200)
def test_any_bytes_have_one_of_two_kinds(
    tmp_path_factory: pytest.TempPathFactory, end: bytes, start: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.pb"
    path.write_bytes(start + end)
    assert graph_def_kind(path) in ("frozen-graph", "graph-def")


def test_going_through_the_nodes_can_be_cancelled(tmp_path: Path) -> None:
    path = write(tmp_path, "g.pb", GraphDef(node=[NodeDef(name="x", op="Add")] * 2000))
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        graph_def_kind(path, token)


def test_the_samples_are_frozen_in_either_form() -> None:
    assert {graph_def_kind(path) for path in (SAMPLES / "graphs").glob("frozen.*")} == {"frozen-graph"}


def test_a_length_that_no_file_has_ends_the_search(tmp_path: Path) -> None:
    endless = b"\n" + b"\xff" * 9 + b"\x01"
    (tmp_path / "g.pb").write_bytes(GraphDef(node=[constant("w", b"1")]).SerializeToString() + endless)
    assert graph_def_kind(tmp_path / "g.pb") == "frozen-graph"
