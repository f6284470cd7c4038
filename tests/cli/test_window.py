import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.cli.conftest import SAMPLES


class Window(ModuleType):
    """Stands in for the window: notes what it was asked to show."""

    def __init__(self) -> None:
        super().__init__("ckpt_viewer.ui.app")
        self.asked = []

    def main(self, paths, demo=False, compare=None):
        self.asked.append((list(paths), demo, compare))
        return 0


@pytest.fixture
def window(monkeypatch):
    stand_in = Window()
    checks = ModuleType("ckpt_viewer.ui.platform_check")
    checks.missing_libraries = lambda: None
    monkeypatch.setitem(sys.modules, "ckpt_viewer.ui.app", stand_in)
    monkeypatch.setitem(sys.modules, "ckpt_viewer.ui.platform_check", checks)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return stand_in


def test_no_words_open_an_empty_window(cli, window):
    assert cli().status == 0
    assert window.asked == [([], False, None)]


def test_paths_are_handed_on(cli, window):
    prefix = SAMPLES / "run/model.ckpt-10"
    assert cli(SAMPLES / "run", prefix).status == 0
    assert window.asked == [([SAMPLES / "run", prefix], False, None)]


def test_the_demo(cli, window):
    assert cli("--demo").status == 0
    assert window.asked == [([], True, None)]


def test_a_comparison(cli, window):
    a, b = SAMPLES / "run/model.ckpt-10", SAMPLES / "run/model.ckpt-20"
    assert cli("compare", a, b).status == 0
    assert window.asked == [([], False, (a, b))]


def test_a_path_that_is_not_there_is_told_without_a_window(cli, window, tmp_path):
    ran = cli(tmp_path / "nothing")
    assert ran.status == 2
    assert ran.err.startswith("ckpt-viewer: error: ")
    assert cli("compare", SAMPLES / "run/model.ckpt-10", tmp_path / "nothing").status == 2
    assert window.asked == []


def test_a_mistyped_command_is_recognized(cli, window):
    ran = cli("stat")
    assert ran.status == 2
    assert "Did you mean the command `stats`?" in ran.err


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="always has a display")
def test_a_machine_without_a_display_says_so(cli, window, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    ran = cli(SAMPLES / "run")
    assert ran.status == 2
    assert "no display" in ran.err
    assert window.asked == []


def test_a_missing_library_is_told_before_qt_ends_the_process(cli, window, monkeypatch):
    checks = sys.modules["ckpt_viewer.ui.platform_check"]
    monkeypatch.setattr(checks, "missing_libraries", lambda: "Qt needs libEGL.so.1, which is not here.")
    ran = cli(Path())
    assert ran.status == 2
    assert ran.err.startswith("ckpt-viewer: error: Qt needs libEGL.so.1")
    assert window.asked == []
