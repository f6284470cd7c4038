from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AnyValue(_message.Message):
    __slots__ = ["type_url", "value"]
    TYPE_URL_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    type_url: bytes
    value: bytes
    def __init__(self, type_url: _Optional[bytes] = ..., value: _Optional[bytes] = ...) -> None: ...

class CollectionDef(_message.Message):
    __slots__ = ["any_list", "bytes_list", "float_list", "int64_list", "node_list"]
    class AnyList(_message.Message):
        __slots__ = ["value"]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        value: _containers.RepeatedCompositeFieldContainer[AnyValue]
        def __init__(self, value: _Optional[_Iterable[_Union[AnyValue, _Mapping]]] = ...) -> None: ...
    class BytesList(_message.Message):
        __slots__ = ["value"]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        value: _containers.RepeatedScalarFieldContainer[bytes]
        def __init__(self, value: _Optional[_Iterable[bytes]] = ...) -> None: ...
    class FloatList(_message.Message):
        __slots__ = ["value"]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        value: _containers.RepeatedScalarFieldContainer[float]
        def __init__(self, value: _Optional[_Iterable[float]] = ...) -> None: ...
    class Int64List(_message.Message):
        __slots__ = ["value"]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        value: _containers.RepeatedScalarFieldContainer[int]
        def __init__(self, value: _Optional[_Iterable[int]] = ...) -> None: ...
    class NodeList(_message.Message):
        __slots__ = ["value"]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        value: _containers.RepeatedScalarFieldContainer[bytes]
        def __init__(self, value: _Optional[_Iterable[bytes]] = ...) -> None: ...
    ANY_LIST_FIELD_NUMBER: _ClassVar[int]
    BYTES_LIST_FIELD_NUMBER: _ClassVar[int]
    FLOAT_LIST_FIELD_NUMBER: _ClassVar[int]
    INT64_LIST_FIELD_NUMBER: _ClassVar[int]
    NODE_LIST_FIELD_NUMBER: _ClassVar[int]
    any_list: CollectionDef.AnyList
    bytes_list: CollectionDef.BytesList
    float_list: CollectionDef.FloatList
    int64_list: CollectionDef.Int64List
    node_list: CollectionDef.NodeList
    def __init__(self, node_list: _Optional[_Union[CollectionDef.NodeList, _Mapping]] = ..., bytes_list: _Optional[_Union[CollectionDef.BytesList, _Mapping]] = ..., int64_list: _Optional[_Union[CollectionDef.Int64List, _Mapping]] = ..., float_list: _Optional[_Union[CollectionDef.FloatList, _Mapping]] = ..., any_list: _Optional[_Union[CollectionDef.AnyList, _Mapping]] = ...) -> None: ...

class CondContextDef(_message.Message):
    __slots__ = ["branch", "context_name", "nested_contexts", "pivot_name", "pred_name", "values_def"]
    BRANCH_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_NAME_FIELD_NUMBER: _ClassVar[int]
    NESTED_CONTEXTS_FIELD_NUMBER: _ClassVar[int]
    PIVOT_NAME_FIELD_NUMBER: _ClassVar[int]
    PRED_NAME_FIELD_NUMBER: _ClassVar[int]
    VALUES_DEF_FIELD_NUMBER: _ClassVar[int]
    branch: int
    context_name: bytes
    nested_contexts: _containers.RepeatedScalarFieldContainer[bytes]
    pivot_name: bytes
    pred_name: bytes
    values_def: ValuesDef
    def __init__(self, context_name: _Optional[bytes] = ..., pred_name: _Optional[bytes] = ..., pivot_name: _Optional[bytes] = ..., branch: _Optional[int] = ..., values_def: _Optional[_Union[ValuesDef, _Mapping]] = ..., nested_contexts: _Optional[_Iterable[bytes]] = ...) -> None: ...

class ControlFlowContextDef(_message.Message):
    __slots__ = ["cond_ctxt", "while_ctxt"]
    COND_CTXT_FIELD_NUMBER: _ClassVar[int]
    WHILE_CTXT_FIELD_NUMBER: _ClassVar[int]
    cond_ctxt: bytes
    while_ctxt: bytes
    def __init__(self, cond_ctxt: _Optional[bytes] = ..., while_ctxt: _Optional[bytes] = ...) -> None: ...

class QueueRunnerDef(_message.Message):
    __slots__ = ["cancel_op_name", "close_op_name", "enqueue_op_name", "queue_closed_exception_types", "queue_name"]
    CANCEL_OP_NAME_FIELD_NUMBER: _ClassVar[int]
    CLOSE_OP_NAME_FIELD_NUMBER: _ClassVar[int]
    ENQUEUE_OP_NAME_FIELD_NUMBER: _ClassVar[int]
    QUEUE_CLOSED_EXCEPTION_TYPES_FIELD_NUMBER: _ClassVar[int]
    QUEUE_NAME_FIELD_NUMBER: _ClassVar[int]
    cancel_op_name: bytes
    close_op_name: bytes
    enqueue_op_name: _containers.RepeatedScalarFieldContainer[bytes]
    queue_closed_exception_types: _containers.RepeatedScalarFieldContainer[int]
    queue_name: bytes
    def __init__(self, queue_name: _Optional[bytes] = ..., enqueue_op_name: _Optional[_Iterable[bytes]] = ..., close_op_name: _Optional[bytes] = ..., cancel_op_name: _Optional[bytes] = ..., queue_closed_exception_types: _Optional[_Iterable[int]] = ...) -> None: ...

class SaveSliceInfoDef(_message.Message):
    __slots__ = ["full_name", "full_shape", "var_offset", "var_shape"]
    FULL_NAME_FIELD_NUMBER: _ClassVar[int]
    FULL_SHAPE_FIELD_NUMBER: _ClassVar[int]
    VAR_OFFSET_FIELD_NUMBER: _ClassVar[int]
    VAR_SHAPE_FIELD_NUMBER: _ClassVar[int]
    full_name: bytes
    full_shape: _containers.RepeatedScalarFieldContainer[int]
    var_offset: _containers.RepeatedScalarFieldContainer[int]
    var_shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, full_name: _Optional[bytes] = ..., full_shape: _Optional[_Iterable[int]] = ..., var_offset: _Optional[_Iterable[int]] = ..., var_shape: _Optional[_Iterable[int]] = ...) -> None: ...

class SaverDef(_message.Message):
    __slots__ = ["filename_tensor_name", "keep_checkpoint_every_n_hours", "max_to_keep", "restore_op_name", "save_tensor_name", "sharded", "version"]
    FILENAME_TENSOR_NAME_FIELD_NUMBER: _ClassVar[int]
    KEEP_CHECKPOINT_EVERY_N_HOURS_FIELD_NUMBER: _ClassVar[int]
    MAX_TO_KEEP_FIELD_NUMBER: _ClassVar[int]
    RESTORE_OP_NAME_FIELD_NUMBER: _ClassVar[int]
    SAVE_TENSOR_NAME_FIELD_NUMBER: _ClassVar[int]
    SHARDED_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    filename_tensor_name: bytes
    keep_checkpoint_every_n_hours: float
    max_to_keep: int
    restore_op_name: bytes
    save_tensor_name: bytes
    sharded: bool
    version: int
    def __init__(self, filename_tensor_name: _Optional[bytes] = ..., save_tensor_name: _Optional[bytes] = ..., restore_op_name: _Optional[bytes] = ..., max_to_keep: _Optional[int] = ..., sharded: bool = ..., keep_checkpoint_every_n_hours: _Optional[float] = ..., version: _Optional[int] = ...) -> None: ...

class ValuesDef(_message.Message):
    __slots__ = ["external_values", "values"]
    EXTERNAL_VALUES_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    external_values: _containers.RepeatedCompositeFieldContainer[ValuesEntry]
    values: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, values: _Optional[_Iterable[bytes]] = ..., external_values: _Optional[_Iterable[_Union[ValuesEntry, _Mapping]]] = ...) -> None: ...

class ValuesEntry(_message.Message):
    __slots__ = ["key", "value"]
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    key: bytes
    value: bytes
    def __init__(self, key: _Optional[bytes] = ..., value: _Optional[bytes] = ...) -> None: ...

class VariableDef(_message.Message):
    __slots__ = ["aggregation", "initial_value_name", "initializer_name", "is_resource", "save_slice_info_def", "snapshot_name", "synchronization", "trainable", "variable_name"]
    AGGREGATION_FIELD_NUMBER: _ClassVar[int]
    INITIALIZER_NAME_FIELD_NUMBER: _ClassVar[int]
    INITIAL_VALUE_NAME_FIELD_NUMBER: _ClassVar[int]
    IS_RESOURCE_FIELD_NUMBER: _ClassVar[int]
    SAVE_SLICE_INFO_DEF_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_NAME_FIELD_NUMBER: _ClassVar[int]
    SYNCHRONIZATION_FIELD_NUMBER: _ClassVar[int]
    TRAINABLE_FIELD_NUMBER: _ClassVar[int]
    VARIABLE_NAME_FIELD_NUMBER: _ClassVar[int]
    aggregation: int
    initial_value_name: bytes
    initializer_name: bytes
    is_resource: bool
    save_slice_info_def: SaveSliceInfoDef
    snapshot_name: bytes
    synchronization: int
    trainable: bool
    variable_name: bytes
    def __init__(self, variable_name: _Optional[bytes] = ..., initializer_name: _Optional[bytes] = ..., snapshot_name: _Optional[bytes] = ..., save_slice_info_def: _Optional[_Union[SaveSliceInfoDef, _Mapping]] = ..., is_resource: bool = ..., initial_value_name: _Optional[bytes] = ..., trainable: bool = ..., synchronization: _Optional[int] = ..., aggregation: _Optional[int] = ...) -> None: ...

class WhileContextDef(_message.Message):
    __slots__ = ["back_prop", "context_name", "loop_enter_names", "loop_exit_names", "maximum_iterations_name", "nested_contexts", "parallel_iterations", "pivot_for_body_name", "pivot_for_pred_name", "pivot_name", "swap_memory", "values_def"]
    BACK_PROP_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_NAME_FIELD_NUMBER: _ClassVar[int]
    LOOP_ENTER_NAMES_FIELD_NUMBER: _ClassVar[int]
    LOOP_EXIT_NAMES_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_ITERATIONS_NAME_FIELD_NUMBER: _ClassVar[int]
    NESTED_CONTEXTS_FIELD_NUMBER: _ClassVar[int]
    PARALLEL_ITERATIONS_FIELD_NUMBER: _ClassVar[int]
    PIVOT_FOR_BODY_NAME_FIELD_NUMBER: _ClassVar[int]
    PIVOT_FOR_PRED_NAME_FIELD_NUMBER: _ClassVar[int]
    PIVOT_NAME_FIELD_NUMBER: _ClassVar[int]
    SWAP_MEMORY_FIELD_NUMBER: _ClassVar[int]
    VALUES_DEF_FIELD_NUMBER: _ClassVar[int]
    back_prop: bool
    context_name: bytes
    loop_enter_names: _containers.RepeatedScalarFieldContainer[bytes]
    loop_exit_names: _containers.RepeatedScalarFieldContainer[bytes]
    maximum_iterations_name: bytes
    nested_contexts: _containers.RepeatedScalarFieldContainer[bytes]
    parallel_iterations: int
    pivot_for_body_name: bytes
    pivot_for_pred_name: bytes
    pivot_name: bytes
    swap_memory: bool
    values_def: ValuesDef
    def __init__(self, context_name: _Optional[bytes] = ..., parallel_iterations: _Optional[int] = ..., back_prop: bool = ..., swap_memory: bool = ..., pivot_name: _Optional[bytes] = ..., pivot_for_pred_name: _Optional[bytes] = ..., pivot_for_body_name: _Optional[bytes] = ..., loop_exit_names: _Optional[_Iterable[bytes]] = ..., values_def: _Optional[_Union[ValuesDef, _Mapping]] = ..., loop_enter_names: _Optional[_Iterable[bytes]] = ..., maximum_iterations_name: _Optional[bytes] = ..., nested_contexts: _Optional[_Iterable[bytes]] = ...) -> None: ...
