"""The bytes of a graph message → its parts, as many of them as damage leaves readable.

protobuf's parser refuses a message that is cut; its whole fields are then read one by one.
"""

from dataclasses import dataclass, field

from google.protobuf.message import DecodeError

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import Malformed, Problem
from ckpt_viewer.formats.protos.graph_pb2 import GraphListing, NodeListing
from ckpt_viewer.formats.protos.meta_graph_pb2 import MetaGraphListing, MetaGraphParts
from ckpt_viewer.formats.protos.saved_model_pb2 import SavedModelParts
from ckpt_viewer.formats.storage.wire import BYTES, fields

_CHECK_EVERY = 1024


@dataclass(slots=True)
class Salvaged:
    """What could be read of a damaged message: its fields of bytes by number, in order."""

    parts: dict[int, list[bytes]] = field(default_factory=dict)
    read_to: int = 0
    cut: bool = False


def salvage(content: bytes, keep_cut: bool, cancel: CancelToken | None) -> Salvaged:
    """The whole fields before the damage; with `keep_cut` also what is there of the one that was cut."""
    found = Salvaged()
    try:
        for count, part in enumerate(fields(content)):
            if cancel is not None and count % _CHECK_EVERY == 0:
                cancel.check()
            if part.end > len(content) and not keep_cut:
                continue
            if part.wire_type == BYTES:
                found.parts.setdefault(part.number, []).append(content[part.start : part.end])
            found.read_to = min(part.end, len(content))
    except Malformed as error:
        found.cut = error.problem.code == "truncated"
    return found


def split_saved_model(content: bytes, cancel: CancelToken | None) -> tuple[list[bytes], list[Problem]]:
    """The MetaGraphDefs of a SavedModel."""
    try:
        return list(SavedModelParts.FromString(content).meta_graphs), []
    except DecodeError:
        found = salvage(content, keep_cut=True, cancel=cancel)
        return found.parts.get(2, []), [_damage(content, found, "SavedModel")]


def read_meta_graph(content: bytes) -> MetaGraphListing | None:
    """A MetaGraphDef with its nodes, all in one go; None where any of it is damaged."""
    try:
        return MetaGraphListing.FromString(content)
    except DecodeError:
        return None


def split_meta_graph(content: bytes, cancel: CancelToken | None) -> tuple[MetaGraphParts, list[Problem]]:
    try:
        return MetaGraphParts.FromString(content), []
    except DecodeError:
        found = salvage(content, keep_cut=True, cancel=cancel)
    parts = MetaGraphParts()
    for descriptor in MetaGraphParts.DESCRIPTOR.fields:
        getattr(parts, descriptor.name).extend(found.parts.get(descriptor.number, []))
    return parts, [_damage(content, found, "MetaGraphDef")]


def split_graph(content: bytes, cancel: CancelToken | None) -> tuple[GraphListing, list[Problem]]:
    """The nodes of a GraphDef; those that cannot be read are left out and counted."""
    try:
        return GraphListing.FromString(content), []
    except DecodeError:
        found = salvage(content, keep_cut=False, cancel=cancel)
    listing, unreadable = GraphListing(), 0
    for count, node in enumerate(found.parts.get(1, [])):
        if cancel is not None and count % _CHECK_EVERY == 0:
            cancel.report(count, len(found.parts[1]))
        try:
            listing.node.append(NodeListing.FromString(node))
        except DecodeError:
            unreadable += 1
    listing.library.extend(found.parts.get(2, []))
    problems = (
        [] if found.read_to == len(content) else [_damage(content, found, "GraphDef", len(listing.node))]
    )
    if unreadable:
        what = (
            "1 node makes no sense and is" if unreadable == 1 else f"{unreadable} nodes make no sense and are"
        )
        problems.append(Problem("bad-graph", f"{what} left out."))
    try:
        listing.versions.MergeFromString(b"".join(found.parts.get(4, [])))
    except DecodeError:
        problems.append(Problem("bad-graph", "The versions of the graph make no sense."))
    return listing, problems


def _damage(content: bytes, found: Salvaged, message: str, nodes: int | None = None) -> Problem:
    kept = (
        ""
        if nodes is None
        else f" {nodes} whole {'node lies' if nodes == 1 else 'nodes lie'} before the damage."
    )
    if found.cut:
        sentence = f"The {message} is cut short after {len(content)} bytes.{kept}"
        return Problem("truncated", sentence, "Fetch or export the file again.")
    sentence = f"The {message} makes no sense after byte {found.read_to} of {len(content)}.{kept}"
    return Problem("bad-graph", sentence, "Fetch or export the file again.")
