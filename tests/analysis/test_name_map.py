"""Each kind of rule, and what is said of lines that are none."""

from pathlib import Path

import pytest

from ckpt_viewer.analysis.name_map import NameMap, parse_name_map, read_name_map
from ckpt_viewer.errors import CheckpointError, NotFound

FILE = Path("names.txt")


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("", "a", ("a",)),
        ("a = b", "a", ("b",)),
        ("a=b", "a", ("b",)),
        ("a = b", "c", ("c",)),
        ("a=1 = b", "a=1", ("b",)),
        ("w:0 = w", "w:0", ("w",)),
        ("prefix:old/ = new/", "old/x", ("new/x", "old/x")),
        ("prefix:old/ =", "old/x", ("x", "old/x")),
        ("prefix: = model/", "x", ("model/x", "x")),
        (r"/layer_(\d+)/ = block\1", "layer_7/w", ("block7/w", "layer_7/w")),
        ("/_1$/ =", "w_1", ("w", "w_1")),
        ("ema", "w/ExponentialMovingAverage", ("w", "w/ExponentialMovingAverage")),
        ("# only a remark\n\nprefix:a = b\nprefix:a = c", "ax", ("bx", "cx", "ax")),
        ("\ufeffa = ä", "a", ("ä",)),
    ],
)
def test_a_rule_gives_names_to_try(text, name, found):
    assert parse_name_map(text.removeprefix("\ufeff"), FILE).names_of_b(name) == found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a = b\nnonsense", "Line 2 of names.txt is no rule: there is no equals sign in it."),
        ("a =", "Line 1 of names.txt is no rule: a name is missing on one side of the equals sign."),
        ("a = b\na = c", "Line 2 of names.txt is no rule: 'a' has a partner already, 'b'."),
        (
            f"/{'(' * 3000}{')' * 3000}/ = x",
            "Line 1 of names.txt is no rule: the regular expression is wrong",
        ),
        ("/a{99999999999}/ = x", "Line 1 of names.txt is no rule: the regular expression is wrong"),
        ("/(a+)+$/ = x", "Line 1 of names.txt is no rule: this expression could take for ever"),
        (
            r"/x/ = \2",
            "Line 1 of names.txt is no rule: the regular expression is wrong: it refers to a group",
        ),
        (
            "a = b\nregex:w_(.*) = v_\\1",
            "Line 2 of names.txt is no rule: there is no kind of rule called 'regex'.",
        ),
        ("Prefix:old/ = new/", "Line 1 of names.txt is no rule: there is no kind of rule called 'Prefix'."),
        ("/(/ = x", "Line 1 of names.txt is no rule: the regular expression is wrong: a ( is not closed"),
    ],
)
def test_a_line_that_is_no_rule_is_named(text, sentence):
    with pytest.raises(CheckpointError) as caught:
        parse_name_map(text, FILE)
    assert str(caught.value).startswith(sentence.removesuffix("."))
    assert caught.value.hint


def test_a_file_is_read_whatever_its_line_ends(tmp_path):
    file = tmp_path / "names.txt"
    file.write_bytes(b"\xef\xbb\xbfa = b\r\nprefix:x/ = y/\r\n")
    assert read_name_map(file) == NameMap({"a": "b"}, parse_name_map("prefix:x/ = y/", file).rules)


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(NotFound, match="is not there"):
        read_name_map(tmp_path / "names.txt")


def test_a_folder_is_no_list_of_names(tmp_path):
    with pytest.raises(CheckpointError, match="is a folder"):
        read_name_map(tmp_path)


def test_rules_that_bring_nothing_together_are_told():
    text = "a = b\ngone = b\na = b\nx = nowhere\nprefix:old/ = new/\nprefix:layer/ = block/\n/z+/ = y\nema\n"
    text += "prefix:w = v"
    names = parse_name_map(text, FILE)
    of_a, of_b = ("a", "x", "layer/1", "layer/2", "layer/3", "w1"), ("b", "new/1", "v1")
    assert [problem.message for problem in names.problems(of_a, of_b)] == [
        "Line 2 of names.txt (gone = b) matches nothing: A has no such variable.",
        "Line 4 of names.txt (x = nowhere) matches nothing: B has no variable 'nowhere'.",
        "Line 5 of names.txt (prefix:old/ = new/) matches nothing: A has no such variable.",
        "Line 6 of names.txt (prefix:layer/ = block/) matches nothing: "
        "B has no variable 'block/1', nor the 2 others.",
        "Line 7 of names.txt (/z+/ = y) matches nothing: A has no such variable.",
        "Line 8 of names.txt (ema) matches nothing: A has no such variable.",
    ]
