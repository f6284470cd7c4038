"""What somebody typed as the place of an export → the path that is written, and no other."""

import os
from pathlib import Path

from ckpt_viewer.errors import RequestRefused
from ckpt_viewer.export.whole_file import is_folder
from ckpt_viewer.session.wording import printable


def target_of(text: str, *, ending: str, folder: bool) -> Path:
    """The path, whole, with `~` filled in; looks at the disk.

    Raises `RequestRefused` for what would have to be guessed at: nothing typed, no folder before it, and,
    unless a `folder` for several files is meant, a folder or a name without ending.
    """
    if not text.strip():
        raise RequestRefused("No file is named yet.", hint="Give the folder and a name.")
    target, shown = _path(text), printable(text)
    if not target.is_absolute():
        raise RequestRefused(f"{shown} does not say in which folder.", hint=f"Write {_complete(target)}.")
    if not target.name:
        raise RequestRefused(f"{shown} has no name of its own.", path=target, hint="Give a name below it.")
    if folder:
        return target
    if is_folder(target):
        raise RequestRefused(f"{shown} is a folder.", path=target, hint="Name a file in it.")
    if not target.suffix:
        hint = f"Name it {printable(target.name)}{ending}."
        raise RequestRefused(f"{shown} has no ending.", path=target, hint=hint)
    return target


def _path(text: str) -> Path:
    try:
        path = Path(text).expanduser()
        os.fsencode(path)
    except RuntimeError as error:
        message = f"There is no home folder for {printable(Path(text).parts[0])}."
        raise RequestRefused(message, hint="Write the whole path.") from error
    except UnicodeEncodeError as error:
        raise _impossible(text) from error
    if "\0" in text:
        raise _impossible(text)
    return path


def _complete(target: Path) -> str:
    return printable(str(Path.home() / target.name)) if target.name else "the whole path"


def _impossible(text: str) -> RequestRefused:
    message = f"{printable(text)} holds a character that no file name can have."
    return RequestRefused(message, hint="Choose another name.")
