"""A variable as a PNG, drawn by the same widgets as in the window but without one."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ckpt_viewer.analysis.preview import plane
from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.analysis.summary import Summary
from ckpt_viewer.cancellation import CancelToken
from ckpt_viewer.errors import DamagedFile, RequestRefused
from ckpt_viewer.export.whole_file import whole_file
from ckpt_viewer.formats.checkpoint import Checkpoint, Variable
from ckpt_viewer.formats.values.dtypes import is_numeric
from ckpt_viewer.session.wording import printable, shape_text
from ckpt_viewer.ui import theme
from ckpt_viewer.ui.plot_slice import choice_of, words_of
from ckpt_viewer.ui.value_views.histogram import NAMES, facts_of
from ckpt_viewer.ui.value_views.line import MOST_STRETCHES
from ckpt_viewer.ui.widgets.axis_bar import AxisChoice
from ckpt_viewer.ui.widgets.colour_bar import ColourBar
from ckpt_viewer.ui.widgets.colour_scale import ColourScale
from ckpt_viewer.ui.widgets.envelope import envelope
from ckpt_viewer.ui.widgets.fact_strip import FactStrip
from ckpt_viewer.ui.widgets.histogram_plot import HistogramPlot
from ckpt_viewer.ui.widgets.line_plot import LinePlot
from ckpt_viewer.ui.widgets.picture import PictureCanvas
from ckpt_viewer.ui.widgets.plain_text import plain_label

WIDTH, HEIGHT = 1200, 800


def save_plot(
    checkpoint: Checkpoint,
    variable: Variable,
    kind: str | None,
    target: Path,
    cancel: CancelToken | None = None,
    *,
    part: str | None = None,
    force: bool = False,
) -> str:
    """Draw the variable into a PNG file; every element is read and checked. Gives the part that is shown.

    `kind` is a word of `PLOTS`; None follows the shape. `part` is like `0,2,:,:`; None takes the last axes.
    A file of that name is replaced only with `force`. Raises `CheckpointError` for what cannot be drawn, and
    `DamagedFile` where the bytes do not have their checksum.
    """
    token = cancel or CancelToken()
    kind = kind or _usual_kind(variable)
    _refuse(checkpoint, variable, kind)
    choice = choice_of(kind, variable.shape, part)
    summary = summarize(checkpoint, variable, token)
    if summary.problem is not None:
        hint = "ckpt-viewer verify tells what is damaged."
        raise DamagedFile(summary.problem.message, path=checkpoint.path, hint=hint, code="bad-checksum")
    app = _application()
    plot = PLOTS[kind](Subject(checkpoint, variable, summary, choice, token))
    shown = words_of(choice, variable.shape) if kind != "histogram" else ""
    content = _drawn(app, _page(checkpoint, variable, shown, plot))
    token.check()
    with whole_file(target, force=force) as file:
        file.write(content)
    return shown


@dataclass(frozen=True, slots=True)
class Subject:
    """What a picture is of."""

    checkpoint: Checkpoint
    variable: Variable
    summary: Summary
    choice: AxisChoice
    cancel: CancelToken


def _heatmap(subject: Subject) -> QWidget:
    choice, variable = subject.choice, subject.variable
    places = choice.rows, choice.columns, choice.index
    picture = plane(subject.checkpoint, variable, *places, cancel=subject.cancel)
    rows, columns = choice.lengths(variable.shape)
    scale = ColourScale.fitting(picture.low, picture.high)
    canvas, bar = PictureCanvas(), ColourBar()
    steps = {"row_step": picture.row_step, "column_step": picture.column_step}
    canvas.set_picture(picture.values, rows=rows, columns=columns, aggregate=picture.aggregate, **steps)
    canvas.set_scale(scale)
    canvas.set_aspect_locked(canvas.looks_better_square())
    bar.set_scale(scale, picture.nan, picture.posinf, picture.neginf)
    plot = QWidget()
    line = QHBoxLayout(plot)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(canvas, 1)
    line.addWidget(bar)
    return plot


def _histogram(subject: Subject) -> QWidget:
    summary, shown, facts = subject.summary, HistogramPlot(), FactStrip(NAMES)
    if summary.histogram:
        shown.set_histograms([("", summary.histogram, theme.current().series_a)])
    facts.show_facts(facts_of(summary))
    plot = QWidget()
    column = QVBoxLayout(plot)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(shown, 1)
    column.addWidget(facts)
    return plot


def _line(subject: Subject) -> QWidget:
    choice, variable, cancel = subject.choice, subject.variable, subject.cancel
    length = choice.lengths(variable.shape)[1]
    plot = LinePlot()
    plot.set_line(envelope(subject.checkpoint, variable, choice, 0, length, MOST_STRETCHES, cancel))
    return plot


PLOTS: dict[str, Callable[[Subject], QWidget]] = {
    "heatmap": _heatmap,
    "histogram": _histogram,
    "line": _line,
}


def _usual_kind(variable: Variable) -> str:
    return ("histogram", "line")[len(variable.shape)] if len(variable.shape) < 2 else "heatmap"


def _refuse(checkpoint: Checkpoint, variable: Variable, kind: str) -> None:
    name = printable(variable.name)
    if not is_numeric(variable.dtype):
        raise RequestRefused(
            f"{name} is of type {variable.dtype}, which has no picture.", path=checkpoint.path
        )
    if variable.element_count == 0:
        raise RequestRefused(f"{name} has no elements to draw.", path=checkpoint.path)
    if not variable.shape and kind != "histogram":
        hint = "ckpt-viewer stats tells its value."
        raise RequestRefused(
            f"{name} is a single number, which makes no {kind}.", path=checkpoint.path, hint=hint
        )


def _application() -> QApplication:
    """The one there is, or one that needs no screen."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        return app
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    theme.apply(app, "light")
    return app


def _page(checkpoint: Checkpoint, variable: Variable, shown: str, plot: QWidget) -> QWidget:
    page = QWidget()
    page.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    page.resize(WIDTH, HEIGHT)
    title, facts = plain_label(printable(f"{variable.name}   {shown}".rstrip())), plain_label()
    title.setObjectName("title")
    title.setWordWrap(True)
    font = title.font()
    font.setPointSizeF(font.pointSizeF() * 1.3)
    font.setBold(True)
    title.setFont(font)
    facts.setText(f"{shape_text(variable.shape)} · {variable.dtype} · {printable(checkpoint.path.name)}")
    facts.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    column = QVBoxLayout(page)
    column.setContentsMargins(16, 12, 16, 12)
    column.addWidget(title)
    column.addWidget(facts)
    column.addWidget(plot, 1)
    return page


def _drawn(app: QApplication, page: QWidget) -> bytes:
    """The page as the bytes of a PNG; it is gone afterwards."""
    page.show()
    app.processEvents()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    page.grab().save(buffer, "PNG")
    page.close()
    page.deleteLater()
    return bytes(buffer.data().data())
