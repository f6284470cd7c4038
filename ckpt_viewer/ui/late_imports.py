"""Modules that nobody needs before the first table is filled: plots take longer to import than the rest."""

from importlib import import_module

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


def load(cancel: CancelToken) -> None:
    """Import them in a worker; whoever needs one of them finds it there. Costs nothing the second time."""
    for name in MODULES:
        cancel.check()
        import_module(f"ckpt_viewer.ui.{name}")
