"""A `.meta` like those that TensorFlow 1 leaves: many layers, their gradients, Adam, a saver."""

from collections.abc import Sequence

from ckpt_viewer.formats.protos.collections_pb2 import VariableDef
from ckpt_viewer.formats.protos.graph_pb2 import AttrValue, NodeDef
from ckpt_viewer.formats.protos.meta_graph_pb2 import MetaGraphDef
from ckpt_viewer.formats.protos.tensor_pb2 import TensorProto, TensorShapeProto

NODES_PER_LAYER = 49
_FLOAT, _INT32, _STRING = 1, 3, 7
_KERNEL, _BIAS, _VALUES = (3, 3, 64, 64), (64,), (-1, 28, 28, 64)


def network(layers: int) -> bytes:
    """The bytes of a MetaGraphDef with 49 nodes for each layer, and 16 besides."""
    writer = _Writer()
    writer.begin()
    for number in range(layers):
        writer.layer(f"tower/block_{number // 20:03d}/conv_{number % 20:02d}")
    writer.saver()
    return writer.message.SerializeToString()


class _Writer:
    """Adds nodes in the order TensorFlow would have made them, as far as that matters to a reader."""

    def __init__(self) -> None:
        self.message = MetaGraphDef()
        self.last = self.loss = "input"
        self.saved: list[str] = []

    def begin(self) -> None:
        self.message.meta_info_def.tensorflow_version = b"1.15.5"
        self.message.graph_def.versions.producer = 134
        self.node("input", "Placeholder", dtype=_FLOAT, shape=_VALUES)
        for name in ("learning_rate", "beta1", "beta2", "epsilon", "beta1_power", "beta2_power"):
            self.constant(f"Adam/{name}", ())

    def layer(self, scope: str) -> None:
        variables = (f"{scope}/kernel", _KERNEL), (f"{scope}/bias", _BIAS)
        for name, shape in variables:
            self.variable(name, shape, trainable=True)
        self.forward(scope)
        self.gradients(scope)
        for name, shape in variables:
            self.adam(name, shape, f"gradients/{scope}/Conv2D_grad/tuple/control_dependency_1")

    def variable(self, name: str, shape: Sequence[int], trainable: bool = False) -> None:
        start = f"{name}/Initializer/random_uniform"
        at = {"_class": [f"loc:@{name}"]}
        if trainable:
            self.constant(f"{start}/shape", (len(shape),))
            self.constant(f"{start}/min", ())
            self.node(
                f"{start}/RandomUniform", "RandomUniform", f"{start}/shape", dtype=_FLOAT, T=_INT32, **at
            )
            self.node(start, "Add", f"{start}/RandomUniform", f"{start}/min", T=_FLOAT, **at)
        else:
            start = f"{name}/Initializer/zeros"
            self.constant(start, shape)
        self.node(name, "VariableV2", dtype=_FLOAT, shape=shape, container=b"", shared_name=b"", **at)
        self.node(
            f"{name}/Assign", "Assign", name, start, T=_FLOAT, validate_shape=True, use_locking=True, **at
        )
        self.node(f"{name}/read", "Identity", name, T=_FLOAT, **at)
        self.saved.append(name)
        self.collect("variables", name, start)
        if trainable:
            self.collect("trainable_variables", name, start)

    def forward(self, scope: str) -> None:
        strides = [1, 1, 1, 1]
        self.node(
            f"{scope}/Conv2D",
            "Conv2D",
            self.last,
            f"{scope}/kernel/read",
            T=_FLOAT,
            padding=b"SAME",
            strides=strides,
        )
        self.node(f"{scope}/BiasAdd", "BiasAdd", f"{scope}/Conv2D", f"{scope}/bias/read", T=_FLOAT)
        self.node(f"{scope}/Relu", "Relu", f"{scope}/BiasAdd", T=_FLOAT)
        self.last = f"{scope}/Relu"

    def gradients(self, scope: str) -> None:
        """Ops whose results are taken by number, and control inputs: what a reader cannot just look up."""
        base = f"gradients/{scope}"
        self.node(f"{base}/Relu_grad/ReluGrad", "ReluGrad", self.loss, f"{scope}/Relu", T=_FLOAT)
        self.node(f"{base}/BiasAdd_grad/BiasAddGrad", "BiasAddGrad", f"{base}/Relu_grad/ReluGrad", T=_FLOAT)
        self.node(f"{base}/Conv2D_grad/ShapeN", "ShapeN", self.last, f"{scope}/kernel/read", N=2, T=_FLOAT)
        for number, wanted in enumerate(("Input", "Filter")):
            sizes, values = f"{base}/Conv2D_grad/ShapeN:{number}", f"{base}/Relu_grad/ReluGrad"
            op = f"Conv2DBackprop{wanted}"
            self.node(f"{base}/Conv2D_grad/{op}", op, sizes, f"{scope}/kernel/read", values, T=_FLOAT)
        both = [f"^{base}/Conv2D_grad/Conv2DBackprop{wanted}" for wanted in ("Filter", "Input")]
        self.node(f"{base}/Conv2D_grad/tuple/group_deps", "NoOp", *both)
        for number, wanted in enumerate(("Input", "Filter")):
            name = f"{base}/Conv2D_grad/tuple/control_dependency" + (f"_{number}" if number else "")
            source = f"{base}/Conv2D_grad/Conv2DBackprop{wanted}"
            self.node(name, "Identity", source, f"^{base}/Conv2D_grad/tuple/group_deps", T=_FLOAT)
        self.loss = f"{base}/Conv2D_grad/tuple/control_dependency"

    def adam(self, name: str, shape: Sequence[int], gradient: str) -> None:
        slots = f"{name}/Adam", f"{name}/Adam_1"
        for slot in slots:
            self.variable(slot, shape)
        numbers = ("beta1_power", "beta2_power", "learning_rate", "beta1", "beta2", "epsilon")
        inputs = [name, *slots, *(f"Adam/{number}" for number in numbers), gradient]
        self.node(f"Adam/update_{name}/ApplyAdam", "ApplyAdam", *inputs, T=_FLOAT, use_locking=False)

    def saver(self) -> None:
        keys = sorted(self.saved)
        self.constant("save/Const", ())
        for op in ("SaveV2", "RestoreV2"):
            self.strings(f"save/{op}/tensor_names", keys)
            self.strings(f"save/{op}/shape_and_slices", [""] * len(keys))
        tables = ["tensor_names", "shape_and_slices"]
        types = [_FLOAT] * len(keys)
        self.node("save/SaveV2", "SaveV2", "save/Const", *(f"save/SaveV2/{table}" for table in tables), *keys)
        self.node("save/control_dependency", "Identity", "save/Const", "^save/SaveV2", T=_STRING)
        inputs = [f"save/RestoreV2/{table}" for table in tables]
        self.node("save/RestoreV2", "RestoreV2", "save/Const", *inputs, device="/device:CPU:0", dtypes=types)
        assigns = [f"save/Assign_{number}" for number in range(len(keys))]
        for number, (assign, key) in enumerate(zip(assigns, keys, strict=True)):
            output = f"save/RestoreV2:{number}" if number else "save/RestoreV2"
            self.node(assign, "Assign", key, output, T=_FLOAT, validate_shape=True, use_locking=True)
        self.node("save/restore_all", "NoOp", *(f"^{assign}" for assign in assigns))
        saver = self.message.saver_def
        saver.filename_tensor_name, saver.save_tensor_name = b"save/Const:0", b"save/control_dependency:0"
        saver.restore_op_name, saver.max_to_keep, saver.version = b"save/restore_all", 5, 2

    def collect(self, collection: str, name: str, start: str) -> None:
        definition = VariableDef(
            variable_name=f"{name}:0".encode(),
            initializer_name=f"{name}/Assign".encode(),
            snapshot_name=f"{name}/read:0".encode(),
            initial_value_name=f"{start}:0".encode(),
            trainable=True,
        )
        entries = {entry.key: entry for entry in self.message.collection_def}
        entry = entries.get(collection.encode()) or self.message.collection_def.add(key=collection.encode())
        entry.value.bytes_list.value.append(definition.SerializeToString())

    def constant(self, name: str, shape: Sequence[int]) -> None:
        value = TensorProto(dtype=_FLOAT, tensor_shape=_shape(shape), float_val=[0.0])
        self.node(name, "Const", dtype=_FLOAT, value=value)

    def strings(self, name: str, values: Sequence[str]) -> None:
        texts = [value.encode() for value in values]
        value = TensorProto(dtype=_STRING, tensor_shape=_shape([len(values)]), string_val=texts)
        self.node(name, "Const", dtype=_STRING, value=value)

    def node(
        self, name: str, op: str, *inputs: str, device: str = "/device:GPU:0", **attributes: object
    ) -> None:
        added = self.message.graph_def.node.add(name=name, op=op, input=inputs, device=device)
        if op != "NoOp":
            attributes["_output_shapes"] = [_VALUES]
        for key in sorted(attributes):
            _set(added, key, attributes[key])


def _set(node: NodeDef, key: str, value: object) -> None:
    """An attribute of the kind that its Python type says; numbers are types, except `N`."""
    entry = node.attr.add(key=key)
    entry.value.CopyFrom(_attribute(key, value))


def _attribute(key: str, value: object) -> AttrValue:
    match value:
        case bool():
            return AttrValue(b=value)
        case int():
            return AttrValue(i=value) if key == "N" else AttrValue(type=value)
        case bytes():
            return AttrValue(s=value)
        case TensorProto():
            return AttrValue(tensor=value)
        case tuple():
            return AttrValue(shape=_shape(value))
    assert isinstance(value, list)
    return AttrValue(list=_list(key, value))


def _list(key: str, values: list[object]) -> AttrValue.ListValue:
    first = values[0]
    if isinstance(first, str):
        return AttrValue.ListValue(s=[str(value).encode() for value in values])
    if isinstance(first, tuple):
        return AttrValue.ListValue(shape=[_shape(value) for value in values])
    return AttrValue.ListValue(type=values) if key == "dtypes" else AttrValue.ListValue(i=values)


def _shape(lengths: Sequence[int]) -> TensorShapeProto:
    return TensorShapeProto(dim=[TensorShapeProto.Dim(size=int(length)) for length in lengths])
