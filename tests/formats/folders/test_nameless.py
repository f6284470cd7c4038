"""Checkpoints that were saved as `folder/`: their files have endings and no name."""

import shutil
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from ckpt_viewer import open_checkpoint, open_graph
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError
from ckpt_viewer.formats.folders.folder import list_folder
from ckpt_viewer.session.provider import Files
from ckpt_viewer.session.verification import verified
from ckpt_viewer.ui.value_views.info import python_for
from tests.corpus import SAMPLES
from tests.formats.folders.test_folder import V1

NAMED = SAMPLES / "run" / "model.ckpt-20"
ENDINGS = (".index", ".data-00000-of-00001", ".meta")


@pytest.fixture
def nameless(tmp_path: Path) -> Path:
    folder = tmp_path / "vgg"
    folder.mkdir()
    for ending in ENDINGS:
        shutil.copy(f"{NAMED}{ending}", folder / ending)
    (folder / "checkpoint").write_text('model_checkpoint_path: "/home/somebody/vgg/"\n')
    return folder


@pytest.mark.parametrize("given", ["", "/", *(f"/{ending}" for ending in ENDINGS), "/checkpoint"])
def test_every_path_of_it_opens_it(nameless: Path, given: str) -> None:
    with open_checkpoint(f"{nameless}{given}") as checkpoint, open_checkpoint(NAMED) as named:
        assert checkpoint.path == nameless / ".index"
        assert list(checkpoint.variables) == list(named.variables)
        assert {file.name for file in checkpoint.files} == set(ENDINGS)
        for variable in named.variables:
            assert np.array_equal(checkpoint.read(variable.name), named.read(variable.name))


@pytest.mark.parametrize("given", ["", "/.index", "/.meta"])
def test_its_graph_opens(nameless: Path, given: str) -> None:
    assert open_graph(f"{nameless}{given}").ops == open_graph(f"{NAMED}.meta").ops


def test_it_is_listed_as_the_newest(nameless: Path) -> None:
    [save] = list_folder(nameless).saves
    assert (save.path, save.kind, save.latest, save.problems) == (nameless / ".index", "bundle", True, ())


def test_it_is_whole(nameless: Path) -> None:
    assert verified(Files(), nameless / ".index", CancelToken()).all_well


def test_without_its_index_the_file_that_is_missing_is_named(nameless: Path) -> None:
    (nameless / ".index").unlink()
    [save] = list_folder(nameless).saves
    assert save.problems[0].message.startswith(f"There is no file {nameless / '.index'};")


@pytest.mark.parametrize("name", ["..index", "...index", ".-00000-of-00001", "..-00000-of-00001"])
def test_a_prefix_that_no_path_can_have_is_an_error_at_most(tmp_path: Path, name: str) -> None:
    content = Path(f"{NAMED}.index").read_bytes()
    (tmp_path / name).write_bytes(content if name.endswith("index") else V1)
    for path in (tmp_path / name, tmp_path):
        with suppress(CheckpointError), open_checkpoint(path) as checkpoint:
            assert checkpoint.kind in ("v1", "bundle")
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.oracle
def test_tensorflow_reads_it_by_the_path_we_tell(nameless: Path) -> None:
    tensorflow = pytest.importorskip("tensorflow")
    with open_checkpoint(nameless) as checkpoint:
        name = checkpoint.variables[0].name
        lines = python_for(checkpoint, checkpoint.find(name)).splitlines()
        scope: dict[str, object] = {"tf": tensorflow}
        exec(next(line for line in lines if "tf.raw_ops" in line), scope)
        assert np.array_equal(scope["values"], checkpoint.read(name))
