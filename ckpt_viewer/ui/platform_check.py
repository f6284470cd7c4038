"""Whether this Linux has the system libraries Qt needs; nothing here imports Qt itself.

Qt ends the process, or fails with the name of a file nobody knows, where one of them is missing. The
lists are what the dynamic linker finds missing on a bare Debian 12, with the packages that hold them.
"""

import ctypes
import os
import sys
from collections.abc import Mapping

ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
}
X11 = {
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}


def missing_libraries() -> str:
    """A sentence that names the missing libraries and how to get them; empty where nothing is missing."""
    if not sys.platform.startswith("linux"):
        return ""
    packages = {name: package for name, package in needed(os.environ).items() if not _loads(name)}
    return sentence(packages) if packages else ""


def needed(environment: Mapping[str, str]) -> dict[str, str]:
    """Library → Debian package, for the kind of screen the environment names."""
    platform = environment.get("QT_QPA_PLATFORM", "")
    wayland = bool(environment.get("WAYLAND_DISPLAY"))
    if platform.startswith("wayland") or (not platform and wayland and not environment.get("DISPLAY")):
        return ALWAYS | WAYLAND
    if platform.startswith("xcb") or (not platform and not wayland):
        return ALWAYS | X11
    return ALWAYS


def sentence(packages: Mapping[str, str]) -> str:
    several = len(packages) > 1
    libraries = ", ".join(packages)
    install = "sudo apt install " + " ".join(sorted(set(packages.values())))
    return (
        f"The window needs {'libraries' if several else 'a library'} of the system that "
        f"{'are' if several else 'is'} not here: {libraries}. On Debian and Ubuntu: {install}."
    )


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
