"""The parts of a MetaGraphDef beside its nodes: signatures, saver, assets, versions.

Field numbers: tensorflow/core/protobuf/{meta_graph,saver}.proto.
"""

from collections.abc import Iterable

from ckpt_viewer.formats.graph import Saver, Signature, TensorRef
from ckpt_viewer.formats.graphs.collections import SAVER_VERSIONS
from ckpt_viewer.formats.protos.collections_pb2 import SaverDef
from ckpt_viewer.formats.protos.meta_graph_pb2 import AssetFileDef, SignatureDef, TensorInfo, TensorInfoEntry
from ckpt_viewer.formats.storage.wire import text
from ckpt_viewer.formats.values import dtypes
from ckpt_viewer.formats.values.tensors import shape_of


def saver_of(encoded: bytes) -> Saver | None:
    """None where the graph has no saver, which is written as nothing at all."""
    if not encoded:
        return None
    message = SaverDef.FromString(encoded)
    version = message.version
    return Saver(
        text(message.filename_tensor_name),
        text(message.save_tensor_name),
        text(message.restore_op_name),
        message.max_to_keep,
        message.sharded,
        message.keep_checkpoint_every_n_hours,
        SAVER_VERSIONS[version] if 0 <= version < len(SAVER_VERSIONS) else f"version {version}",
    )


def signature_of(encoded: bytes) -> Signature:
    message = SignatureDef.FromString(encoded)
    return Signature(text(message.method_name), _references(message.inputs), _references(message.outputs))


def asset_of(encoded: bytes) -> str:
    """The file name of an asset, within the folder `assets`."""
    return text(AssetFileDef.FromString(encoded).filename)


def _references(entries: Iterable[TensorInfoEntry]) -> dict[str, TensorRef]:
    return dict(sorted((text(entry.key), _reference(entry.value)) for entry in entries))


def _reference(info: TensorInfo) -> TensorRef:
    return TensorRef(_tensor_names(info), dtypes.name_of(info.dtype), shape_of(info.tensor_shape))


def _tensor_names(info: TensorInfo) -> str:
    """The tensor's name; those of its parts, joined by commas, where it is made of several."""
    which = info.WhichOneof("encoding")
    if which == "coo_sparse":
        sparse = info.coo_sparse
        parts = (sparse.values_tensor_name, sparse.indices_tensor_name, sparse.dense_shape_tensor_name)
        return ", ".join(map(text, parts))
    if which == "composite_tensor":
        return ", ".join(text(part.name) for part in info.composite_tensor.components)
    return text(info.name)
