"""What stands beside the nodes of a graph, as lines of a `FactModel`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from ckpt_viewer.formats.graph import (
    Collection,
    Function,
    Graph,
    Node,
    Placeholder,
    Signature,
    TensorRef,
)
from ckpt_viewer.formats.graphs.fingerprint import Fingerprint
from ckpt_viewer.session.function_nodes import in_function
from ckpt_viewer.session.wording import plural, printable, shape_text
from ckpt_viewer.ui.item_models.fact_tree import Fact, fact_of
from ckpt_viewer.ui.item_models.value_text import parts_of, value_text

# What names an item of a decoded collection, best first; the name is also the node to go to.
NAMING_FIELDS = ("variable_name", "queue_name", "context_name", "restore_op_name", "filename")
KIND_TEXTS = {
    "node_list": "nodes",
    "bytes_list": "bytes",
    "int64_list": "integers",
    "float_list": "numbers",
    "any_list": "any",
    "": "no kind",
}


def collection_facts(graph: Graph) -> list[Fact]:
    """One line per collection: its name, what it holds and how many; below it the items."""
    return [_collection_fact(collection) for collection in graph.collections]


def signature_facts(graph: Graph) -> list[Fact]:
    signatures = [_signature_fact(name, signature) for name, signature in graph.signatures.items()]
    if not graph.placeholders:
        return signatures
    placeholders = _section("Placeholders", graph.placeholders, _placeholder_fact)
    return [*signatures, placeholders]


def function_facts(graph: Graph) -> list[Fact]:
    return [_function_fact(function) for function in graph.facts.functions]


def version_facts(graph: Graph) -> list[Fact]:
    """The saver, then who wrote the graph and for whom."""
    facts = graph.facts
    lines = [
        _saver_fact(graph),
        Fact("TensorFlow", printable(facts.tensorflow_version) or "not said"),
        Fact("Source revision", printable(facts.git_version)) if facts.git_version else None,
        Fact("Tags", printable(", ".join(facts.tags))) if facts.tags else None,
        Fact("Graph version", f"{facts.producer} (needs a reader of at least {facts.min_consumer})"),
        Fact("Op definitions stored", f"{facts.stripped_ops:,}"),
        _section("Assets", facts.assets, lambda asset: Fact(asset)) if facts.assets else None,
        _fingerprint_fact(facts.fingerprint) if facts.fingerprint else None,
    ]
    return [line for line in lines if line is not None]


def filtered(facts: Sequence[Fact], text: str) -> Sequence[Fact]:
    """The lines that hold every word; of the others, those with such lines below, one level deep."""
    words = text.lower().split()
    if not words:
        return facts
    kept = []
    for fact in facts:
        if _holds(fact, words):
            kept.append(fact)
        elif below := [line for line in fact.lines if _holds(line, words)]:
            kept.append(_narrowed(fact, below))
    return kept


def _narrowed(fact: Fact, below: list[Fact]) -> Fact:
    return Fact(fact.label, fact.value, node=fact.node, below=lambda: below, heading=fact.heading)


def _holds(fact: Fact, words: Iterable[str]) -> bool:
    text = f"{fact.label}\n{fact.value}".lower()
    return all(word in text for word in words)


def _collection_fact(collection: Collection) -> Fact:
    kind = collection.proto or KIND_TEXTS.get(collection.kind, collection.kind)
    value = f"{plural(len(collection.items), 'item')} · {printable(kind)}"
    return Fact(collection.name, value, below=lambda: _item_facts(collection), heading=True)


def _item_facts(collection: Collection) -> list[Fact]:
    problems = [Fact("Problem", printable(problem.message)) for problem in collection.problems]
    return problems + [_item_fact(item, collection.kind) for item in collection.items]


def _item_fact(item: Any, kind: str) -> Fact:
    if kind == "node_list" and isinstance(item, str):
        return Fact(item, node=item)
    name = _naming(item)
    if not name:
        return Fact(value_text(item), below=_below(item))
    fields = {field: part for field, part in parts_of(item).items() if _says_more(part, name)}
    return Fact(name, value_text(fields), node=name, below=_below(item))


def _says_more(part: Any, name: str) -> bool:
    if isinstance(part, str | list | tuple | dict):
        return bool(part) and part != name
    return part is not None


def _below(item: Any) -> Callable[[], list[Fact]] | None:
    if not parts_of(item):
        return None
    return lambda: [_field_fact(name, part) for name, part in parts_of(item).items()]


def _field_fact(name: str, part: Any) -> Fact:
    """Fields whose name ends in `_name` or `_op` name a node."""
    if not name.rstrip("s").endswith(("_name", "_op")):
        return fact_of(name, part)
    if isinstance(part, list | tuple) and part and all(isinstance(item, str) for item in part):
        return Fact(name, value_text(part), below=lambda: [Fact(item, node=item) for item in part])
    return fact_of(name, part, part if isinstance(part, str) and part else None)


def _naming(item: Any) -> str:
    """The field that names a decoded item, which may be one level down (`cond_ctxt.context_name`)."""
    parts = parts_of(item)
    for fields in (parts, *(parts_of(part) for part in parts.values() if isinstance(part, Mapping))):
        for field in NAMING_FIELDS:
            if isinstance(name := fields.get(field), str) and name:
                return name
    return ""


def _signature_fact(name: str, signature: Signature) -> Fact:
    def below() -> list[Fact]:
        return [
            _tensors("Inputs", signature.inputs),
            _tensors("Outputs", signature.outputs),
        ]

    return Fact(name, printable(signature.method_name), below=below, heading=True)


def _tensors(title: str, tensors: Mapping[str, TensorRef]) -> Fact:
    return _section(title, list(tensors.items()), lambda item: _tensor_fact(*item))


def _tensor_fact(name: str, tensor: TensorRef) -> Fact:
    what = "operation" if tensor.is_operation else tensor_text(tensor.dtype, tensor.shape)
    return Fact(name, f"{what} · {printable(tensor.name)}", node=tensor.name or None)


def tensor_text(dtype: str, shape: Sequence[int] | None) -> str:
    """`float32 ?×28×28`; a length that is not known is `?`, an unknown rank says so."""
    if shape is None:
        return f"{dtype}, any shape"
    return f"{dtype} {shape_text(shape).replace('-1', '?')}"


def _placeholder_fact(placeholder: Placeholder) -> Fact:
    return Fact(placeholder.name, tensor_text(placeholder.dtype, placeholder.shape), node=placeholder.name)


def _function_fact(function: Function) -> Fact:
    def below() -> list[Fact]:
        return [
            _section("Inputs", function.inputs, Fact),
            _section("Outputs", function.outputs, Fact),
            _section("Nodes", function.nodes, partial(_inner_fact, function.name)),
        ]

    value = f"{plural(len(function.nodes), 'node')} · {len(function.inputs)} in · {len(function.outputs)} out"
    return Fact(function.name, value, below=below, heading=True)


def _inner_fact(function: str, node: Node) -> Fact:
    return Fact(node.name, printable(node.op), node=in_function(function, node.name))


def _saver_fact(graph: Graph) -> Fact:
    saver = graph.facts.saver
    if saver is None:
        return Fact("Saver", "none stored", heading=True)
    summary = f"format {saver.version}, keeps {saver.max_to_keep}" + (", sharded" if saver.sharded else "")
    below = _below(saver)
    return Fact("Saver", printable(summary), below=below, heading=True)


def _fingerprint_fact(fingerprint: Fingerprint) -> Fact:
    return Fact("Fingerprint", printable(fingerprint.uuid), below=_below(fingerprint), heading=True)


def _section(title: str, items: Sequence[Any], line: Callable[[Any], Fact]) -> Fact:
    below = (lambda: [line(item) for item in items]) if items else None
    return Fact(title, plural(len(items), "entry", "entries"), below=below, heading=True)
