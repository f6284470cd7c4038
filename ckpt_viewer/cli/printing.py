"""Text, tables and JSON on standard output; what went wrong on standard error.

Everything out of a file is made printable first: a name cannot send anything to the terminal but itself.
"""

import math
import os
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from ckpt_viewer.errors import Problem
from ckpt_viewer.session.wording import printable

PLAIN_LETTERS = str.maketrans({"×": "x", "–": "-", "…": "...", "→": "->", "Δ": "d", "‖": "|", "·": "-"})
MOST_TOLD = 100  # problems
MAX_WIDTH = 120  # of a column; a longer cell moves the rest of its own row only
# What to try where the error itself has no better idea.
HINTS = {
    "not-found": "ckpt-viewer scan DIR lists checkpoints, ckpt-viewer ls CKPT their variables.",
    "not-a-checkpoint": "ckpt-viewer scan DIR lists the checkpoints below a folder.",
    "not-a-graph": "Give a .meta, a .pb or a SavedModel folder.",
    "unsupported": "A newer version of ckpt-viewer may know it.",
    "refused": "ckpt-viewer ls CKPT lists the types and shapes.",
    "changed-on-disk": "Try again once whatever writes to it is done.",
}
FALLBACK_HINT = "Fetch the file again from where it came; ckpt-viewer verify CKPT looks for more damage."


def print_line(text: str = "", stream: TextIO | None = None) -> None:
    """One line of text that is printable already."""
    stream = stream or sys.stdout
    try:
        stream.write(text + "\n")
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        known = text.translate(PLAIN_LETTERS).encode(encoding, "backslashreplace")
        print_line(known.decode(encoding), stream)
    except BrokenPipeError:
        abandon(stream)


def finish_output() -> None:
    """What is still buffered goes out; whoever has read enough is no error, and changes no status."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        abandon(sys.stdout)


def abandon(stream: TextIO) -> None:
    """Where nothing can be written any more, what is still buffered must not be tried again at exit."""
    try:
        stream.flush()
    except OSError:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


def print_error(message: str, hint: str) -> None:
    """What stopped us, and what to try."""
    print_line(f"ckpt-viewer: error: {printable(message)}", sys.stderr)
    print_line(f"hint: {printable(hint)}", sys.stderr)


def print_failure(problem: Problem) -> None:
    print_error(problem.message, problem.hint or HINTS.get(problem.code, FALLBACK_HINT))


def print_problems(
    problems: Iterable[Problem], word: str = "problem", *, unread: Iterable[Problem] = ()
) -> None:
    """What is wrong with the files, though it did not stop us.

    Args:
        problems: Each is told once.
        word: What they are called.
        unread: Why variables could not be read, of each: what they have in common is told once.
    """
    concerned = Counter(problem.of_the_file for problem in unread)
    told = list(dict.fromkeys([*(each.of_the_file for each in problems), *concerned]))
    for problem in told[:MOST_TOLD]:
        count = concerned[problem]
        number = f" {count:,} variables could not be read." if count > 1 else ""
        print_line(f"ckpt-viewer: {word}: {printable(problem.message)}{number}", sys.stderr)
        if problem.hint:
            print_line(f"hint: {printable(problem.hint)}", sys.stderr)
    if len(told) > MOST_TOLD:
        print_line(f"ckpt-viewer: {len(told) - MOST_TOLD:,} more; --json tells them all.", sys.stderr)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Aligned columns; a head that begins with `>` has its column to the right."""
    to_right = [head.startswith(">") for head in heads]
    lines = [[head.lstrip(">") for head in heads], *([printable(cell) for cell in row] for row in rows)]
    widths = [_column_width(column) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = zip(line, widths, to_right, strict=True)
        print_line("  ".join(_padded(*cell) for cell in cells).rstrip())


def print_json(document: Mapping[str, Any]) -> None:
    """One JSON document, an item of its lists a line; what is not finite is null."""
    import json  # for whoever asks for it

    encode = json.JSONEncoder(allow_nan=False).encode
    members = (f"{encode(key)}: {_member(plain(value), encode)}" for key, value in document.items())
    print_line("{\n " + ",\n ".join(members) + "\n}")


def problem_document(problem: Problem | None) -> dict[str, str] | None:
    if problem is None:
        return None
    return {"code": problem.code, "message": problem.message, "hint": problem.hint}


def plain(value: Any) -> Any:
    """What JSON can say: bytes as text with surrogate escapes, NaN and infinities as null."""
    match value:
        case bool() | int() | str() | None:
            return value
        case float():
            return value if math.isfinite(value) else None
        case bytes():
            return value.decode("utf-8", "surrogateescape")
        case Problem():
            return problem_document(value)
        case Mapping():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case Path():
            return str(value)
    return plain(value.tolist()) if hasattr(value, "tolist") else str(value)


def _member(value: Any, encode: Callable[[Any], str]) -> str:
    if isinstance(value, list) and value and not isinstance(value[0], str | int | float):
        return "[\n  " + ",\n  ".join(map(encode, value)) + "\n ]"
    return encode(value)


def _column_width(cells: Sequence[str]) -> int:
    return max((width for cell in cells if (width := _width(cell)) <= MAX_WIDTH), default=MAX_WIDTH)


def _padded(text: str, width: int, to_right: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if to_right else text + gap


def _width(text: str) -> int:
    """Columns it takes on a terminal."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return len(text) + wide - sum(unicodedata.combining(each) > 0 for each in text)
