"""Ways to look at the values of one variable: one file each, one row each in `VALUE_VIEWS`.

The files are imported when a view is made: the menus need the titles alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.formats.values.dtypes import is_numeric
from ckpt_viewer.session.session import Session
from ckpt_viewer.ui.task_runner import TaskRunner

if TYPE_CHECKING:
    from ckpt_viewer.ui.widgets.view_frame import ViewFrame


@dataclass(frozen=True, slots=True)
class ValueView:
    """One of them; its key is its place in the table, counted from 1.

    Attributes:
        object_name: Also that of its module.
        supports: Whether it has something to say about a variable.
        fits: Whether it is the one to begin with.
    """

    title: str
    object_name: str
    icon: str
    supports: Callable[[Variable], bool]
    widget: str
    fits: Callable[[Variable], bool] = lambda variable: False

    def make(self, session: Session, tasks: TaskRunner, key: str) -> "ViewFrame":
        made = getattr(import_module(f"{__name__}.{self.object_name}"), self.widget)
        return cast("ViewFrame", made(session, tasks, key))


def _numbers(variable: Variable) -> bool:
    return is_numeric(variable.dtype)


def _numbers_in_axes(variable: Variable) -> bool:
    return _numbers(variable) and len(variable.shape) > 0


def _kernel(variable: Variable) -> bool:
    return _numbers(variable) and len(variable.shape) == 4


def _opaque(variable: Variable) -> bool:
    """Strings are shown, of variants it is said what they are."""
    return variable.dtype in ("string", "variant")


VALUE_VIEWS: tuple[ValueView, ...] = (
    ValueView("Heatmap", "heatmap", "heatmap", _numbers_in_axes, "HeatmapView", lambda v: len(v.shape) > 1),
    ValueView("Histogram", "histogram", "histogram", _numbers, "HistogramView"),
    ValueView("Line", "line", "line", _numbers_in_axes, "LineView", lambda v: len(v.shape) == 1),
    ValueView("Kernels", "kernels", "kernels", _kernel, "KernelsView"),
    ValueView("Values", "values", "values", _numbers, "ValuesView", lambda v: not v.shape),
    ValueView("Text", "text", "text", _opaque, "TextView", _opaque),
    ValueView("Info", "info", "info", lambda variable: True, "InfoView", lambda variable: True),
)


def default_view(variable: Variable) -> ValueView:
    """The view that the shape and type suggest."""
    return next(view for view in VALUE_VIEWS if view.supports(variable) and view.fits(variable))
