"""V1 checkpoints: the contract on TensorFlow-made samples, every value there is, and damage."""

import gc
import json
import os
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.analysis.verify import verify
from ckpt_viewer.cancellation import Cancelled, CancelToken
from ckpt_viewer.errors import CheckpointError, DamagedFile, NotACheckpoint, NotFound, UnsupportedFeature
from ckpt_viewer.formats.checkpoint import Checkpoint
from ckpt_viewer.formats.protos.tensor_pb2 import TensorProto
from ckpt_viewer.formats.readers import open_checkpoint
from ckpt_viewer.formats.v1.slices_v1 import SlicesV1, open_v1
from tests.bundle_writer import table
from tests.corpus import SAMPLES, corpus_folder, oracle_folder
from tests.formats.answers import Answers, digest
from tests.formats.checkpoint_contract import CheckpointContract
from tests.formats.test_damaged_bundles import little_memory
from tests.v1_writer import V1Writer, whole

FLOAT, INT32, STRING, INT64, BOOL, BFLOAT16, HALF = 1, 3, 7, 9, 10, 14, 19
CODES = {
    "bad-magic": {"truncated"},
    "missing-slice": {"missing-slice"},
    "no-header": {"bad-header"},
    "shape-overflow": {"bad-shape"},
    "size-mismatch": {"bad-size"},
    "wrong-format": {"not-a-checkpoint"},
}


class TestWholeFile(CheckpointContract):
    @pytest.fixture
    def checkpoint(self) -> Iterator[Checkpoint]:
        with open_v1(SAMPLES / "contract" / "old_whole") as checkpoint:
            yield checkpoint


class TestPartitioned(CheckpointContract):
    @pytest.fixture
    def checkpoint(self) -> Iterator[Checkpoint]:
        with open_v1(SAMPLES / "contract" / "old_cut") as checkpoint:
            yield checkpoint


def saved() -> list[Any]:
    """Every V1 checkpoint that TensorFlow was asked about, with its answers."""
    told = json.loads((SAMPLES / "answers.json").read_text())
    found = [(SAMPLES / prefix, answers) for prefix, answers in told.items() if prefix.startswith("v1_files")]
    corpus = corpus_folder()
    for file in sorted(corpus.glob("*/oracle.json")) if corpus else ():
        for prefix, answers in json.loads(file.read_text()).items():
            if (file.parent / prefix).is_file() and not (file.parent / f"{prefix}.index").exists():
                found.append((file.parent / prefix, answers))
    for folder in filter(None, map(oracle_folder, ("seed1-small", "seed1-hard"))):
        for file in sorted(folder.glob("*/oracle.json")):
            for prefix, answers in json.loads(file.read_text()).get("checkpoints", {}).items():
                if answers["format"] == "v1":
                    found.append((file.parent / prefix, answers["tensors"]))
    return [pytest.param(path, answers, id=f"{path.parent.name}/{path.name}") for path, answers in found]


@pytest.mark.parametrize(("path", "answers"), saved())
def test_every_value_is_tensorflows(path: Path, answers: Answers) -> None:
    with open_checkpoint(path) as checkpoint:
        assert (checkpoint.kind, checkpoint.path, list(checkpoint.problems)) == ("v1", path, [])
        listed = {each.name: (each.dtype, list(each.shape)) for each in checkpoint.variables}
        assert listed == {name: (answer["dtype"], answer["shape"]) for name, answer in answers.items()}
        for name, answer in answers.items():
            assert digest(checkpoint.read(name), answer["dtype"]) == answer["sha256"], name


def damaged() -> list[Any]:
    folder = oracle_folder("seed1-hard")
    cases = []
    for file in sorted(folder.glob("bad/v1_*/expect.txt")) if folder else ():
        expected = dict(line.split(": ", 1) for line in file.read_text().splitlines() if ": " in line)
        cases.append(pytest.param(file.parent / expected["target"], expected, id=file.parent.name))
    return cases


@pytest.mark.parametrize(("path", "expected"), damaged())
@pytest.mark.parametrize("opening", [open_v1, open_checkpoint])
def test_damage_is_one_clear_error(path: Path, expected: dict[str, str], opening: Any) -> None:
    with little_memory(), pytest.raises(CheckpointError) as caught:
        opening(path).read("w")
    assert caught.value.problem.code in CODES[expected["class"]]
    assert str(path) in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "given", ["sharded-2", "sharded-2-?????-of-00002", "sharded-2-00001-of-00002", "sharded_latest"]
)
def test_shards_open_by_any_of_their_names(given: str) -> None:
    with open_checkpoint(SAMPLES / "v1_files" / given) as checkpoint:
        assert checkpoint.path.name == "sharded-2-?????-of-00002"
        assert [file.name[-14:] for file in checkpoint.files] == ["00000-of-00002", "00001-of-00002"]
        assert {each.name: (each.shard, each.slices) for each in checkpoint.variables} == {
            "other": (1, 0), "rows": (0, 2),
        }  # fmt: skip


def test_a_graph_saved_along_is_one_of_the_files() -> None:
    with open_checkpoint(SAMPLES / "v1_files" / "old.ckpt-3") as checkpoint:
        assert [file.name for file in checkpoint.files] == ["old.ckpt-3", "old.ckpt-3.meta"]


def test_strings_tell_the_bytes_of_their_records(tmp_path: Path) -> None:
    long = TensorProto(string_val=[b"x" * 700_000, b"y" * 300_000])
    with one(tmp_path, STRING, [2], long) as checkpoint:
        assert abs(checkpoint.find("w").nbytes - 1_000_000) < 200
    with one(tmp_path, STRING, [2], TensorProto(string_val=[b"one", b""])) as checkpoint:
        record = 2 + 3 + 2 + 5 + 2  # an envelope, the name, an envelope, two strings
        assert checkpoint.find("w").nbytes == record


def test_what_its_blocks_vouch_for_is_verified(tmp_path: Path) -> None:
    path = tmp_path / "m"
    content = bytearray((SAMPLES / "contract" / "old_cut").read_bytes())
    path.write_bytes(content)
    with open_v1(path) as checkpoint:
        verification = verify(checkpoint)
        assert verification.ok
        assert {check.status for check in verification.variables} == {"ok"}
    with one(tmp_path, FLOAT, [2], TensorProto(float_val=[1])) as checkpoint:
        verification = verify(checkpoint)
        assert {check.name: check.status for check in verification.variables} == {
            "fine": "ok",
            "w": "damaged",
        }
        assert not verification.ok


def test_a_missing_shard_costs_only_what_is_in_it(tmp_path: Path) -> None:
    writer = V1Writer()
    writer.add("split", FLOAT, [4], {((0, 2),): TensorProto(float_val=[1, 2])})
    writer.add("w", FLOAT, [2], {whole(1): TensorProto(float_val=[5, 6])})
    writer.save(tmp_path / "m-00001-of-00002")
    with open_checkpoint(tmp_path / "m-00001-of-00002") as checkpoint:
        assert [problem.code for problem in checkpoint.problems] == ["missing-shard"]
        assert checkpoint.read("w").tolist() == [5, 6]
        assert checkpoint.find("split").problem.code == "missing-shard"
        with pytest.raises(DamagedFile, match="not here"):
            checkpoint.read("split")


def test_a_damaged_shard_is_a_problem_of_the_others(tmp_path: Path) -> None:
    writer = V1Writer()
    writer.add("w", FLOAT, [2], {whole(1): TensorProto(float_val=[5, 6])})
    writer.save(tmp_path / "m-00000-of-00002")
    (tmp_path / "m-00001-of-00002").write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    with open_v1(tmp_path / "m-?????-of-00002") as checkpoint:
        assert [problem.code for problem in checkpoint.problems] == ["lfs-pointer"]
        assert checkpoint.read("w").tolist() == [5, 6]


@pytest.mark.parametrize("asked_for", ["", "m", "m-00000-of-00002", "m-00001-of-00002"])
def test_a_shard_whose_end_is_missing_leaves_the_others(tmp_path: Path, asked_for: str) -> None:
    for shard in range(2):
        writer = V1Writer()
        writer.add(f"w{shard}", FLOAT, [2], {whole(1): TensorProto(float_val=[5, shard])})
        writer.save(tmp_path / f"m-{shard:05d}-of-00002")
    cut = tmp_path / "m-00000-of-00002"
    os.truncate(cut, cut.stat().st_size - 9)
    with open_checkpoint(tmp_path / asked_for) as checkpoint:
        [problem] = checkpoint.problems
        assert problem.message == f"{cut} begins as a checkpoint, but its end is missing."
        assert checkpoint.read("w1").tolist() == [5, 1]


def test_shards_put_one_variable_together(tmp_path: Path) -> None:
    for shard, (start, values) in enumerate([(0, [1, 2]), (2, [3, 4])]):
        writer = V1Writer()
        writer.add("w", FLOAT, [4], {((start, 2),): TensorProto(float_val=values)})
        writer.save(tmp_path / f"m-{shard:05d}-of-00002")
    with open_checkpoint(tmp_path / "m") as checkpoint:
        found = checkpoint.find("w")
        assert (found.shard, found.slices) == (None, 2)
        assert checkpoint.read("w").tolist() == [1, 2, 3, 4]


def test_shards_that_contradict_each_other_cost_that_variable(tmp_path: Path) -> None:
    for shard in range(2):
        writer = V1Writer()
        writer.add("w", FLOAT, [4 + shard], {((0, 4),): TensorProto(float_val=[1, 2, 3, 4])})
        writer.add("twice", FLOAT, [1], {whole(1): TensorProto(float_val=[1])})
        writer.add(f"own{shard}", FLOAT, [], {(): TensorProto(float_val=[shard])})
        writer.save(tmp_path / f"m-{shard:05d}-of-00002")
    with open_checkpoint(tmp_path / "m") as checkpoint:
        codes = {each.name: each.problem.code for each in checkpoint.variables if each.problem}
        assert codes == {"w": "bad-entry", "twice": "bad-slice"}
        assert (checkpoint.read("own0"), checkpoint.read("own1")) == (0, 1)


def one(path: Path, dtype: int, shape: list[int], data: TensorProto) -> SlicesV1:
    writer = V1Writer()
    writer.add("w", dtype, shape, {whole(len(shape)): data})
    writer.add("fine", FLOAT, [], {(): TensorProto(float_val=[1])})
    return open_v1(writer.save(path / "m"))


@pytest.mark.parametrize(
    ("dtype", "data"),
    [
        (FLOAT, TensorProto(float_val=[1] * 3)),
        (FLOAT, TensorProto(float_val=[1] * 5)),
        (FLOAT, TensorProto()),
        (FLOAT, TensorProto(tensor_content=bytes(16))),
        (FLOAT, TensorProto(int_val=[1] * 4)),
        (INT32, TensorProto(int_val=[-1] * 3)),
        (INT32, TensorProto(int_val=[1] * 5)),
        (INT64, TensorProto(int64_val=[1 << 40] * 3)),
        (BOOL, TensorProto(bool_val=[True] * 3)),
        (HALF, TensorProto(half_val=[1] * 5)),
        (STRING, TensorProto(string_val=[b"a"] * 3)),
    ],
)
def test_as_many_values_are_stored_as_there_are_elements(
    tmp_path: Path, dtype: int, data: TensorProto
) -> None:
    with one(tmp_path, dtype, [4], data) as checkpoint:
        with pytest.raises(DamagedFile, match=r"'w' is: it stores \d values where 4 belong\.") as caught:
            checkpoint.read("w")
        assert caught.value.problem.code == "bad-size"
        assert checkpoint.read("fine") == 1


def test_values_written_one_by_one_are_read_too(tmp_path: Path) -> None:
    writer = V1Writer()
    writer.add("w", INT32, [3], {whole(1): TensorProto()})
    key = next(iter(writer.records))
    minus_two = b"\x38" + b"\xfe" + b"\xff" * 8 + b"\x01"
    tensor = b"\x38\x05" + b"\x3a\x01\x07" + minus_two  # a value, a list of one, a value
    slice_ = b"\x1a" + bytes([len(tensor)]) + tensor
    writer.records[key] = b"\x12" + bytes([len(slice_)]) + slice_
    with open_v1(writer.save(tmp_path / "m")) as checkpoint:
        assert checkpoint.read("w").tolist() == [5, 7, -2]


def test_many_numbers_of_all_lengths_are_read(tmp_path: Path) -> None:
    values = np.concatenate([(1 << np.arange(63)) - 1, -(1 << np.arange(63)), np.arange(400_000) ** 3])
    data = TensorProto(int64_val=values.tolist())
    with one(tmp_path, INT64, [len(values)], data) as checkpoint:
        np.testing.assert_array_equal(checkpoint.read("w"), values)


class Impatient(CancelToken):
    """Cancelled at one of the looks at it."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self._left = looks

    def check(self) -> None:
        self._left -= 1
        if self._left == 0:
            self.cancel()
        super().check()


@pytest.mark.parametrize(
    ("looks", "within"), [(2, "read_block"), (3, "_lists"), (4, "_integers"), (5, "_integers")]
)
def test_a_large_value_is_given_up_while_it_is_decoded(tmp_path: Path, looks: int, within: str) -> None:
    data = TensorProto(int64_val=[1] * (3 << 20))
    with one(tmp_path, INT64, [3 << 20], data) as checkpoint:
        with pytest.raises(Cancelled) as caught:
            checkpoint.read("w", cancel=Impatient(looks))
        assert within in [entry.name for entry in caught.traceback]
        with pytest.raises(Cancelled):
            summarize(checkpoint, checkpoint.find("w"), Impatient(looks))
        assert checkpoint.read_flat(checkpoint.find("w"), 0, 2).tolist() == [1, 1]


def test_what_claims_more_than_the_file_can_hold_is_marked_at_once(tmp_path: Path) -> None:
    with little_memory(), one(tmp_path, FLOAT, [1 << 40], TensorProto(float_val=[1])) as checkpoint:
        assert checkpoint.find("w").problem.code == "bad-size"
        assert checkpoint.read("fine") == 1


def test_a_shape_that_overflows_costs_that_variable(tmp_path: Path) -> None:
    with one(tmp_path, FLOAT, [1 << 40, 1 << 40], TensorProto(float_val=[1])) as checkpoint:
        assert checkpoint.find("w").problem.code == "bad-shape"


@pytest.mark.parametrize("dtype", [FLOAT, STRING])
def test_more_axes_than_an_array_has_are_one_axis_even_without_values(tmp_path: Path, dtype: int) -> None:
    writer = V1Writer()
    writer.add("w", dtype, [1] * 253 + [0], {})
    with open_v1(writer.save(tmp_path / "old")) as checkpoint:
        (variable,) = checkpoint.variables
        assert variable.problem is None
        assert checkpoint.read(variable).shape == (0,)
        assert checkpoint.read_flat(variable, 0, 0).shape == (0,)
        assert verify(checkpoint).ok


def test_a_type_that_no_such_file_has_is_refused(tmp_path: Path) -> None:
    with one(tmp_path, 21, [1], TensorProto()) as checkpoint, pytest.raises(UnsupportedFeature):
        checkpoint.read("w")


def test_bfloat16_would_be_bit_patterns(tmp_path: Path) -> None:
    with one(tmp_path, BFLOAT16, [2], TensorProto(half_val=[0x3F80, 0xC000])) as checkpoint:
        assert checkpoint.read("w").astype(float).tolist() == [1, -2]


def test_a_part_left_out_of_the_list_is_missed(tmp_path: Path) -> None:
    writer = V1Writer()
    writer.add("w", FLOAT, [4], {((0, 2),): TensorProto(float_val=[1, 2])})
    writer.add("fine", FLOAT, [], {(): TensorProto(float_val=[1])})
    with open_v1(writer.save(tmp_path / "m")) as checkpoint:
        assert checkpoint.find("w").problem.code == "missing-slice"


def test_an_index_is_named_as_such(tmp_path: Path) -> None:
    file = tmp_path / "m"
    file.write_bytes((SAMPLES / "run" / "model.ckpt-10.index").read_bytes())
    with pytest.raises(NotACheckpoint, match="is the index of a newer checkpoint"):
        open_v1(file)


def test_a_later_version_is_refused(tmp_path: Path) -> None:
    meta = b"\x0a\x04\x12\x02\x10\x02"  # versions { min_consumer: 2 }
    (tmp_path / "m").write_bytes(table([(b"", meta)]))
    with pytest.raises(UnsupportedFeature, match="later reader"):
        open_v1(tmp_path / "m")


def test_nothing_there_is_said(tmp_path: Path) -> None:
    for name in ("m", "m-?????-of-00002"):
        with pytest.raises(NotFound):
            open_v1(tmp_path / name)


def values_or_nothing(path: Path) -> dict[str, Any] | None:
    try:
        with open_v1(path) as checkpoint:
            return {each.name: checkpoint.read(each).tolist() for each in checkpoint.variables}
    except CheckpointError:
        return None


def test_any_bit_flipped_is_noticed_or_harmless(tmp_path: Path) -> None:
    content = (SAMPLES / "v1_files" / "old.ckpt-3").read_bytes()
    with open_v1(SAMPLES / "v1_files" / "old.ckpt-3") as checkpoint:
        expected = {each.name: checkpoint.read(each).tolist() for each in checkpoint.variables}
    assert set(expected) == {"empty", "flags", "global_step", "half", "text", "weights"}
    for place in range(len(content)):
        file = tmp_path / "m"
        file.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
        assert values_or_nothing(file) in (expected, None), place


def test_a_file_cut_anywhere_is_never_taken_for_whole(tmp_path: Path) -> None:
    content = (SAMPLES / "v1_files" / "old.ckpt-3").read_bytes()
    for length in range(len(content)):
        (tmp_path / "m").write_bytes(content[:length])
        with pytest.raises(CheckpointError):
            open_v1(tmp_path / "m")


def test_a_file_replaced_while_open_is_not_read(tmp_path: Path) -> None:
    with one(tmp_path, FLOAT, [1], TensorProto(float_val=[1])) as checkpoint:
        os.utime(tmp_path / "m", (0, 0))
        with pytest.raises(DamagedFile) as caught:
            checkpoint.read("w")
        assert caught.value.problem.code == "changed-on-disk"


def test_values_are_let_go_of_once_they_were_read() -> None:
    with open_v1(SAMPLES / "contract" / "old_cut") as checkpoint:
        piece = checkpoint.pieces(checkpoint.find("wide"))[0]
        for start in range(0, piece.nbytes, 100):
            assert piece.source.read(start, 1)
            assert piece.source._decoded is not None
        piece.source.read(0, piece.nbytes)
        assert piece.source._decoded is None
        checkpoint.read_region(checkpoint.find("wide"), (slice(1), slice(2)))
        kept = weakref.ref(checkpoint._recent[1][0].source)
        checkpoint.read_region(checkpoint.find("bias"), (slice(1),))
        gc.collect()
        assert kept() is None
