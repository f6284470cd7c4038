"""Files of other programs are named; TensorFlow's own never are."""

import gzip
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.errors import NotACheckpoint
from ckpt_viewer.formats.foreign import FOREIGN, HEAD_SIZE, name_foreign
from ckpt_viewer.formats.graphs.graph_kinds import graph_kind
from ckpt_viewer.formats.peek import read_head
from tests.corpus import SAMPLES, corpus_folder, oracle_folder

BYTES = {
    "model.h5": (b"\x89HDF\r\n\x1a\n\0\0", "an HDF5 file, as Keras saves weights"),
    "model.tflite": (b"\x1c\0\0\0TFL3\x14\0\x20\0", "a TensorFlow Lite model"),
    "model.gguf": (b"GGUF\x03\0\0\0", "a GGUF file, as llama.cpp uses"),
    "model.safetensors": (b"\x40\0\0\0\0\0\0\0" + b'{"a":{"dtype":"F32"', "a safetensors file"),
    "model.onnx": (b"\x08\x07\x12\x07pytorch\x1a\x052.1.0", "an ONNX model"),
    "model.index": (b"<!DOCTYPE html>\n<html><body>404</body></html>", "a web page"),
    "denied.index": (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "an XML document"),
    "a.meta": (b"fileFormatVersion: 2\nguid: 71d1\nfolderAsset: yes\n", "a note of the Unity editor"),
    "notes.ckpt": (b"The checkpoint is on the other disk.\n", "plain text"),
    "trial.json": (b'{\n  "step": 3\n}\n', "JSON text"),
    "ms.ckpt": (
        b"\n\x1e\n\x06conv.w\x12\x14\x08\x03\x08\x03\x12\x07Float32\x1a\x08",
        "a MindSpore checkpoint",
    ),
    "x.7z": (b"7z\xbc\xaf\x27\x1c\0\x04", "a 7-Zip archive"),
    "x.bz2": (b"BZh91AY&SY", "a bzip2 archive"),
    "x.xz": (b"\xfd7zXZ\0\0\x04", "an xz archive"),
    "x.zst": (b"\x28\xb5\x2f\xfd\x04\0", "a Zstandard archive"),
    "x.png": (b"\x89PNG\r\n\x1a\n", "a picture"),
}


@pytest.mark.parametrize("name", BYTES)
def test_a_file_is_named_by_its_first_bytes(name: str) -> None:
    head, what = BYTES[name]
    error = name_foreign(head, Path("run") / name)
    assert isinstance(error, NotACheckpoint)
    assert str(error).startswith(f"{Path('run') / name} is {what}")
    assert str(error).endswith(".")
    assert error.hint.endswith(".")


def test_hints_are_plain_words_for_the_window_too() -> None:
    assert not [kind.hint for kind in FOREIGN if "`" in kind.hint]


def test_a_git_lfs_pointer_has_a_code_of_its_own() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 203\n"
    error = name_foreign(pointer, Path("m.index"))
    assert error is not None
    assert (error.problem.code, str(error)) == (
        "lfs-pointer",
        "m.index is a git-LFS pointer: the real file was never fetched.",
    )


def test_archives_are_told_apart_by_what_is_in_them(tmp_path: Path) -> None:
    entries = {
        "model.ckpt": ("archive/data.pkl", "a PyTorch file"),
        "arrays.ckpt": ("weights.npy", "a NumPy archive"),
        "model.keras": ("metadata.json", "a Keras model"),
        "other.ckpt": ("readme.txt", "a zip archive"),
    }
    for name, (entry, what) in entries.items():
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(entry, "content")
        error = name_foreign(read_head(tmp_path / name), tmp_path / name)
        assert error is not None
        assert f" is {what}" in str(error)


def test_a_keras_archive_needs_no_ending(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "model", "w") as archive:
        for entry in ("metadata.json", "config.json", "model.weights.h5"):
            archive.writestr(entry, "{}")
    error = name_foreign(read_head(tmp_path / "model"), tmp_path / "model")
    assert error is not None
    assert " is a Keras model" in str(error)


def test_pickles_gzip_and_numpy_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "old.pt").write_bytes(pickle.dumps({"weight": [1.0]}, protocol=2))
    (tmp_path / "m.index").write_bytes(gzip.compress(b"index"))
    np.save(tmp_path / "w.npy", np.zeros(3))
    named = {path.name: str(name_foreign(read_head(path), path)) for path in tmp_path.iterdir()}
    assert "a Python pickle" in named["old.pt"]
    assert "a gzip archive" in named["m.index"]
    assert "a NumPy array" in named["w.npy"]


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b'model_checkpoint_path: "m"\n',
        b"node {\n  name: 'a'\n}\n",
        b"# a comment\nmeta_info_def {\n}\n",
        b"\n\x7b\n\x05first\x12\x05Const*\x0b\n\x05dtype",
        b"\x08\x01\x12\x20\n\x10",
        b"\0\0\x06\x08\x01\x1a\x02\x08\x01\0",
    ],
)
def test_what_may_be_of_tensorflow_is_not_named(head: bytes) -> None:
    assert name_foreign(head, Path("m")) is None


def test_no_file_that_tensorflow_wrote_is_named() -> None:
    roots = (SAMPLES, oracle_folder("seed1-small"))
    names = ("*.index", "*.meta", "*.pb", "*.pbtxt", "*checkpoint", "*ckpt-*")
    for path in (path for root in roots if root for name in names for path in root.rglob(name)):
        assert path.is_dir() or name_foreign(read_head(path), path) is None, path


def test_the_unity_notes_of_the_corpus_are_named() -> None:
    corpus = corpus_folder()
    if corpus is None:
        pytest.skip("no corpus")
    notes = list((corpus / "tf-unity-meta").rglob("*.meta"))
    assert notes
    for path in notes:
        assert "the Unity editor" in str(name_foreign(read_head(path), path))


@given(st.binary(max_size=HEAD_SIZE), st.sampled_from(["m.index", "x.pbtxt", "model.ckpt", "a.pt"]))
def test_any_bytes_are_named_or_not(head: bytes, name: str) -> None:
    error = name_foreign(head, Path(name))
    assert error is None or str(error).startswith(name)


@pytest.mark.parametrize(
    "head", [b"#" * 1000 + b"\n1\n", b"# \n" * 300 + b"1", b"#" * 40 + b"\n" * 900 + b"1"]
)
def test_nothing_but_comment_marks_is_soon_told_from_a_text_message(head: bytes) -> None:
    error = name_foreign(head, Path("g.meta"))
    assert error
    assert "plain text" in str(error)
    assert graph_kind(head) is None


def test_a_text_message_may_begin_with_comments() -> None:
    assert name_foreign(b"# by hand\n\n#\n node { }", Path("g.meta")) is None
    assert graph_kind(b"# by hand\n\n#\n node { }") == "graph-def"
