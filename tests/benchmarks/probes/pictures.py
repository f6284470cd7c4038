"""A picture in a standing window: seconds until its first pixels are painted, and of each frame of a pan."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from ckpt_viewer.session.session import Session
from ckpt_viewer.session.settings import Settings
from ckpt_viewer.ui.app import open_window
from ckpt_viewer.ui.main_window import MainWindow
from ckpt_viewer.ui.value_views.heatmap import HeatmapView
from ckpt_viewer.ui.widgets.picture import PictureCanvas

_SIZE = (1400, 900)
_SIGHTS = (1.0, 0.2, 0.03, 0.001)  # parts of the columns: everything, down to cells with their numbers
_FRAMES = 120
_REST = 0.4


class _Paints(QObject):
    """Counts what is painted while a picture is there."""

    def __init__(self, view: HeatmapView) -> None:
        super().__init__(view)
        self._view, self.count = view, 0
        view.canvas.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint and self._view.picture is not None
        return False


def main(prefix: str, variable: str, rounds: str, pans: str) -> None:
    app = QApplication(sys.argv[:1])
    window = open_window([Path(prefix)], Session(settings=Settings()))
    window.resize(*_SIZE)
    _wait_until(app, lambda: _is_built(window))
    view = window.findChild(HeatmapView)
    paints = _Paints(view)
    first = [_first_picture(app, window, paints, variable) for _ in range(int(rounds))]
    frames = [_pan(app, window, view.canvas, paints, sight) for sight in _SIGHTS[: int(pans)]]
    window.close()
    print(json.dumps({"first": first, "frames": frames}))


def _first_picture(app: QApplication, window: MainWindow, paints: _Paints, variable: str) -> float:
    document = window.session.state.document
    window.session.update(document.key, variable=None)
    _wait_until(app, lambda: _is_at_rest(window))
    paints.count, start = 0, time.perf_counter()
    window.session.update(document.key, variable=variable)
    _wait_until(app, lambda: paints.count > 0)
    return time.perf_counter() - start


def _pan(
    app: QApplication, window: MainWindow, canvas: PictureCanvas, paints: _Paints, sight: float
) -> list[float]:
    """The seconds of each frame, to and fro, as dragging the mouse moves it."""
    width, left = canvas.columns * sight, canvas.columns * (1 - sight) / 2
    canvas.view.setRange(xRange=(left, left + width), yRange=(left, left + width), padding=0)
    _rest(app, window)
    frames = []
    for number in range(_FRAMES):
        step = width / 50 if number < _FRAMES // 2 else -width / 50
        before, start = paints.count, time.perf_counter()
        canvas.view.translateBy(x=step, y=step / 2)
        _wait_until(app, lambda before=before: paints.count > before)
        frames.append(time.perf_counter() - start)
    return frames


def _is_built(window: MainWindow) -> bool:
    return bool(getattr(window.documents.page(), "built", False)) and _is_at_rest(window)


def _is_at_rest(window: MainWindow) -> bool:
    return not window.tasks.any_busy()


def _wait_until(app: QApplication, is_so: Callable[[], bool]) -> None:
    while not is_so():
        app.processEvents()


def _rest(app: QApplication, window: MainWindow) -> None:
    """Until what comes into sight has been read, too."""
    end = time.perf_counter() + _REST
    _wait_until(app, lambda: time.perf_counter() > end and _is_at_rest(window))


if __name__ == "__main__":
    main(*sys.argv[1:])
