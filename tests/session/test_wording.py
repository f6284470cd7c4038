import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.errors import NotFound, Problem
from ckpt_viewer.session.wording import (
    cosine_text,
    count_text,
    number_text,
    plural,
    printable,
    shape_text,
    short_shape_text,
    size_text,
)

ESC = chr(27)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("conv1/kernel", "conv1/kernel"),
        ("ünïcode/名前", "ünïcode/名前"),
        ("new\nline\ttab", r"new\nline\ttab"),
        (ESC + "[2Jgone", r"\x1b[2Jgone"),
        ("rtl/\u202eabc", r"rtl/\u202eabc"),
        ("bad\udcff\udcfe", r"bad\xff\xfe"),
        ("lone\ud800", r"lone\ud800"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("\x9b31m", r"\x9b31m"),
    ],
)
def test_names_are_shown_without_anything_invisible(name, shown):
    assert printable(name) == shown


@given(st.text(st.characters(codec=None)))
def test_what_is_shown_stays_on_one_line_and_can_be_encoded(name):
    shown = printable(name)
    assert not any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp") for each in shown)
    shown.encode()


def test_sizes_are_in_powers_of_1024():
    assert [size_text(each) for each in (0, 812, 6912, 1 << 30)] == ["0 B", "812 B", "6.8 KiB", "1.0 GiB"]
    assert size_text(1024 * 1024 - 1) == "1.0 MiB"


def test_counts_are_in_powers_of_1000():
    assert [count_text(each) for each in (0, 812, 1728, 25_600_000)] == ["0", "812", "1.7k", "25.6M"]


def test_shapes_without_axes_are_scalars():
    assert shape_text((3, 3, 64)) == "3×3×64"
    assert shape_text(()) == "scalar"


def test_numbers_keep_four_digits_and_short_integers_all_of_theirs():
    assert [number_text(each) for each in (None, 12345, 0.1234567, 10**12)] == [
        "",
        "12345",
        "0.1235",
        "1e+12",
    ]


def test_one_is_singular():
    assert [plural(each, "variable") for each in (0, 1, 1234)] == [
        "0 variables",
        "1 variable",
        "1,234 variables",
    ]
    assert plural(2, "index", "indexes") == "2 indexes"


def test_a_shape_of_many_axes_is_cut_and_counted():
    assert short_shape_text((3, 3, 64)) == "3×3×64"
    assert short_shape_text(()) == "scalar"
    assert short_shape_text((2,) * 253) == "2×2×2×2×2×2×2×2×…  (253 axes)"


def test_a_problem_is_printable_whatever_the_names_in_it_hold():
    problem = Problem("not-found", "/a\x1b[2J/\u202eb is not there.", "Look at\nthe path.")
    assert problem.message == r"/a\x1b[2J/\u202eb is not there."
    assert problem.hint == r"Look at\nthe path."
    error = NotFound("a\x07b is not there.")
    assert str(error) == error.problem.message == r"a\x07b is not there."


@pytest.mark.parametrize(
    ("cosine", "text"),
    [
        (1.0, "1"),
        (-1.0, "-1"),
        (0.999984, "0.999984"),
        (-0.99999912, "-0.99999912"),
        (1 - 2**-53, "0.9999999999999999"),
        (0.46057, "0.4606"),
        (0.0, "0"),
        (1e-15, "~0"),
    ],
)
def test_only_a_cosine_of_one_is_told_as_one(cosine, text):
    assert cosine_text(cosine, error=1e-14) == text
