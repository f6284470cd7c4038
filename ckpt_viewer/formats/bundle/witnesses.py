"""Who knows more of a bundle's variables than names tell: its object graph, or the graph beside it."""

from pathlib import Path

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, Malformed, Problem
from ckpt_viewer.formats.bundle.data_files import DataFiles
from ckpt_viewer.formats.bundle.index import Records
from ckpt_viewer.formats.checkpoint import Kind
from ckpt_viewer.formats.roles.graph_beside import origins_beside
from ckpt_viewer.formats.roles.graph_witness import GraphWitness
from ckpt_viewer.formats.roles.judgement import Witness
from ckpt_viewer.formats.roles.object_graph import OBJECT_GRAPH, ObjectGraph
from ckpt_viewer.formats.roles.object_witness import ObjectWitness
from ckpt_viewer.formats.roles.saved_names import SavedNames
from ckpt_viewer.formats.values.strings import decode_strings

MOST_BYTES = 64 << 20  # of an object graph: about 500,000 objects


class BundleWitnesses:
    """Attributes: problems: why an object graph that is there could not be asked."""

    def __init__(
        self, prefix: Path, kind: Kind, records: Records, data: DataFiles, cancel: CancelToken | None
    ) -> None:
        self.problems: list[Problem] = []
        self._prefix, self._kind, self._cancel = prefix, kind, cancel
        self._records, self._data = records, data

    def call(self, saved: SavedNames) -> Witness | None:
        place = saved.place_of.get(OBJECT_GRAPH)
        if place is not None:
            graph = self._object_graph(place)
            return ObjectWitness(saved, graph) if graph else None
        origins = origins_beside(self._graph_file(), self._cancel)
        return GraphWitness(saved, origins) if origins else None

    def _graph_file(self) -> Path:
        if self._kind == "saved-model":
            return self._prefix.parent.parent / "saved_model.pb"
        return self._prefix.with_name(f"{self._prefix.name}.meta")

    def _object_graph(self, place: int) -> ObjectGraph | None:
        try:
            content = self._string(place)
            return ObjectGraph.parse(content, self._cancel) if content else None
        except Malformed as error:
            message = f"The object graph of {self._prefix} cannot be used: {error.problem.message}."
            hint = "Variables are shown by their keys; full names and slots may be missing."
            self.problems.append(Problem(error.problem.code, message, hint))
        except CheckpointError:
            pass  # a data file is missing or too short, which is told for all that lies in it
        return None

    def _string(self, place: int) -> bytes:
        """The one string stored there; nothing where the entry is of another kind."""
        columns = self._records.columns
        form, size = columns.forms[place], columns.sizes[place]
        if place in columns.unusual or form.dtype != "string" or form.shape:
            return b""
        if size > MOST_BYTES:
            raise Malformed(f"it has {size} bytes, more than {MOST_BYTES >> 20} MiB", code="too-large")
        offset = columns.offsets[place]
        try:
            raw = self._data.source(columns.shards[place], offset + size).read(offset, size)
        finally:
            self._data.close()  # nothing stays open for a checkpoint that is only listed
        checksum, swapped = columns.checksums[place], self._records.header.big_endian
        values = decode_strings(raw, 1, checksum, big_endian=swapped, cancel=self._cancel)
        return bytes(values.reshape(-1)[0])
