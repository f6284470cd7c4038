"""TensorFlow's answers about checkpoints: where they are written down, and the digest they are given as."""

import hashlib
import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ckpt_viewer.formats.checkpoint import Array
from tests.corpus import SAMPLES, corpus_folder, oracle_folder

LOW_BITS = {"int4": 15, "uint4": 15, "float4_e2m1fn": 15, "int2": 3, "uint2": 3}
Answers = Mapping[str, Mapping[str, Any]]


def digest(values: Array, dtype: str) -> str:
    """Of the C-order little-endian bytes; a string counts its length in 8 bytes, then its bytes."""
    flat = values.reshape(-1)
    if dtype == "string":
        content = b"".join(struct.pack("<Q", len(each)) + each for each in flat.tolist())
    else:
        little = flat.astype(flat.dtype.newbyteorder("<"), copy=False)
        content = (little.view(np.uint8) & LOW_BITS.get(dtype, 255)).tobytes()
    return hashlib.sha256(content).hexdigest()


def bundles() -> list[Any]:
    """Every V2 prefix that TensorFlow was asked about, with its answers, to parametrize a test with."""
    found = [*_samples(), *_corpus(), *_oracle("seed1-small"), *_oracle("seed1-hard")]
    return [
        pytest.param(prefix, _by_name(answers), id=f"{prefix.parent.name}/{prefix.name}")
        for prefix, answers in found
    ]


def _samples() -> Iterator[tuple[Path, Answers]]:
    for prefix, answers in json.loads((SAMPLES / "answers.json").read_text()).items():
        if (SAMPLES / f"{prefix}.index").exists():
            yield SAMPLES / prefix, answers


def _corpus() -> Iterator[tuple[Path, Answers]]:
    folder = corpus_folder()
    for file in sorted(folder.glob("*/oracle.json")) if folder else ():
        for prefix, answers in json.loads(file.read_text()).items():
            if (file.parent / f"{prefix}.index").exists():
                yield file.parent / prefix, answers


def _oracle(name: str) -> Iterator[tuple[Path, Answers]]:
    folder = oracle_folder(name)
    for file in sorted(folder.glob("*/oracle.json")) if folder else ():
        for prefix, told in json.loads(file.read_text()).get("checkpoints", {}).items():
            if told["format"] == "v2":
                yield file.parent / prefix, told["tensors"]


def _by_name(answers: Answers) -> Answers:
    return {_name(key): answer for key, answer in answers.items()}


def _name(key: str) -> str:
    """Names that are no UTF-8 are written down as `hex:…`."""
    return bytes.fromhex(key[4:]).decode("utf-8", "surrogateescape") if key.startswith("hex:") else key
