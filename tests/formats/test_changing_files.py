"""Files that are cut, replaced and deleted while a thread reads them, and files that only are read."""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.analysis.verify import verify
from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.export import export_variables
from ckpt_viewer.formats.checkpoint import Checkpoint
from ckpt_viewer.formats.folders.folder import walk_folders
from ckpt_viewer.formats.protos.graph_pb2 import GraphDef
from ckpt_viewer.formats.protos.tensor_pb2 import TensorProto
from ckpt_viewer.formats.readers import open_checkpoint, open_graph
from tests.bundle_writer import write_bundle
from tests.corpus import SAMPLES
from tests.fuzz.questions import Asking, about_checkpoint, about_graph
from tests.v1_writer import V1Writer, whole

ELEMENTS = 6 << 20
ROUNDS = 2
WAIT = 60.0  # seconds, for a machine that has much else to do
CODES = {
    "changed-on-disk",
    "truncated",
    "bad-checksum",
    "missing-shard",
    "missing-index",
    "not-found",
    "empty-file",
    "not-a-checkpoint",
}


def write_v2(folder: Path) -> tuple[Path, tuple[Path, ...]]:
    prefix = write_bundle(folder / "m", {"w": np.zeros(ELEMENTS, np.float32)})
    return prefix, (folder / "m.data-00000-of-00001", folder / "m.index")


def write_v1(folder: Path) -> tuple[Path, tuple[Path, ...]]:
    writer = V1Writer()
    values = TensorProto(float_val=np.zeros(ELEMENTS // 8, np.float32))
    writer.add("w", 1, [ELEMENTS // 8], {whole(1): values})
    return writer.save(folder / "old"), (folder / "old",)


def write_frozen(folder: Path) -> tuple[Path, tuple[Path, ...]]:
    graph, path = GraphDef(), folder / "frozen.pb"
    value = graph.node.add(name="w", op="Const").attr.add(key="value").value
    value.tensor.dtype = 1
    value.tensor.tensor_shape.dim.add(size=ELEMENTS)
    value.tensor.tensor_content = bytes(4 * ELEMENTS)
    path.write_bytes(graph.SerializeToString())
    return path, (path,)


def read(checkpoint: Checkpoint, folder: Path) -> None:
    checkpoint.read("w")
    checkpoint.read_region(checkpoint.find("w"), (slice(0, None, 1000),))


def summarize_it(checkpoint: Checkpoint, folder: Path) -> None:
    summarize(checkpoint, checkpoint.find("w"))


def export(checkpoint: Checkpoint, folder: Path) -> None:
    export_variables(checkpoint, [checkpoint.find("w")], folder / "w.npy", force=True)


def verify_it(checkpoint: Checkpoint, folder: Path) -> None:
    verify(checkpoint)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 3)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def replace(path: Path) -> None:
    other = path.with_name(path.name + ".new")
    other.write_bytes(bytes(1000))
    other.replace(path)


def delete(path: Path) -> None:
    path.unlink()


def overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\xff" * (path.stat().st_size // 2))


class Reading(threading.Thread):
    """Opens and uses a checkpoint again and again, and keeps what came of it."""

    def __init__(self, prefix: Path, use: Callable[[Checkpoint, Path], None], folder: Path) -> None:
        super().__init__(name="reading")
        self._prefix, self._use, self._folder = prefix, use, folder
        self._stopped, self._turned = threading.Event(), threading.Condition()
        self._turns = 0
        self.codes: list[str] = []
        self.wrong: list[BaseException] = []

    def run(self) -> None:
        while not self._stopped.is_set():
            try:
                with open_checkpoint(self._prefix) as checkpoint:
                    while not self._stopped.is_set():
                        self._use(checkpoint, self._folder)
                        self._turn()
            except CheckpointError as error:
                self.codes.append(error.code)
            except BaseException as error:
                self.wrong.append(error)
            self._turn()

    def wait_for(self, turns: int) -> None:
        with self._turned:
            goal = self._turns + turns
            assert self._turned.wait_for(lambda: self._turns >= goal, WAIT)

    def stop(self) -> None:
        self._stopped.set()
        self.join(WAIT)

    def _turn(self) -> None:
        with self._turned:
            self._turns += 1
            self._turned.notify_all()


@pytest.mark.parametrize("change", [cut, empty, replace, delete, overwrite])
@pytest.mark.parametrize("use", [read, summarize_it, export, verify_it])
@pytest.mark.parametrize("write", [write_v2, write_v1, write_frozen])
def test_what_happens_to_a_file_while_it_is_read_is_an_error_message(
    write: Callable[[Path], tuple[Path, tuple[Path, ...]]],
    use: Callable[[Checkpoint, Path], None],
    change: Callable[[Path], None],
    tmp_path: Path,
) -> None:
    saved, exported = tmp_path / "saved", tmp_path / "exported"
    saved.mkdir()
    exported.mkdir()
    prefix, files = write(saved)
    contents = {file: file.read_bytes() for file in files}
    for victim in files:
        reading = Reading(prefix, use, exported)
        reading.start()
        try:
            for _ in range(ROUNDS):
                reading.wait_for(2)
                change(victim)
                reading.wait_for(2)
                put_back(victim, contents[victim])
        finally:
            reading.stop()
        assert not reading.wrong
        assert set(reading.codes) <= CODES
        assert not list(exported.glob(".*"))


def put_back(path: Path, content: bytes) -> None:
    other = path.with_name(path.name + ".new")
    other.write_bytes(content)
    other.replace(path)


def snapshot(folder: Path) -> dict[Path, Any]:
    return {path: state(path) for path in sorted(folder.rglob("*"))}


def state(path: Path) -> Any:
    found = path.stat()
    content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return found.st_mtime_ns, found.st_size, found.st_mode, content


def everything_to_open() -> Iterator[Path]:
    for path in sorted(SAMPLES.rglob("*")):
        if "__pycache__" not in path.parts:
            yield path
            if path.suffix == ".index":
                yield path.with_suffix("")


def test_reading_changes_no_file_and_makes_none(tmp_path: Path) -> None:
    before = snapshot(SAMPLES)
    asking = Asking(Random(1), tmp_path)
    for path in everything_to_open():
        about_checkpoint(asking, path)
        about_graph(asking, path)
    for folder in walk_folders(SAMPLES):
        asking(open_graph, folder.path)
    assert asking.answers > 1000
    assert snapshot(SAMPLES) == before
