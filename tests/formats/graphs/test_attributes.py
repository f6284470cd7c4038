"""Attributes become plain values; what is nested too deep or damaged says so in its place."""

import numpy as np
import pytest

from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.graphs.attributes import DEEPEST, plain_value
from ckpt_viewer.formats.protos.graph_pb2 import AttrEntry, AttrValue
from ckpt_viewer.formats.protos.tensor_pb2 import TensorProto, TensorShapeProto
from ckpt_viewer.formats.values.tensors import describe_tensor, tensor_value
from tests.formats.graph_files import node, open_nodes


def shape(*lengths: int) -> TensorShapeProto:
    return TensorShapeProto(dim=[TensorShapeProto.Dim(size=length) for length in lengths])


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (AttrValue(s=b"NHWC"), "NHWC"),
        (AttrValue(s=b"\xff"), b"\xff"),
        (AttrValue(i=-7), -7),
        (AttrValue(f=0.1), 0.1),
        (AttrValue(b=True), True),
        (AttrValue(type=14), "bfloat16"),
        (AttrValue(type=101), "float32_ref"),
        (AttrValue(type=99), "dtype 99"),
        (AttrValue(shape=shape(-1, 3)), [-1, 3]),
        (AttrValue(shape=TensorShapeProto(unknown_rank=True)), "unknown rank"),
        (AttrValue(placeholder="T"), {"placeholder": "T"}),
        (AttrValue(list=AttrValue.ListValue(i=[1, 2])), [1, 2]),
        (AttrValue(list=AttrValue.ListValue()), []),
        (AttrValue(), None),
    ],
)
def test_every_kind_of_value_becomes_plain(value, plain):
    assert plain_value(value.SerializeToString()) == plain


def test_a_function_comes_with_its_own_attributes():
    value = AttrValue()
    value.func.name = "f"
    value.func.attr.append(AttrEntry(key="T", value=AttrValue(type=3)))
    assert plain_value(value.SerializeToString()) == {"function": "f", "attributes": {"T": "int32"}}


def test_functions_in_functions_end_at_a_bound():
    value = AttrValue(i=1)
    for _ in range(DEEPEST + 5):
        outer = AttrValue()
        outer.func.attr.append(AttrEntry(key="k", value=value))
        value = outer
    plain = plain_value(value.SerializeToString())
    for _ in range(DEEPEST + 1):
        plain = plain["attributes"]["k"]
    assert plain == {"problem": "nested deeper than this program shows"}


def test_a_damaged_value_says_so():
    assert plain_value(b"\xff\xff") == {"problem": "cannot be read: its bytes make no sense"}


def test_attributes_of_a_node_come_in_order_with_hints_last(tmp_path):
    values = {"_class": AttrValue(s=b"x"), "T": AttrValue(type=1), "N": AttrValue(i=2)}
    assert list(open_nodes(tmp_path, node("a", **values)).attributes("a")) == ["N", "T", "_class"]


@pytest.mark.parametrize(
    ("tensor", "values"),
    [
        (TensorProto(dtype=1, tensor_shape=shape(2, 2), float_val=[1, 2, 9]), [[1, 2], [9, 9]]),
        (TensorProto(dtype=3, tensor_shape=shape(3), int_val=[-1]), [-1, -1, -1]),
        (TensorProto(dtype=1, tensor_shape=shape(2), float_val=[1, 2, 3]), [1, 2]),
        (TensorProto(dtype=9, tensor_shape=shape(2)), [0, 0]),
        (TensorProto(dtype=7, tensor_shape=shape(2), string_val=[b"a"]), [b"a", b"a"]),
        (TensorProto(dtype=7, tensor_shape=shape(2), tensor_content=b"\1\3xabc"), [b"x", b"abc"]),
        (TensorProto(dtype=19, tensor_shape=shape(), half_val=[0x3C00]), 1.0),
        (TensorProto(dtype=8, tensor_shape=shape(1), scomplex_val=[1, 2]), [1 + 2j]),
        (TensorProto(dtype=29, tensor_shape=shape(2), int_val=[-8, 7]), [-8, 7]),
        (TensorProto(dtype=4, tensor_shape=shape(1), int_val=[255]), [255]),
    ],
)
def test_the_last_stored_value_fills_the_rest(tensor, values):
    assert np.asarray(tensor_value(tensor)).tolist() == values


@pytest.mark.parametrize(
    ("tensor", "words"),
    [
        (TensorProto(dtype=1, tensor_shape=shape(4), tensor_content=b"123"), "3 bytes where 16 belong"),
        (TensorProto(dtype=1, tensor_shape=shape(1 << 40), float_val=[1]), "1099511627776 elements"),
        (TensorProto(dtype=1, tensor_shape=shape(*[1 << 40] * 3)), "more than 2\\^63"),
        (TensorProto(dtype=1, tensor_shape=shape(-1)), "not fully known"),
        (TensorProto(dtype=7, tensor_shape=shape(1 << 40), tensor_content=b"1"), "stands for"),
        (TensorProto(dtype=7, tensor_shape=shape(2), tensor_content=b"\1\x09x"), "do not add up"),
        (
            TensorProto(dtype=7, tensor_shape=shape(*[3] * 17), string_val=[b"x"]),
            "stands for 129140163 strings",
        ),
        (TensorProto(dtype=20, tensor_shape=shape()), "resource"),
        (
            TensorProto(dtype=128, tensor_shape=shape(), float8_val=b"1"),
            "float8_e5m2fnuz_ref cannot be shown",
        ),
    ],
)
def test_a_tensor_that_contradicts_itself_is_never_expanded(tensor, words):
    with pytest.raises(Malformed) as caught:
        tensor_value(tensor)
    assert words.replace("\\", "") in caught.value.problem.message


@pytest.mark.parametrize(
    ("tensor", "facts"),
    [
        (TensorProto(dtype=1, tensor_shape=shape(), float_val=[0.1]), {"shape": [], "values": 0.1}),
        (TensorProto(dtype=1, tensor_shape=shape(9), float_val=[0.5]), {"shape": [9], "splat": 0.5}),
        (TensorProto(dtype=3, tensor_shape=shape(2, 0)), {"shape": [2, 0], "values": [[], []]}),
        (TensorProto(dtype=3, tensor_shape=shape(5)), {"shape": [5], "splat": 0}),
        (
            TensorProto(dtype=3, tensor_shape=shape(99), int_val=range(20)),
            {"shape": [99], "first": list(range(16)), "elements": 99, "rest": 19},
        ),
        (TensorProto(dtype=14, tensor_shape=shape(1), half_val=[0x3F80]), {"shape": [1], "values": [1.0]}),
        (
            TensorProto(dtype=8, tensor_shape=shape(1), scomplex_val=[1, 2]),
            {"shape": [1], "values": ["(1+2j)"]},
        ),
        (TensorProto(dtype=10, tensor_shape=shape(1), bool_val=[True]), {"shape": [1], "values": [True]}),
        (
            TensorProto(dtype=7, tensor_shape=shape(1), string_val=[b"\xff"]),
            {"shape": [1], "values": [b"\xff"]},
        ),
    ],
)
def test_a_description_is_small_and_plain(tensor, facts):
    described = describe_tensor(tensor)
    described.pop("dtype")
    assert described == facts


@pytest.mark.parametrize("lengths", [(0, 1 << 62), (1 << 62, 0), (1 << 31, 0, 1 << 31), (0, 17)])
def test_an_empty_tensor_of_endless_axes_is_described_without_them(lengths):
    described = describe_tensor(TensorProto(dtype=1, tensor_shape=shape(*lengths)))
    assert described == {"dtype": "float32", "shape": list(lengths), "first": [], "elements": 0}


def test_an_empty_tensor_of_endless_axes_is_no_array():
    with pytest.raises(Malformed, match="further than memory"):
        tensor_value(TensorProto(dtype=1, tensor_shape=shape(0, 1 << 62)))


def test_a_tensor_that_cannot_be_shown_is_described_all_the_same():
    assert describe_tensor(TensorProto(dtype=20, tensor_shape=shape()))["problem"]


@pytest.mark.parametrize(("number", "bits"), [(14, 0x7F81), (19, 0x7C01)])
def test_a_signalling_nan_is_described_without_a_warning(number, bits):
    described = describe_tensor(TensorProto(dtype=number, tensor_shape=shape(1), half_val=[bits]))
    assert [str(value) for value in described["values"]] == ["nan"]
