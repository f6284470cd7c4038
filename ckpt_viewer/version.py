"""The version of the program, installed or run from a checkout."""

import tomllib
from importlib import metadata
from pathlib import Path


def version() -> str:
    try:
        return metadata.version("ckpt-viewer")
    except metadata.PackageNotFoundError:
        project = Path(__file__).parents[1] / "pyproject.toml"
    return str(tomllib.loads(project.read_text())["project"]["version"]) if project.is_file() else "unknown"
