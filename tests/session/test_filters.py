import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.session.filters import Filter, Haystack

VARIABLES = (
    Variable("conv1/kernel", "float32", (3, 3, 3, 64), 6912, "weight"),
    Variable("conv1/kernel/Adam", "float32", (3, 3, 3, 64), 6912, "slot"),
    Variable("conv2/BIAS", "bfloat16", (64,), 128, "weight"),
    Variable("bn/moving_mean", "float16", (64,), 128, "batch-statistics"),
    Variable("bn/moving_mean/avg", "float32", (3, 3), 36, "ema"),
    Variable("embedding", "float32", (50000, 300), 60_000_000, "weight"),
    Variable("global_step", "int64", (), 8, "counter"),
    Variable("layer/.ATTRIBUTES/VARIABLE_VALUE", "uint8", (1,), 1, full_name="dense/Kernel"),
    Variable("sp ace:0", "string", (2,), 9, "other"),
)


def found(text: str) -> list[str]:
    wanted = Filter.parse(text)
    names = [VARIABLES[row].name for row in wanted.apply(VARIABLES)]
    assert names == [variable.name for variable in VARIABLES if wanted.accepts(variable)]
    return names


def test_no_text_accepts_everything():
    assert Filter.parse("  ").is_empty
    assert found("") == [variable.name for variable in VARIABLES]


def test_a_word_is_any_part_of_the_name_in_any_case():
    assert found("Bias") == ["conv2/BIAS"]
    assert found("conv") == ["conv1/kernel", "conv1/kernel/Adam", "conv2/BIAS"]


def test_all_terms_must_match():
    assert found("conv kernel role:slot") == ["conv1/kernel/Adam"]
    assert found("conv1 embedding") == []


def test_the_name_people_gave_is_searched_too():
    assert found("dense") == ["layer/.ATTRIBUTES/VARIABLE_VALUE"]
    assert found("dense*") == ["layer/.ATTRIBUTES/VARIABLE_VALUE"]
    assert found("/kernel$/") == ["conv1/kernel", "layer/.ATTRIBUTES/VARIABLE_VALUE"]


def test_quotes_keep_blanks_together():
    assert found('"sp ace"') == ["sp ace:0"]
    assert found('"sp') == ["sp ace:0"]


def test_a_star_stands_for_anything_and_the_rest_must_be_the_whole_name():
    assert found("conv*") == ["conv1/kernel", "conv1/kernel/Adam", "conv2/BIAS"]
    assert found("*kernel") == ["conv1/kernel", "layer/.ATTRIBUTES/VARIABLE_VALUE"]
    assert found("*MOVING*avg") == ["bn/moving_mean/avg"]
    assert found("onv*") == []


def test_a_regular_expression_stands_between_slashes():
    assert found("/conv[12]/") == ["conv1/kernel", "conv1/kernel/Adam", "conv2/BIAS"]
    assert found("/^bn.mov/ role:ema") == ["bn/moving_mean/avg"]


def test_an_unfinished_regular_expression_is_a_word():
    assert found("/kernel conv1/k") == ["conv1/kernel", "conv1/kernel/Adam"]


@pytest.mark.parametrize("text", ["/conv[/", "/(/", "/[[/", "/*/"])
def test_an_invalid_regular_expression_is_reported_not_raised(text):
    wanted = Filter.parse(f"{text} conv2")
    assert "is no regular expression" in wanted.problem
    assert wanted.words == ("conv2",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/conv(/", "a ( is not closed (character 5)"),
        ("/conv)/", "a ) closes nothing (character 5)"),
        ("/conv[/", "a [ is not closed (character 5)"),
        ("/*/", "there is nothing before *, + or ? that it could repeat (character 1)"),
        ("/a+*/", "one of *, + and ? cannot repeat another (character 3)"),
        ("/\\q/", "a \\ stands before what it does not go with (character 1)"),
        ("/[z-a]/", "a range in [ ] goes backwards (character 2)"),
        ("/\\2/", "it refers to a group that is not there (character 2)"),
        ("/(?P<x/", "it cannot be understood (character 5)"),
        ("/a{99999999999}/", "it is too large"),
    ],
)
def test_what_is_wrong_with_an_expression_is_said_in_our_words(text, why):
    assert Filter.parse(text).problem == f"{text} is no regular expression: {why}."


def test_dtypes_are_found_by_how_they_begin():
    assert found("dtype:float16") == ["bn/moving_mean"]
    assert found("dtype:bf16,int") == ["conv2/BIAS", "global_step"]
    assert found("dtype:STRING") == ["sp ace:0"]


def test_shapes_are_found_by_how_they_begin():
    assert found("shape:3x3") == ["conv1/kernel", "conv1/kernel/Adam", "bn/moving_mean/avg"]
    assert found("shape:=3×3") == ["bn/moving_mean/avg"]
    assert found("shape:*x300") == ["embedding"]
    assert found("shape:scalar") == ["global_step"]


def test_roles_are_found_by_how_they_begin():
    assert found("role:batch") == ["bn/moving_mean"]
    assert found("role:ema,counter") == ["bn/moving_mean/avg", "global_step"]
    assert "no role" in Filter.parse("role:sloth").problem


def test_sizes_are_bytes_and_params_are_elements():
    assert found("size:>1M") == ["embedding"]
    assert found("size:>=6912 size:<=6.75KiB") == ["conv1/kernel", "conv1/kernel/Adam"]
    assert found("size:8") == ["global_step"]
    assert found("params:>1M") == ["embedding"]
    assert found("params:<2") == ["global_step", "layer/.ATTRIBUTES/VARIABLE_VALUE"]


@pytest.mark.parametrize("text", ["size:", "size:>", "dtype:", "role:", "shape:"])
def test_a_term_still_being_typed_hides_nothing(text):
    assert len(found(text)) == len(VARIABLES)
    assert not Filter.parse(text).problem


@pytest.mark.parametrize("text", ["size:big", "shape:3y3", "size:>1y", "shape:" + "9" * 5000])
def test_what_cannot_be_understood_is_named_and_left_out(text):
    assert Filter.parse(text).is_empty
    assert Filter.parse(text).problem.startswith(text.partition(":")[2])


def test_an_unknown_key_is_part_of_a_name():
    assert found("ace:0") == ["sp ace:0"]


@given(st.text())
def test_any_text_gives_a_filter(text):
    wanted = Filter.parse(text)
    assert wanted.apply(VARIABLES) == [row for row, each in enumerate(VARIABLES) if wanted.accepts(each)]


def test_a_haystack_answers_like_a_plain_search():
    many = [Variable(f"layer_{i % 97}/w{i}", "float32", (i % 5,), i) for i in range(3000)]
    rows = Haystack(many).select(Filter.parse("LAYER_1 w2"))
    assert rows == [i for i, each in enumerate(many) if re.search("layer_1", each.name) and "w2" in each.name]
