import io
import json
import math

import numpy as np
import pytest

from ckpt_viewer.cli.printing import MOST_TOLD, plain, print_json, print_line, print_problems, print_table
from ckpt_viewer.errors import Problem

ESC = chr(27)


def test_columns_are_aligned_and_end_without_blanks(capsys):
    print_table(("name", ">n"), [("a", "1"), ("long", "12")])
    assert capsys.readouterr().out == "name   n\na      1\nlong  12\n"


def test_wide_letters_take_two_columns_and_accents_none(capsys):
    print_table(("name", "x"), [("名前", "1"), ("a\u0301", "2")])
    assert capsys.readouterr().out == "name  x\n名前  1\na\u0301     2\n"


def test_one_long_name_among_short_ones_keeps_the_columns_aligned(capsys):
    long = "layer_with_weights-0/kernel/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE"
    print_table(("name", "dtype", ">bytes"), [("a", "float32", "4 B"), (long, "int64", "1.0 KiB")] * 3)
    lines, types = capsys.readouterr().out.splitlines(), ["dtype", *["float32", "int64"] * 3]
    assert {line.index(word) for line, word in zip(lines, types, strict=True)} == {84}
    assert len({len(line) for line in lines}) == 1


def test_an_endless_name_pushes_only_its_own_row(capsys):
    print_table(("name", "x"), [("n" * 500, "1"), ("a", "2")])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "n" * 500 + "  1"
    assert len(lines[2]) < 100


def test_no_name_reaches_the_terminal_as_it_is(capsys):
    print_table(("name", "x"), [(ESC + "[2J\nfoo", "1"), ("bad\udcff", "2")])
    out = capsys.readouterr().out
    assert ESC not in out
    assert out.splitlines()[1:] == [r"\x1b[2J\nfoo  1", r"bad\xff       2"]


def test_a_terminal_that_knows_few_letters_gets_others_escaped():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="\n")
    print_line("3×3 名", stream)
    stream.flush()
    assert stream.buffer.getvalue() == rb"3x3 \u540d" + b"\n"


def test_json_is_one_document_with_an_item_a_line(capsys):
    print_json({"path": "x", "items": [{"a": 1}, {"a": 2}], "empty": [], "words": ["a", "b"]})
    out = capsys.readouterr().out
    assert json.loads(out) == {"path": "x", "items": [{"a": 1}, {"a": 2}], "empty": [], "words": ["a", "b"]}
    assert len(out.splitlines()) == 9


def test_json_is_ascii_and_keeps_bytes_that_are_no_text(capsys):
    print_json({"name": "bad\udcff\n名"})
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out) == {"name": "bad\udcff\n名"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (math.nan, None),
        (-math.inf, None),
        ([1.5, math.inf], [1.5, None]),
        ((1, (2,)), [1, [2]]),
        (b"text\xff", "text\udcff"),
        (np.float32(0.5), 0.5),
        (np.array([1.0, np.nan]), [1.0, None]),
        ({"a": {"b": b"c"}}, {"a": {"b": "c"}}),
        (True, True),
        (2**63, 2**63),
        (1 + 2j, "(1+2j)"),
        (Problem("refused", "No.", "Try."), {"code": "refused", "message": "No.", "hint": "Try."}),
    ],
)
def test_values_become_what_json_can_say(value, expected):
    assert plain(value) == expected


def test_of_very_many_problems_the_last_ones_are_counted(capsys):
    print_problems(Problem("refused", f"no {number}") for number in range(MOST_TOLD + 3))
    lines = capsys.readouterr().err.splitlines()
    assert lines[-2:] == [
        f"ckpt-viewer: problem: no {MOST_TOLD - 1}",
        "ckpt-viewer: 3 more; --json tells them all.",
    ]
