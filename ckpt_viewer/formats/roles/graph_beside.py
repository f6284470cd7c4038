"""The graph that lies beside a checkpoint, as far as it tells of its variables."""

from collections.abc import Mapping
from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.formats.graphs.loaded_graph import LoadedGraph
from ckpt_viewer.formats.graphs.meta_graph import open_graph_file
from ckpt_viewer.formats.graphs.origins import Origin

# A larger graph would keep its checkpoint waiting; names then have to do.
MOST_BYTES = 32 << 20


def origins_beside(file: Path, cancel: CancelToken | None = None) -> Mapping[str, Origin]:
    """By key of the checkpoint; nothing where there is no graph, or none that can be read."""
    try:
        if not file.is_file() or file.stat().st_size > MOST_BYTES:
            return {}
        graph = open_graph_file(file, "meta-graph", cancel)
    except (OSError, CheckpointError):
        return {}
    found: dict[str, Origin] = {}
    for each in (graph, *graph.variants):
        if isinstance(each, LoadedGraph):
            found = {**each.origins(), **found}
    return found
