"""What can be said of a variant tensor: the type of its first element, and whether its bytes are those saved.

Each element is a varint length, a VariantTensorDataProto (tensorflow/core/framework/tensor.proto) of that
length, and a checksum. Only TensorFlow knows what the objects mean.
Layout: `WriteVariantTensor` of tensorflow/core/util/tensor_bundle/tensor_bundle.cc.
"""

from google.protobuf.message import DecodeError

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.protos.tensor_pb2 import VariantTensorDataProto
from ckpt_viewer.formats.storage.checksums import crc32c, mask
from ckpt_viewer.formats.storage.cursor import Cursor

HEAD_SIZE = 1 << 20
_LENGTH_BYTES, _CHECKSUM_BYTES = 8, 4
_CHECK_EVERY = 256


def type_name(head: bytes) -> str:
    """As TensorFlow registered it, such as `tensorflow::TensorList`; empty where that cannot be told."""
    cursor = Cursor(head)
    try:
        content = VariantTensorDataProto.FromString(cursor.take(cursor.varint()))
    except (Malformed, DecodeError):
        return ""
    return content.type_name.decode("utf-8", "replace")


def check_variants(raw: bytes, count: int, stored_crc: int | None, cancel: CancelToken | None = None) -> None:
    """Raise `Malformed` unless `raw` is `count` elements whose running checksums are those stored."""
    cursor, checksum = Cursor(raw), 0
    for place in range(count):
        if cancel is not None and place % _CHECK_EVERY == 0:
            cancel.check()
        length = cursor.varint()
        checksum = crc32c(length.to_bytes(_LENGTH_BYTES, "little"), checksum)
        checksum = crc32c(cursor.take(length), checksum)
        stored = cursor.take(_CHECKSUM_BYTES)
        if int.from_bytes(stored, "little") != mask(checksum):
            raise Malformed(f"element {place} does not match its checksum", code="bad-checksum")
        checksum = crc32c(stored, checksum)
    if cursor.left:
        raise Malformed(f"{cursor.left} bytes are left behind its elements", code="bad-size")
    if stored_crc is not None and mask(checksum) != stored_crc:
        raise Malformed("its bytes do not match their checksum", code="bad-checksum")
