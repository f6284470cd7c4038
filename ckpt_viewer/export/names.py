"""Names out of files → names of files, which no name can use to reach beyond its folder."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate, count
from pathlib import Path

MAX_BYTES = 255  # of one file name on every common file system
MOST_LEVELS = 32
_ROOM = 32  # for an ending and a number
_PATH_BYTES = 2048  # half of what Linux takes, the other half being the folder's
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x7f]')
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"} | {
    port + digit for port in ("com", "lpt") for digit in "0123456789¹²³"
}


def safe_parts(name: str) -> tuple[str, ...]:
    """Folders and file (without ending) for a variable: never empty, absolute, `..`, or a device of Windows.

    Characters that a common file system refuses or a screen hides become `_`, so two names may give the
    same parts: `Places` keeps those apart. What lies deeper than `MOST_LEVELS`, or too far for a path,
    becomes one file name that ends as the name does.
    """
    parts = [_safe_part(part) for part in name.split("/") if part] or ["_"]
    sizes = accumulate(len(part.encode()) + 1 for part in parts[: MOST_LEVELS - 1])
    levels = sum(size <= _PATH_BYTES - MAX_BYTES for size in sizes)
    if levels >= len(parts) - 1:
        return tuple(parts)
    rest = "_".join(parts[levels:]).encode()[_ROOM - MAX_BYTES :]
    return (*parts[:levels], _safe_part(rest.decode(errors="ignore")))


def safe_key(name: str) -> str:
    """A name for use inside an archive: the name itself unless it could harm whoever unpacks it."""
    parts = name.split("/")
    plain = name.isprintable() and "\\" not in name and parts[0] and not {".", ".."} & set(parts)
    if plain and not re.match(r"[A-Za-z]:(?!\d+$)", name) and len(name.encode()) < 60000:
        return name
    return "/".join(safe_parts(name))


class Places:
    """Gives each variable a place of its own, also where upper and lower case are one."""

    def __init__(self, ending: str) -> None:
        self._ending = ending
        self._folders: set[tuple[str, ...]] = set()
        self._files: set[tuple[str, ...]] = set()
        self._numbers: dict[tuple[str, ...], int] = {}

    def take(self, parts: Sequence[str]) -> Path:
        """The place below the folder, relative to it."""
        placed: tuple[str, ...] = ()
        for part in parts[:-1]:
            placed = self._free(placed, part, "", self._files)
            self._folders.add(_folded(placed))
        placed = self._free(placed, parts[-1], self._ending, self._files | self._folders)
        self._files.add(_folded(placed))
        return Path(*placed)

    def _free(
        self, folder: tuple[str, ...], part: str, ending: str, taken: set[tuple[str, ...]]
    ) -> tuple[str, ...]:
        wanted = _folded((*folder, part + ending))
        for number in count(self._numbers.get(wanted, 1)):
            place = (*folder, _numbered(part, number) + ending)
            if _folded(place) not in taken:
                self._numbers[wanted] = number
                return place
        raise AssertionError("there is always another number")


def unique_keys(names: Sequence[str]) -> list[str]:
    """One archive key for each name, all different; harmless names keep their own, whatever others become."""
    wanted = {name: safe_key(name) for name in names}
    taken = {name for name, key in wanted.items() if name == key}
    numbers: dict[str, int] = {}
    for name, key in wanted.items():
        if name == key:
            continue
        number = numbers.get(key, 1)
        while _numbered(key, number) in taken:
            number += 1
        numbers[key] = number
        wanted[name] = _numbered(key, number)
        taken.add(wanted[name])
    return [wanted[name] for name in names]


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}~{number}"


def _safe_part(part: str) -> str:
    text = "".join("_" if unicodedata.category(each) in _HIDDEN else each for each in part)
    text = _FORBIDDEN.sub("_", text)
    text = text.encode()[: MAX_BYTES - _ROOM].decode(errors="ignore")
    kept = text.rstrip(". ")
    text = kept + "_" * (len(text) - len(kept))
    if text.split(".")[0].rstrip().lower() in _DEVICES:
        text = "_" + text
    return text


def _folded(place: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        unicodedata.normalize("NFC", unicodedata.normalize("NFC", part).casefold()) for part in place
    )
