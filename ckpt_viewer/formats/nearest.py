"""The variable that somebody asks for, or the error for one that is not there, with the nearest names."""

import difflib
from collections.abc import Collection
from pathlib import Path

from ckpt_viewer.errors import NotFound
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable

_COMPARED = 2000  # comparing takes long; names that share a part go first


def variable_of(checkpoint: Checkpoint, asked: Variable | str) -> Variable:
    """Raises `NotFound`, and `TypeError` for what is neither a variable nor a name."""
    if isinstance(asked, str):
        return checkpoint.find(asked)
    if not isinstance(asked, Variable):
        raise TypeError(f"`read` takes a variable or its name, not {asked!r}")
    return asked


def no_variable(path: Path, name: str, names: Collection[str]) -> NotFound:
    last = name.rpartition("/")[2].lower()
    alike = [each for each in names if last in each.lower() or name.endswith(each)]
    near = difflib.get_close_matches(name, (alike or list(names))[:_COMPARED], 3)
    hint = f"Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return NotFound(f"{path} has no variable {name!r}.", path=path, hint=hint)
