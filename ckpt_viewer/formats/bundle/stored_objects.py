"""The object graph that a TensorFlow 2 bundle stores among its variables, asked what those are."""

from pathlib import Path
from typing import TYPE_CHECKING

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, Malformed, Problem
from ckpt_viewer.formats.bundle.data_files import DataFiles
from ckpt_viewer.formats.bundle.index import Records
from ckpt_viewer.formats.roles.judgement import Witness
from ckpt_viewer.formats.roles.object_keys import OBJECT_GRAPH
from ckpt_viewer.formats.roles.saved_names import SavedNames
from ckpt_viewer.formats.values.strings import decode_strings

if TYPE_CHECKING:
    from ckpt_viewer.formats.roles.object_graph import ObjectGraph

MOST_BYTES = 64 << 20  # of an object graph: about 500,000 objects


class StoredObjects:
    """Attributes: problems: why an object graph that is there could not be asked."""

    def __init__(self, prefix: Path, records: Records, data: DataFiles, cancel: CancelToken | None) -> None:
        self.problems: list[Problem] = []
        self._prefix, self._cancel = prefix, cancel
        self._records, self._data = records, data

    def call(self, saved: SavedNames) -> Witness | None:
        if OBJECT_GRAPH not in saved.names:
            return None
        from ckpt_viewer.formats.roles.object_witness import ObjectWitness

        graph = self._object_graph(saved.names.index(OBJECT_GRAPH))
        return ObjectWitness(saved, graph) if graph else None

    def _object_graph(self, place: int) -> "ObjectGraph | None":
        from ckpt_viewer.formats.roles.object_graph import ObjectGraph

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
            raise Malformed(f"it has {size} bytes, more than {MOST_BYTES >> 20} MiB", code="unsupported")
        offset = columns.offsets[place]
        try:
            raw = self._data.source(columns.shards[place], offset + size).read(offset, size)
        finally:
            self._data.close()  # nothing stays open for a checkpoint that is only listed
        checksum, swapped = columns.checksums[place], self._records.header.big_endian
        values = decode_strings(raw, 1, checksum, big_endian=swapped, cancel=self._cancel)
        return bytes(values.reshape(-1)[0])
