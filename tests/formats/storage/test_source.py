"""Files and memory behind one seam: ranges are checked, and a file that shrinks is an error message."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from ckpt_viewer.errors import CheckpointError, DamagedFile, NotFound
from ckpt_viewer.formats import peek
from ckpt_viewer.formats.folders.state_file import read_state_file
from ckpt_viewer.formats.peek import read_head, table_format
from ckpt_viewer.formats.storage.source import ByteSource, LocalFile, MemoryBytes, Stamp

CONTENT = bytes(range(200))


@pytest.fixture(params=["file", "memory"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> ByteSource:
    if request.param == "memory":
        return MemoryBytes(CONTENT)
    path = tmp_path / "bytes"
    path.write_bytes(CONTENT)
    return LocalFile(path)


def test_any_range_reads(source: ByteSource) -> None:
    assert source.size == 200
    for offset, length in ((0, 200), (0, 0), (200, 0), (77, 3)):
        assert source.read(offset, length) == CONTENT[offset : offset + length]
    buffer = bytearray(10)
    source.read_into(190, memoryview(buffer))
    assert bytes(buffer) == CONTENT[190:]
    source.close()


@pytest.mark.parametrize(
    ("offset", "length"), [(-1, 1), (0, -1), (0, 201), (201, 0), (199, 2), (1 << 62, 1), (0, 1 << 62)]
)
def test_what_is_not_there_is_refused_before_memory_is_taken(
    source: ByteSource, offset: int, length: int
) -> None:
    with pytest.raises(DamagedFile, match="200 bytes") as caught:
        source.read(offset, length)
    assert caught.value.problem.code == "truncated"
    source.close()


def test_a_file_cut_while_open_is_an_error_message(tmp_path: Path) -> None:
    path = tmp_path / "bytes"
    path.write_bytes(CONTENT)
    source = LocalFile(path)
    assert source.read(0, 1) == b"\0"
    os.truncate(path, 50)
    with pytest.raises(DamagedFile, match="became shorter") as caught:
        source.read(0, 100)
    assert caught.value.problem.code == "changed-on-disk"
    source.close()


@pytest.mark.parametrize(("make", "what"), [(lambda path: None, "is not there"), (Path.mkdir, "is a folder")])
def test_what_is_no_file_says_so(tmp_path: Path, make: object, what: str) -> None:
    path = tmp_path / "thing"
    make(path)  # type: ignore[operator]
    with pytest.raises(NotFound, match=what):
        LocalFile(path).read(0, 1)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(CheckpointError):
        LocalFile(path).read(0, 1)


def test_a_source_travels_as_its_path(tmp_path: Path) -> None:
    path = tmp_path / "bytes"
    path.write_bytes(CONTENT)
    source = LocalFile(path)
    source.read(0, 1)
    copy = pickle.loads(pickle.dumps(source))
    assert copy.read(5, 2) == b"\x05\x06"
    copy.close()
    source.close()


def test_reading_needs_no_positioned_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for call in ("pread", "preadv"):
        monkeypatch.delattr(os, call, raising=False)
    path = tmp_path / "bytes"
    path.write_bytes(CONTENT)
    source = LocalFile(path)
    assert source.read(10, 20) == CONTENT[10:30]
    source.close()


def test_a_system_that_gives_less_than_asked_for_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "pread", lambda _handle, length, offset: CONTENT[offset : offset + length // 2])
    path = tmp_path / "bytes"
    path.write_bytes(CONTENT)
    source = LocalFile(path)
    assert source.read(10, 20) == CONTENT[10:30]
    source.close()


def test_a_replaced_file_has_another_stamp(tmp_path: Path) -> None:
    path = tmp_path / "bytes"
    assert Stamp.of(path) is None
    path.write_bytes(CONTENT)
    before = Stamp.of(path)
    source = LocalFile(path)
    assert source.stamp == before
    (tmp_path / "new").write_bytes(CONTENT + b"!")
    (tmp_path / "new").replace(path)
    assert Stamp.of(path) != before
    assert source.stamp == before
    assert source.read(0, 200) == CONTENT
    source.close()


def test_a_file_that_would_have_us_wait_gives_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `/proc/kmsg` does: it is a regular file by its mode, but what it gives comes when it comes."""
    ours, theirs = os.pipe()
    monkeypatch.setattr(peek, "open_regular", lambda path: os.dup(ours))
    os.set_blocking(ours, False)
    assert read_head(tmp_path) == b""
    for end in (ours, theirs):
        os.close(end)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
@pytest.mark.parametrize(
    "look", [lambda path: LocalFile(path).size, read_head, table_format, read_state_file]
)
def test_pipes_and_devices_are_refused_in_a_sentence(tmp_path: Path, look: Callable[[Path], object]) -> None:
    pipe, device = tmp_path / "pipe", tmp_path / "device"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    for path in (pipe, device):
        with pytest.raises((OSError, NotFound), match="a pipe or a device, not a file"):
            look(path)


@pytest.mark.skipif(not Path("/proc/kmsg").exists(), reason="this system has no such file")
def test_a_file_that_makes_a_reader_wait_is_an_error_of_the_system() -> None:
    try:
        head = read_head(Path("/proc/kmsg"))
    except OSError:
        return  # also where it may not be opened at all
    assert isinstance(head, bytes)
