"""Modules that nobody needs before the first table is filled: plots take longer to import than the rest."""

import sys
import threading
import time
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import MetaPathFinder
from typing import Any

from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.ui.value_views import VALUE_VIEWS

MODULES = (
    "panels.value_pane",
    *(f"value_views.{view.object_name}" for view in VALUE_VIEWS),
    "panels.graph",
    "panels.summary",
    "documents.comparison_page",
    "documents.graph_page",
    "documents.run_page",
    "export_dialog",
    "verification",
)
_BREATH = 0.001


def is_missing(name: str) -> bool:
    """Whether it is one of them, and not there yet; it is in `sys.modules` from its first line on."""
    module = sys.modules.get(f"ckpt_viewer.ui.{name}")
    half_there = getattr(getattr(module, "__spec__", None), "_initializing", False)
    return name in MODULES and (module is None or bool(half_there))


def load(cancel: CancelToken, names: Sequence[str] = MODULES) -> None:
    """Import them in a worker; whoever needs one of them finds it there. Costs nothing the second time."""
    breather = _Breather()
    sys.meta_path.insert(0, breather)
    try:
        for name in names:
            cancel.check()
            import_module(f"ckpt_viewer.ui.{name}")
    finally:
        sys.meta_path.remove(breather)


class _Breather(MetaPathFinder):
    """Finds nothing, but gives way before each module: painting stands still while a worker runs Python."""

    def __init__(self) -> None:
        self._worker = threading.get_ident()

    def find_spec(self, *_: Any) -> None:
        if threading.get_ident() == self._worker:
            time.sleep(_BREATH)
