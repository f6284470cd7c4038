"""The fingerprint and the assets of a SavedModel."""

import contextlib
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer import open_graph
from ckpt_viewer.errors import Malformed
from ckpt_viewer.formats.graphs.fingerprint import parse_fingerprint, read_fingerprint
from ckpt_viewer.formats.graphs.saved_model_files import missing_assets
from ckpt_viewer.formats.storage.wire import to_varint
from tests.corpus import SAMPLES

MODEL = SAMPLES / "graphs" / "saved_model"
HASHES = (1, 2**64 - 1, 3, 2**63, 5)


def encoded(uuid: bytes = b"17") -> bytes:
    """A FingerprintDef, written field by field."""
    hashes = b"".join(bytes([number << 3]) + to_varint(value) for number, value in enumerate(HASHES, 1))
    return hashes + b"\x32\x02\x08\x04" + b"\x3a" + to_varint(len(uuid)) + uuid


def test_every_field_is_read() -> None:
    found = parse_fingerprint(encoded())
    assert tuple(asdict(found).values()) == (*HASHES, 4, "17")


@pytest.mark.oracle
def test_tensorflow_reads_the_same() -> None:
    fingerprint_pb2 = pytest.importorskip("tensorflow.core.protobuf.fingerprint_pb2")
    content = (MODEL / "fingerprint.pb").read_bytes()
    expected, found = fingerprint_pb2.FingerprintDef.FromString(content), parse_fingerprint(content)
    for name in ("saved_model_checksum", "graph_def_program_hash", "signature_def_hash", "uuid"):
        assert getattr(found, name) == getattr(expected, name)
    assert found.saved_object_graph_hash == expected.saved_object_graph_hash
    assert (found.checkpoint_hash, found.version) == (expected.checkpoint_hash, expected.version.producer)


def test_the_graph_of_a_saved_model_has_its_fingerprint_and_assets() -> None:
    for path in (MODEL, MODEL / "saved_model.pb", MODEL / "variables"):
        graph = open_graph(path)
        assert graph.facts.fingerprint == read_fingerprint(MODEL)[0]
        assert graph.facts.fingerprint.uuid
        assert graph.facts.assets == ("words.txt",)
        assert not graph.problems


def test_a_lost_asset_and_a_broken_fingerprint_are_told(tmp_path: Path) -> None:
    model = shutil.copytree(MODEL, tmp_path / "model")
    (model / "assets" / "words.txt").unlink()
    (model / "fingerprint.pb").write_bytes(encoded()[:-1])
    graph = open_graph(model)
    assert graph.facts.fingerprint is None
    first, second = graph.problems
    assert (first.code, "fingerprint.pb cannot be read: it is cut short" in first.message) == (
        "bad-graph",
        True,
    )
    assert second.message == f"{model / 'assets' / 'words.txt'} is not there; the graph reads it."
    (model / "fingerprint.pb").unlink()
    assert [problem.code for problem in open_graph(model).problems] == ["not-found"]


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "a/../../secret", "C:\\x", "\0"])
def test_no_asset_is_looked_for_outside(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").touch()
    (tmp_path / "model" / "assets" / "a").mkdir(parents=True)
    assert len(list(missing_assets(tmp_path / "model", [name]))) == 1


def test_many_lost_assets_are_counted(tmp_path: Path) -> None:
    problems = list(missing_assets(tmp_path, [f"{number}.txt" for number in range(20)]))
    assert len(problems) == 6
    assert problems[-1].message.startswith("15 more")


@given(st.binary(max_size=80))
def test_any_bytes_are_a_fingerprint_or_malformed(content: bytes) -> None:
    with contextlib.suppress(Malformed):
        assert parse_fingerprint(content).version >= 0
