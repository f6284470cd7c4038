"""The wire format is walked as far as it makes sense, and no further."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.protos.graph_pb2 import NodeListing
from ckpt_viewer.formats.storage.wire import BYTES, fields, to_varint, varint


@given(number=st.integers(0, (1 << 64) - 1))
def test_a_number_comes_back(number):
    assert varint(to_varint(number), 0) == (number, len(to_varint(number)))


def test_negative_numbers_take_ten_bytes():
    assert to_varint(-1) == b"\xff" * 9 + b"\x01"


@pytest.mark.parametrize("content", [b"", b"\xff", b"\xff" * 11])
def test_a_number_without_end_is_malformed(content):
    with pytest.raises(Malformed):
        varint(content, 0)


def test_fields_are_found_where_protobuf_puts_them():
    content = NodeListing(name=b"a", op=b"Add", input=[b"x", b"y"]).SerializeToString()
    found = [(field.number, content[field.start : field.end]) for field in fields(content)]
    assert found == [(1, b"a"), (2, b"Add"), (3, b"x"), (3, b"y")]


def test_numbers_of_fixed_size_are_stepped_over():
    content = b"\x0d\1\2\3\4\x11\1\2\3\4\5\6\7\x08\x08\x05"
    assert [(field.number, field.value) for field in fields(content)] == [(1, 0), (2, 0), (1, 5)]


def test_a_cut_field_is_handed_out_before_the_damage():
    walk = fields(b"\x0a\x05ab")
    field = next(walk)
    assert (field.wire_type, field.start, field.end) == (BYTES, 2, 7)
    with pytest.raises(Malformed, match="cut short"):
        next(walk)


@given(content=st.binary(max_size=60))
def test_any_bytes_are_fields_or_malformed(content):
    try:
        assert all(field.number > 0 for field in fields(content))
    except Malformed as error:
        assert error.problem.message  # noqa: PT017 - both ends are fine
