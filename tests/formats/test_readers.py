"""From a path to an open checkpoint or graph, through the table of readers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import ckpt_viewer
from ckpt_viewer.errors import CheckpointError, NotFound
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.readers import READERS, open_checkpoint, open_graph
from tests.corpus import SAMPLES, corpus_folder, oracle_folder
from tests.formats.folders.test_folder import touch


def test_no_kind_has_two_readers() -> None:
    kinds = [reader.kind for reader in READERS]
    assert len(kinds) == len(set(kinds))


@pytest.mark.parametrize(
    "given", ["run", "run/", "run/checkpoint", "run/model.ckpt-20", "run/model.ckpt-20.index"]
)
def test_a_bundle_opens_by_any_of_its_names(given: str) -> None:
    with ckpt_viewer.open_checkpoint(f"{SAMPLES}/{given}") as checkpoint:
        assert checkpoint.kind == "bundle"
        assert checkpoint.path == SAMPLES / "run" / "model.ckpt-20"
        assert not checkpoint.problems
        for variable in checkpoint.variables:
            assert checkpoint.read(variable).shape == variable.shape


def test_a_saved_model_opens_as_its_variables() -> None:
    with open_checkpoint(SAMPLES / "graphs" / "saved_model") as checkpoint:
        assert checkpoint.kind == "saved-model"
        assert checkpoint.variables


def test_a_saved_model_without_variables_opens_and_is_empty(tmp_path: Path) -> None:
    touch(tmp_path, ["saved_model.pb"], b"\x08\x01\x12\0")
    (tmp_path / "variables").mkdir()
    with open_checkpoint(tmp_path) as checkpoint:
        assert (checkpoint.kind, len(checkpoint.variables), len(checkpoint.problems)) == ("saved-model", 0, 0)
        assert list(checkpoint.files) == [tmp_path / "saved_model.pb"]
        some = Variable("w", "float32", (), 4)
        for ask in (
            lambda: checkpoint.find("w"),
            lambda: checkpoint.pieces(some),
            lambda: checkpoint.read("w"),
            lambda: checkpoint.read_region(some, ()),
            lambda: checkpoint.read_flat(some, 0, 1),
        ):
            with pytest.raises(NotFound, match="has no variable w"):
                ask()


def test_a_saved_model_whose_variables_were_left_behind_says_so(tmp_path: Path) -> None:
    touch(tmp_path, ["saved_model.pb"], b"\x08\x01\x12\0")
    with open_checkpoint(tmp_path) as checkpoint:
        assert [problem.code for problem in checkpoint.problems] == ["missing-index"]


@pytest.mark.parametrize(
    ("given", "kind", "path"),
    [
        ("v1_files", "v1", "v1_files/old.ckpt-3"),
        ("v1_files/old.ckpt-3", "v1", "v1_files/old.ckpt-3"),
        ("v1_files/old.ckpt-3.meta", "v1", "v1_files/old.ckpt-3"),
        ("v1_files/sharded-2", "v1", "v1_files/sharded-2-?????-of-00002"),
        ("graphs/frozen.pb", "frozen-graph", "graphs/frozen.pb"),
        ("graphs/frozen.pbtxt", "frozen-graph", "graphs/frozen.pbtxt"),
    ],
)
def test_older_and_frozen_checkpoints_open(given: str, kind: str, path: str) -> None:
    with open_checkpoint(SAMPLES / given) as checkpoint:
        assert (checkpoint.kind, checkpoint.path) == (kind, SAMPLES / path)
        assert checkpoint.variables
        assert not checkpoint.problems


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("run/model.ckpt-10", "meta-graph"),
        ("run/model.ckpt-10.meta", "meta-graph"),
        ("run", "meta-graph"),
        ("graphs/frozen.pb", "frozen-graph"),
        ("graphs/frozen.pbtxt", "frozen-graph"),
        ("graphs/saved_model", "saved-model"),
    ],
)
def test_a_graph_opens_by_its_file_or_its_checkpoint(given: str, kind: str) -> None:
    graph = ckpt_viewer.open_graph(f"{SAMPLES}/{given}")
    assert graph.kind == kind
    assert graph.ops


def test_what_opens_has_a_path_that_opens_the_same() -> None:
    for given in ("run", "graphs/saved_model", "objects"):
        with open_checkpoint(SAMPLES / given) as first, open_checkpoint(first.path) as second:
            assert list(first.variables) == list(second.variables)


def test_every_prefix_of_the_corpus_has_the_variables_tensorflow_found() -> None:
    corpus = corpus_folder()
    if corpus is None:
        pytest.skip("no corpus")
    for oracle in corpus.rglob("oracle.json"):
        for prefix, variables in json.loads(oracle.read_text()).items():
            root = next(
                parent
                for parent in oracle.parents
                if (parent / f"{prefix}.index").is_file() or parent == corpus
            )
            if root != corpus:
                with open_checkpoint(root / prefix) as checkpoint:
                    assert {variable.name for variable in checkpoint.variables} == set(variables)


def outcome(open_path: Callable[[Path], object], path: Path) -> CheckpointError | None:
    try:
        opened = open_path(path)
    except CheckpointError as error:
        return error
    if close := getattr(opened, "close", None):
        close()
    return None


def test_damaged_files_are_refused_or_opened_but_nothing_else() -> None:
    hard = oracle_folder("seed1-hard")
    if hard is None:
        pytest.skip("no fixtures")
    for case in sorted((hard / "bad").glob("*/expect.txt")):
        expected = dict(line.split(": ", 1) for line in case.read_text().splitlines() if ": " in line)
        by_graph = expected["stage"] == "graph"
        error = outcome(open_graph if by_graph else open_checkpoint, case.parent / expected["target"])
        must_fail = expected["stage"] in ("open", "state") and expected["class"] != "none"
        assert error or not must_fail, case
        assert not error or expected["class"] != "none", (case, error)
        assert not error or str(case.parent) in str(error), (case, error)
