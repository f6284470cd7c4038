"""Small graphs, written to files as TensorFlow would."""

from collections.abc import Sequence
from pathlib import Path

from ckpt_viewer.formats.graphs.loaded_graph import LoadedGraph
from ckpt_viewer.formats.graphs.meta_graph import open_graph_file
from ckpt_viewer.formats.protos.graph_pb2 import AttrEntry, AttrValue, GraphDef, NodeDef
from ckpt_viewer.formats.protos.meta_graph_pb2 import MetaGraphDef

SAMPLES = Path(__file__).parent.parent / "samples"


def node(name: str, op: str = "NoOp", inputs: Sequence[str] = (), **attributes: AttrValue) -> NodeDef:
    entries = [AttrEntry(key=key, value=value) for key, value in attributes.items()]
    return NodeDef(name=name, op=op, input=inputs, attr=entries)


def constant(name: str, *keys: bytes) -> NodeDef:
    """A Const of strings, as save ops take their keys from."""
    value = AttrValue()
    value.tensor.dtype = 7
    value.tensor.tensor_shape.dim.add(size=len(keys))
    value.tensor.string_val.extend(keys)
    return node(name, "Const", dtype=AttrValue(type=7), value=value)


def meta_graph(*nodes: NodeDef) -> MetaGraphDef:
    return MetaGraphDef(graph_def=GraphDef(node=nodes))


def open_bytes(content: bytes, folder: Path, name: str = "graph.meta") -> LoadedGraph:
    path = folder / name
    path.write_bytes(content)
    graph = open_graph_file(path, "meta-graph" if path.suffix == ".meta" else "graph-def")
    assert isinstance(graph, LoadedGraph)
    return graph


def open_nodes(folder: Path, *nodes: NodeDef) -> LoadedGraph:
    return open_bytes(meta_graph(*nodes).SerializeToString(), folder)
