"""Folders as training, people and accidents leave them."""

import contextlib
import errno
import json
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import NotFound
from ckpt_viewer.formats.folders import index_end
from ckpt_viewer.formats.folders.folder import Folder, Save, list_folder, newest_saves, walk_folders
from tests.corpus import SAMPLES, corpus_folder, oracle_folder

TABLE_END = bytes.fromhex("57fb808b247547db")
INDEX = b"\0\0\x06\x08\x01\x1a\x02\x08\x01\0" + bytes(64) + TABLE_END
V1 = b"\0\0\x06\n\x04\n\x02\x08\x01\0" + bytes(64) + TABLE_END


# Names of any bytes, and pipes among the files, are not to be had everywhere.
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="made of what only Linux allows")


def touch(folder: Path, names: Iterable[str], content: bytes = b"") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def save_bundle(folder: Path, prefix: str, shards: int = 1, meta: bool = False) -> None:
    touch(folder, [f"{prefix}.index"], INDEX)
    touch(folder, [f"{prefix}.data-{shard:05d}-of-{shards:05d}" for shard in range(shards)], b"values")
    touch(folder, [f"{prefix}.meta"] if meta else [])


def only(folder: Folder) -> Save:
    (save,) = folder.saves
    return save


def codes(save: Save) -> list[str]:
    return [problem.code for problem in save.problems]


def test_a_run_is_listed_newest_step_first_by_number(tmp_path: Path) -> None:
    for step in (9, 10, 1000, 99):
        save_bundle(tmp_path, f"model.ckpt-{step}", meta=True)
    (run,) = list_folder(tmp_path).runs
    assert run.name == "model.ckpt"
    assert [save.step for save in run.saves] == [1000, 99, 10, 9]


def test_a_save_has_its_files_with_sizes_and_the_time_of_the_last(tmp_path: Path) -> None:
    save_bundle(tmp_path, "m-1", shards=2, meta=True)
    os.utime(tmp_path / "m-1.meta", (2_000_000_000, 2_000_000_000))
    save = only(list_folder(tmp_path))
    assert [file.name for file in save.files] == [
        "m-1.index",
        "m-1.data-00000-of-00002",
        "m-1.data-00001-of-00002",
        "m-1.meta",
    ]
    assert save.bytes == len(INDEX) + 12
    assert save.saved == 2_000_000_000
    assert (save.kind, save.problems, save.badges) == ("bundle", (), ())


@linux_only
def test_prefixes_may_be_anything(tmp_path: Path) -> None:
    prefixes = [
        "-1",
        "--2",
        "model--5",
        "-x",
        "odd.index",
        "m.",
        "m.ckpt",
        "a b",
        "a\nb",
        "checkpoint",
        "x.meta",
    ]
    for prefix in prefixes:
        save_bundle(tmp_path, prefix)
    assert sorted(save.path.name for save in list_folder(tmp_path).saves) == sorted(prefixes)


@linux_only
def test_names_that_are_no_utf8_survive(tmp_path: Path) -> None:
    save_bundle(tmp_path, os.fsdecode(b"m\xff-3"))
    save = only(list_folder(tmp_path))
    assert os.fsencode(save.path.name) == b"m\xff-3"
    assert save.step == 3


def test_runs_in_one_folder_are_told_apart(tmp_path: Path) -> None:
    for prefix in ("gen-1", "gen-2", "disc-1", "final"):
        save_bundle(tmp_path, prefix)
    assert {run.name: len(run.saves) for run in list_folder(tmp_path).runs} == {
        "disc": 1,
        "final": 1,
        "gen": 2,
    }


def test_the_state_file_marks_the_latest(tmp_path: Path) -> None:
    save_bundle(tmp_path, "m-1")
    save_bundle(tmp_path, "m-2")
    (tmp_path / "checkpoint").write_text('model_checkpoint_path: "/elsewhere/m-1"\n')
    folder = list_folder(tmp_path)
    assert [(save.step, save.latest) for save in folder.saves] == [(2, False), (1, True)]
    assert folder.state is not None
    assert not folder.found


def test_a_state_file_is_found_under_another_name(tmp_path: Path) -> None:
    save_bundle(tmp_path, "m-1")
    (tmp_path / "protobuf_latest").write_text('model_checkpoint_path: "m-1"\n')
    folder = list_folder(tmp_path)
    assert folder.state is not None
    assert folder.state.path.name == "protobuf_latest"
    assert only(folder).latest


@pytest.mark.parametrize(
    ("removed", "badges", "problems"),
    [
        ("m.data-00001-of-00003", ["missing shard"], ["missing-shard"]),
        ("m.data-*", ["missing shard"], ["missing-shard"]),
        ("m.index", ["no .index"], ["missing-index"]),
        ("m.meta", ["no .meta"], []),
    ],
)
def test_what_a_save_lacks_is_a_badge(
    tmp_path: Path, removed: str, badges: list[str], problems: list[str]
) -> None:
    save_bundle(tmp_path, "m", shards=3, meta=True)
    for path in tmp_path.glob(removed):
        path.unlink()
    save = only(list_folder(tmp_path))
    assert list(save.badges) == badges
    assert codes(save) == problems


def test_a_save_of_objects_lacks_no_meta() -> None:
    badges = {save.path.name: save.badges for save in list_folder(SAMPLES / "objects").saves}
    assert badges == {"ckpt-20": (), "ckpt-10": (), "sharded": ("no .meta",)}


def test_the_missing_shard_is_named(tmp_path: Path) -> None:
    save_bundle(tmp_path, "m", shards=3)
    (tmp_path / "m.data-00001-of-00003").unlink()
    (problem,) = only(list_folder(tmp_path)).problems
    assert problem.message == f"{tmp_path / 'm.data-00001-of-00003'} is missing: 2 of 3 data files are here."


def test_a_claimed_number_of_shards_costs_nothing(tmp_path: Path) -> None:
    touch(tmp_path, ["m.index"], INDEX)
    touch(tmp_path, ["m.data-999999998-of-999999999"])
    assert codes(only(list_folder(tmp_path))) == ["missing-shard"]


def test_data_files_of_another_save_are_pointed_out(tmp_path: Path) -> None:
    save_bundle(tmp_path, "m", shards=2)
    touch(tmp_path, ["m.data-00000-of-00003"])
    save = only(list_folder(tmp_path))
    assert codes(save) == ["mixed-shards"]
    assert "of 2 and 3 shards" in save.problems[0].message


@pytest.mark.parametrize(
    "leftover",
    [
        "m.data-00000-of-00001.tempstate1234567890",
        "m.index.tempstate17",
        "m.meta.tmp0123456789abcdef0123456789abcdef",
        "m.part-00000-of-00001.index",
        "m_temp/part-00000-of-00001.data-00000-of-00001",
    ],
)
def test_what_an_interrupted_save_left_is_a_partial_save(tmp_path: Path, leftover: str) -> None:
    touch(tmp_path, [leftover])
    folder = list_folder(tmp_path)
    save = only(folder)
    assert "partial save" in save.badges
    assert codes(save) == ["partial-save"]
    assert not save.openable
    assert not folder.folders
    save_bundle(tmp_path, "m")
    assert only(list_folder(tmp_path)).openable


def test_a_folder_is_not_taken_for_a_leftover_by_its_name_alone(tmp_path: Path) -> None:
    touch(tmp_path, ["my_temp/notes.txt"])
    folder = list_folder(tmp_path)
    assert folder.folders == (tmp_path / "my_temp",)
    assert not folder.saves


def test_the_state_file_of_an_interrupted_save_is_a_problem_of_the_folder(tmp_path: Path) -> None:
    touch(tmp_path, ["checkpoint.tmp0123456789abcdef0123456789abcdef"])
    assert [problem.code for problem in list_folder(tmp_path).problems] == ["partial-save"]


@pytest.mark.parametrize(("size", "code"), [(0, "empty-file"), (47, "truncated")])
def test_an_index_too_short_is_damaged(tmp_path: Path, size: int, code: str) -> None:
    save_bundle(tmp_path, "m")
    (tmp_path / "m.index").write_bytes(INDEX[:size])
    age(tmp_path, "m", 1_000_000_000)
    save = only(list_folder(tmp_path))
    assert (codes(save), save.badges[0], save.openable) == ([code], "damaged", False)


def test_an_index_without_an_end_is_damaged_and_while_it_is_young_may_be_unfinished(tmp_path: Path) -> None:
    save_bundle(tmp_path, "m")
    (tmp_path / "m.index").write_bytes(INDEX[:-1])
    for seconds in (int(time.time()), 1_000_000_000):
        age(tmp_path, "m", seconds)
        save = only(list_folder(tmp_path))
        assert (codes(save), save.badges[0], save.openable) == (["truncated"], "damaged", False)
        assert "progress" not in save.problems[0].message
        assert ("still being saved" in save.problems[0].hint) == (seconds > 1_000_000_000)
    (tmp_path / "m.index").write_bytes(INDEX)
    assert only(list_folder(tmp_path)).openable


def test_zeros_in_place_of_an_index_are_no_save_however_young(tmp_path: Path) -> None:
    save_bundle(tmp_path, "m")
    (tmp_path / "m.index").write_bytes(bytes(len(INDEX)))
    save = only(list_folder(tmp_path))
    assert (codes(save), save.badges[0]) == (["truncated"], "damaged")
    assert "still being saved" not in save.problems[0].hint


@pytest.mark.parametrize("written", [INDEX[10:-1], INDEX[10:]], ids=["more", "the rest"])
def test_an_index_that_grows_is_a_save_in_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: bytes
) -> None:
    save_bundle(tmp_path, "m")
    index = tmp_path / "m.index"
    index.write_bytes(INDEX[:10])

    def write_on(_seconds: float) -> None:
        with index.open("ab") as file:
            file.write(written)

    monkeypatch.setattr(index_end.time, "sleep", write_on)
    save = only(list_folder(tmp_path))
    if written.endswith(INDEX[-8:]):
        assert (save.openable, codes(save)) == (True, [])
    else:
        assert (codes(save), save.badges[0], save.openable) == (["partial-save"], "being saved", False)
        assert "a save in progress" in save.problems[0].message


def test_a_young_index_beside_what_a_save_takes_away_last_is_one_in_progress(tmp_path: Path) -> None:
    save_bundle(tmp_path, "m")
    (tmp_path / "m_temp").mkdir()
    touch(tmp_path / "m_temp", ["part-00000-of-00001.index"])
    (tmp_path / "m.index").write_bytes(INDEX[:10])
    save = only(list_folder(tmp_path))
    assert (set(codes(save)), save.badges[0]) == ({"partial-save"}, "being saved")
    age(tmp_path, "m", 1_000_000_000)
    assert codes(only(list_folder(tmp_path))) == ["truncated", "partial-save"]


@pytest.mark.parametrize(
    ("content", "code", "what"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "lfs-pointer", "git-LFS"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "not-a-checkpoint", "a web page"),
        (b"\x89HDF\r\n\x1a\n" + bytes(90), "not-a-checkpoint", "HDF5"),
    ],
)
def test_another_file_under_the_name_of_an_index_is_named(
    tmp_path: Path, content: bytes, code: str, what: str
) -> None:
    save_bundle(tmp_path, "m-1")
    touch(tmp_path, ["m-2.index"], content)
    folder = list_folder(tmp_path)
    newer, older = folder.saves
    assert (codes(newer), newer.badges[0], newer.openable) == ([code], "no checkpoint", False)
    assert what in newer.problems[0].message
    assert newest_saves(folder) == [older]


def test_a_folder_without_saves_names_what_its_files_are(tmp_path: Path) -> None:
    touch(tmp_path, ["model.ckpt"], b"\x80\x02\x8a\nl\xfcF\xf9 j\xa8P\x19.\x80\x02M")
    touch(tmp_path, ["notes.txt", "a.unknown"], b"\xff\xfe\0\0")
    (problem,) = list_folder(tmp_path).foreign
    assert "model.ckpt is a Python pickle, as PyTorch" in problem.message
    save_bundle(tmp_path, "m")
    assert list_folder(tmp_path).foreign == ()


def test_v1_files_are_known_by_their_last_bytes(tmp_path: Path) -> None:
    touch(tmp_path, ["old.ckpt-1", "old.ckpt-2", "plain"], V1)
    touch(tmp_path, ["old.ckpt-2.meta"])
    touch(tmp_path, ["README", "old.ckpt-3"], b"no table")
    folder = list_folder(tmp_path)
    assert {save.path.name: save.kind for save in folder.saves} == dict.fromkeys(
        ("old.ckpt-1", "old.ckpt-2", "plain"), "v1"
    )
    assert [file.name for file in folder.runs[0].saves[0].files] == ["old.ckpt-2", "old.ckpt-2.meta"]
    assert folder.found == {"": 1, ".ckpt-3": 1}


def test_a_v1_file_whose_end_is_missing_is_one_that_is_damaged(tmp_path: Path) -> None:
    touch(tmp_path, ["old.ckpt-1"], V1)
    touch(tmp_path, ["old.ckpt-2", "odd.bin"], V1[:-9])
    cut, whole = list_folder(tmp_path).saves
    assert (cut.path.name, cut.kind, cut.badges, cut.readable) == (
        "old.ckpt-2", "v1", ("damaged", "no .meta"), False,
    )  # fmt: skip
    assert [problem.code for problem in cut.problems] == ["truncated"]
    assert (whole.problems, whole.readable) == ((), True)
    assert list_folder(tmp_path).found == {".bin": 1}  # a name that promises nothing


def test_a_v1_file_may_have_any_ending(tmp_path: Path) -> None:
    touch(tmp_path, ["model.v1", "weights.bin", "a.b.c"], V1)
    touch(tmp_path, ["notes.txt"], b"nothing of the kind" * 10)
    saves = list_folder(tmp_path).saves
    assert {save.path.name: save.kind for save in saves} == dict.fromkeys(
        ["model.v1", "weights.bin", "a.b.c"], "v1"
    )
    assert list_folder(tmp_path).found == {".txt": 1}


def test_v1_shards_are_one_save_named_as_tensorflow_names_it(tmp_path: Path) -> None:
    touch(tmp_path, ["sh-2-00000-of-00003", "sh-2-00002-of-00003"], V1)
    touch(tmp_path, ["sh-2.meta"])
    touch(tmp_path, ["train-00000-of-00010", "train-00001-of-00010"], b"records")
    folder = list_folder(tmp_path)
    save = only(folder)
    assert (save.path.name, save.kind, save.step) == ("sh-2-?????-of-00003", "v1", 2)
    assert folder.runs[0].name == "sh"
    assert codes(save) == ["missing-shard"]
    assert sum(folder.found.values()) == 2


def test_a_bundle_comes_before_a_v1_file_of_the_same_prefix(tmp_path: Path) -> None:
    save_bundle(tmp_path, "m")
    touch(tmp_path, ["m"], V1)
    assert only(list_folder(tmp_path)).kind == "bundle"


def test_a_saved_model_is_one_save_of_its_own_folder(tmp_path: Path) -> None:
    touch(tmp_path, ["1/saved_model.pb", "1/assets/vocab.txt", "1/fingerprint.pb"], b"\x08\x01\x12\0")
    save_bundle(tmp_path / "1" / "variables", "variables")
    folder = list_folder(tmp_path / "1")
    save = only(folder)
    assert (save.path, save.kind) == (tmp_path / "1", "saved-model")
    assert [file.name for file in save.files] == [
        "saved_model.pb",
        "fingerprint.pb",
        "variables/variables.data-00000-of-00001",
        "variables/variables.index",
    ]
    assert folder.folders == (tmp_path / "1" / "assets",)


def test_the_chunked_graph_of_a_saved_model_is_named(tmp_path: Path) -> None:
    touch(tmp_path, ["saved_model.cpb"], b"x")
    save_bundle(tmp_path / "variables", "variables")
    save = only(list_folder(tmp_path))
    assert (save.kind, codes(save), save.badges) == ("saved-model", ["unsupported"], ("graph not read",))


def test_a_saved_model_beside_a_bundle_of_its_name_is_opened_by_its_file(tmp_path: Path) -> None:
    touch(tmp_path, ["net/saved_model.pb"], b"\x08\x01\x12\0")
    save_bundle(tmp_path, "net")
    assert only(list_folder(tmp_path / "net")).path == tmp_path / "net" / "saved_model.pb"


def test_graphs_alone_are_runs_of_one(tmp_path: Path) -> None:
    touch(tmp_path, ["frozen.pb"], b"\n\x0b\n\x01x\x12\x05Const")
    touch(tmp_path, ["graph.pbtxt"], b"node {\n}\n")
    touch(tmp_path, ["labels.pbtxt"], b"item {\n}\n")
    touch(tmp_path, ["m-5.meta"], b"\x12\x02\n\0")
    touch(tmp_path, ["asset.meta"], b"fileFormatVersion: 2\n")
    touch(tmp_path, ["lost.meta"], b"version https://git-lfs.github.com/spec/v1\n")
    folder = list_folder(tmp_path)
    assert {run.name: run.saves[0].kind for run in folder.runs} == {
        "frozen.pb": "frozen-graph",
        "graph.pbtxt": "graph-def",
        "lost.meta": "meta-graph",
        "m-5.meta": "meta-graph",
    }
    assert [codes(save) for save in folder.saves] == [[], [], ["lfs-pointer"], []]
    assert folder.found == {".pbtxt": 1, ".meta": 1}


def test_what_else_is_here_is_counted_by_ending(tmp_path: Path) -> None:
    touch(tmp_path, ["a.PNG", "b.png", "c.h5", "README", ".hidden"])
    assert list_folder(tmp_path).found == {".png": 2, ".h5": 1, "": 2}


def test_folders_inside_are_only_named_and_sorted(tmp_path: Path) -> None:
    for name in ("b", "a", ".temp"):
        save_bundle(tmp_path / name, "m")
    folder = list_folder(tmp_path)
    assert [path.name for path in folder.folders] == [".temp", "a", "b"]
    assert not folder.runs


def test_links_that_lead_back_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "run" / "up").symlink_to(tmp_path)
    (tmp_path / "run" / "self").symlink_to(tmp_path / "run")
    (tmp_path / "run" / "aside").symlink_to(tmp_path / "other")
    (tmp_path / "run" / "gone").symlink_to(tmp_path / "nothing")
    assert [path.name for path in list_folder(tmp_path / "run").folders] == ["aside"]


def test_a_walk_sees_every_folder_once(tmp_path: Path) -> None:
    for name in ("a/deep", "b"):
        save_bundle(tmp_path / name, "m")
    (tmp_path / "a" / "again").symlink_to(tmp_path / "b")
    (tmp_path / "b" / "back").symlink_to(tmp_path / "a")
    seen = [folder.path.relative_to(tmp_path).as_posix() for folder in walk_folders(tmp_path)]
    assert seen == [".", "a", "a/again", "a/deep"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    touch(tmp_path, ["file"])
    for name in ("nothing", "file", "a\0b"):
        with pytest.raises(NotFound, match="is no folder"):
            list_folder(tmp_path / name)
        with pytest.raises(NotFound, match="is no folder"):
            next(walk_folders(tmp_path / name))


def test_a_folder_that_may_not_be_read_has_that_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", refuse)
        (problem,) = list_folder(tmp_path).problems
    assert (problem.code, problem.message) == (
        "not-readable",
        f"{tmp_path} cannot be read: Permission denied.",
    )


def test_a_listing_can_be_cancelled(tmp_path: Path) -> None:
    save_bundle(tmp_path, "m")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        list_folder(tmp_path, cancel)


@linux_only
def test_pipes_are_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert list_folder(tmp_path) == Folder(tmp_path)


def test_only_so_many_files_are_opened_and_the_likeliest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ckpt_viewer.formats.folders.folder.PROBE_LIMIT", 2)
    touch(tmp_path, ["a", "b", "c", "z.ckpt-1", "zz"], V1)
    touch(tmp_path, ["zz.meta"])
    assert sorted(save.path.name for save in list_folder(tmp_path).saves) == ["z.ckpt-1", "zz"]


def age(folder: Path, prefix: str, seconds: int) -> None:
    for path in folder.glob(f"{prefix}.*"):
        os.utime(path, (seconds, seconds))


def newest(folder: Path) -> list[str]:
    return [save.path.name for save in newest_saves(list_folder(folder))]


def test_the_newest_is_by_state_file_then_step_then_time(tmp_path: Path) -> None:
    for prefix, seconds in (("a", 3000), ("b", 2000)):
        save_bundle(tmp_path, prefix)
        age(tmp_path, prefix, seconds)
    assert newest(tmp_path) == ["a"]
    for prefix, seconds in (("m-10", 500), ("m-9", 1000)):
        save_bundle(tmp_path, prefix)
        age(tmp_path, prefix, seconds)
    assert newest(tmp_path) == ["m-10"]
    (tmp_path / "checkpoint").write_text('model_checkpoint_path: "b"')
    assert newest(tmp_path) == ["b"]


def test_saves_of_the_same_step_and_moment_are_all_newest(tmp_path: Path) -> None:
    for prefix in ("disc-7", "gen-7", "gen-6"):
        save_bundle(tmp_path, prefix)
        age(tmp_path, prefix, 1000)
    assert newest(tmp_path) == ["disc-7", "gen-7"]


def test_a_save_without_its_index_is_not_the_newest(tmp_path: Path) -> None:
    save_bundle(tmp_path, "m-1")
    save_bundle(tmp_path, "m-2")
    (tmp_path / "m-2.index").unlink()
    assert newest(tmp_path) == ["m-1"]


def test_every_checkpoint_tensorflow_wrote_is_listed() -> None:
    small, hard = oracle_folder("seed1-small"), oracle_folder("seed1-hard")
    if small is None or hard is None:
        pytest.skip("no fixtures")
    for root in (small, hard):
        for oracle in root.glob("*/oracle.json"):
            expected = set(json.loads(oracle.read_text()).get("checkpoints", {}))
            listed = {
                str(save.path.relative_to(oracle.parent))
                + ("/variables/variables" if save.kind == "saved-model" else "")
                for folder in walk_folders(oracle.parent)
                for save in folder.saves
                if save.kind in ("bundle", "v1", "saved-model") and folder.path.name[:2] != "d_"
            }
            assert expected <= listed, oracle
            assert not [save for save in list_folder(oracle.parent).saves if save.problems]


def test_the_corpus_is_listed_without_problems() -> None:
    corpus = corpus_folder()
    if corpus is None:
        pytest.skip("no corpus")
    folders = list(walk_folders(corpus))
    saves = [save for folder in folders for save in folder.saves]
    assert not [problem for folder in folders for problem in folder.problems]
    assert not [problem for save in saves for problem in save.problems]
    expected = sum(project["n_prefixes"] for project in json.loads((corpus / "manifest.json").read_text()))
    assert len(saves) == expected


def test_the_samples_are_listed_with_the_kinds_they_have() -> None:
    kinds = {
        folder.path.name: {save.kind for save in folder.saves}
        for folder in walk_folders(SAMPLES)
        if folder.saves
    }
    assert kinds["run"] == {"bundle"}
    assert kinds["v1_files"] == {"v1"}
    assert kinds["saved_model"] == {"saved-model"}
    assert "frozen-graph" in kinds["graphs"]


@linux_only
def test_links_that_lead_nowhere_hide_nothing_beside_them(tmp_path: Path) -> None:
    save_bundle(tmp_path, "m-1")
    for name, target in (("circle", "circle"), ("file", "m-1.index/x"), ("long", "x" * 300)):
        (tmp_path / name).symlink_to(target)
    folder = list_folder(tmp_path)
    assert only(folder).path == tmp_path / "m-1"
    assert folder.problems == ()


class _Refused:
    """An entry of a folder that the system does not let us look at."""

    def __init__(self, name: str) -> None:
        self.name = name

    def is_file(self) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied")


def test_an_entry_that_may_not_be_looked_at_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_bundle(tmp_path, "m-1")
    scandir = os.scandir

    def scanned(path: Path) -> contextlib.AbstractContextManager[list[object]]:
        with scandir(path) as entries:
            return contextlib.nullcontext([*entries, _Refused("b"), _Refused("a")])

    with monkeypatch.context() as patched:  # pytest lists folders, too
        patched.setattr(os, "scandir", scanned)
        folder = list_folder(tmp_path)
    assert only(folder).path == tmp_path / "m-1"
    (problem,) = folder.problems
    assert problem.code == "not-readable"
    assert problem.message.startswith(f"{tmp_path / 'a'} cannot be read: Permission denied.")
    assert "another entry" in problem.message


def test_a_folder_that_is_lost_on_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    walk = walk_folders(tmp_path)
    next(walk)
    (tmp_path / "a").rmdir()
    lost, found = walk
    assert (lost.path, [problem.code for problem in lost.problems]) == (tmp_path / "a", ["not-found"])
    assert (found.path, found.problems) == (tmp_path / "b", ())


@linux_only
def test_a_folder_may_have_the_longest_name_there_is(tmp_path: Path) -> None:
    path = tmp_path / ("m" * 255)
    touch(path, ["saved_model.pb"])
    assert only(list_folder(path)).kind == "saved-model"
