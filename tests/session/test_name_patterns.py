"""Patterns against names made to keep them busy; each test need only end."""

import fnmatch
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.expressions import LONGEST
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.session.filters import Filter, Haystack
from ckpt_viewer.session.name_patterns import Expression, Glob

LONG = Variable("a" * 5000, "float32", (1,), 4)


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+$", "(a*)*b", "(?:a+?)*b", "((a+)){20}b", "(a|aa)+$", "(a|a)*b", "(a?){50}b",
        "a?" * 40 + "b", "a*" * 10 + "b", "(?=(a+)+b)x", "(a|ab?)+c", "(x|(a+)+)y", "(Aa|aa)+c",
        "(?>(a+)+b)", "(a{1,30}){1,30}b", "a?" * 24 + "z", "(?:^){99999999}",
        "(?=a){4000000000}", "(?i)(?:sx|ſx)+!", "(?:Sx|ſx)+!",
        r"\w{0,3}" * 12 + "-", "[a-z]{0,9}" * 8 + "_",
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


def test_an_expression_that_takes_too_long_for_so_many_names_is_left_out_and_told() -> None:
    names = [f"model/block_{number:05d}/attention/output/dense/kernel" for number in range(20_000)]
    haystack = Haystack([Variable(name, "float32", (1,), 4) for name in names])
    assert haystack.select(Filter.parse("/.*.*.*[xyz]z/ block_00001")) == []
    assert haystack.left_out == ""
    assert haystack.select(Filter.parse("/.*.*.*[xyz]z/ block_1")) == list(range(10_000, 20_000))
    assert haystack.left_out == "an expression that takes too long for 10,000 names"
    assert haystack.select(Filter.parse("/block_0000[12]/")) == [1, 2]
    assert haystack.left_out == ""


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


@pytest.mark.parametrize("text", ["/v1|w/", "/^x/", "/a+b$/", "/[xy]/", "*", "a*", "*b", "a*b", "*a*b*"])
@given(names=st.lists(st.text("abvwx1\n", max_size=6)))
def test_many_names_are_answered_like_each_by_itself(text: str, names: list[str]) -> None:
    (pattern,) = Filter.parse(text).patterns
    answers = pattern.answers(iter(names), end=math.inf)
    assert list(map(bool, answers)) == list(map(pattern.accepts, names))
