"""What can be said of a variant tensor: the type of C++ object that its first element was.

Each element is a varint length, a VariantTensorDataProto (tensorflow/core/framework/tensor.proto) of that
length, and a checksum. Only TensorFlow knows what the objects mean.
"""

from google.protobuf.message import DecodeError

from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.protos.tensor_pb2 import VariantTensorDataProto
from ckpt_viewer.formats.storage.cursor import Cursor

HEAD_SIZE = 1 << 20


def type_name(head: bytes) -> str:
    """As TensorFlow registered it, such as `tensorflow::TensorList`; empty where that cannot be told."""
    cursor = Cursor(head)
    try:
        content = VariantTensorDataProto.FromString(cursor.take(cursor.varint()))
    except (Malformed, DecodeError):
        return ""
    return content.type_name.decode("utf-8", "replace")
