import pytest

from ckpt_viewer.cli.parser import COMMANDS, UsageError, parse


def options(*words):
    return vars(parse(words).options)


def test_no_words_open_the_window():
    assert parse([]).module == "window"
    assert options() == {"paths": [], "demo": False, "compare": None, "debug": False}


def test_paths_open_the_window():
    assert options("a", "b", "--demo")["paths"] == ["a", "b"]


def test_a_first_word_that_is_a_command_is_the_command():
    assert parse(["scan", "x"]).module == "scan"
    assert parse(["./scan"]).module == "window"
    assert options("--", "scan")["paths"] == ["scan"]


def test_compare_opens_the_window_on_two():
    request = parse(["compare", "one", "two"])
    assert (request.module, request.options.a, request.options.b) == ("window", "one", "two")


def test_options_and_operands_come_in_any_order():
    expected = options("export", "c", "n", "m", "-o", "x", "--json")
    assert options("export", "-o", "x", "c", "--json", "n", "m") == expected
    assert options("export", "c", "-o", "x", "n", "--json", "m") == expected
    assert expected["names"] == ["n", "m"]


def test_what_begins_with_a_dash_goes_behind_two_dashes():
    found = options("stats", "--json", "--", "-c", "--json", "-")
    assert (found["checkpoint"], found["names"]) == ("-c", ["--json", "-"])


def test_a_negative_number_is_a_name():
    assert options("stats", "c", "-1")["names"] == ["-1"]


def test_debug_goes_anywhere():
    assert parse(["--debug", "ls", "c"]).module == "ls"
    assert parse(["ls", "--debug", "c"]).module == "ls"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ls"], "The following arguments are required: CKPT."),
        (["ls", "a", "b"], "Unrecognized arguments: b."),
        (["ls", "a", "--jso"], "Unrecognized arguments: --jso."),
        (["--unknown"], "Unrecognized arguments: --unknown."),
        (["export", "c", "n"], "The following arguments are required: -o/--output."),
        (["export", "c", "n", "-o"], "Argument -o/--output: expected one argument."),
        (["diff", "a", "b", "--map"], "Argument --map: expected one argument."),
    ],
)
def test_words_that_make_no_command_are_told_in_a_sentence(words, message):
    with pytest.raises(UsageError) as caught:
        parse(words)
    assert str(caught.value) == message
    assert "-h explains it" in caught.value.hint


@pytest.mark.parametrize("name", COMMANDS)
def test_help_explains_each_command_with_an_example(name, capsys):
    with pytest.raises(SystemExit):
        parse([name, "-h"])
    out = capsys.readouterr().out
    assert COMMANDS[name].summary in out
    assert f"  ckpt-viewer {name} " in out
    assert ("--json" in out) == COMMANDS[name].has_json


def test_help_without_a_command_lists_them(capsys):
    with pytest.raises(SystemExit):
        parse(["--help"])
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in COMMANDS)
