"""What is remembered from one start to the next: one small JSON file in the user's configuration folder."""

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, Self, get_args

Scheme = Literal["system", "light", "dark"]
RECENT = 12
FILE_NAME = "settings.json"


@dataclass(frozen=True, slots=True)
class Remembered:
    """All of it, as JSON can say it.

    Attributes:
        recent: Folders opened lately, newest first.
        export_folder: Where the last export went.
        scheme: Light, dark, or as the system has it.
        layouts: Qt's own states (window, splitters, columns) in base64, by the name of the widget.
        roots: The folders of the last session; `documents` its tabs, see `last_session`.
    """

    recent: tuple[str, ...] = ()
    export_folder: str = ""
    scheme: Scheme = "system"
    layouts: Mapping[str, str] = field(default_factory=dict)
    roots: tuple[str, ...] = ()
    documents: tuple[Mapping[str, Any], ...] = ()
    current: str = ""


class Settings:
    """What is remembered, and where it is kept; without a file it lasts as long as the program runs."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self.remembered = _read(file) if file else Remembered()

    @classmethod
    def of_user(cls) -> Self:
        return cls(config_folder() / FILE_NAME)

    def change(self, **changes: Any) -> None:
        """Remember something else from now on; written at once, whole or not at all."""
        self.remembered = replace(self.remembered, **changes)
        if self.file:
            # A configuration folder that cannot be written to costs the memory, not the window.
            with suppress(OSError):
                _write(self.file, self.remembered)

    def add_recent(self, folder: Path) -> None:
        others = [known for known in self.remembered.recent if known != str(folder)]
        self.change(recent=(str(folder), *others)[:RECENT])

    def set_layout(self, name: str, state: str) -> None:
        self.change(layouts={**self.remembered.layouts, name: state})

    def layout(self, name: str) -> str:
        """The state kept for this widget, or nothing."""
        return self.remembered.layouts.get(name, "")


def config_folder() -> Path:
    """`CKPT_VIEWER_CONFIG`, or the place this system keeps settings."""
    if chosen := os.environ.get("CKPT_VIEWER_CONFIG"):
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return base / "ckpt-viewer"


def _read(file: Path) -> Remembered:
    """Whatever of the file makes sense; a hand-edited or broken one never stops the program."""
    try:
        content = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return Remembered()
    if not isinstance(content, dict):
        return Remembered()
    known = {
        name.name: _KINDS[name.name](content[name.name])
        for name in fields(Remembered)
        if name.name in content and _KINDS[name.name](content[name.name]) is not None
    }
    return Remembered(**known)


def _write(file: Path, remembered: Remembered) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=FILE_NAME)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as stream:
            json.dump(asdict(remembered), stream, indent=1)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...] | None:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else None


def _scheme(value: object) -> str | None:
    return value if isinstance(value, str) and value in get_args(Scheme) else None


def _named_texts(value: object) -> dict[str, str] | None:
    if not isinstance(value, dict):
        return None
    return {name: item for name, item in value.items() if isinstance(item, str)}


def _records(value: object) -> tuple[dict[str, Any], ...] | None:
    return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else None


_KINDS: dict[str, Any] = {
    "recent": _texts,
    "export_folder": _text,
    "scheme": _scheme,
    "layouts": _named_texts,
    "roots": _texts,
    "documents": _records,
    "current": _text,
}
