"""Every path a person may give, and what it means."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ckpt_viewer.errors import AmbiguousPath, CheckpointError, DamagedFile, NotACheckpoint, NotFound
from ckpt_viewer.formats.folders.folder import walk_folders
from ckpt_viewer.formats.folders.locate import Located, locate_checkpoint, locate_graph
from ckpt_viewer.formats.readers import open_checkpoint
from tests.corpus import SAMPLES, corpus_folder, oracle_folder
from tests.formats.folders.test_folder import INDEX, V1, age, linux_only, save_bundle, touch

GRAPH_DEF = b"\n\x0b\n\x01x\x12\x05Const"
SAVED_MODEL = b"\x08\x01\x12\0"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Two saves of a run; the state file prefers the first."""
    folder = tmp_path / "run"
    for step in (5, 10):
        save_bundle(folder, f"model.ckpt-{step}", shards=2, meta=True)
    (folder / "checkpoint").write_text('model_checkpoint_path: "model.ckpt-5"\n')
    return folder


def refusal(locate: Callable[[str], Located], path: Path | str) -> CheckpointError:
    with pytest.raises(CheckpointError) as raised:
        locate(os.fspath(path))
    assert str(raised.value).endswith(".")
    return raised.value


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("model.ckpt-10", "model.ckpt-10"),
        ("model.ckpt-10.index", "model.ckpt-10"),
        ("model.ckpt-10.meta", "model.ckpt-10"),
        ("model.ckpt-10.data-00001-of-00002", "model.ckpt-10"),
        ("model.ckpt-10.", "model.ckpt-10"),
        ("checkpoint", "model.ckpt-5"),
        ("", "model.ckpt-5"),
        ("../run", "model.ckpt-5"),
    ],
)
def test_any_name_of_a_bundle_means_it(run: Path, given: str, meant: str) -> None:
    located = locate_checkpoint(run / given)
    assert (located.kind, located.path.resolve()) == ("bundle", run / meant)
    graph = locate_graph(run / given)
    assert (graph.kind, graph.path.resolve()) == ("meta-graph", run / f"{meant}.meta")


def test_paths_may_be_text_relative_end_in_a_slash_and_begin_at_home(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(run.parent)
    assert locate_checkpoint("run/model.ckpt-10").path == Path("run/model.ckpt-10")
    assert locate_checkpoint("run/").path == Path("run/model.ckpt-5")
    monkeypatch.setenv("HOME", str(run.parent))
    monkeypatch.setenv("USERPROFILE", str(run.parent))
    assert locate_checkpoint("~/run").path == run / "model.ckpt-5"
    assert isinstance(refusal(locate_checkpoint, "~no-such-user/run"), NotFound)


@pytest.mark.parametrize(
    "prefix", ["-1", "--2", "odd.index", "m.", "model.ckpt", "checkpoint", "x.meta", "a b", "m.pb"]
)
def test_a_prefix_may_be_anything(tmp_path: Path, prefix: str) -> None:
    save_bundle(tmp_path, prefix, meta=True)
    for given in (prefix, f"{prefix}.index", f"{prefix}.data-00000-of-00001", f"{prefix}.meta"):
        assert locate_checkpoint(tmp_path / given) == Located("bundle", tmp_path / prefix)
        assert locate_graph(tmp_path / given) == Located("meta-graph", tmp_path / f"{prefix}.meta")


def test_what_can_be_a_prefix_is_one_before_it_is_a_file_or_a_folder(tmp_path: Path) -> None:
    save_bundle(tmp_path, "m")
    save_bundle(tmp_path, "m.index")
    touch(tmp_path, ["m/saved_model.pb"], SAVED_MODEL)
    assert locate_checkpoint(tmp_path / "m.index") == Located("bundle", tmp_path / "m.index")
    assert locate_checkpoint(tmp_path / "m") == Located("bundle", tmp_path / "m")
    assert locate_checkpoint(f"{tmp_path}/m/") == Located("saved-model", tmp_path / "m")


@linux_only
def test_a_name_that_is_no_utf8_is_found(tmp_path: Path) -> None:
    prefix = tmp_path / os.fsdecode(b"m\xff-3")
    save_bundle(tmp_path, prefix.name)
    assert locate_checkpoint(prefix) == Located("bundle", prefix)
    assert locate_checkpoint(tmp_path) == Located("bundle", prefix)


@pytest.mark.parametrize("given", ["old-1", "old-1.meta", "checkpoint", ""])
def test_a_v1_file_is_found(tmp_path: Path, given: str) -> None:
    touch(tmp_path, ["old-1"], V1)
    touch(tmp_path, ["old-1.meta"])
    (tmp_path / "checkpoint").write_text('model_checkpoint_path: "/gone/old-1"\n')
    assert locate_checkpoint(tmp_path / given) == Located("v1", tmp_path / "old-1")
    assert locate_graph(tmp_path / given) == Located("meta-graph", tmp_path / "old-1.meta")


@pytest.mark.parametrize(
    "given", ["sh-2", "sh-2-00001-of-00002", "sh-2-?????-of-00002", "sh-2.meta", "sharded_latest", ""]
)
def test_v1_shards_are_found_as_one(tmp_path: Path, given: str) -> None:
    touch(tmp_path, ["sh-2-00000-of-00002", "sh-2-00001-of-00002"], V1)
    touch(tmp_path, ["sh-2.meta"])
    (tmp_path / "sharded_latest").write_text('model_checkpoint_path: "sh-2-?????-of-00002"\n')
    assert locate_checkpoint(tmp_path / given) == Located("v1", tmp_path / "sh-2-?????-of-00002")
    assert locate_graph(tmp_path / given) == Located("meta-graph", tmp_path / "sh-2.meta")


def test_shards_of_two_v1_saves_of_one_prefix_are_ambiguous(tmp_path: Path) -> None:
    touch(tmp_path, ["sh-00000-of-00001", "sh-00000-of-00002", "sh-00001-of-00002"], V1)
    error = refusal(locate_checkpoint, tmp_path / "sh")
    assert isinstance(error, AmbiguousPath)
    assert "sh-?????-of-00001" in str(error)
    assert "sh-?????-of-00002" in str(error)


@pytest.mark.parametrize("given", ["", "saved_model.pb"])
def test_a_saved_model_is_found_by_its_folder_and_its_file(tmp_path: Path, given: str) -> None:
    touch(tmp_path, ["saved_model.pb"], SAVED_MODEL)
    save_bundle(tmp_path / "variables", "variables")
    assert locate_checkpoint(tmp_path / given) == Located("saved-model", tmp_path)
    assert locate_graph(tmp_path / given) == Located("saved-model", tmp_path / "saved_model.pb")


@pytest.mark.parametrize("given", ["variables", "variables/variables", "variables/variables.index"])
def test_the_variables_of_a_saved_model_are_a_bundle_with_its_graph(tmp_path: Path, given: str) -> None:
    touch(tmp_path, ["saved_model.pb"], SAVED_MODEL)
    save_bundle(tmp_path / "variables", "variables")
    assert locate_checkpoint(tmp_path / given) == Located("bundle", tmp_path / "variables" / "variables")
    assert locate_graph(tmp_path / given) == Located("saved-model", tmp_path / "saved_model.pb")


@pytest.mark.parametrize("given", ["", "net.pb"])
def test_a_frozen_graph_is_a_checkpoint_and_a_graph(tmp_path: Path, given: str) -> None:
    touch(tmp_path, ["net.pb"], GRAPH_DEF)
    assert locate_checkpoint(tmp_path / given) == Located("frozen-graph", tmp_path / "net.pb")
    assert locate_graph(tmp_path / given) == Located("frozen-graph", tmp_path / "net.pb")


def test_checkpoints_in_a_folder_come_before_frozen_graphs(run: Path) -> None:
    touch(run, ["frozen.pb"], GRAPH_DEF)
    assert locate_checkpoint(run).kind == "bundle"


def test_a_stale_state_file_leaves_the_newest_step(run: Path) -> None:
    (run / "checkpoint").write_text('model_checkpoint_path: "model.ckpt-99"\n')
    assert locate_checkpoint(run).path == run / "model.ckpt-10"
    error = refusal(locate_checkpoint, run / "checkpoint")
    assert error.problem.code == "stale-path"
    assert str(run / "model.ckpt-10") in error.hint


def test_state_files_that_name_each_other_end(tmp_path: Path) -> None:
    (tmp_path / "a").write_text('model_checkpoint_path: "b"\n')
    (tmp_path / "b").write_text('model_checkpoint_path: "a"\n')
    assert "which is no checkpoint" in str(refusal(locate_checkpoint, tmp_path / "a"))


def test_runs_that_nothing_orders_are_ambiguous_and_listed(tmp_path: Path) -> None:
    for prefix in ("gen-7", "disc-7"):
        save_bundle(tmp_path, prefix, meta=True)
        age(tmp_path, prefix, 1000)
    for locate in (locate_checkpoint, locate_graph):
        error = refusal(locate, tmp_path)
        assert isinstance(error, AmbiguousPath)
        assert "disc-7, gen-7" in str(error)


def test_the_name_of_a_run_is_ambiguous(run: Path) -> None:
    error = refusal(locate_checkpoint, run / "model.ckpt")
    assert isinstance(error, AmbiguousPath)
    assert str(error) == f"{run / 'model.ckpt'} could mean any of these 2: model.ckpt-10, model.ckpt-5."


def test_a_missing_name_is_answered_with_near_ones(run: Path) -> None:
    error = refusal(locate_checkpoint, run / "model.ckpt-100")
    assert isinstance(error, NotFound)
    assert error.hint.startswith("Did you mean model.ckpt-10")
    assert refusal(locate_checkpoint, run.parent / "runn" / "model.ckpt-5").hint == "Did you mean run?"


def test_the_name_of_a_run_with_one_save_leads_to_it(tmp_path: Path) -> None:
    save_bundle(tmp_path, "model.ckpt-1000")
    assert refusal(locate_checkpoint, tmp_path / "model.ckpt").hint == "Did you mean model.ckpt-1000?"


@pytest.mark.parametrize("given", ["m", "m.index", "m.data-00000-of-00001"])
def test_data_without_its_index_says_so(tmp_path: Path, given: str) -> None:
    touch(tmp_path, ["m.data-00000-of-00001"])
    error = refusal(locate_checkpoint, tmp_path / given)
    assert error.problem.code == "missing-index"
    assert f"There is no file {tmp_path / 'm.index'}" in str(error)


@pytest.mark.parametrize("given", ["m", "m.meta", ""])
def test_a_graph_without_its_checkpoint_says_so(tmp_path: Path, given: str) -> None:
    touch(tmp_path, ["m.meta"], b"\x12\x0d" + GRAPH_DEF)
    assert isinstance(refusal(locate_checkpoint, tmp_path / given), NotACheckpoint)
    assert locate_graph(tmp_path / given) == Located("meta-graph", tmp_path / "m.meta")


def test_a_checkpoint_without_its_graph_says_so(tmp_path: Path) -> None:
    save_bundle(tmp_path, "m")
    error = refusal(locate_graph, tmp_path / "m.index")
    assert str(error) == f"No graph was saved with {tmp_path / 'm'}: there is no m.meta."
    assert isinstance(refusal(locate_graph, tmp_path), NotFound)


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("weights.h5", b"\x89HDF\r\n\x1a\n", "not-a-checkpoint", "an HDF5 file"),
        ("m", b"version https://git-lfs.github.com/spec/v1\n", "lfs-pointer", "a git-LFS pointer"),
        ("m", b"", "empty-file", "is empty"),
        ("m", b"\x91\x92\x93" * 9, "not-a-checkpoint", "is no TensorFlow checkpoint"),
        ("m", INDEX, "not-a-checkpoint", "is the index of a checkpoint under another name"),
        ("old", V1[:-9], "truncated", "its end is missing"),
        ("m.index.tempstate12", INDEX, "partial-save", "is left of a save"),
        ("checkpoint", b"\0\1\2", "bad-state", "cannot be understood as a state file"),
        ("graph.meta.txt", b"meta_info_def {\n}\n", "not-a-checkpoint", "holds a graph"),
    ],
)
def test_other_files_are_named(tmp_path: Path, name: str, content: bytes, code: str, words: str) -> None:
    touch(tmp_path, [name], content)
    error = refusal(locate_checkpoint, tmp_path / name)
    assert error.problem.code == code
    assert f"{tmp_path / name} {words}" in str(error) or words in str(error)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("net.pbtxt", b"node {\n}\n", "graph-def"),
        ("broken.pb", b"\x91\x92\x93", "graph-def"),
        ("export.txt", b"# text\nmeta_info_def {\n}\n", "meta-graph"),
        ("model.bin", SAVED_MODEL, "saved-model"),
        ("unreadable.meta", b"", "meta-graph"),
    ],
)
def test_graphs_are_known_by_content_then_by_name(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    touch(tmp_path, [name], content)
    assert locate_graph(tmp_path / name) == Located(kind, tmp_path / name)


def test_files_that_hold_no_graph_are_refused(tmp_path: Path) -> None:
    touch(tmp_path, ["a.bin"], b"\x91\x92\x93" * 9)
    touch(tmp_path, ["b.json"], b"{}")
    assert refusal(locate_graph, tmp_path / "a.bin").problem.code == "not-a-graph"
    assert "JSON text" in str(refusal(locate_graph, tmp_path / "b.json"))


def test_an_empty_folder_says_what_it_holds_instead(tmp_path: Path) -> None:
    assert refusal(locate_checkpoint, tmp_path).hint == "It is empty."
    touch(tmp_path, ["a.png", "b.png", "logs/c.txt"])
    assert (
        refusal(locate_checkpoint, tmp_path).hint
        == "It holds other files (2 .png). Look in its folders: logs."
    )


@pytest.mark.parametrize("locate", [locate_checkpoint, locate_graph])
def test_a_chunked_graph_of_any_name_is_unsupported(tmp_path: Path, locate: Callable[[str], Located]) -> None:
    touch(tmp_path, ["big.cpb"], b"x")
    error = refusal(locate, tmp_path / "big.cpb")
    assert (error.code, "more than 2 GiB" in str(error)) == ("unsupported", True)


def test_a_folder_of_other_programs_says_which(tmp_path: Path) -> None:
    touch(tmp_path, ["fold-3.ckpt"], b"PK\x03\x04" + bytes(26) + b"epoch/data.pkl")
    error = refusal(locate_checkpoint, tmp_path)
    assert "fold-3.ckpt is a PyTorch file" in error.hint
    assert "torch.load" in error.hint


def test_a_folder_of_broken_saves_says_what_is_broken(tmp_path: Path) -> None:
    touch(tmp_path, ["m.index"])
    with pytest.raises(DamagedFile) as raised:
        open_checkpoint(tmp_path)
    assert raised.value.code == "empty-file"


def test_a_newer_save_that_is_passed_over_is_told(run: Path) -> None:
    (run / "checkpoint").unlink()
    touch(run, ["model.ckpt-11.index"], INDEX[:20])
    located = locate_checkpoint(run)
    assert located.path == run / "model.ckpt-10"
    assert [problem.code for problem in located.passed_over] == ["truncated"]
    touch(run, ["model.ckpt-1.index"], INDEX[:20])
    assert len(locate_checkpoint(run).passed_over) == 1


def test_a_folder_with_nothing_but_a_state_file_tells_where_that_leads(tmp_path: Path) -> None:
    (tmp_path / "checkpoint").write_text('model_checkpoint_path: "../other/model-5"\n')
    error = refusal(locate_checkpoint, tmp_path)
    assert error.problem.code == "stale-path"
    assert "outside of this folder" in str(error)


@linux_only
@pytest.mark.parametrize("given", ["a\0b", "x" * 300, "no/such/folder/at/all", "\udcff", "pipe"])
def test_impossible_paths_are_errors_of_ours(tmp_path: Path, given: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    for locate in (locate_checkpoint, locate_graph):
        assert isinstance(refusal(locate, tmp_path / given), NotFound)


def test_every_file_tensorflow_wrote_leads_to_its_checkpoint() -> None:
    small = oracle_folder("seed1-small")
    if small is None:
        pytest.skip("no fixtures")
    for name in ("*.index", "*.data-*", "*.meta"):
        for path in small.glob(f"v*/{name}"):
            located = locate_checkpoint(path)
            pattern = located.path.name.replace("?", "[0-9]")
            assert any(path.parent.glob(f"{pattern}*")), path
            assert path.name.startswith(located.path.name.partition("-?")[0])


def test_what_a_listing_calls_a_save_is_what_opens_it() -> None:
    roots = [SAMPLES, oracle_folder("seed1-small"), oracle_folder("seed1-hard"), corpus_folder()]
    for folder in (folder for root in roots if root for folder in walk_folders(root)):
        for save in folder.saves:
            if save.openable and save.kind not in ("meta-graph", "graph-def"):
                assert locate_checkpoint(save.path) == Located(save.kind, save.path)


@pytest.mark.parametrize("locate", [locate_checkpoint, locate_graph])
@pytest.mark.parametrize("name", ["x" * 256, "x" * 300 + "/m", "a/" * 3000 + "m", "a\0b"])
def test_what_no_file_can_be_called_is_not_there(
    run: Path, locate: Callable[[str], Located], name: str
) -> None:
    assert isinstance(refusal(locate, run / name), NotFound)


@linux_only
def test_the_longest_name_there_is_may_be_a_checkpoint(run: Path) -> None:
    touch(run, ["m" * 255], V1)
    assert locate_checkpoint(run / ("m" * 255)).kind == "v1"


@pytest.mark.parametrize("name", ["m.index", "m.data-00000-of-00001"])
def test_a_v1_file_called_like_a_part_of_a_bundle_is_one(tmp_path: Path, name: str) -> None:
    touch(tmp_path, [name], V1)
    assert locate_checkpoint(tmp_path / name) == Located("v1", tmp_path / name)
