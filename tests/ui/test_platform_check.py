import subprocess
import sys

import pytest

from ckpt_viewer.ui import platform_check


def test_missing_libraries_are_named_with_their_packages(monkeypatch):
    if not sys.platform.startswith("linux"):
        pytest.skip("other systems bring what Qt needs")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setattr(
        platform_check, "_loads", lambda name: name not in ("libEGL.so.1", "libxcb-cursor.so.0")
    )
    message = platform_check.missing_libraries()
    assert "libEGL.so.1, libxcb-cursor.so.0" in message
    assert "apt install libegl1 libxcb-cursor0." in message


def test_nothing_is_said_where_nothing_is_missing(monkeypatch):
    monkeypatch.setattr(platform_check, "_loads", lambda name: True)
    assert platform_check.missing_libraries() == ""


@pytest.mark.parametrize(
    ("environment", "needed", "not_needed"),
    [
        ({"DISPLAY": ":0"}, "libxcb-cursor.so.0", "libwayland-cursor.so.0"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "libwayland-cursor.so.0", "libxcb-cursor.so.0"),
        ({"QT_QPA_PLATFORM": "offscreen"}, "libEGL.so.1", "libxcb-cursor.so.0"),
    ],
)
def test_only_what_the_kind_of_screen_needs_is_asked_for(environment, needed, not_needed):
    names = platform_check.needed(environment)
    assert needed in names
    assert not_needed not in names


def test_the_check_itself_needs_no_qt():
    check = "import sys, ckpt_viewer.ui.platform_check as check; check.missing_libraries()"
    code = f"{check}; print('PySide6' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
