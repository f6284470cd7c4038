"""Files that ship with the program: icons and the sample run."""

from functools import cache
from pathlib import Path


@cache
def folder() -> Path:
    """Inside the package once installed, beside it in a checkout."""
    installed = Path(__file__).parent / "resources"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "resources"


def sample_run() -> Path:
    """The folder of the run that `--demo` opens."""
    return folder() / "sample"
