"""What any command does with what goes wrong, and what starting costs."""

import gc
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from tests.bundle_writer import write_bundle
from tests.cli.conftest import SAMPLES

PROGRAM = [sys.executable, "-m", "ckpt_viewer"]
RUN = str(SAMPLES / "run")


def start(*words, **options):
    return subprocess.Popen(
        [*PROGRAM, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )


def finish(process):
    out, err = process.communicate(timeout=60)
    return process.returncode, out.decode(), err.decode()


def heed_ctrl_c():
    """In a process that is about to begin: a shell makes what it starts behind it ignore the signal."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_the_version_is_printed(cli):
    ran = cli("--version")
    assert ran.status == 0
    assert ran.out.startswith("ckpt-viewer 0.")


def test_help_is_no_error(cli):
    assert cli("-h").status == 0
    assert cli("export", "--help").status == 0


def test_words_that_make_no_command_are_an_error_and_a_hint(cli):
    ran = cli("ls")
    assert (ran.status, ran.out) == (2, "")
    assert [line.split(": ")[0] for line in ran.err.splitlines()] == ["ckpt-viewer", "hint"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (KeyboardInterrupt(), 130),
        (ValueError("odd"), 2),
        (MemoryError(), 2),
        (OSError(28, "No space left"), 2),
    ],
)
def test_whatever_happens_becomes_a_status(error, status, cli, monkeypatch):
    def fail(options):
        raise error

    monkeypatch.setattr("ckpt_viewer.cli.ls.run", fail)
    ran = cli("ls", RUN)
    assert ran.status == status
    assert "Traceback" not in ran.err
    assert (status == 130) == (ran.err == "")
    assert "Traceback" in cli("ls", RUN, "--debug").err


def test_a_command_loads_no_screen_and_a_listing_little_else():
    code = (
        "import sys; from ckpt_viewer.cli import main; assert 'numpy' not in sys.modules; "
        f"assert main(['ls', {RUN!r}]) == 0; "
        "print(*(name for name in sys.modules if name.startswith(('PySide6', 'pyqtgraph', 'ckpt_viewer.'))))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = out.splitlines()[-1].split()
    assert "ckpt_viewer.formats.readers" in loaded
    assert not [name for name in loaded if name.startswith(("PySide6", "pyqtgraph"))]
    assert not [name for name in loaded if name.split(".")[1] in ("ui", "analysis", "export")]


@pytest.mark.skipif(os.name == "nt", reason="pipes end differently there")
def test_a_reader_that_has_enough_is_no_error(tmp_path):
    many = write_bundle(tmp_path / "many", {f"layer{i}/kernel": np.ones(1, "f") for i in range(20_000)})
    with start("ls", many) as process:
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="pipes end differently there")
@pytest.mark.parametrize("count", [10, 20_000])
@pytest.mark.parametrize(
    ("words", "status"), [(["diff", "a", "b"], 1), (["diff", "a", "a"], 0), (["verify", "a"], 0)]
)
def test_a_reader_that_has_enough_changes_no_status(words, status, count, tmp_path):
    """In a script with `set -o pipefail`, 0 would say that nothing differs, 2 that it failed."""
    for side, value in (("a", 1), ("b", 2)):
        write_bundle(tmp_path / side, {f"layer{i}/kernel": np.full(1, value, "f") for i in range(count)})
    with start(words[0], *(tmp_path / side for side in words[1:])) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == status


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")  # noqa: PTH110
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", [["ls", RUN], ["--help"], ["export", "-h"], ["--version"]])
def test_a_full_disk_is_told(words, unbuffered):
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [*PROGRAM, *words], stdout=full, stderr=subprocess.PIPE, env=environment, timeout=60
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"ckpt-viewer: error: The output cannot be used: No space left")
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")  # noqa: PTH110
@pytest.mark.parametrize("words", [["ls", "/nonexist"], ["ls"], ["verify", "/nonexist", "--debug"]])
def test_what_nobody_can_be_told_is_in_the_status(words):
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run([*PROGRAM, *words], stdout=subprocess.PIPE, stderr=full, timeout=60)
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
@pytest.mark.parametrize(("ending", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_what_ends_an_export_leaves_no_half_written_file(ending, status, tmp_path):
    big = write_bundle(tmp_path / "big", {"values": np.random.default_rng(1).normal(size=20_000_000)})
    process = start(
        "export", big, "values", "--format", "csv", "-o", f"{tmp_path}/out/", preexec_fn=heed_ctrl_c
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.rglob("*.part")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(ending)
    assert finish(process) == (status, "", "")
    assert not (tmp_path / "out").exists()


INTERRUPTED_AT = """
import os, signal, sys

class CtrlC:
    def find_spec(self, name, path=None, target=None):
        if name == at:
            os.kill(os.getpid(), signal.SIGINT)

at = sys.argv.pop()
sys.meta_path.insert(0, CtrlC())
from ckpt_viewer.cli import main
sys.exit(main())
"""


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
@pytest.mark.parametrize(
    "module", ["ckpt_viewer.errors", "ckpt_viewer.cli.entry", "ckpt_viewer.cli.ls", "numpy", "numpy.linalg"]
)
def test_ctrl_c_while_modules_are_loaded_ends_it_without_a_word(module):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_AT, "ls", RUN, module],
        capture_output=True,
        timeout=60,
        preexec_fn=heed_ctrl_c,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
@pytest.mark.parametrize(
    "module",
    ["PySide6.QtCore", "PySide6.QtWidgets", "ckpt_viewer.ui.theme", "ckpt_viewer.ui.widgets.picture"],
)
@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM"])
def test_a_signal_while_qt_is_loaded_for_a_picture_ends_it_without_a_word(module, ending, tmp_path):
    words = ["plot", RUN, "hidden/weights", "-o", str(tmp_path / "x.png"), module]
    code = INTERRUPTED_AT.replace("SIGINT", ending)
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        timeout=60,
        env=environment,
        preexec_fn=heed_ctrl_c,
    )
    status = 130 if ending == "SIGINT" else 143
    assert (done.returncode, done.stdout, done.stderr) == (status, b"", b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
@pytest.mark.parametrize("module", ["PySide6.QtCore", "PySide6.QtWidgets", "ckpt_viewer.ui.main_window"])
def test_ctrl_c_while_qt_is_loaded_for_the_window_ends_it_without_a_word(module):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_AT, RUN, module],
        capture_output=True,
        timeout=60,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        preexec_fn=heed_ctrl_c,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
def test_ctrl_c_that_whoever_started_us_ignores_is_ignored():
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_AT, "ls", RUN, "numpy"],
        capture_output=True,
        timeout=60,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # as `nohup` and `&` do
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("target", ["x.npy", "x.npz", "x.csv", "x.safetensors"])
def test_an_export_that_is_interrupted_leaves_nothing(target, cli, tmp_path, monkeypatch):
    def interrupted(*words, **options):
        yield np.ones(3, "f")
        raise KeyboardInterrupt

    monkeypatch.setattr("ckpt_viewer.export.values.blocks", interrupted)
    ran = cli("export", RUN, "hidden/weights", "-o", tmp_path / target)
    assert (ran.status, ran.out, ran.err) == (130, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="names are not bytes there")
def test_paths_and_names_may_be_any_bytes(tmp_path):
    folder = os.fsencode(tmp_path / "odd") + b"\xff\x1b"
    shutil.copytree(os.fsencode(SAMPLES / "names"), folder)
    words = [*PROGRAM, "stats", os.path.join(folder, b"not_utf8"), b"bad\xff\xfebytes"]  # noqa: PTH118
    done = subprocess.run(words, capture_output=True, timeout=60)
    assert done.returncode == 0
    assert rb"bad\xff\xfebytes" in done.stdout
    done = subprocess.run([*words[:-1], b"missing\xff"], capture_output=True, timeout=60)
    assert done.returncode == 2
    assert b"\x1b" not in done.stderr
    assert rb"odd\xff\x1b" in done.stderr


@pytest.mark.parametrize(("words", "shown"), [(["ls", RUN], b"4x6"), (["export", "-h"], b"axis1,...,value")])
def test_a_terminal_of_plain_letters_is_enough(words, shown):
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*PROGRAM, *words], capture_output=True, env=environment, timeout=60)
    assert done.returncode == 0
    assert shown in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="pipes end differently there")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_help_that_nobody_reads_is_no_error(unbuffered):
    with start("-h", env=os.environ | {"PYTHONUNBUFFERED": unbuffered}) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="how a shell of Unix closes streams")
@pytest.mark.parametrize(
    ("words", "status"),
    [(f"ls {RUN} >&-", 0), ("--help >&-", 0), ("ls /nonexist 2>&-", 2), (f"ls {RUN} >&- 2>&-", 0)],
)
def test_a_closed_stream_is_no_fault(words, status):
    program = " ".join(map(shlex.quote, PROGRAM))
    done = subprocess.run(["sh", "-c", f"{program} {words}"], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (status, b"")


@pytest.mark.parametrize("collecting", [True, False])
@pytest.mark.parametrize("words", [["ls", RUN], []])
def test_a_command_inside_another_program_leaves_its_garbage_collector_alone(
    cli, monkeypatch, collecting, words
):
    monkeypatch.setattr("ckpt_viewer.cli.window.run", lambda options: 0)
    was_enabled, before = gc.isenabled(), (gc.get_threshold(), gc.get_freeze_count())
    (gc.enable if collecting else gc.disable)()
    try:
        assert cli(*words).status == 0
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if was_enabled else gc.disable)()
    assert (gc.get_threshold(), gc.get_freeze_count()) == before


def told(ran):
    """The error and its hint, without what begins each line."""
    error, hint = ran.err.splitlines()
    assert (ran.status, ran.out) == (2, "")
    return error.removeprefix("ckpt-viewer: error: "), hint.removeprefix("hint: ")


@pytest.mark.parametrize("words", [["ls", ""], ["scan", ""], ["diff", RUN, ""], ["graph", ""], [""]])
def test_an_empty_path_is_not_the_current_folder(words, cli):
    assert told(cli(*words))[0] == "A path is empty."


def test_options_before_the_command_are_told_where_they_go(cli):
    assert told(cli("--json", "ls", RUN))[1] == "Options go behind the command: ckpt-viewer ls …."


@pytest.mark.parametrize("command", ["ls", "graph"])
def test_a_slash_behind_a_file_is_told(command, cli):
    file = f"{RUN}/model.ckpt-20.meta"
    assert told(cli(command, f"{file}/")) == (
        f"{file} is a file, not a folder.",
        "Leave out the slash at its end.",
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
@pytest.mark.parametrize("command", ["ls", "graph"])
@pytest.mark.parametrize("name", ["pipe", "m.index", "m.meta"])
def test_a_pipe_is_called_one(command, name, cli, tmp_path):
    os.mkfifo(tmp_path / name)
    error, _ = told(cli(command, tmp_path / name))
    assert error == f"{tmp_path / name} cannot be read: it is a pipe or a device, not a file."


def test_a_file_in_a_folder_that_may_not_be_entered_is_called_as_it_was_given(cli, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.lstat", refuse)
    for command in ("ls", "graph"):
        error, _ = told(cli(command, "closed/model.ckpt-20.meta"))
        assert error == "closed/model.ckpt-20.meta cannot be read: Permission denied."
