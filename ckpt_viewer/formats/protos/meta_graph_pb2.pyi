from ckpt_viewer.formats.protos import collections_pb2 as _collections_pb2
from ckpt_viewer.formats.protos import graph_pb2 as _graph_pb2
from ckpt_viewer.formats.protos import tensor_pb2 as _tensor_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AssetFileDef(_message.Message):
    __slots__ = ["filename", "tensor_info"]
    FILENAME_FIELD_NUMBER: _ClassVar[int]
    TENSOR_INFO_FIELD_NUMBER: _ClassVar[int]
    filename: bytes
    tensor_info: TensorInfo
    def __init__(self, tensor_info: _Optional[_Union[TensorInfo, _Mapping]] = ..., filename: _Optional[bytes] = ...) -> None: ...

class CollectionEntry(_message.Message):
    __slots__ = ["key", "value"]
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    key: bytes
    value: _collections_pb2.CollectionDef
    def __init__(self, key: _Optional[bytes] = ..., value: _Optional[_Union[_collections_pb2.CollectionDef, _Mapping]] = ...) -> None: ...

class MetaGraphDef(_message.Message):
    __slots__ = ["asset_file_def", "collection_def", "graph_def", "meta_info_def", "saver_def", "signature_def"]
    ASSET_FILE_DEF_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_DEF_FIELD_NUMBER: _ClassVar[int]
    GRAPH_DEF_FIELD_NUMBER: _ClassVar[int]
    META_INFO_DEF_FIELD_NUMBER: _ClassVar[int]
    SAVER_DEF_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_DEF_FIELD_NUMBER: _ClassVar[int]
    asset_file_def: _containers.RepeatedCompositeFieldContainer[AssetFileDef]
    collection_def: _containers.RepeatedCompositeFieldContainer[CollectionEntry]
    graph_def: _graph_pb2.GraphDef
    meta_info_def: MetaInfoDef
    saver_def: _collections_pb2.SaverDef
    signature_def: _containers.RepeatedCompositeFieldContainer[SignatureEntry]
    def __init__(self, meta_info_def: _Optional[_Union[MetaInfoDef, _Mapping]] = ..., graph_def: _Optional[_Union[_graph_pb2.GraphDef, _Mapping]] = ..., saver_def: _Optional[_Union[_collections_pb2.SaverDef, _Mapping]] = ..., collection_def: _Optional[_Iterable[_Union[CollectionEntry, _Mapping]]] = ..., signature_def: _Optional[_Iterable[_Union[SignatureEntry, _Mapping]]] = ..., asset_file_def: _Optional[_Iterable[_Union[AssetFileDef, _Mapping]]] = ...) -> None: ...

class MetaGraphListing(_message.Message):
    __slots__ = ["asset_file_def", "collection_def", "graph_def", "meta_info_def", "saver_def", "signature_def"]
    ASSET_FILE_DEF_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_DEF_FIELD_NUMBER: _ClassVar[int]
    GRAPH_DEF_FIELD_NUMBER: _ClassVar[int]
    META_INFO_DEF_FIELD_NUMBER: _ClassVar[int]
    SAVER_DEF_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_DEF_FIELD_NUMBER: _ClassVar[int]
    asset_file_def: _containers.RepeatedScalarFieldContainer[bytes]
    collection_def: _containers.RepeatedScalarFieldContainer[bytes]
    graph_def: _graph_pb2.GraphListing
    meta_info_def: _containers.RepeatedScalarFieldContainer[bytes]
    saver_def: _containers.RepeatedScalarFieldContainer[bytes]
    signature_def: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, meta_info_def: _Optional[_Iterable[bytes]] = ..., graph_def: _Optional[_Union[_graph_pb2.GraphListing, _Mapping]] = ..., saver_def: _Optional[_Iterable[bytes]] = ..., collection_def: _Optional[_Iterable[bytes]] = ..., signature_def: _Optional[_Iterable[bytes]] = ..., asset_file_def: _Optional[_Iterable[bytes]] = ...) -> None: ...

class MetaGraphParts(_message.Message):
    __slots__ = ["asset_file_def", "collection_def", "graph_def", "meta_info_def", "saver_def", "signature_def"]
    ASSET_FILE_DEF_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_DEF_FIELD_NUMBER: _ClassVar[int]
    GRAPH_DEF_FIELD_NUMBER: _ClassVar[int]
    META_INFO_DEF_FIELD_NUMBER: _ClassVar[int]
    SAVER_DEF_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_DEF_FIELD_NUMBER: _ClassVar[int]
    asset_file_def: _containers.RepeatedScalarFieldContainer[bytes]
    collection_def: _containers.RepeatedScalarFieldContainer[bytes]
    graph_def: _containers.RepeatedScalarFieldContainer[bytes]
    meta_info_def: _containers.RepeatedScalarFieldContainer[bytes]
    saver_def: _containers.RepeatedScalarFieldContainer[bytes]
    signature_def: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, meta_info_def: _Optional[_Iterable[bytes]] = ..., graph_def: _Optional[_Iterable[bytes]] = ..., saver_def: _Optional[_Iterable[bytes]] = ..., collection_def: _Optional[_Iterable[bytes]] = ..., signature_def: _Optional[_Iterable[bytes]] = ..., asset_file_def: _Optional[_Iterable[bytes]] = ...) -> None: ...

class MetaInfoDef(_message.Message):
    __slots__ = ["meta_graph_version", "stripped_default_attrs", "stripped_op_list", "tags", "tensorflow_git_version", "tensorflow_version"]
    META_GRAPH_VERSION_FIELD_NUMBER: _ClassVar[int]
    STRIPPED_DEFAULT_ATTRS_FIELD_NUMBER: _ClassVar[int]
    STRIPPED_OP_LIST_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    TENSORFLOW_GIT_VERSION_FIELD_NUMBER: _ClassVar[int]
    TENSORFLOW_VERSION_FIELD_NUMBER: _ClassVar[int]
    meta_graph_version: bytes
    stripped_default_attrs: bool
    stripped_op_list: OpList
    tags: _containers.RepeatedScalarFieldContainer[bytes]
    tensorflow_git_version: bytes
    tensorflow_version: bytes
    def __init__(self, meta_graph_version: _Optional[bytes] = ..., stripped_op_list: _Optional[_Union[OpList, _Mapping]] = ..., tags: _Optional[_Iterable[bytes]] = ..., tensorflow_version: _Optional[bytes] = ..., tensorflow_git_version: _Optional[bytes] = ..., stripped_default_attrs: bool = ...) -> None: ...

class OpList(_message.Message):
    __slots__ = ["op"]
    OP_FIELD_NUMBER: _ClassVar[int]
    op: _containers.RepeatedCompositeFieldContainer[_graph_pb2.OpDef]
    def __init__(self, op: _Optional[_Iterable[_Union[_graph_pb2.OpDef, _Mapping]]] = ...) -> None: ...

class PartEntry(_message.Message):
    __slots__ = ["key", "value"]
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    key: bytes
    value: bytes
    def __init__(self, key: _Optional[bytes] = ..., value: _Optional[bytes] = ...) -> None: ...

class SignatureDef(_message.Message):
    __slots__ = ["inputs", "method_name", "outputs"]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    METHOD_NAME_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    inputs: _containers.RepeatedCompositeFieldContainer[TensorInfoEntry]
    method_name: bytes
    outputs: _containers.RepeatedCompositeFieldContainer[TensorInfoEntry]
    def __init__(self, inputs: _Optional[_Iterable[_Union[TensorInfoEntry, _Mapping]]] = ..., outputs: _Optional[_Iterable[_Union[TensorInfoEntry, _Mapping]]] = ..., method_name: _Optional[bytes] = ...) -> None: ...

class SignatureEntry(_message.Message):
    __slots__ = ["key", "value"]
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    key: bytes
    value: SignatureDef
    def __init__(self, key: _Optional[bytes] = ..., value: _Optional[_Union[SignatureDef, _Mapping]] = ...) -> None: ...

class TensorInfo(_message.Message):
    __slots__ = ["composite_tensor", "coo_sparse", "dtype", "name", "tensor_shape"]
    class CompositeTensor(_message.Message):
        __slots__ = ["components"]
        COMPONENTS_FIELD_NUMBER: _ClassVar[int]
        components: _containers.RepeatedCompositeFieldContainer[TensorInfo]
        def __init__(self, components: _Optional[_Iterable[_Union[TensorInfo, _Mapping]]] = ...) -> None: ...
    class CooSparse(_message.Message):
        __slots__ = ["dense_shape_tensor_name", "indices_tensor_name", "values_tensor_name"]
        DENSE_SHAPE_TENSOR_NAME_FIELD_NUMBER: _ClassVar[int]
        INDICES_TENSOR_NAME_FIELD_NUMBER: _ClassVar[int]
        VALUES_TENSOR_NAME_FIELD_NUMBER: _ClassVar[int]
        dense_shape_tensor_name: bytes
        indices_tensor_name: bytes
        values_tensor_name: bytes
        def __init__(self, values_tensor_name: _Optional[bytes] = ..., indices_tensor_name: _Optional[bytes] = ..., dense_shape_tensor_name: _Optional[bytes] = ...) -> None: ...
    COMPOSITE_TENSOR_FIELD_NUMBER: _ClassVar[int]
    COO_SPARSE_FIELD_NUMBER: _ClassVar[int]
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TENSOR_SHAPE_FIELD_NUMBER: _ClassVar[int]
    composite_tensor: TensorInfo.CompositeTensor
    coo_sparse: TensorInfo.CooSparse
    dtype: int
    name: bytes
    tensor_shape: _tensor_pb2.TensorShapeProto
    def __init__(self, name: _Optional[bytes] = ..., coo_sparse: _Optional[_Union[TensorInfo.CooSparse, _Mapping]] = ..., composite_tensor: _Optional[_Union[TensorInfo.CompositeTensor, _Mapping]] = ..., dtype: _Optional[int] = ..., tensor_shape: _Optional[_Union[_tensor_pb2.TensorShapeProto, _Mapping]] = ...) -> None: ...

class TensorInfoEntry(_message.Message):
    __slots__ = ["key", "value"]
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    key: bytes
    value: TensorInfo
    def __init__(self, key: _Optional[bytes] = ..., value: _Optional[_Union[TensorInfo, _Mapping]] = ...) -> None: ...
