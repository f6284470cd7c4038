"""Patterns against names made to keep them busy; each test need only end."""

import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.session.filters import Filter
from ckpt_viewer.session.name_patterns import LONGEST, Expression, Glob

LONG = Variable("a" * 5000, "float32", (1,), 4)


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+$", "(a*)*b", "(?:a+?)*b", "((a+)){20}b", "(a|aa)+$", "(a|a)*b", "(a?){50}b",
        "a?" * 40 + "b", "a*" * 10 + "b", "(?=(a+)+b)x", "(a|ab?)+c", "(x|(a+)+)y", "(Aa|aa)+c",
        "(?>(a+)+b)", "(a{1,30}){1,30}b",
    ],
)  # fmt: skip
def test_an_expression_that_could_take_for_ever_is_left_out_and_named(text: str) -> None:
    wanted = Filter.parse(f"/{text}/")
    assert wanted.problem == f"/{text}/ was left out: this expression could take for ever."
    assert wanted.apply([LONG]) == [0]


@pytest.mark.parametrize(
    "text",
    ["conv[12]", ".*kernel$", "^(conv|dense)_?[0-9]+/.*", "(conv|dense)+", "(_[0-9])?_v[0-9]*", "a{3}",
     "([0-9]{2}){3}", "adam(/m|/v)?$", "layer.*attention.*kernel", "(", "[a-",
     r"(\w|a)+b", "(?L)a"],
)  # fmt: skip
def test_expressions_of_everyday_use_are_not(text: str) -> None:
    assert "for ever" not in Filter.parse(f"/{text}/").problem


def test_a_glob_of_many_stars_ends() -> None:
    assert not Filter.parse("*a" * 500 + "*b").apply([LONG])
    assert Filter.parse("*a" * 500 + "*").apply([LONG]) == [0]


def test_of_a_long_name_an_expression_sees_the_beginning() -> None:
    names = "a" * LONGEST + "b\n" + "c" * 5000
    assert Expression("^a+$").accepts(names)
    assert Expression("^c+$").accepts(names)
    assert not Expression("b").accepts(names)


@given(st.text("ab*", max_size=8).filter(lambda text: "*" in text), st.text("ab\n", max_size=12))
def test_a_glob_is_what_the_shell_takes_it_for(text: str, names: str) -> None:
    expected = any(re.match(fnmatch.translate(text), name) for name in names.split("\n"))
    assert Glob(text).accepts(names) == expected
