import os
import shutil
from pathlib import Path

import pytest

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.formats.folders.folder import Folder, Run, Save, SavedFile
from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.arrival import arrive, document_of, neighbours, newest_save
from ckpt_viewer.session.provider import Files
from ckpt_viewer.session.state import CheckpointDocument, GraphDocument
from tests.corpus import SAMPLES
from tests.memory_provider import MemoryProvider, run, save

TOKEN = CancelToken()


def test_a_folder_opens_its_newest_checkpoint():
    arrival = arrive(Files(), sample_run(), TOKEN)
    assert arrival.root == sample_run()
    assert arrival.document == CheckpointDocument(sample_run() / "digits-2000")


@pytest.mark.parametrize("ending", ["", ".index", ".data-00000-of-00001", ".meta"])
def test_any_file_of_a_checkpoint_opens_it(ending):
    arrival = arrive(Files(), Path(str(sample_run() / "digits-1500") + ending), TOKEN)
    assert arrival.document == CheckpointDocument(sample_run() / "digits-1500")
    assert arrival.root == sample_run()


def test_a_lone_meta_file_opens_as_a_graph(tmp_path):
    meta = tmp_path / "lone.meta"
    meta.write_bytes((sample_run() / "digits-1000.meta").read_bytes())
    arrival = arrive(Files(), meta, TOKEN)
    assert arrival.document == GraphDocument(meta)
    assert arrival.root == tmp_path


def test_a_folder_without_checkpoints_says_what_it_holds_instead(tmp_path):
    (tmp_path / "weights.h5").write_bytes(b"x")
    (tmp_path / "notes.txt").write_text("x")
    arrival = arrive(Files(), tmp_path, TOKEN)
    assert arrival.root == tmp_path
    assert arrival.document is None
    assert arrival.problem.message == f"{tmp_path} holds no TensorFlow checkpoint."
    assert ".h5 (1)" in arrival.problem.hint
    assert ".txt (1)" in arrival.problem.hint


def test_a_folder_that_goes_while_it_is_looked_for_does_not_matter(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for file in sample_run().glob("digits-1000.*"):
        shutil.copy(file, tmp_path / "b")

    class Hasty(Files):
        def list_folder(self, path, cancel):
            listing = super().list_folder(path, cancel)
            if path == tmp_path:
                (tmp_path / "a").rmdir()
            return listing

    assert arrive(Hasty(), tmp_path, TOKEN).document == CheckpointDocument(tmp_path / "b/digits-1000")


def test_a_folder_of_another_program_names_it(tmp_path):
    (tmp_path / "model.ckpt").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(90))
    hint = arrive(Files(), tmp_path, TOKEN).problem.hint
    assert "model.ckpt is an HDF5 file" in hint
    assert "Open it with Keras" in hint


def test_a_folder_with_nothing_but_a_state_file_says_where_that_leads(tmp_path):
    (tmp_path / "checkpoint").write_text('model_checkpoint_path: "../other/m-5"')
    problem = arrive(Files(), tmp_path, TOKEN).problem
    assert (problem.code, "outside of this folder" in problem.message) == ("stale-path", True)


def test_a_save_that_cannot_be_read_is_passed_over(tmp_path):
    for file in sample_run().glob("digits-1000.*"):
        shutil.copy(file, tmp_path)
    (tmp_path / "digits-3000.index").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    assert arrive(Files(), tmp_path, TOKEN).document == CheckpointDocument(tmp_path / "digits-1000")


@pytest.mark.parametrize(
    ("op", "document"), [("Const", CheckpointDocument), ("VariableV2", GraphDocument)], ids=["frozen", "not"]
)
def test_a_graph_opens_the_same_from_the_tree_and_by_its_path(tmp_path, op, document):
    path = tmp_path / "net.pbtxt"
    path.write_text(f'node {{ name: "w" op: "{op}" }}\n')
    assert arrive(Files(), path, TOKEN).document == document(path)
    assert arrive(Files(), tmp_path, TOKEN).document == document(path)
    (save,) = Files().list_folder(tmp_path, TOKEN).saves
    assert document_of(save) == document(path)


def test_an_empty_folder_says_so(tmp_path):
    assert arrive(Files(), tmp_path, TOKEN).problem.hint.endswith("It holds no files.")


def test_a_folder_of_runs_opens_the_newest_of_the_nearest_level(tmp_path):
    root = tmp_path
    old = Run(root / "a", "m", (save(root / "a" / "m-9", modified=1.0),))
    new = Run(root / "b", "m", (save(root / "b" / "m-2", modified=2.0),))
    folders = [
        Folder(root, folders=(root / "a", root / "b")),
        Folder(root / "a", runs=(old,), folders=(root / "a" / "deeper",)),
        Folder(root / "b", runs=(new,)),
    ]
    provider = MemoryProvider(folders)
    arrival = arrive(provider, root, TOKEN)
    assert arrival.document == CheckpointDocument(root / "b" / "m-2")
    assert root / "a" / "deeper" not in provider.listed


def test_a_folder_of_runs_opens_one_that_can_be_opened(tmp_path):
    shutil.copytree(sample_run(), tmp_path / "good", copy_function=shutil.copyfile)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad/model.ckpt-9.index").write_bytes(bytes(range(256)) * 20)
    for path in (tmp_path / "good").iterdir():
        os.utime(path, (1e9, 1e9))
    assert arrive(Files(), tmp_path, TOKEN).document == CheckpointDocument(tmp_path / "good/digits-2000")
    assert arrive(Files(), tmp_path / "bad", TOKEN).document is not None


def test_nothing_at_a_path_is_told(tmp_path):
    arrival = arrive(Files(), tmp_path / "no" / "model.ckpt", TOKEN)
    assert arrival.root is None
    assert arrival.document is None
    assert "model.ckpt" in arrival.problem.message


def test_the_newest_is_named_by_the_state_file_else_by_step_else_by_time():
    folder = Path("/r")
    by_state = Folder(folder, runs=(run(folder, "m", 1, 2, 3, latest=2),))
    assert newest_save(by_state).step == 2
    assert newest_save(Folder(folder, runs=(run(folder, "m", 1, 20, 3),))).step == 20
    files = [(SavedFile("a", 1, 5.0),), (SavedFile("b", 1, 9.0),)]
    saves = tuple(Save(folder / file[0].name, "v1", None, file) for file in files)
    assert newest_save(Folder(folder, runs=(Run(folder, "a", saves),))).path.name == "b"
    assert newest_save(Folder(folder)) is None


def test_neighbours_are_the_saves_before_and_after_in_the_run():
    folder = Path("/r")
    provider = MemoryProvider([Folder(folder, runs=(run(folder, "m", 1, 2, 3),))])
    older, newer = neighbours(provider, folder / "m-2", TOKEN)
    assert (older.step, newer.step) == (1, 3)
    assert neighbours(provider, folder / "m-1", TOKEN)[0] is None
    assert neighbours(provider, folder / "m-3", TOKEN)[1] is None
    assert neighbours(provider, folder / "other-3", TOKEN) == (None, None)


def test_a_saved_model_opens_by_its_folder():
    folders = [
        path.parent for path in SAMPLES.rglob("saved_model.pb") if (path.parent / "variables").is_dir()
    ]
    if not folders:
        pytest.skip("no SavedModel among the samples")
    arrival = arrive(Files(), folders[0], TOKEN)
    assert arrival.document == CheckpointDocument(folders[0])
    assert arrival.root == folders[0]


@pytest.mark.parametrize("name", ["x" * 300, "x" * 300 + "/m", "a\0b"])
def test_what_no_file_can_be_called_is_an_arrival_with_a_problem(name):
    arrival = arrive(Files(), sample_run() / name, TOKEN)
    assert (arrival.root, arrival.document) == (None, None)
    assert arrival.problem.code == "not-found"
