"""Where checkpoints of others lie, for tests that are skipped without them.

`CKPT_VIEWER_CORPUS` names a folder of real checkpoints; beside it, `oracle/` holds what TensorFlow makes of
crafted and damaged ones.
"""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAMPLES = HERE / "samples"


def corpus_folder() -> Path | None:
    folder = Path(os.environ.get("CKPT_VIEWER_CORPUS", HERE.parent.parent / "shared" / "corpus"))
    return folder if folder.is_dir() else None


def oracle_folder(name: str) -> Path | None:
    """One set of fixtures, such as `seed1-hard`."""
    corpus = corpus_folder()
    folder = corpus.parent / "oracle" / name if corpus else None
    return folder if folder and folder.is_dir() else None
