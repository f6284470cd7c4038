"""The error for a variable that is not there, with the names that come nearest."""

import difflib
from collections.abc import Collection
from pathlib import Path

from ckpt_viewer.errors import NotFound

_COMPARED = 2000  # comparing takes long; names that share a part go first


def no_variable(path: Path, name: str, names: Collection[str]) -> NotFound:
    last = name.rpartition("/")[2].lower()
    alike = [each for each in names if last in each.lower() or name.endswith(each)]
    near = difflib.get_close_matches(name, (alike or list(names))[:_COMPARED], 3)
    hint = f"Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return NotFound(f"{path} has no variable {name!r}.", path=path, hint=hint)
