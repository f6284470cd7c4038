"""The variable that somebody asks for, or the error for one that is not there, with the nearest names."""

from collections.abc import Collection, Sequence
from pathlib import Path

from ckpt_viewer.errors import NotFound
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.listing import columns_of

_COMPARED = 2000  # comparing takes long; names that share a part go first


def variable_of(checkpoint: Checkpoint, asked: Variable | str) -> Variable:
    """Raises `NotFound`, and `TypeError` for what is neither a variable nor a name."""
    if isinstance(asked, str):
        return checkpoint.find(asked)
    if not isinstance(asked, Variable):
        raise TypeError(f"`read` takes a variable or its name, not {asked!r}")
    return asked


def no_variable(path: Path, name: str, known: Sequence[Variable]) -> NotFound:
    """Says under which key the variable is that people call so, or which keys come near."""
    columns = columns_of(known)
    keys = [key for key, full in zip(columns.names, columns.full_names, strict=True) if full == name]
    near = keys[:3] or _nearest(name, columns.names)
    ask = "It is stored as" if keys else "Did you mean"
    end = "." if keys else "?"
    hint = f"{ask} {' or '.join(map(repr, near))}{end}" if near else ""
    return NotFound(f"{path} has no variable {name!r}.", path=path, hint=hint)


def _nearest(name: str, keys: Collection[str]) -> list[str]:
    import difflib

    last = name.rpartition("/")[2].lower()
    alike = [each for each in keys if last in each.lower() or name.endswith(each)]
    return difflib.get_close_matches(name, (alike or list(keys))[:_COMPARED], 3)
