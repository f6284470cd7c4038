"""The commands and their words. A path or name that begins with a dash goes behind `--`."""

import argparse
import os
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn

from ckpt_viewer.cli.printing import finish_output, print_line

CKPT = "a prefix, any of its files, a V1 or frozen file, a SavedModel, a state file, or a folder (its newest)"
FORMATS = ("npy", "npz", "csv", "safetensors")
PLOTS = ("histogram", "heatmap", "line")
_VALUE_OPTIONS = {"-o", "--output", "--format", "--map", "--node", "--kind", "--slice"}
# A few lines that the reader of the rules has too: help comes without loading it.
NAME_RULES = r"""dense/kernel = fc/w        this variable of A is that one of B
prefix:old/ = new/         names that begin so; either side may be empty
/layer_(\d+)/ = block\1    a regular expression, and what takes the place of its first match
ema                        an ExponentialMovingAverage of A is the plain variable of B
# a remark"""
_INDENTED_RULES = "\n".join(f"  {line}" for line in NAME_RULES.splitlines())
_NUMBER = re.compile(r"-\d+(\.\d*)?|-\.\d+")


class UsageError(Exception):
    """The words make no command we know."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class Request(NamedTuple):
    """What was asked: the module whose `run` does it, and its options."""

    module: str
    options: argparse.Namespace


class Command(NamedTuple):
    name: str
    summary: str
    example: str
    add_words: Callable[[argparse.ArgumentParser], None]
    module: str = ""
    has_json: bool = True


def parse(words: Sequence[str]) -> Request:
    """Raises `UsageError`; `SystemExit` once help or the version was printed."""
    leading = [word for word in words if word != "--debug"]
    if leading and leading[0] in COMMANDS:
        command, rest = COMMANDS[leading[0]], leading[1:]
    else:
        command, rest = WINDOW, leading
    try:
        options = _parser(command).parse_args(_operands_last(rest))
    except UsageError as error:
        late = next((word for word in rest if word in COMMANDS), None) if command is WINDOW else None
        if late is None:
            raise
        raise UsageError(str(error), f"Options go behind the command: ckpt-viewer {late} ….") from error
    return Request(command.module or command.name, options)


def _operands_last(words: Sequence[str]) -> list[str]:
    """Words in any order → options, `--`, operands: the one order argparse understands without fail."""
    options: list[str] = []
    operands: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            operands.extend(rest)
        elif not word.startswith("-") or word == "-" or _NUMBER.fullmatch(word):
            operands.append(word)
        else:
            value = next(rest, None) if word in _VALUE_OPTIONS else None
            if value is not None and word.startswith("--"):
                options.append(f"{word}={value}")  # also where the value begins with a dash
            else:
                options += [word] if value is None else [word, value]
    return [*options, "--", *operands] if operands else options


class _Parser(argparse.ArgumentParser):
    """Tells of help that could not be printed; argparse takes that for printed."""

    def print_help(self, file: Any = None) -> None:
        print_line(self.format_help().rstrip("\n"), file)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        finish_output()
        super().exit(status, message)

    def error(self, message: str) -> NoReturn:
        hint = f"{self.prog} -h explains it. A path or name that begins with a dash goes behind `--`."
        raise UsageError(message[:1].upper() + message[1:] + ".", hint)


class _PrintVersion(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from ckpt_viewer.version import version

        print_line(f"ckpt-viewer {version()}")
        parser.exit()


def _parser(command: Command) -> _Parser:
    parser = _Parser(
        prog=f"ckpt-viewer {command.name}".strip(),
        description=command.summary,
        epilog=command.example if command.name else f"{command.example}\n\n{_command_list()}",
        formatter_class=_formatter,
        allow_abbrev=False,
    )
    command.add_words(parser)
    if command.has_json:
        parser.add_argument("--json", action="store_true", help="print one JSON document instead of text")
    # Handled before parsing; here for the help.
    parser.add_argument("--debug", action="store_true", help="show a traceback when something fails")
    return parser


def _formatter(prog: str) -> argparse.HelpFormatter:
    """As wide as the terminal; argparse would load `shutil` to find that out, even where nobody asks."""
    asked = os.environ.get("COLUMNS", "")
    try:
        columns = int(asked) if asked.isdecimal() else os.get_terminal_size(1).columns
    except OSError:
        columns = 80
    return argparse.RawDescriptionHelpFormatter(prog, width=columns - 2)


def _command_list() -> str:
    rows = "\n".join(f"  {command.name:<9} {command.summary}" for command in COMMANDS.values())
    more = "`ckpt-viewer COMMAND -h` explains each; ./scan is a path of that name"
    return f"commands ({more}):\n{rows}"


def nearest_command(word: str) -> str:
    """What a word that is no path may have meant; empty where it is like no command."""
    from difflib import get_close_matches

    return "".join(get_close_matches(word, COMMANDS, 1))


def _path(text: str) -> str:
    """As it is; an empty one would silently be the folder one is in."""
    if not text:
        hint = "A variable of the shell that is not set leaves one; . is the folder you are in."
        raise UsageError("A path is empty.", hint)
    return text


def _window(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", type=_path, nargs="*", help="folders or checkpoints to open")
    parser.add_argument("--demo", action="store_true", help="open the sample run that ships with the program")
    parser.add_argument("--version", action=_PrintVersion, help="print the version and exit")
    parser.set_defaults(compare=None)


def _two(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar="A", type=_path, help=CKPT)
    parser.add_argument("b", metavar="B", type=_path, help="the other, the same way")


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", type=_path, help="where to look, folders inside included")


def _checkpoint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("checkpoint", metavar="CKPT", type=_path, help=CKPT)


def _stats(parser: argparse.ArgumentParser) -> None:
    _checkpoint(parser)
    parser.add_argument("names", metavar="NAME", nargs="*", help="variables; all if none is named")


def _diff(parser: argparse.ArgumentParser) -> None:
    _two(parser)
    parser.add_argument("--exact", action="store_true", help="read the bytes even where checksums agree")
    rules = "rules for names of A that are others in B, one to a line, in the forms below"
    parser.add_argument("--map", metavar="FILE", help=rules)


def _export(parser: argparse.ArgumentParser) -> None:
    _checkpoint(parser)
    parser.add_argument("names", metavar="NAME", nargs="*", help="the variables to write")
    target = "a file for one variable, a folder for several, or one .npz or .safetensors"
    parser.add_argument("-o", "--output", metavar="PATH", required=True, help=target)
    parser.add_argument("--all", action="store_true", help="write all variables")
    parser.add_argument("--format", choices=FORMATS, help="default: by the ending of PATH, else npy")
    bits = "write bfloat16, float8 and the like as their bits, in unsigned integers"
    parser.add_argument("--raw", action="store_true", help=bits)
    parser.add_argument("--force", action="store_true", help="replace files that are there already")


def _graph(parser: argparse.ArgumentParser) -> None:
    kinds = "a .meta, a GraphDef (.pb, .pbtxt), a SavedModel folder, or a checkpoint with a graph beside it"
    parser.add_argument("path", metavar="PATH", type=_path, help=kinds)
    parser.add_argument("--node", metavar="NAME", help="show this one node")


def _plot(parser: argparse.ArgumentParser) -> None:
    _checkpoint(parser)
    parser.add_argument("name", metavar="NAME", help="the variable")
    parser.add_argument("-o", "--output", metavar="FILE.png", required=True, help="the picture to write")
    parser.add_argument("--kind", choices=PLOTS, default=PLOTS[0], help=f"default: {PLOTS[0]}")
    part = "what to draw of more axes: an index or `:` for each, such as 0,2,:,:; default: the last axes at 0"
    parser.add_argument("--slice", metavar="INDEX", help=part)
    parser.add_argument("--force", action="store_true", help="replace a picture that is there already")


WINDOW = Command(
    "",
    "See what is in TensorFlow checkpoints. Without a command: opens the window.",
    "examples:\n  ckpt-viewer runs/mnist\n  ckpt-viewer --demo\n  ckpt-viewer ls runs/mnist/model.ckpt-1000",
    _window,
    module="window",
    has_json=False,
)
COMMANDS = {
    command.name: command
    for command in (
        Command(
            "compare",
            "open the window on the comparison of two checkpoints",
            "example:\n  ckpt-viewer compare run/model.ckpt-1000 run/model.ckpt-2000",
            _two,
            module="window",
            has_json=False,
        ),
        Command(
            "scan",
            "the checkpoints below a folder",
            "example:\n  ckpt-viewer scan ~/runs --json",
            _folder,
        ),
        Command(
            "ls",
            "its variables: type, shape, bytes, role",
            "example:\n  ckpt-viewer ls run/model.ckpt-1000",
            _checkpoint,
        ),
        Command(
            "stats",
            "exact statistics of variables: min, max, mean, std, zeros, NaN, Inf",
            "example:\n  ckpt-viewer stats run/model.ckpt-1000 conv1/kernel conv1/bias",
            _stats,
        ),
        Command(
            "diff",
            "what changed between two checkpoints; exit status 1 if anything did",
            f"examples:\n  ckpt-viewer diff run/model.ckpt-1000 run/model.ckpt-2000\n"
            f"  ckpt-viewer diff old/model.ckpt-9 new/model.ckpt-9 --map names.txt\n\n"
            f"lines of names.txt:\n{_INDENTED_RULES}\n\n"
            "Pairs identical by their checksums are not read: without --exact their figures are null.",
            _diff,
        ),
        Command(
            "verify",
            "every checksum, every shard, every size; exit status 1 if something is damaged",
            "example:\n  ckpt-viewer verify run/model.ckpt-1000 && echo whole",
            _checkpoint,
        ),
        Command(
            "export",
            "values to .npy, .npz, .csv or .safetensors",
            "examples:\n"
            "  ckpt-viewer export run/model.ckpt-1000 conv1/kernel -o kernel.npy\n"
            "  ckpt-viewer export run/model.ckpt-1000 --all -o weights.npz\n\n"
            "csv: up to two axes as rows for numpy.loadtxt; more axes as `axis0,axis1,…,value` lines.",
            _export,
        ),
        Command(
            "graph",
            "ops, collections and signatures of a graph, or one of its nodes",
            "examples:\n  ckpt-viewer graph run/model.ckpt-1000.meta\n"
            "  ckpt-viewer graph run/model.ckpt-1000.meta --node conv1/Conv2D",
            _graph,
        ),
        Command(
            "plot",
            "a picture of a variable as .png, without a window",
            "examples:\n  ckpt-viewer plot run/model.ckpt-1000 conv1/kernel -o kernel.png\n"
            "  ckpt-viewer plot run/model.ckpt-1000 conv1/kernel -o k.png --kind heatmap --slice 0,2,:,:\n\n"
            "A histogram is of all elements; a heatmap shows two axes, a line one: its title says where.",
            _plot,
        ),
    )
}
