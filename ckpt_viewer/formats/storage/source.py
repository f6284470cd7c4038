"""Where bytes come from: the one seam between the readers and storage.

Local files are read with positioned reads into the caller's buffer, never mapped: a file that is cut
short under a map kills the process, under a read it is an error message.
"""

import errno
import os
import stat
import threading
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import CheckpointError, DamagedFile, NotFound

_FILE_NEEDED = "An ordinary file is needed in its place."


class NoFileError(OSError):
    """At this path is a pipe or a device."""


class ByteSource(Protocol):
    """Some bytes of known size, readable at any place from any thread."""

    @property
    def path(self) -> Path: ...

    @property
    def size(self) -> int: ...

    def read_into(self, offset: int, buffer: memoryview) -> None:
        """Fill the whole buffer from `offset`, or raise `DamagedFile`."""

    def read(self, offset: int, length: int) -> bytes:
        """`length` bytes from `offset`; the range is checked before memory is taken."""

    def under(self, cancel: CancelToken | None) -> "ByteSource":
        """The same bytes; where they have to be made first, making them looks at the token."""

    def close(self) -> None: ...


class Stamp(NamedTuple):
    """What tells a file from the one that replaced it: size, time of last change, and place on the disk."""

    size: int
    modified: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """None where there is no file to look at; pipes and devices, whose bytes never end, are none."""
        try:
            found = path.stat()
        except (OSError, ValueError):
            return None
        return cls.from_stat(found) if stat.S_ISREG(found.st_mode) else None

    @classmethod
    def from_stat(cls, found: os.stat_result) -> Self:
        return cls(found.st_size, found.st_mtime_ns, found.st_ino)


class LocalFile:
    """A file on this machine, opened at the first read; pickles as its path."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: _Handle | None = None
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        return self._open().size

    @property
    def stamp(self) -> Stamp:
        """As it was when it was opened."""
        return self._open().stamp

    def read_into(self, offset: int, buffer: memoryview) -> None:
        handle = self._open()
        view = memoryview(buffer).cast("B")
        check_range(self.path, handle.size, offset, len(view))
        done = 0
        while done < len(view):
            try:
                got = handle.read_at(offset + done, view[done:])
            except OSError as error:
                raise unreadable(self.path, error) from error
            if got == 0:
                raise DamagedFile(
                    f"{self.path} became shorter while it was being read: {offset + done} bytes are left.",
                    path=self.path,
                    hint="Reload it once whatever writes to it is done.",
                    code="changed-on-disk",
                )
            done += got

    def read(self, offset: int, length: int) -> bytes:
        handle = self._open()
        check_range(self.path, handle.size, offset, length)
        try:
            content = handle.read(offset, length)
        except OSError as error:
            raise unreadable(self.path, error) from error
        if len(content) == length:
            return content
        buffer = bytearray(length)  # the system gave less than was asked for
        self.read_into(offset, memoryview(buffer))
        return bytes(buffer)

    def under(self, cancel: CancelToken | None) -> Self:
        return self

    def close(self) -> None:
        """Let go of the file; a read still under way in another thread ends well first."""
        self._handle = None

    def __reduce__(self) -> tuple[type["LocalFile"], tuple[Path]]:
        return LocalFile, (self.path,)

    def _open(self) -> "_Handle":
        if (handle := self._handle) is not None:
            return handle
        with self._lock:
            if self._handle is None:
                try:
                    self._handle = _Handle(self.path)
                except OSError as error:
                    raise unreadable(self.path, error) from error
            return self._handle


class MemoryBytes:
    """Bytes that are in memory already, behind the same seam."""

    def __init__(self, content: bytes, path: Path = Path("memory")) -> None:
        self.path = path
        self._content = content

    @property
    def size(self) -> int:
        return len(self._content)

    def read_into(self, offset: int, buffer: memoryview) -> None:
        view = memoryview(buffer).cast("B")
        view[:] = self.read(offset, len(view))

    def read(self, offset: int, length: int) -> bytes:
        check_range(self.path, self.size, offset, length)
        return self._content[offset : offset + length]

    def under(self, cancel: CancelToken | None) -> Self:
        return self

    def close(self) -> None:
        """Nothing is held open."""


def open_regular(path: Path) -> int:
    """A descriptor to read from, without waiting at a pipe; raises `OSError` for all but files."""
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(fd).st_mode
    if stat.S_ISREG(mode):
        return fd
    os.close(fd)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise no_file(path)


def no_file(path: Path) -> NoFileError:
    return NoFileError(errno.EINVAL, "it is a pipe or a device, not a file", str(path))


def unreadable(path: Path, error: OSError) -> CheckpointError:
    """The operating system's refusal, in our words."""
    if isinstance(error, FileNotFoundError):
        return NotFound(f"{path} is not there.", path=path, hint="It may have been moved or deleted.")
    if isinstance(error, IsADirectoryError):
        return NotFound(f"{path} is a folder, not a file.", path=path, hint=_FILE_NEEDED, code="not-readable")
    reason = error.strerror or type(error).__name__
    message = f"{path} cannot be read: {reason}."
    return NotFound(message, path=path, hint=_hint_at(error), code="not-readable")


def _hint_at(error: OSError) -> str:
    if isinstance(error, NoFileError):
        return _FILE_NEEDED
    if isinstance(error, PermissionError):
        return "Check who may read it."
    return "Check the disk or the network drive it lies on."


class _Handle:
    """Owns a file descriptor. Closed when the last reader lets go, so that no read meets a reused number."""

    def __init__(self, path: Path) -> None:
        self.fd = open_regular(path)
        found = os.fstat(self.fd)
        self.stamp = Stamp.from_stat(found)
        self.size = found.st_size
        self._seek_lock = threading.Lock()

    def read_at(self, offset: int, view: memoryview) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(self.fd, [view], offset)
        content = self.read(offset, len(view))
        view[: len(content)] = content
        return len(content)

    def read(self, offset: int, length: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self.fd, length, offset)
        with self._seek_lock:
            os.lseek(self.fd, offset, os.SEEK_SET)
            return os.read(self.fd, length)

    def __del__(self, close: Any = os.close) -> None:
        if (fd := getattr(self, "fd", None)) is not None:
            close(fd)


def check_range(path: Path, size: int, offset: int, length: int) -> None:
    if offset < 0 or length < 0 or offset > size or length > size - offset:
        raise DamagedFile(
            f"{path} has {size} bytes; bytes {offset} to {offset + length} were expected in it.",
            path=path,
            hint="The file is cut short, or belongs to another save.",
        )
