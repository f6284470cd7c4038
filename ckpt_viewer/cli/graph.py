"""`graph PATH [--node NAME]`."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ckpt_viewer.cli.printing import plain, print_json, print_line, print_problems, print_table
from ckpt_viewer.cli.progress import Progress
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.folders.locate import locate_graph
from ckpt_viewer.formats.graph import Graph, Placeholder, Signature, TensorRef
from ckpt_viewer.formats.graphs.meta_graph import open_graph_file
from ckpt_viewer.session.wording import plural, printable

LONGEST_VALUE = 200  # characters of an attribute in the text


def run(options: Namespace) -> int:
    with Progress("reading the graph") as progress:
        located = locate_graph(options.path, progress.cancel)
        graph = open_graph_file(located.path, located.kind, progress.cancel)
        problems = [*located.problems, *graph.problems]
        if options.node is not None:
            print_problems(problems)  # first: they may be why there is no such node
        facts = _graph_facts(graph, problems) if options.node is None else _node_facts(graph, options.node)
    if options.json:
        print_json(facts)
    elif options.node is None:
        _print_graph(graph)
        print_problems(problems)
    else:
        _print_node(facts)
    return 0


def _graph_facts(graph: Graph, problems: Sequence[Problem]) -> dict[str, Any]:
    facts = graph.facts
    return {
        "path": graph.path,
        "kind": graph.kind,
        "nodes": len(graph.nodes),
        "ops": graph.ops,
        "functions": [function.name for function in facts.functions],
        "tensorflow_version": facts.tensorflow_version,
        "tags": facts.tags,
        "placeholders": [_tensor(each) for each in graph.placeholders],
        "saver": asdict(facts.saver) if facts.saver else None,
        "collections": [
            {"name": each.name, "kind": each.kind, "items": each.items} for each in graph.collections
        ],
        "signatures": {name: _signature(each) for name, each in graph.signatures.items()},
        "variants": [variant.facts.tags for variant in graph.variants],
        "assets": facts.assets,
        "fingerprint": asdict(facts.fingerprint) if facts.fingerprint else None,
        "problems": problems,
    }


def _signature(signature: Signature) -> dict[str, Any]:
    return {
        "method_name": signature.method_name,
        "inputs": {name: _tensor(each) for name, each in signature.inputs.items()},
        "outputs": {name: _tensor(each) for name, each in signature.outputs.items()},
    }


def _tensor(tensor: Placeholder | TensorRef) -> dict[str, Any]:
    return {"name": tensor.name, "dtype": tensor.dtype, "shape": tensor.shape}


def _node_facts(graph: Graph, name: str) -> dict[str, Any]:
    node = graph.node(name)
    return {
        "name": node.name,
        "op": node.op,
        "device": node.device,
        "inputs": node.inputs,
        "control_inputs": node.control_inputs,
        "consumers": list(graph.consumers(node.name)),
        "attributes": graph.attributes(node.name),
    }


def _print_graph(graph: Graph) -> None:
    facts = graph.facts
    written_by = f", TensorFlow {printable(facts.tensorflow_version)}" if facts.tensorflow_version else ""
    print_line(f"{graph.kind}: {plural(len(graph.nodes), 'node')}{written_by}")
    if facts.tags:
        print_line(f"tags: {printable(', '.join(facts.tags))}")
    for variant in graph.variants:
        print_line(f"also: {printable(', '.join(variant.facts.tags)) or 'no tags'}")
    _section("ops", (">count", "op"), [(f"{count:,}", op) for op, count in graph.ops.items()])
    _section("placeholders", ("name", "dtype", "shape"), [_tensor_cells(each) for each in graph.placeholders])
    _section(
        "signatures", ("signature", "", "key", "tensor", "dtype", "shape"), _signature_rows(graph.signatures)
    )
    collections = [(each.name, each.proto or each.kind, str(len(each.items))) for each in graph.collections]
    _section("collections", ("name", "kind", ">items"), collections)
    _section("assets", ("file",), [(name,) for name in facts.assets])
    prints = asdict(facts.fingerprint) if facts.fingerprint else {}
    _section("fingerprint", ("of", "value"), [(name, str(value)) for name, value in prints.items()])
    functions = [(each.name, str(len(each.nodes))) for each in facts.functions]
    _section("functions", ("name", ">nodes"), functions)


def _section(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if rows:
        print_line(f"\n{title} ({len(rows)})")
        print_table(heads, rows)


def _signature_rows(signatures: Mapping[str, Signature]) -> list[tuple[str, ...]]:
    return [
        (name, side, key, *_tensor_cells(tensor))
        for name, signature in signatures.items()
        for side, tensors in (("in", signature.inputs), ("out", signature.outputs))
        for key, tensor in tensors.items()
    ]


def _tensor_cells(tensor: Placeholder | TensorRef) -> tuple[str, str, str]:
    if isinstance(tensor, TensorRef) and tensor.is_operation:
        return tensor.name, "operation", ""
    if tensor.shape is None:
        return tensor.name, tensor.dtype, "unknown rank"
    lengths = ("?" if length < 0 else str(length) for length in tensor.shape)
    return tensor.name, tensor.dtype, "×".join(lengths) or "scalar"


def _print_node(facts: Mapping[str, Any]) -> None:
    print_line(printable(f"{facts['name']}: {facts['op']}"))
    if facts["device"]:
        print_line(printable(f"device: {facts['device']}"))
    for title in ("inputs", "control_inputs", "consumers"):
        for name in facts[title]:
            print_line(printable(f"{title.replace('_', ' ').removesuffix('s')}: {name}"))
    for name, value in facts["attributes"].items():
        text = str(plain(value))
        shown = text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"
        print_line(printable(f"{name} = {shown}"))
