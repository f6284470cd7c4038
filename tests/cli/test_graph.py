from dataclasses import asdict

import pytest

from ckpt_viewer.formats.graphs.fingerprint import read_fingerprint
from tests.cli.conftest import SAMPLES

META = SAMPLES / "run/model.ckpt-10.meta"
KEYS = {
    "path", "kind", "nodes", "ops", "functions", "tensorflow_version", "tags", "placeholders", "saver",
    "collections", "signatures", "problems",
}  # fmt: skip


def test_a_meta_graph_has_all_of_it(cli):
    ran = cli("graph", META, "--json")
    assert (ran.status, ran.err) == (0, "")
    document = ran.document
    assert document.keys() >= KEYS
    assert (document["path"], document["kind"]) == (str(META), "meta-graph")
    assert sum(document["ops"].values()) == document["nodes"] == 236
    assert document["tensorflow_version"].count(".") == 2
    assert {"name": "features", "dtype": "float32", "shape": [-1, 4]} in document["placeholders"]
    assert document["saver"]["version"] == "V2"
    collections = {each["name"]: each for each in document["collections"]}
    assert collections["sizes"] == {"name": "sizes", "kind": "int64_list", "items": [6]}
    assert collections["train_op"]["kind"] == "node_list"
    assert len(collections["variables"]["items"]) == 15


def test_a_saved_model_has_signatures_and_tags(cli):
    document = cli("graph", SAMPLES / "graphs/saved_model", "--json").document
    assert document["kind"] == "saved-model"
    assert document["tags"] == ["serve"]
    signature = document["signatures"]["serving_default"]
    assert signature["inputs"]["x"] == {"name": "serving_default_x:0", "dtype": "float32", "shape": [-1, 2]}
    assert any("inference" in name for name in document["functions"])


def test_a_signature_that_names_an_operation_says_so(cli):
    """TensorFlow stores no type and no shape with it: there is no tensor."""
    model, name = SAMPLES / "graphs/saved_model", "__saved_model_init_op"
    stored = cli("graph", model, "--json").document["signatures"][name]["outputs"][name]
    assert stored == {"name": "NoOp", "dtype": "invalid", "shape": None}
    [row] = [line for line in cli("graph", model).out.splitlines() if line.startswith(name)]
    assert row.split() == [name, "out", name, "NoOp", "operation"]


def test_a_saved_model_has_assets_and_a_fingerprint(cli):
    model = SAMPLES / "graphs/saved_model"
    document = cli("graph", model, "--json").document
    assert document["assets"] == ["words.txt"]
    assert document["fingerprint"] == asdict(read_fingerprint(model)[0])
    text = cli("graph", model).out
    assert document["fingerprint"]["uuid"] in text
    assert "words.txt" in text
    assert cli("graph", META, "--json").document["fingerprint"] is None


@pytest.mark.parametrize("name", ["frozen.pb", "frozen.pbtxt"])
def test_a_graph_def_is_read_as_bytes_and_as_text(name, cli):
    document = cli("graph", SAMPLES / "graphs" / name, "--json").document
    assert document["ops"]["Const"] == 2
    assert document["ops"]["Softmax"] == 1


def test_one_node(cli):
    ran = cli("graph", META, "--node", "output/logits", "--json")
    assert ran.document == {
        "name": "output/logits",
        "op": "MatMul",
        "device": "",
        "inputs": ["hidden/relu", "output/logits/ReadVariableOp"],
        "control_inputs": [],
        "consumers": ran.document["consumers"],
        "attributes": ran.document["attributes"],
    }
    assert "sub" in ran.document["consumers"]
    assert ran.document["attributes"]["T"] == "float32"


def test_a_node_as_text(cli):
    out = cli("graph", META, "--node", "output/logits:0").out
    assert out.startswith("output/logits: MatMul\ninput: hidden/relu\n")
    assert "T = float32" in out


def test_a_node_that_is_not_there_is_an_error(cli):
    ran = cli("graph", META, "--node", "output/logit")
    assert (ran.status, ran.out) == (2, "")
    assert "hint: Near it are output/logits" in ran.err


def test_the_hint_for_a_name_like_no_other_is_about_nodes(cli):
    hint = cli("graph", META, "--node", "zzzz").err.splitlines()[1]
    assert hint.startswith("hint: The names of the 236 nodes are like ")


def test_text_counts_ops_and_lists_the_rest(cli):
    out = cli("graph", META).out
    assert out.startswith("meta-graph: 236 nodes, TensorFlow ")
    assert "\nops (35)\n" in out
    assert "features       float32  ?×4" in out
    assert "variables                 VariableDef     15" in out


def test_a_checkpoint_without_a_graph_says_so(cli, run_folder):
    for meta in run_folder.glob("*.meta"):
        meta.unlink()
    ran = cli("graph", run_folder / "model.ckpt-10")
    assert ran.status == 2
    assert ran.err.startswith("ckpt-viewer: error: ")


def test_a_cut_graph_is_told(cli, tmp_path):
    (tmp_path / "cut.meta").write_bytes(META.read_bytes()[:-1000])
    ran = cli("graph", tmp_path / "cut.meta", "--json")
    [problem] = [each for each in ran.document["problems"] if each["code"] == "truncated"]
    assert (ran.status, ran.err) == (0, "")  # what is left of it was asked for, and told
    told = f"ckpt-viewer: problem: {problem['message']}\n"
    assert told in cli("graph", tmp_path / "cut.meta").err


def test_a_node_that_is_missing_from_a_cut_graph_may_be_in_what_was_cut(cli, tmp_path):
    (tmp_path / "cut.meta").write_bytes(META.read_bytes()[:3000])
    ran = cli("graph", tmp_path / "cut.meta", "--node", "output/logits")
    assert ran.status == 2
    told = [line.split(": ")[1] for line in ran.err.splitlines() if line.startswith("ckpt-viewer: ")]
    assert told[0] == "problem"
    assert told[-1] == "error"
    assert "is cut short after 3000 bytes" in ran.err
