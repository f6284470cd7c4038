"""What loads what: nothing below the ui knows the screen, and the package itself loads next to nothing."""

import pkgutil
import subprocess
import sys

import ckpt_viewer
from ckpt_viewer.ui import late_imports

ABOVE = ("ckpt_viewer.ui", "ckpt_viewer.__main__")


def loaded_after(*modules: str) -> set[str]:
    """The modules a fresh interpreter has after importing these."""
    program = (
        "import sys, importlib\nfor name in sys.argv[1:]: importlib.import_module(name)\nprint(*sys.modules)"
    )
    command = [sys.executable, "-W", "error", "-c", program, *modules]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not answer.returncode, answer.stderr
    return set(answer.stdout.split())


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_everything_below_the_ui_loads_without_qt() -> None:
    below = [
        module.name
        for module in pkgutil.walk_packages(ckpt_viewer.__path__, "ckpt_viewer.", onerror=lambda name: None)
        if not module.name.startswith(ABOVE)
    ]
    assert "ckpt_viewer.formats.readers" in below
    assert not packages(loaded_after(*below)) & {"PySide6", "shiboken6", "pyqtgraph"}


def test_importing_the_package_loads_neither_numpy_nor_protobuf() -> None:
    loaded = loaded_after("ckpt_viewer")
    assert not packages(loaded) & {"numpy", "google", "ml_dtypes", "PySide6"}
    assert {name for name in loaded if name.startswith("ckpt_viewer")} == {"ckpt_viewer"}


def test_the_window_loads_nothing_that_its_first_table_does_without() -> None:
    loaded = loaded_after("ckpt_viewer.ui.app")
    behind_it = {f"ckpt_viewer.ui.{name}" for name in late_imports.MODULES}
    assert not packages(loaded) & {"pyqtgraph", "fast_histogram"}
    assert not loaded & behind_it
    of_values = {name for name in loaded if name.startswith(("ckpt_viewer.analysis.", "ckpt_viewer.export."))}
    assert of_values <= {"ckpt_viewer.analysis.verification"}
    assert "ckpt_viewer.formats.graph" not in loaded


def test_every_public_name_is_there() -> None:
    assert all(hasattr(ckpt_viewer, name) for name in ckpt_viewer.__all__)
