import os

import numpy as np
import pytest

from ckpt_viewer import open_checkpoint
from ckpt_viewer.analysis.name_map import parse_name_map
from ckpt_viewer.cli.parser import NAME_RULES
from tests.bundle_writer import write_bundle
from tests.cli.conftest import SAMPLES, flip

OLD, NEW = SAMPLES / "run/model.ckpt-10", SAMPLES / "run/model.ckpt-20"
KEYS = {
    "a", "b", "status", "how", "max_abs", "mean_abs", "rms", "relative", "cosine", "changed", "count",
}  # fmt: skip


@pytest.fixture
def two(tmp_path):
    """Two checkpoints with a pair of every kind."""
    same, base = np.arange(6, dtype="f").reshape(2, 3), np.array([3.0, 4.0, np.nan], "f")
    a = {"same": same, "moved": base, "grown": same, "typed": same, "gone": same, "zero": np.zeros(2, "f")}
    changed = base + np.array([0, 1, 0], "f")
    b = {"same": same, "moved": changed, "grown": same[:1], "typed": same.astype("d"), "new": same}
    b["zero"] = np.ones(2, "f")
    return write_bundle(tmp_path / "a", a), write_bundle(tmp_path / "b", b)


def pairs(document):
    return {each["a"] or each["b"]: each for each in document["pairs"]}


def test_figures_are_those_of_numpy(cli):
    ran = cli("diff", OLD, NEW, "--json")
    assert (ran.status, ran.err) == (1, "")
    assert (ran.document["a"], ran.document["b"]) == (str(OLD), str(NEW))
    with open_checkpoint(OLD) as a, open_checkpoint(NEW) as b:
        for name, pair in pairs(ran.document).items():
            assert pair.keys() >= KEYS
            assert pair["status"] == "changed"
            check(pair, a.read(name).astype("d"), b.read(name).astype("d"))


def check(pair, a, b):
    difference = b - a
    expected = {
        "max_abs": np.abs(difference).max(),
        "mean_abs": np.abs(difference).mean(),
        "rms": np.sqrt((difference**2).mean()),
        "relative": np.linalg.norm(difference) / np.linalg.norm(a),
        "cosine": np.vdot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b)),
        "changed": (difference != 0).sum(),
        "count": a.size,
    }
    assert {key: pair[key] for key in expected} == pytest.approx(expected, rel=1e-9)


def test_every_kind_of_pair_is_counted(cli, two):
    ran = cli("diff", *two, "--json")
    assert ran.status == 1
    assert ran.document["counts"] == {
        "identical": 1, "changed": 2, "shape": 1, "dtype": 1, "only_a": 1, "only_b": 1,
    }  # fmt: skip
    found = pairs(ran.document)
    assert {name: pair["status"] for name, pair in found.items()} == {
        "same": "identical",
        "moved": "changed",
        "zero": "changed",
        "grown": "shape",
        "typed": "dtype",
        "gone": "only-a",
        "new": "only-b",
    }
    assert (found["gone"]["b"], found["new"]["a"]) == (None, None)
    assert (found["same"]["how"], found["same"]["changed"], found["same"]["count"]) == ("checksum", 0, 6)
    assert (found["moved"]["how"], found["moved"]["changed"]) == ("bytes", 1)
    assert (found["zero"]["relative"], found["zero"]["max_abs"]) == (None, 1)


def test_a_checkpoint_is_identical_to_itself(cli):
    for words in ((), ("--exact",)):
        ran = cli("diff", NEW, NEW, "--json", *words)
        assert ran.status == 0
        assert ran.document["counts"]["identical"] == len(ran.document["pairs"]) == 15
        assert {pair["changed"] for pair in ran.document["pairs"]} == {0}
        assert {pair["how"] for pair in ran.document["pairs"]} == {"bytes" if words else "checksum"}


def test_nothing_but_the_index_is_read_where_checksums_agree(cli, run_folder):
    (run_folder / "model.ckpt-20.data-00000-of-00001").unlink()
    assert cli("diff", run_folder / "model.ckpt-20", NEW).status == 0


@pytest.mark.parametrize("left", [None, 20])
def test_what_a_listing_says_is_wrong_with_a_side_is_told_where_no_byte_is_read_too(cli, run_folder, left):
    data, side = run_folder / "model.ckpt-20.data-00000-of-00001", run_folder / "model.ckpt-20"
    data.unlink() if left is None else os.truncate(data, left)
    [problem] = cli("ls", side, "--json").document["problems"]
    for sides in ((side, NEW), (NEW, side), (side, side)):
        ran = cli("diff", *sides, "--json")
        assert (ran.status, ran.document["problems"]) == (0, [problem])
        assert ran.err == f"ckpt-viewer: problem: {problem['message']}\nhint: {problem['hint']}\n"


def test_what_cannot_be_read_is_told(cli, run_folder):
    (run_folder / "model.ckpt-20.data-00000-of-00001").unlink()
    ran = cli("diff", run_folder / "model.ckpt-20", NEW, "--exact", "--json")
    assert ran.status == 2
    assert {pair["problem"]["code"] for pair in ran.document["pairs"]} == {"missing-shard"}
    problem, _, error, hint = ran.err.splitlines()
    assert problem.startswith("ckpt-viewer: problem: ")
    sides = run_folder / "model.ckpt-20", NEW
    assert error == "ckpt-viewer: error: 15 of 15 pairs of {} and {} cannot be compared.".format(*sides)
    assert hint == "hint: ckpt-viewer verify {}, or {}, tells what is damaged.".format(*sides)


def test_a_map_brings_other_names_together(cli, tmp_path):
    a = write_bundle(tmp_path / "a", {"old/w": np.ones(3, "f"), "old/b": np.ones(2, "f")})
    b = write_bundle(tmp_path / "b", {"new/w": np.ones(3, "f"), "new/b": np.zeros(2, "f")})
    assert cli("diff", a, b, "--json").document["counts"]["only_a"] == 2
    (tmp_path / "map").write_text("prefix:old/ = new/\n")
    ran = cli("diff", a, b, "--map", tmp_path / "map", "--json")
    assert [(each["a"], each["b"], each["status"]) for each in ran.document["pairs"]] == [
        ("old/b", "new/b", "changed"),
        ("old/w", "new/w", "identical"),
    ]


def test_text_has_both_names_only_where_they_differ(cli, tmp_path):
    a = write_bundle(tmp_path / "a", {"old/w": np.ones(3, "f"), "same": np.ones(2, "f")})
    b = write_bundle(tmp_path / "b", {"new/w": np.zeros(3, "f"), "same": np.zeros(2, "f")})
    heads, *rows = cli("diff", a, b).out.splitlines()[4:]
    assert heads.split()[:3] == ["name", "shape", "status"]
    assert [row.split()[:3] for row in rows] == [
        ["same", "2", "changed"], ["new/w", "3", "only-b"], ["old/w", "3", "only-a"],
    ]  # fmt: skip
    (tmp_path / "map").write_text("prefix:old/ = new/\n")
    heads, *rows = cli("diff", a, b, "--map", tmp_path / "map").out.splitlines()[4:]
    assert heads.split()[:3] == ["a", "b", "shape"]
    assert [row.split()[:4] for row in rows] == [
        ["old/w", "new/w", "3", "changed"], ["same", "same", "2", "changed"],
    ]  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
@pytest.mark.parametrize("make", [os.mkdir, getattr(os, "mkfifo", None)])
def test_a_map_that_is_no_file_is_an_error_that_nobody_waits_for(make, cli, tmp_path):
    make(tmp_path / "map")
    ran = cli("diff", OLD, NEW, "--map", tmp_path / "map")
    assert ran.status == 2
    assert ran.err.startswith(f"ckpt-viewer: error: {tmp_path / 'map'} ")
    assert ran.err.endswith("\nhint: An ordinary file is needed in its place.\n")


def test_a_map_that_is_not_there_is_an_error(cli, tmp_path):
    ran = cli("diff", OLD, NEW, "--map", tmp_path / "map")
    assert ran.status == 2
    assert str(tmp_path / "map") in ran.err


def test_text_counts_and_sorts_by_relative_change(cli, two):
    ran = cli("diff", *two)
    lines = ran.out.splitlines()
    assert ran.status == 1
    assert lines[:2] == [f"A  {two[0]} · bundle", f"B  {two[1]} · bundle"]
    known = "(1 identical by their stored checksums; --exact reads the values)"
    assert lines[2] == f"1 identical, 2 changed, 1 shape, 1 dtype, 1 only-a, 1 only-b {known}"
    assert lines[4].split()[:3] == ["name", "shape", "status"]
    assert lines[5].startswith("moved")
    assert len(lines) == 5 + 6
    assert "2×3 → 1×3" in ran.out


def test_text_says_how_it_is_known_that_nothing_changed(cli, run_folder):
    flip(run_folder / "model.ckpt-20.data-00000-of-00001", 0)
    ran = cli("diff", NEW, run_folder / "model.ckpt-20")
    count_line = ran.out.splitlines()[2]
    assert (ran.status, ran.err) == (0, "")
    assert count_line.endswith("(15 identical by their stored checksums; --exact reads the values)")
    assert "checksum" not in cli("diff", NEW, NEW, "--exact").out


def test_text_of_equal_checkpoints_has_no_table(cli):
    ran = cli("diff", NEW, NEW)
    assert (ran.status, len(ran.out.splitlines())) == (0, 3)


def test_rules_that_match_nothing_are_told(cli, tmp_path):
    (tmp_path / "map").write_text(
        "prefix:old/ = new/\nglobal_step = nowhere\nhidden/weights = hidden/weights\n"
    )
    ran = cli("diff", OLD, NEW, "--map", tmp_path / "map", "--json")
    first, second = ran.document["problems"]
    assert first["message"].startswith(f"Line 1 of {tmp_path}/map (prefix:old/ = new/) matches nothing")
    assert "B has no variable 'nowhere'" in second["message"]
    assert ran.err.count("ckpt-viewer: problem: Line ") == 2
    assert ran.status == 1


def test_a_rule_that_cannot_be_understood_is_an_error(cli, tmp_path):
    (tmp_path / "map").write_text("regex:old/(.*) = new/\\1\n")
    ran = cli("diff", OLD, NEW, "--map", tmp_path / "map")
    assert (ran.status, ran.out) == (2, "")
    assert "there is no kind of rule called 'regex'" in ran.err


def test_help_shows_rules_that_are_rules(cli, tmp_path):
    out = cli("diff", "-h").out
    for line in NAME_RULES.splitlines():
        assert line in out
        assert len(parse_name_map(line.split("   ")[0], tmp_path).lines) == (not line.startswith("#"))


def test_a_side_whose_checksum_is_wrong_is_told(cli, run_folder):
    flip(run_folder / "model.ckpt-20.data-00000-of-00001", 0)
    side = run_folder / "model.ckpt-20"
    assert cli("diff", side, NEW).status == 0
    ran = cli("diff", side, NEW, "--exact", "--json")
    [pair] = [pair for pair in ran.document["pairs"] if pair["status"] == "changed"]
    assert (ran.status, pair["problem"]["code"], pair["changed"]) == (1, "bad-checksum", 1)
    assert ran.err.startswith(f"ckpt-viewer: problem: {pair['problem']['message']}")


@pytest.mark.parametrize("words", [(), ("--exact",)])
def test_equal_values_of_which_a_side_is_not_what_was_saved_are_a_finding(cli, tmp_path, words):
    ones = np.ones(6, "f")
    a = write_bundle(tmp_path / "a", {"good": ones, "w": ones})
    b = write_bundle(tmp_path / "b", {"good": ones, "w": ones + 1})
    (tmp_path / "b.data-00000-of-00001").write_bytes((tmp_path / "a.data-00000-of-00001").read_bytes())
    ran = cli("diff", a, b, "--json", *words)
    pair = pairs(ran.document)["w"]
    assert (ran.status, pair["status"], pair["changed"]) == (1, "identical", 0)
    assert [problem["code"] for problem in pair["damage"]] == ["bad-checksum"]
    ran = cli("diff", a, b, *words)
    assert ran.status == 1
    count_line, _, _, *rows = ran.out.splitlines()[2:]
    assert count_line.startswith("2 identical, 0 changed")
    assert ", 1 of them damaged" in count_line
    assert [row.split()[:5] for row in rows] == [["w", "6", "identical,", "damaged", "0"]]


def test_a_changed_row_says_that_a_side_is_not_what_was_saved(cli, tmp_path):
    sides = [write_bundle(tmp_path / side, {"w": np.ones(6, "f") * place}) for place, side in enumerate("ab")]
    for side in "ab":
        flip(tmp_path / f"{side}.data-00000-of-00001", 0)
    ran = cli("diff", *sides)
    assert (ran.status, "changed, damaged" in ran.out) == (1, True)
    assert ran.err.count("are not those that were saved") == 2
    [pair] = cli("diff", *sides, "--json").document["pairs"]
    assert [pair["problem"], len(pair["damage"])] == [pair["damage"][0], 2]


def test_what_cannot_be_read_is_counted_as_neither_equal_nor_changed(cli, run_folder):
    (run_folder / "model.ckpt-20.data-00000-of-00001").unlink()
    ran = cli("diff", run_folder / "model.ckpt-20", NEW, "--exact")
    count_line, _, _, *rows = ran.out.splitlines()[2:]
    assert count_line.startswith("0 identical, 0 changed")
    assert count_line.endswith(", 15 unreadable")
    assert {"unreadable" in row for row in rows} == {True}
    assert (ran.status, len(rows)) == (2, 15)


def test_a_data_file_that_was_cut_is_told_once_with_the_number_of_variables(cli, run_folder):
    data, side = run_folder / "model.ckpt-20.data-00000-of-00001", run_folder / "model.ckpt-20"
    os.truncate(data, 20)
    [whole] = cli("ls", side, "--json").document["problems"]
    ran = cli("diff", OLD, side)
    unread = sum("unreadable" in line.split() for line in ran.out.splitlines()[3:])
    problem, hint, error, _ = ran.err.splitlines()
    assert (ran.status, unread) == (2, 12)
    assert problem == f"ckpt-viewer: problem: {whole['message']} {unread} variables could not be read."
    assert hint == f"hint: {whole['hint']}"
    assert error == f"ckpt-viewer: error: {unread} of 15 pairs of {OLD} and {side} cannot be compared."
    pairs = cli("diff", OLD, side, "--json").document["pairs"]
    told = {pair["problem"]["message"] for pair in pairs if pair["problem"]}
    assert len(told) == unread  # each says where its own values should end


def test_what_is_not_finite_on_a_side_is_told_beside_the_figures_that_leave_it_out(cli, tmp_path):
    a = write_bundle(tmp_path / "a", {"w": np.array([1.0, 2.0, 3.0])})
    b = write_bundle(tmp_path / "b", {"w": np.array([1.0, np.nan, 3.5])})
    ran = cli("diff", a, b)
    [row] = ran.out.splitlines()[5:]
    assert " changed, NaN or Inf " in row
    assert " NaN, 0.1581 " in row
    [pair] = cli("diff", a, b, "--json").document["pairs"]
    assert (pair["changed"], pair["nonfinite"], pair["max_abs"]) == (2, 1, 0.5)


def test_a_cosine_that_rounding_alone_may_have_made_is_told_as_about_zero(cli, tmp_path):
    x, y = np.random.default_rng(3).normal(size=(2, 10))
    a = write_bundle(tmp_path / "a", {"far": np.array([1.0, 0.0]), "w": np.concatenate([x, y])})
    b = write_bundle(tmp_path / "b", {"far": np.array([1e-9, 1.0]), "w": np.concatenate([y, -x])})
    cosines = {row.split()[0]: row.split()[-3] for row in cli("diff", a, b).out.splitlines()[5:]}
    assert cosines == {"w": "~0", "far": "1e-09"}
    assert 0 < abs(pairs(cli("diff", a, b, "--json").document)["w"]["cosine"]) < 1e-15


def test_text_ranks_as_the_window_does(cli, tmp_path):
    """A NaN that came or went weighs more than any ratio; a change from all zeros has none, and less."""
    ones = np.ones(2, "f")
    b = {"little": ones * 1.5, "lost": ones * np.nan, "much": ones * 9, "zeros": ones}
    a = write_bundle(tmp_path / "a", {name: ones * (name != "zeros") for name in [*b, "gone"]})
    rows = [row.split() for row in cli("diff", a, write_bundle(tmp_path / "b", b)).out.splitlines()[5:]]
    assert [row[0] for row in rows] == ["lost", "much", "little", "zeros", "gone"]
    assert rows[3][6] == "∞"


def test_text_never_says_all_unless_all_nor_none_unless_none(cli, tmp_path):
    zeros = np.zeros(1_000_000, "u1")
    changed = {"all": 1_000_000, "half": 500_000, "most": 999_999, "one": 1}
    a = write_bundle(tmp_path / "a", dict.fromkeys(changed, zeros + 1))
    b = {name: zeros + 1 + (np.arange(1_000_000) < count) for name, count in changed.items()}
    ran = cli("diff", a, write_bundle(tmp_path / "b", {name: each.astype("u1") for name, each in b.items()}))
    parts = {row.split()[0]: row.split("  ")[-1].strip() for row in ran.out.splitlines()[5:]}
    assert parts == {"all": "100 %", "half": "50 %", "most": "99.99 %", "one": "< 0.001 %"}
