from ckpt_viewer.formats.protos import meta_graph_pb2 as _meta_graph_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SavedModel(_message.Message):
    __slots__ = ["meta_graphs", "saved_model_schema_version"]
    META_GRAPHS_FIELD_NUMBER: _ClassVar[int]
    SAVED_MODEL_SCHEMA_VERSION_FIELD_NUMBER: _ClassVar[int]
    meta_graphs: _containers.RepeatedCompositeFieldContainer[_meta_graph_pb2.MetaGraphDef]
    saved_model_schema_version: int
    def __init__(self, saved_model_schema_version: _Optional[int] = ..., meta_graphs: _Optional[_Iterable[_Union[_meta_graph_pb2.MetaGraphDef, _Mapping]]] = ...) -> None: ...

class SavedModelParts(_message.Message):
    __slots__ = ["meta_graphs", "saved_model_schema_version"]
    META_GRAPHS_FIELD_NUMBER: _ClassVar[int]
    SAVED_MODEL_SCHEMA_VERSION_FIELD_NUMBER: _ClassVar[int]
    meta_graphs: _containers.RepeatedScalarFieldContainer[bytes]
    saved_model_schema_version: int
    def __init__(self, saved_model_schema_version: _Optional[int] = ..., meta_graphs: _Optional[_Iterable[bytes]] = ...) -> None: ...
