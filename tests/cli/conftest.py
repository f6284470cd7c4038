"""Commands run in this process, and copies of the samples to be damaged."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ckpt_viewer.cli import main
from ckpt_viewer.formats.readers import READERS

SAMPLES = Path(__file__).parent.parent / "samples"
ANSWERS: dict[str, dict[str, Any]] = json.loads((SAMPLES / "answers.json").read_text())
KINDS = {reader.kind for reader in READERS}
# What TensorFlow says of every sample of a kind that is read.
READABLE = sorted(name for name in ANSWERS if "v1" in KINDS or not name.startswith("v1_files"))


@dataclass(frozen=True)
class Ran:
    """What a command left: its status and both outputs."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


Run = Callable[..., Ran]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: object) -> Ran:
        capsys.readouterr()
        status = main([str(word) for word in words])
        return Ran(status, *capsys.readouterr())

    return run


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    """A copy of the two saves of a little network."""
    return Path(shutil.copytree(SAMPLES / "run", tmp_path / "run"))


def flip(path: Path, at: int) -> None:
    """Change one bit of a file."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
