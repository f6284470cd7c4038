"""A `.meta`, `.pb`, `.pbtxt` or SavedModel → one `Graph`.

Each part is decoded on its own, so that a damaged one leaves the others readable.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from google.protobuf.message import DecodeError

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import DamagedFile, NotACheckpoint, Problem
from ckpt_viewer.formats.checkpoint import Kind
from ckpt_viewer.formats.foreign import chunked_graph
from ckpt_viewer.formats.graph import Function, Graph, GraphFacts, Saver, Signature
from ckpt_viewer.formats.graphs.collections import Collections
from ckpt_viewer.formats.graphs.fingerprint import read_fingerprint
from ckpt_viewer.formats.graphs.graph_bytes import GraphBytes, read_graph_bytes
from ckpt_viewer.formats.graphs.graph_def_kind import graph_def_kind
from ckpt_viewer.formats.graphs.graph_parts import (
    read_meta_graph,
    split_graph,
    split_meta_graph,
    split_saved_model,
)
from ckpt_viewer.formats.graphs.loaded_graph import LoadedGraph
from ckpt_viewer.formats.graphs.node_list import NodeList
from ckpt_viewer.formats.graphs.saved_model_files import missing_assets
from ckpt_viewer.formats.graphs.signatures import asset_of, saver_of, signature_of
from ckpt_viewer.formats.protos.graph_pb2 import FunctionListing, GraphListing, LibraryListing
from ckpt_viewer.formats.protos.meta_graph_pb2 import MetaGraphListing, MetaGraphParts, MetaInfoDef, PartEntry
from ckpt_viewer.formats.storage.wire import text

SAVED_MODEL_FILES = ("saved_model.pb", "saved_model.pbtxt", "saved_model.cpb")
SERVING_TAG = "serve"
MOST_FUNCTIONS = 1 << 15
MOST_PARTS = 1 << 14  # collections, signatures and assets
MOST_META_GRAPHS = 64
_Part = TypeVar("_Part")


def open_graph_file(path: Path, kind: Kind, cancel: CancelToken | None = None) -> Graph:
    """The graph a file holds, or a SavedModel's folder; its content decides over `kind`.

    Raises `DamagedFile` where nothing can be read, `NotACheckpoint` for other files, `UnsupportedFeature`.
    """
    file = _saved_model_file(path) if path.is_dir() else path
    if file.suffix == ".cpb":
        raise chunked_graph(file)
    encoded = read_graph_bytes(file, kind, cancel)
    if encoded.form == "GraphDef":
        kind = graph_def_kind(file, cancel)
    return _OPENERS[encoded.form](path, kind, encoded, cancel)


def _saved_model_file(folder: Path) -> Path:
    for name in SAVED_MODEL_FILES:
        if (folder / name).is_file():
            return folder / name
    message = f"{folder} is no SavedModel: it has no {SAVED_MODEL_FILES[0]}."
    raise NotACheckpoint(message, path=folder, code="not-a-graph")


def _open_graph_def(path: Path, kind: Kind, encoded: GraphBytes, cancel: CancelToken | None) -> Graph:
    listing, problems = split_graph(encoded.content, cancel)
    functions, of_functions = _functions(listing)
    facts = GraphFacts(
        producer=listing.versions.producer, min_consumer=listing.versions.min_consumer, functions=functions
    )
    return LoadedGraph(
        path, graph_def_kind(path, cancel), listing, facts, (*encoded.problems, *problems, *of_functions)
    )


def _open_meta_graph(path: Path, kind: Kind, encoded: GraphBytes, cancel: CancelToken | None) -> Graph:
    return _meta_graph(path, "meta-graph", encoded.content, encoded.problems, cancel)


def _open_saved_model(path: Path, kind: Kind, encoded: GraphBytes, cancel: CancelToken | None) -> Graph:
    """The MetaGraph for serving, with the others as its variants; the first where none is for serving."""
    contents, problems = split_saved_model(encoded.content, cancel)
    if not contents:
        message = f"{path} holds no graph: its SavedModel is empty."
        raise DamagedFile(message, path=path, code=problems[0].code if problems else "not-a-graph")
    if len(contents) > MOST_META_GRAPHS:
        left_out = f"{len(contents) - MOST_META_GRAPHS:,} of {len(contents):,} graphs in it"
        problems = [*problems, Problem("too-large", f"{left_out} are left out: no SavedModel needs so many.")]
        contents = contents[:MOST_META_GRAPHS]
    graphs = [_meta_graph(path, "saved-model", content, (), cancel) for content in contents]
    serving = (place for place, graph in enumerate(graphs) if SERVING_TAG in graph.facts.tags)
    chosen = next(serving, 0)
    variants = [graph for place, graph in enumerate(graphs) if place != chosen]
    problems = [*encoded.problems, *problems]
    if (folder := _saved_model_folder(path)) is not None:
        fingerprint, unread = read_fingerprint(folder)
        for graph in graphs:
            graph.facts = replace(graph.facts, fingerprint=fingerprint)
        assets = [name for graph in graphs for name in graph.facts.assets]
        problems += [*unread, *missing_assets(folder, assets)]
    return graphs[chosen].with_more(problems, variants)


def _saved_model_folder(path: Path) -> Path | None:
    if path.is_dir():
        return path
    return path.parent if path.name in SAVED_MODEL_FILES else None


def _meta_graph(
    path: Path,
    kind: Kind,
    content: bytes,
    problems: Iterable[Problem],
    cancel: CancelToken | None,
) -> LoadedGraph:
    if (whole := read_meta_graph(content)) is not None:
        facts, of_facts = _facts(whole, whole.graph_def)
        return LoadedGraph(path, kind, whole.graph_def, facts, (*problems, *of_facts))
    parts, of_parts = split_meta_graph(content, cancel)
    listing, of_graph = split_graph(b"".join(parts.graph_def), cancel)
    facts, of_facts = _facts(parts, listing)
    if _is_cut(of_parts) and _is_cut(of_graph):
        of_parts = []  # the cut lies within the nodes, and the graph's own sentence says more
    return LoadedGraph(path, kind, listing, facts, (*problems, *of_parts, *of_graph, *of_facts))


def _is_cut(problems: Iterable[Problem]) -> bool:
    return any(problem.code == "truncated" for problem in problems)


_OPENERS: dict[str, Callable[[Path, Kind, GraphBytes, CancelToken | None], Graph]] = {
    "GraphDef": _open_graph_def,
    "MetaGraphDef": _open_meta_graph,
    "SavedModel": _open_saved_model,
}


def _facts(
    parts: MetaGraphListing | MetaGraphParts, listing: GraphListing
) -> tuple[GraphFacts, list[Problem]]:
    problems: list[Problem] = []
    assets = _first(parts.asset_file_def, MOST_PARTS, "assets", problems)
    collections = _first(parts.collection_def, MOST_PARTS, "collections", problems)
    info = _decoded(MetaInfoDef.FromString, b"".join(parts.meta_info_def), "meta_info_def", problems)
    functions, of_functions = _functions(listing)
    facts = GraphFacts(
        tags=tuple(map(text, info.tags)) if info else (),
        tensorflow_version=text(info.tensorflow_version) if info else "",
        git_version=text(info.tensorflow_git_version) if info else "",
        producer=listing.versions.producer,
        min_consumer=listing.versions.min_consumer,
        stripped_ops=len(info.stripped_op_list.op) if info else 0,
        assets=tuple(_decoded_all(asset_of, assets, "asset_file_def", problems)),
        saver=_saver(parts, problems),
        collections=Collections(_entries(collections, problems)),
        signatures=_signatures(parts, problems),
        functions=functions,
    )
    return facts, problems + of_functions


def _saver(parts: MetaGraphListing | MetaGraphParts, problems: list[Problem]) -> Saver | None:
    return _decoded(saver_of, b"".join(parts.saver_def), "saver_def", problems)


def _signatures(parts: MetaGraphListing | MetaGraphParts, problems: list[Problem]) -> dict[str, Signature]:
    found: dict[str, Signature] = {}
    signatures = _first(parts.signature_def, MOST_PARTS, "signatures", problems)
    for name, encoded in _entries(signatures, problems):
        if (signature := _decoded(signature_of, encoded, f"signature {name!r}", problems)) is not None:
            found[name] = signature
    return found


def _entries(encoded: Iterable[bytes], problems: list[Problem]) -> list[tuple[str, bytes]]:
    """A map's entries by name; of two with the same name the last counts."""
    entries = _decoded_all(PartEntry.FromString, encoded, "map entry", problems)
    return sorted({text(entry.key): entry.value for entry in entries}.items())


def _functions(listing: GraphListing) -> tuple[tuple[Function, ...], list[Problem]]:
    problems: list[Problem] = []
    library = _decoded(LibraryListing.FromString, b"".join(listing.library), "function library", problems)
    if library is None:
        return (), problems
    functions = _first(library.function, MOST_FUNCTIONS, "functions", problems)
    return tuple(map(_function, functions)), problems


def _first(parts: Sequence[_Part], most: int, name: str, problems: list[Problem]) -> Sequence[_Part]:
    """As many as a graph may have; each takes far more memory than bytes in the file."""
    if len(parts) > most:
        left_out = f"{len(parts) - most:,} of {len(parts):,} {name}"
        problems.append(Problem("too-large", f"{left_out} are left out: no graph needs so many."))
    return parts[:most]


def _function(listing: FunctionListing) -> Function:
    signature = listing.signature
    return Function(
        text(signature.name),
        tuple(text(argument.name) for argument in signature.input_arg),
        tuple(text(argument.name) for argument in signature.output_arg),
        NodeList(listing.node_def),
    )


def _decoded(
    decode: Callable[[bytes], _Part], encoded: bytes, name: str, problems: list[Problem]
) -> _Part | None:
    try:
        return decode(encoded)
    except DecodeError:
        problems.append(Problem("bad-graph", f"Its {name} is damaged: the bytes make no sense."))
        return None


def _decoded_all(
    decode: Callable[[bytes], Any], encoded: Iterable[bytes], name: str, problems: list[Problem]
) -> list[Any]:
    damaged: list[Problem] = []
    found = [_decoded(decode, part, name, damaged) for part in encoded]
    if len(damaged) > 1:
        sentence = f"Of its {name} parts {len(damaged):,} are damaged: the bytes make no sense."
        damaged = [Problem("bad-graph", sentence)]
    problems += damaged
    return [part for part in found if part is not None]
