"""What the tests of the value views share: one checkpoint with every kind of variable, and its document."""

from dataclasses import replace
from pathlib import Path

import ml_dtypes
import numpy as np

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.storage.checksums import crc32c, mask
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument
from tests.memory_checkpoint import MemoryCheckpoint

DOCUMENT = CheckpointDocument(Path("memory/model.ckpt-1"))
KEY = DOCUMENT.key


def arrays():
    rng = np.random.default_rng(7)
    odd = rng.normal(size=(12, 20)).astype(np.float32)
    odd[1, 2] = odd[3, 4] = np.nan
    odd[5, 6], odd[7, 8] = np.inf, -np.inf
    return {
        "bias": np.arange(6, dtype=np.float32),
        "bits": rng.random((3, 4)) > 0.5,
        "brain": rng.normal(size=(4, 5)).astype(ml_dtypes.bfloat16),
        "complex": rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3)),
        "constant": np.full((5, 5), 2.5, np.float32),
        "empty": np.zeros((0, 3), np.float32),
        "kernel": rng.normal(size=(3, 2, 5, 7)).astype(np.float32),
        "<b>markup</b>\n": np.zeros((2, 2), np.float32) + np.arange(2, dtype=np.float32),
        "nothing but nan": np.full((4, 4), np.nan, np.float32),
        "odd": odd,
        "step": np.int64(12_000),
        "words": np.array([b"first", "grün".encode(), b"\xff\x01raw"], object),
    }


def checkpoint(**fields):
    return MemoryCheckpoint(arrays(), roles={"step": "counter", "bias": "slot"}, **fields)


def damaged_checkpoint():
    """The checksum of `kernel` is that of other bytes; the one of `bias` is right."""
    sound = mask(crc32c(arrays()["bias"].tobytes()))
    return checkpoint(checksums={"kernel": mask(crc32c(b"something else")), "bias": sound})


def with_problem(opened, name, problem=None):
    problem = problem or Problem("missing-shard", "model.data-00001-of-00002 is not there.", "Fetch it.")
    opened.variables = tuple(
        replace(variable, problem=problem) if variable.name == name else variable
        for variable in opened.variables
    )
    return opened


def open_session(**fields):
    session = Session()
    session.show(replace(DOCUMENT, **fields))
    return session
