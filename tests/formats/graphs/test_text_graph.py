"""Text graphs become the same bytes that protobuf's own text parser would make of them."""

import pytest
from google.protobuf import text_format
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.graphs.text_graph import DEEPEST, encode, first_field
from ckpt_viewer.formats.protos.collections_pb2 import CollectionDef
from ckpt_viewer.formats.protos.graph_pb2 import AttrValue, GraphDef, NodeDef
from ckpt_viewer.formats.protos.meta_graph_pb2 import AssetFileDef
from ckpt_viewer.formats.protos.tensor_pb2 import TensorProto

numbers = st.floats(width=32, allow_nan=False)
tensors = st.builds(
    TensorProto,
    dtype=st.integers(0, 33),
    tensor_content=st.binary(max_size=20),
    float_val=st.lists(numbers, max_size=3),
    int64_val=st.lists(st.integers(-(1 << 63), (1 << 63) - 1), max_size=3),
    uint64_val=st.lists(st.integers(0, (1 << 64) - 1), max_size=3),
    double_val=st.lists(st.floats(allow_nan=False), max_size=3),
    bool_val=st.lists(st.booleans(), max_size=3),
    string_val=st.lists(st.binary(max_size=10), max_size=3),
)


def _node(text: bytes) -> NodeDef:
    return NodeDef.FromString(encode(text, NodeDef).content)


@given(tensor=tensors)
def test_what_protobuf_writes_is_read_back_whole(tensor):
    text = text_format.MessageToString(tensor).encode()
    assert TensorProto.FromString(encode(text, TensorProto).content) == tensor


@pytest.mark.parametrize(
    "text",
    [
        b'name: "a" op: "B"',
        b"name: 'a', op: 'B';",
        b'name: "a" # a comment { "\nop: "B"',
        b'name: "\\141" op: "\\x42"',
        b'name: "" "a" op: "B"',
        b'unknown { deep < x: [1, 2] > } name: "a" unknown: WORD op: "B" unknown: 5',
    ],
)
def test_all_ways_of_writing_text_mean_the_same(text):
    assert _node(text) == NodeDef(name="a", op="B")


def test_escapes_of_every_kind_are_bytes():
    assert _node(rb'input: "\n\t\"\\\'\?\303\251\u00e9"').input[0] == "\n\t\"\\'?éé"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"type: DT_FLOAT", AttrValue(type=1)),
        (b"type: DT_BFLOAT16_REF", AttrValue(type=114)),
        (b"type: 77", AttrValue(type=77)),
        (b"i: -0x10", AttrValue(i=-16)),
        (b"i: 010", AttrValue(i=8)),
        (b"b: true", AttrValue(b=True)),
        (b"f: 1.5e3f", AttrValue(f=1500)),
        (b"f: -inf", AttrValue(f=float("-inf"))),
        (b"f: 1e99", AttrValue(f=float("inf"))),
        (b"list { i: [1, 2] i: 3 }", AttrValue(list=AttrValue.ListValue(i=[1, 2, 3]))),
        (
            b"shape { dim { size: -1 } }",
            AttrValue.FromString(bytes.fromhex("3a0d120b08ffffffffffffffffff01")),
        ),
    ],
)
def test_numbers_and_words_become_values(text, value):
    assert AttrValue.FromString(encode(text, AttrValue).content) == value


def test_an_any_message_is_written_as_what_it_holds():
    text = b'any_list { value { [type.googleapis.com/tensorflow.AssetFileDef] { filename: "w" } } }'
    value = CollectionDef.FromString(encode(text, CollectionDef).content).any_list.value[0]
    assert value.type_url == b"type.googleapis.com/tensorflow.AssetFileDef"
    assert AssetFileDef.FromString(value.value).filename == b"w"


@pytest.mark.parametrize(
    "word", [b"node { { } }", b"node [ } ]", b"]", b"node {", b"version: WORD", b"version:"]
)
def test_text_that_breaks_at_once_is_malformed(word):
    with pytest.raises(Malformed):
        encode(word, GraphDef)


def test_an_any_message_whose_type_is_no_text_is_skipped():
    text = rb'any_list { value { type_url: "\377" value { deep: 1 } } }'
    assert CollectionDef.FromString(encode(text, CollectionDef).content).any_list.value[0].type_url == b"\xff"


def test_a_break_names_its_line():
    with pytest.raises(Malformed) as caught:
        encode(b"node {\n  }\n}", NodeDef)
    assert "line 3 has '}'" in caught.value.problem.message


def test_what_is_nested_too_deep_is_left_out_and_told():
    opening, closing = b"{ func { attr { value " * 3000, b"} } }" * 3000
    encoded = encode(b"node { attr { value " + opening + b"{ i: 1 }" + closing + b" } }", GraphDef)
    assert GraphDef.FromString(encoded.content).node
    assert f"deeper than {DEEPEST} levels" in encoded.problems[0].message


def test_messages_opened_without_end_are_refused():
    with pytest.raises(Malformed, match="inside of each other"):
        encode(b"a{" * 1_000_000, GraphDef)


def test_the_first_word_tells_what_a_text_is():
    assert first_field(b"# comment\n\n  meta_info_def { }") == "meta_info_def"
    assert first_field(b'"text"') == first_field(b"") == ""
