"""What the first bytes of a graph file say, whatever its name is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.formats.graphs.graph_kinds import graph_kind
from ckpt_viewer.formats.peek import read_head
from tests.corpus import SAMPLES, corpus_folder, oracle_folder

KINDS = {
    "frozen.pb": "graph-def",
    "frozen.pbtxt": "graph-def",
    "const.pb": "graph-def",
    "const.pbtxt": "graph-def",
    "saved_model.pb": "saved-model",
    "saved_model.pbtxt": "saved-model",
    "text.meta.txt": "meta-graph",
    "any.meta": "meta-graph",
    "odd.meta": "meta-graph",
    "fingerprint.pb": None,
    "policy_specs.pbtxt": None,
}


def test_every_kind_of_graph_file_is_recognised() -> None:
    roots = [SAMPLES, oracle_folder("seed1-small"), oracle_folder("seed1-hard"), corpus_folder()]
    paths = [path for root in roots if root for name in KINDS for path in root.rglob(name)]
    assert paths
    for path in paths:
        if "bad" not in path.parts:
            assert graph_kind(read_head(path)) == KINDS[path.name], path


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\n",
        b"item {\n  id: 1\n  name: 'cat'\n}\n",
        b"fileFormatVersion: 2\n",
        b"\x08\x07\x12\x07pytorch",
        b"\n\x1e\n\x06conv.w\x12\x14\x08\x03\x08\x03\x12\x07Float32\x1a\x08",
        b"\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    ],
)
def test_other_files_are_no_graphs(head: bytes) -> None:
    assert graph_kind(head) is None


def test_comments_and_a_byte_order_mark_may_stand_before_text() -> None:
    assert graph_kind(b"\xef\xbb\xbf# exported\n\n#\nnode {\n") == "graph-def"


@given(st.binary(max_size=200))
def test_any_bytes_have_a_kind_or_none(head: bytes) -> None:
    assert graph_kind(head) in (None, "graph-def", "meta-graph", "saved-model")
