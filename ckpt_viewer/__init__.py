"""See what is in a folder of TensorFlow checkpoints, without TensorFlow.

Importing this loads no numpy and no protobuf; the first checkpoint that is opened does.
"""

import os

TYPE_CHECKING = False  # as mypy takes it, without loading `typing`
if TYPE_CHECKING:
    from typing import Any

    from ckpt_viewer.cancellation import CancelToken
    from ckpt_viewer.errors import (
        AmbiguousPath,
        CheckpointError,
        DamagedFile,
        MissingShard,
        NotACheckpoint,
        NotFound,
        Problem,
        RequestRefused,
        UnsupportedFeature,
    )
    from ckpt_viewer.formats.checkpoint import Checkpoint
    from ckpt_viewer.formats.graph import Graph

    __version__: str

__all__ = [
    "AmbiguousPath",
    "CheckpointError",
    "DamagedFile",
    "MissingShard",
    "NotACheckpoint",
    "NotFound",
    "Problem",
    "RequestRefused",
    "UnsupportedFeature",
    "__version__",
    "open_checkpoint",
    "open_graph",
]


def open_checkpoint(path: str | os.PathLike[str], cancel: "CancelToken | None" = None) -> "Checkpoint":
    """The checkpoint that a path means; use it in a `with` statement, or close it.

    Args:
        path: A prefix, any file of a checkpoint, a SavedModel, a state file, or a folder for its newest.
        cancel: Ends the opening early.

    Raises:
        CheckpointError: With a sentence for the user, and mostly a hint.
    """
    from ckpt_viewer.formats.readers import open_checkpoint as open_located

    return open_located(path, cancel)


def open_graph(path: str | os.PathLike[str], cancel: "CancelToken | None" = None) -> "Graph":
    """The graph that a path means: a `.meta`, a GraphDef, a SavedModel, or the graph saved with a checkpoint.

    Raises:
        CheckpointError: With a sentence for the user, and mostly a hint.
    """
    from ckpt_viewer.formats.readers import open_graph as open_located

    return open_located(path, cancel)


def __getattr__(name: str) -> "Any":
    """The errors and `__version__`, loaded only when somebody asks: a command has to begin at once."""
    if name == "__version__":
        from ckpt_viewer.version import version

        return version()
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ckpt_viewer import errors

    return getattr(errors, name)
