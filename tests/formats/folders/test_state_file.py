"""The state file against TensorFlow's own reading of it, and where TensorFlow gives up."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.errors import NotFound
from ckpt_viewer.formats.folders.state_file import (
    MOST_KEPT,
    SIZE_LIMIT,
    StateFile,
    looks_like_state_file,
    read_state_file,
)
from tests.corpus import SAMPLES, corpus_folder, oracle_folder
from tests.formats.folders.test_folder import linux_only

BACKSLASH = "\\"


def state(folder: Path, text: str | bytes, *saves: str) -> StateFile:
    """The state file of this text, in a folder with the bundles of these prefixes."""
    folder.mkdir(exist_ok=True)
    for save in saves:
        (folder / f"{save}.index").parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{save}.index").touch()
    (folder / "checkpoint").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_state_file(folder / "checkpoint")


def codes(read: StateFile) -> list[str]:
    return [problem.code for problem in read.problems]


def answers() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every state file of the fixtures with what TensorFlow's parser found in it."""
    small = oracle_folder("seed1-small")
    for oracle in sorted(small.glob("*/oracle.json")) if small else ():
        known = json.loads(oracle.read_text())
        for name, fields in known.get("state", {}).items():
            yield oracle.parent / name, fields
        for name, case in known.get("resolve", {}).items():
            yield oracle.parent / f"d_{name}" / "checkpoint", case["state"]


def test_fields_are_what_tensorflow_reads() -> None:
    cases = list(answers())
    if not cases:
        pytest.skip("no fixtures")
    for path, fields in cases:
        read = read_state_file(path)
        assert read.model_checkpoint_path == fields["model_checkpoint_path"], path
        assert list(read.all_model_checkpoint_paths) == fields["all_model_checkpoint_paths"]
        assert list(read.timestamps) == fields["timestamps"]
        assert read.last_preserved_timestamp == fields["last_preserved_timestamp"]


def test_the_latest_is_tensorflows_where_it_has_one() -> None:
    small = oracle_folder("seed1-small")
    if small is None:
        pytest.skip("no fixtures")
    resolve = json.loads((small / "state_files" / "oracle.json").read_text())["resolve"]
    for name, case in resolve.items():
        if case["latest_checkpoint"]:
            read = read_state_file(small / "state_files" / f"d_{name}" / "checkpoint")
            assert read.latest == small / "state_files" / case["latest_checkpoint"]


def test_the_latest_of_the_corpus_is_tensorflows() -> None:
    corpus = corpus_folder()
    if corpus is None:
        pytest.skip("no corpus")
    for project in json.loads((corpus / "manifest.json").read_text()):
        for name, case in project["checkpoint_states"].items():
            read = read_state_file(corpus / project["id"] / name)
            assert read.latest == corpus / project["id"] / case["latest_checkpoint"]


@pytest.mark.parametrize(
    ("case", "code", "latest"),
    [
        ("state_empty", "bad-state", None),
        ("state_garbage", "bad-state", None),
        ("state_truncated", "bad-state", None),
        ("state_is_lfs", "lfs-pointer", None),
        ("state_gone", "stale-path", None),
        ("state_glob", "stale-path", None),
        ("state_escape", "stale-path", None),
        ("state_foreign_abs", None, "m"),
        ("state_unknown_field", None, "m"),
        ("state_huge", None, "m"),
    ],
)
def test_damaged_state_files_say_what_is_wrong(case: str, code: str | None, latest: str | None) -> None:
    hard = oracle_folder("seed1-hard")
    if hard is None:
        pytest.skip("no fixtures")
    read = read_state_file(hard / "bad" / case / "checkpoint")
    assert codes(read) == ([code] if code else [])
    assert read.latest == (hard / "bad" / case / latest if latest else None)
    assert all(str(read.path) in problem.message for problem in read.problems)


@pytest.mark.parametrize(
    "written",
    [
        "/Users/anna/run/model-5",
        r"E:\\work\\run\\model-5",
        r"C:\work\run\model-5",
        "gs://bucket/run/model-5",
        "./model-5",
        "old/place/model-5",
        "../here/model-5",
    ],
)
def test_a_path_of_another_place_means_the_save_beside_the_file(tmp_path: Path, written: str) -> None:
    folder = tmp_path / "here"
    read = state(folder, f'model_checkpoint_path: "{written}"\n', "model-5")
    assert read.latest == folder / "model-5"
    assert not read.problems


def test_the_longest_end_of_a_foreign_path_is_tried_where_its_last_part_is_not_here(tmp_path: Path) -> None:
    read = state(tmp_path, 'model_checkpoint_path: "/data/runs/a/model-5"', "a/model-5", "runs/a/model-5")
    assert read.latest == tmp_path / "runs" / "a" / "model-5"


def test_an_absolute_path_below_the_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    read = state(tmp_path, f'model_checkpoint_path: "{tmp_path}/a/model-5"', "a/model-5", "model-5")
    assert read.latest == tmp_path / "a" / "model-5"


def test_nothing_outside_the_folder_is_ever_meant(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "model-5.index").touch()
    for written in ("../other/model-5", f"{tmp_path}/other/model-5", "a/../../other/model-5"):
        read = state(tmp_path / "run", f'model_checkpoint_path: "{written}"')
        assert read.latest is None
        assert codes(read) == ["stale-path"]


@pytest.mark.parametrize("written", ["../other/model-5", "a/../../other/model-5", "/other/model-5"])
def test_a_path_that_leaves_the_folder_is_told_with_where_it_leads(tmp_path: Path, written: str) -> None:
    folder = tmp_path / "run"
    read = state(folder, f'model_checkpoint_path: "{written}"\nall_model_checkpoint_paths: "gone-1"')
    there = Path("/other/model-5") if written[0] == "/" else tmp_path / "other" / "model-5"
    assert read.outside == {written: there}
    assert "outside of this folder and is not opened" in read.problems[0].message
    assert str(there) in read.problems[0].hint


def test_a_pattern_in_a_path_is_called_one(tmp_path: Path) -> None:
    read = state(tmp_path, 'model_checkpoint_path: "model-*"', "model-5")
    assert (codes(read), read.latest) == (["stale-path"], None)
    assert "pattern" in read.problems[0].hint


@pytest.mark.parametrize("name", ["m-1.index", "m-1.meta", "m-1.data-00000-of-00001"])
def test_a_file_of_a_save_is_not_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    read = state(tmp_path, f'model_checkpoint_path: "{name}"', "m-1")
    assert (read.latest, codes(read)) == (None, ["stale-path"])
    assert f" names {name} " in read.problems[0].message
    assert "Write m-1," in read.problems[0].hint
    assert state(tmp_path, f'model_checkpoint_path: "{name}"', name).latest == tmp_path / name


def test_a_v1_checkpoint_may_be_called_like_a_file_of_a_bundle(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "v1_files" / "old.ckpt-3", tmp_path / "m-1.index")
    assert state(tmp_path, 'model_checkpoint_path: "m-1.index"').latest == tmp_path / "m-1.index"


def test_a_relative_path_to_another_run_is_not_replaced_by_a_save_of_this_one(tmp_path: Path) -> None:
    read = state(tmp_path / "run", 'model_checkpoint_path: "../other/model-5"', "model-5")
    assert read.latest is None


def test_v1_checkpoints_are_found_as_files_and_as_shards(tmp_path: Path) -> None:
    (tmp_path / "old-1").touch()
    (tmp_path / "sharded-2-00000-of-00003").touch()
    text = 'model_checkpoint_path: "sharded-2-?????-of-00003"\nall_model_checkpoint_paths: "old-1"\n'
    read = state(tmp_path, text)
    assert read.latest == tmp_path / "sharded-2-?????-of-00003"
    assert read.resolved["old-1"] == tmp_path / "old-1"


def test_a_state_file_never_means_itself(tmp_path: Path) -> None:
    assert state(tmp_path, 'model_checkpoint_path: "checkpoint"').latest is None
    assert state(tmp_path, 'model_checkpoint_path: "checkpoint"', "checkpoint").latest is not None


def test_kept_saves_that_were_deleted_are_no_problem(tmp_path: Path) -> None:
    text = (
        'model_checkpoint_path: "m-2"\nall_model_checkpoint_paths: "m-1"\nall_model_checkpoint_paths: "m-2"'
    )
    read = state(tmp_path, text, "m-2")
    assert not read.problems
    assert set(read.resolved) == {"m-2"}


def test_everything_the_text_format_allows_is_understood(tmp_path: Path) -> None:
    text = """# by hand
        model_checkpoint_path: 'mod' "\\303\\251l";
        all_model_checkpoint_paths: ["a", 'b'],
        all_model_checkpoint_timestamps: [1.5, 2]
        last_preserved_timestamp < >"""
    read = state(tmp_path, text.replace("last_preserved_timestamp < >", "later_field < x: 1 >"), "modél")
    assert read.latest == tmp_path / "modél"
    assert read.all_model_checkpoint_paths == ("a", "b")
    assert read.timestamps == (1.5, 2.0)


@linux_only
def test_a_name_that_is_no_utf8_survives(tmp_path: Path) -> None:
    name = os.fsdecode(b"m\xff-1")
    (tmp_path / f"{name}.index").touch()
    assert state(tmp_path, b'model_checkpoint_path: "m\xff-1"').latest == tmp_path / name
    assert state(tmp_path, rb'model_checkpoint_path: "m\377-1"').latest == tmp_path / name


def test_what_was_understood_before_the_damage_is_kept(tmp_path: Path) -> None:
    read = state(tmp_path, 'model_checkpoint_path: "m"\nall_model_checkpoint_paths: "m', "m")
    assert read.latest == tmp_path / "m"
    assert codes(read) == ["bad-state"]
    assert "from line 2 on" in read.problems[0].message


def test_nesting_without_end_is_said_and_survived(tmp_path: Path) -> None:
    read = state(tmp_path, 'model_checkpoint_path: "m"\n' + "a {" * 20_000)
    assert codes(read) == ["bad-state"]


def test_a_file_too_large_is_not_parsed(tmp_path: Path) -> None:
    read = state(tmp_path, b'model_checkpoint_path: "m"\n' + b"#" * SIZE_LIMIT)
    assert "larger than 4 MiB" in read.problems[0].message


def test_without_a_newest_there_is_a_sentence(tmp_path: Path) -> None:
    read = state(tmp_path, 'all_model_checkpoint_paths: "m"', "m")
    assert read.problems[0].message == f"{tmp_path / 'checkpoint'} names no newest checkpoint."


def test_a_path_that_is_no_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is not there"):
        read_state_file(tmp_path / "checkpoint")
    with pytest.raises(NotFound, match="is a folder"):
        read_state_file(tmp_path)


def test_a_state_file_is_recognised_under_any_name(tmp_path: Path) -> None:
    (tmp_path / "best_latest").write_text('# kept by hand\n\nmodel_checkpoint_path: "m"\n')
    (tmp_path / "notes").write_text("model_checkpoint_path is the field you want")
    assert looks_like_state_file(tmp_path / "best_latest")
    assert not looks_like_state_file(tmp_path / "notes")
    assert not looks_like_state_file(tmp_path / "nothing")
    assert not looks_like_state_file(tmp_path)


@given(
    content=st.binary(max_size=300)
    | st.text(max_size=100).map(lambda text: f'model_checkpoint_path: "{text}"'.encode())
)
def test_any_bytes_give_a_state_file(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    read = state(tmp_path_factory.getbasetemp(), content)
    assert read.latest is None or tmp_path_factory.getbasetemp() in read.latest.parents


@pytest.mark.parametrize("written", ["a/" * 100_000 + "m", "a\\\\" * 100_000 + "m", "a" * 5000])
def test_a_path_no_file_can_have_is_not_looked_up(tmp_path: Path, written: str) -> None:
    read = state(tmp_path, f'model_checkpoint_path: "{written}"\nall_model_checkpoint_paths: "m"\n', "m")
    assert codes(read) == ["bad-state"]
    assert "4096 bytes or 64 parts" in read.problems[0].message
    assert read.latest is None
    assert read.resolved == {"m": tmp_path / "m"}


def test_of_too_many_paths_the_last_are_kept(tmp_path: Path) -> None:
    kept = "".join(
        f'all_model_checkpoint_paths: "m-{step}"\nall_model_checkpoint_timestamps: {step}\n'
        for step in range(MOST_KEPT + 5)
    )
    read = state(tmp_path, f'model_checkpoint_path: "m-7"\n{kept}', "m-7")
    assert codes(read) == ["bad-state"]
    assert f"{MOST_KEPT + 5:,}" in read.problems[0].message
    assert len(read.all_model_checkpoint_paths) == len(read.timestamps) == MOST_KEPT
    assert (read.all_model_checkpoint_paths[0], read.timestamps[0]) == ("m-5", 5.0)
    assert read.latest == tmp_path / "m-7"


@linux_only
def test_a_link_in_a_circle_hides_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "through-a-file").symlink_to("checkpoint/x")
    read = state(tmp_path, 'model_checkpoint_path: "m"\n', "m")
    assert read.latest == tmp_path / "m"


@pytest.mark.parametrize(
    "content",
    ["a:[" + "1," * 6000 + "1]", "x: 1\n" * 150_000, f'all_model_checkpoint_paths: "{BACKSLASH * 100}"'],
)
def test_what_is_long_and_not_as_tensorflow_writes_is_not_parsed(tmp_path: Path, content: str) -> None:
    """The parser takes ever longer for lists and fields it does not know, and for backslashes in a row."""
    read = state(tmp_path, f'model_checkpoint_path: "m"\n{content}\n', "m")
    assert codes(read) == ["bad-state"]
    assert read.problems[0].message.endswith("not written as TensorFlow writes a state file.")


def test_a_path_of_many_backslashes_is_understood(tmp_path: Path) -> None:
    written = 'model_checkpoint_path: "m"\nall_model_checkpoint_paths: "{}"\n'
    read = state(tmp_path, written.format(BACKSLASH * 98), "m")
    assert (codes(read), read.latest) == ([], tmp_path / "m")
    assert read.all_model_checkpoint_paths == (BACKSLASH * 49,)
