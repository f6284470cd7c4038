"""Frozen graphs as checkpoints: the contract, TensorFlow's answers, splats, and damage."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.analysis.verify import verify
from ckpt_viewer.errors import (
    CheckpointError,
    DamagedFile,
    NotACheckpoint,
    RequestRefused,
    UnsupportedFeature,
)
from ckpt_viewer.formats.checkpoint import Checkpoint
from ckpt_viewer.formats.graphs.frozen import FrozenGraph, open_frozen
from ckpt_viewer.formats.protos.graph_pb2 import AttrValue, GraphDef, NodeDef
from ckpt_viewer.formats.protos.tensor_pb2 import TensorProto
from ckpt_viewer.formats.readers import open_checkpoint, open_graph
from ckpt_viewer.formats.values.streaming import blocks
from tests.corpus import SAMPLES, oracle_folder
from tests.formats.answers import digest
from tests.formats.checkpoint_contract import CheckpointContract
from tests.formats.graph_files import node
from tests.formats.test_damaged_bundles import little_memory

FLOAT = 1
FROZEN = SAMPLES / "graphs" / "frozen.pb"


class TestConstants(CheckpointContract):
    @pytest.fixture
    def checkpoint(self) -> Iterator[Checkpoint]:
        with open_frozen(SAMPLES / "contract" / "constants.pb") as checkpoint:
            yield checkpoint


def graphs() -> list[Any]:
    """Every GraphDef that TensorFlow was asked about, with what it said of its constants."""
    found = []
    for folder in filter(None, map(oracle_folder, ("seed1-small", "seed1-hard"))):
        for file in sorted(folder.glob("*/oracle.json")):
            for name, told in json.loads(file.read_text()).get("graphs", {}).items():
                if name.endswith((".pb", ".pbtxt")) and "consts" in told and "meta" not in told:
                    consts = {const: facts for const, facts in told["consts"].items() if "sha256" in facts}
                    found.append(pytest.param(file.parent / name, consts, id=f"{file.parent.name}/{name}"))
    return found


@pytest.mark.parametrize(("path", "consts"), graphs())
def test_every_constant_is_tensorflows(path: Path, consts: dict[str, Any]) -> None:
    with open_checkpoint(path) as checkpoint:
        assert (checkpoint.kind, list(checkpoint.problems)) == ("frozen-graph", [])
        for name, told in consts.items():
            variable = checkpoint.find(name)
            assert (variable.dtype, list(variable.shape)) == (told["dtype"], told["shape"])
            assert digest(checkpoint.read(variable), told["dtype"]) == told["sha256"], name
            stream = list(blocks(checkpoint, variable, size=16))
            assert digest(np.concatenate(stream or [np.empty(0)]), told["dtype"]) == told["sha256"], name


def test_text_and_binary_hold_the_same() -> None:
    with open_checkpoint(FROZEN) as one, open_checkpoint(FROZEN.with_suffix(".pbtxt")) as other:
        assert list(one.variables) == list(other.variables)
        assert [each.role for each in one.variables] == ["weight", "weight"]
        for each in one.variables:
            np.testing.assert_array_equal(one.read(each), other.read(each))


def test_nothing_vouches_for_its_bytes(tmp_path: Path) -> None:
    with open_frozen(FROZEN) as checkpoint:
        verification = verify(checkpoint)
    assert verification.ok
    assert {check.status for check in verification.variables} == {"unchecked"}
    with opened(tmp_path, node("x", "Placeholder")) as checkpoint:
        assert verify(checkpoint).ok


def test_it_is_still_a_graph() -> None:
    assert open_graph(FROZEN).kind == "frozen-graph"
    assert open_graph(FROZEN).ops["Const"] == 2


def tensor(shape: list[int], dtype: int = FLOAT, **values: Any) -> AttrValue:
    proto = TensorProto(dtype=dtype, **values)
    proto.tensor_shape.SetInParent()
    for length in shape:
        proto.tensor_shape.dim.add(size=length)
    return AttrValue(tensor=proto)


def const(name: str, shape: list[int], dtype: int = FLOAT, **values: Any) -> NodeDef:
    return node(name, "Const", value=tensor(shape, dtype, **values))


def opened(folder: Path, *nodes: NodeDef) -> FrozenGraph:
    path = folder / "g.pb"
    path.write_bytes(GraphDef(node=nodes).SerializeToString())
    return open_frozen(path)


def test_a_splat_of_two_to_the_forty_is_listed_and_never_expanded(tmp_path: Path) -> None:
    bomb, fine = const("bomb", [1 << 20, 1 << 20], float_val=[1.5]), const("w", [2], float_val=[1, 2])
    with little_memory(), opened(tmp_path, bomb, fine) as checkpoint:
        variable = checkpoint.find("bomb")
        assert (variable.shape, variable.nbytes) == ((1 << 20, 1 << 20), 4)
        for ask in (
            lambda: checkpoint.read("bomb"),
            lambda: checkpoint.pieces(variable),
            lambda: checkpoint.read_region(variable, (slice(1), slice(1))),
            lambda: checkpoint.read_flat(variable, 0, 1),
        ):
            with pytest.raises(RequestRefused, match="stands for 1099511627776 elements") as caught:
                ask()
            assert caught.value.problem.code == "too-large"
        assert checkpoint.read("w").tolist() == [1, 2]


def test_a_modest_splat_is_repeated_as_it_is_read(tmp_path: Path) -> None:
    with little_memory(), opened(tmp_path, const("w", [5000, 5000], float_val=[4, 1.5])) as checkpoint:
        variable = checkpoint.find("w")
        summary = summarize(checkpoint, variable)
        assert (summary.count, summary.min, summary.max) == (25_000_000, 1.5, 4)
        region = checkpoint.read_region(variable, (slice(0, 2), slice(0, 2)))
        assert region.tolist() == [[4, 1.5], [1.5, 1.5]]
        assert checkpoint.read_flat(variable, 24_999_999, 1).tolist() == [1.5]


@pytest.mark.parametrize(
    ("attribute", "code"),
    [
        (tensor([4], tensor_content=b"abc"), "bad-size"),
        (tensor([1 << 60, 1 << 60], float_val=[1]), "bad-shape"),
        (tensor([-1], float_val=[1]), "bad-shape"),
        (tensor([1] * 65, float_val=[1]), "bad-shape"),
        (tensor([1], 99, float_val=[1]), "bad-dtype"),
        (AttrValue(i=3), "bad-graph"),
    ],
)
def test_a_constant_that_makes_no_sense_costs_only_itself(
    tmp_path: Path, attribute: AttrValue, code: str
) -> None:
    with opened(tmp_path, node("bad", "Const", value=attribute), const("w", [], float_val=[1])) as checkpoint:
        assert checkpoint.find("bad").problem.code == code
        with pytest.raises(DamagedFile, match=r"constant 'bad' in .*g\.pb cannot be read"):
            checkpoint.read("bad")
        assert checkpoint.read("w") == 1


def test_variants_and_resources_are_listed_only(tmp_path: Path) -> None:
    with opened(tmp_path, const("v", [], 21)) as checkpoint, pytest.raises(UnsupportedFeature):
        checkpoint.read("v")


def test_weights_are_what_ops_compute_with(tmp_path: Path) -> None:
    nodes = [
        *(const(name, [2], float_val=[1, 2]) for name in ("read", "direct", "start", "idle", "waited_for")),
        const("ones", [2], float_val=[1]),
        const("rate", [], float_val=[1]),
        const("axes", [2], 3, int_val=[1]),
        node("read/read", "Identity", ["read"]),
        node("step", "ReadVariableOp", ["read/read:0"]),
        node("assign", "Assign", ["x", "start"]),
        node("out", "AddN", ["step", "direct:0", "ones", "rate", "axes", "^waited_for"]),
        *(
            const(f"bn/{name}", [2], float_val=[1, 2])
            for name in ("gamma", "beta", "moving_mean", "moving_variance")
        ),
        node(
            "norm",
            "FusedBatchNorm",
            ["out", *(f"bn/{n}" for n in ("gamma", "moving_mean", "moving_variance"))],
        ),
    ]
    with opened(tmp_path, *nodes) as checkpoint:
        roles = {each.name: each.role for each in checkpoint.variables}
    assert {name for name, role in roles.items() if role == "weight"} == {"read", "direct", "bn/gamma"}
    assert {name for name, role in roles.items() if role == "batch-statistics"} == {
        "bn/moving_mean", "bn/moving_variance",
    }  # fmt: skip


def test_a_graph_without_constants_opens_empty_and_says_why(tmp_path: Path) -> None:
    with opened(tmp_path, node("x", "Placeholder")) as checkpoint:
        assert not checkpoint.variables
        assert [problem.code for problem in checkpoint.problems] == ["not-a-checkpoint"]


def test_of_nodes_with_one_name_the_first_counts(tmp_path: Path) -> None:
    with opened(tmp_path, const("w", [], float_val=[1]), const("w", [], float_val=[2])) as checkpoint:
        assert checkpoint.read("w") == 1
        assert [problem.code for problem in checkpoint.problems] == ["bad-graph"]


def test_other_graphs_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotACheckpoint, match="holds a MetaGraphDef"):
        open_frozen(SAMPLES / "run" / "model.ckpt-10.meta")


def values_as_far_as_they_go(path: Path) -> tuple[int, bool]:
    """How many constants can be read, and whether something is said to be wrong."""
    try:
        with open_frozen(path) as checkpoint:
            return sum(checkpoint.read(each).size >= 0 for each in checkpoint.variables), bool(
                checkpoint.problems
            )
    except CheckpointError:
        return 0, True


def test_a_file_cut_anywhere_keeps_the_constants_before(tmp_path: Path) -> None:
    content = (SAMPLES / "contract" / "constants.pb").read_bytes()
    path, counts = tmp_path / "g.pb", []
    for length in range(0, len(content), 61):
        path.write_bytes(content[:length])
        count, wrong = values_as_far_as_they_go(path)
        assert wrong
        counts.append(count)
    assert counts == sorted(counts)
    assert counts[-1] == 6


def test_any_bit_flipped_gives_values_or_one_of_our_errors(tmp_path: Path) -> None:
    content = FROZEN.read_bytes()
    path = tmp_path / "g.pb"
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
        assert values_as_far_as_they_go(path)[0] <= 3


def test_a_file_replaced_while_open_is_not_read(tmp_path: Path) -> None:
    with opened(tmp_path, const("w", [], float_val=[1])) as checkpoint:
        os.utime(checkpoint.path, (0, 0))
        with pytest.raises(DamagedFile, match="was replaced"):
            checkpoint.read("w")
