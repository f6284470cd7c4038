"""Data files that are missing, or are no files at all."""

import os
from pathlib import Path

import pytest

from ckpt_viewer.errors import DamagedFile, MissingShard
from ckpt_viewer.formats.bundle.data_files import DataFiles
from ckpt_viewer.formats.storage.source import Stamp
from tests.formats.folders.test_folder import linux_only

NAME = "m.data-00000-of-00001"


def only_message(files: DataFiles) -> str:
    (problem,) = files.problems()
    assert problem.code == "not-readable"
    return problem.message


@linux_only
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_is_never_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / NAME
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    files = DataFiles(tmp_path / "m", 1, {0: 4})
    assert only_message(files) == f"{path} is no file; the index says that values are in it."
    assert files.present() == []
    with pytest.raises(DamagedFile, match="is no file"):
        files.source(0, 4)


def test_of_a_short_file_only_the_beginning_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    (problem,) = DataFiles(tmp_path / "m", 1, {0: 4000}).problems()
    assert problem.code == "lfs-pointer"


def test_however_many_are_missing_the_folder_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m.data-00001-of-30000.tempstate123").touch()
    listings = []
    listed = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: listings.append(path) or listed(path))
    files = DataFiles(tmp_path / "m", 30_000, dict.fromkeys(range(30_000), 4))
    problems = files.problems()
    assert len(problems) == 6
    assert problems[-1].message == "29,995 more data files are missing or too short."
    assert "interrupted" in problems[1].hint
    for shard in range(100):
        with pytest.raises(MissingShard):
            files.source(shard, 4)
    assert listings == [tmp_path]


@linux_only
def test_a_prefix_whose_data_file_could_have_no_name_lacks_it(tmp_path: Path) -> None:
    files = DataFiles(tmp_path / ("m" * 245), 1, {0: 4})
    assert [problem.code for problem in files.problems()] == ["missing-shard"]
    assert files.present() == []
    with pytest.raises(MissingShard):
        files.source(0, 4)


@pytest.mark.parametrize(
    ("name", "size", "named"),
    [
        ("x.data-00000-of-00001", 4, True),
        ("m.data-00000-of-00001.download", 4, True),
        ("x.data-00000-of-00001", 5, False),
        ("x.data-00000-of-00002", 4, False),
        ("other.data-00000-of-00001", 4, False),
        ("x.npy", 4, False),
        ("graph.data-00000-of-00001", 4, False),
        ("kept.data-00000-of-00001", 4, False),
        ("latest.data-00000-of-00001", 4, False),
    ],
)
def test_a_file_that_may_be_the_missing_one_under_another_name_is_named_and_not_read(
    tmp_path: Path, name: str, size: int, named: bool
) -> None:
    (tmp_path / name).write_bytes(bytes(size))
    (tmp_path / "other.index").touch()
    (tmp_path / "m.index").touch()
    (tmp_path / "graph.meta").touch()
    state = 'model_checkpoint_path: "latest"\nall_model_checkpoint_paths: "kept"\n'
    (tmp_path / "checkpoint").write_text(state)
    files = DataFiles(tmp_path / "m", 1, {0: 4})
    (problem,) = files.problems()
    assert problem.code == "missing-shard"
    assert (name in problem.hint, f"to {NAME}." in problem.hint) == (named, named)
    with pytest.raises(MissingShard):
        files.source(0, 4)


def test_what_a_missing_file_may_be_is_looked_up_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old.data-00000-of-00001").write_bytes(bytes(8))
    files = DataFiles(tmp_path / "m", 1, {0: 8})
    looked: list[Path] = []
    stamp_of = Stamp.of
    monkeypatch.setattr(Stamp, "of", lambda path: looked.append(path) or stamp_of(path))
    for _ in range(5):
        with pytest.raises(MissingShard) as caught:
            files.source(0, 8)
        assert "old.data-00000-of-00001" in caught.value.hint
    assert [path.name for path in looked].count("old.data-00000-of-00001") == 1
