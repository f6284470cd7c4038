"""What a reader is given: a few files in a folder of their own, and the name it is asked to open."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Form = Literal["table", "message", "text", "bytes"]
PAST = 1_600_000_000_000_000_000  # when every file of an input was written: a young index is read twice


@dataclass(frozen=True, slots=True)
class Input:
    """Attributes:
    files: Their bytes, by path within the folder.
    opened: What is opened; the folder itself where it is empty.
    links: Where symbolic links lead.
    folders: Those that hold nothing.
    """

    files: Mapping[str, bytes]
    opened: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    folders: tuple[str, ...] = ()

    def write(self, folder: Path) -> None:
        """Lay the files out in a folder that holds nothing else afterwards."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in self.folders:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            path = folder / name
            if "/" in name:
                path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            os.utime(path, ns=(PAST, PAST))
        for name, target in self.links.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(target)

    def changes(self, folder: Path) -> list[str]:
        """What is no longer as it was written."""
        found = []
        for name, content in self.files.items():
            path = folder / name
            try:
                if path.stat().st_mtime_ns != PAST or path.read_bytes() != content:
                    found.append(f"{name!r} was changed")
            except OSError:
                found.append(f"{name!r} is gone")
        return found + [f"{name!r} was made" for name in self._names(folder) - self._expected()]

    def _expected(self) -> set[str]:
        names = {*self.files, *self.links, *self.folders}
        return names | {str(parent) for name in names for parent in Path(name).parents if parent.name}

    def _names(self, folder: Path) -> set[str]:
        found = set()
        for root, folders, files in os.walk(folder):
            found |= {os.path.relpath(os.path.join(root, name), folder) for name in folders + files}  # noqa: PTH118
        return found


@dataclass(frozen=True, slots=True)
class Sample:
    """A good input; `forms` says which of its files are damaged, and what they are made of."""

    input: Input
    forms: Mapping[str, Form]
