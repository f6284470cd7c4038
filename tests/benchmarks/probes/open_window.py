"""Seconds from `open_paths`, in a window that stands, to the first rows painted; the longest gap meanwhile.

Then those from keystrokes in the filter, and from clicks on headers, to their rows painted.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ckpt_viewer.session.session import Session
from ckpt_viewer.ui.app import open_window
from ckpt_viewer.ui.documents.checkpoint_page import CheckpointPage
from ckpt_viewer.ui.main_window import MainWindow
from ckpt_viewer.ui.widgets.variable_view import VariableView
from tests.benchmarks.probes.heartbeat import Heartbeat

KEYS = "block_0042 dtype:f"
TYPED = ("*kernel", "/layer_0[37]/", "shape:8x8", "size:>1 role:weight")
REST_SECONDS = 0.5
TURNS = 3
SIZE = 1280, 760  # whatever the screen is

painted: list[float] = []  # when the table was, with rows in it


def main(prefix: str) -> None:
    VariableView.paintEvent = _painted  # type: ignore[method-assign]
    app = QApplication([])
    window = open_window([], Session(), restore=False)
    window.resize(*SIZE)
    _run(app, REST_SECONDS)
    beats = Heartbeat()
    beats.take()
    start = time.perf_counter()
    window.open_paths([Path(prefix)])
    while not _is_complete(window):
        app.processEvents()
    complete = time.perf_counter() - start
    _run(app, REST_SECONDS)
    found = {"first_rows": painted[0] - start, "complete": complete, "gap": beats.take()}
    beats.stop()
    print(json.dumps(found | {"filter": _typing(app, window), "sort": _sorting(app, window)}))
    window.close()


def _painted(view: VariableView, event: QPaintEvent) -> None:
    super(VariableView, view).paintEvent(event)
    if view.table.rowCount():
        painted.append(time.perf_counter())


def _is_complete(window: MainWindow) -> bool:
    page = window.documents.page()
    return isinstance(page, CheckpointPage) and page.built and not window.tasks.any_busy()


def _typing(app: QApplication, window: MainWindow) -> list[float]:
    """Of each key, and of each whole text put in at once."""
    page = window.documents.page()
    assert page
    field = page.filter_field()
    assert field
    found = [_until_painted(app, lambda key=key: QTest.keyClick(field, key)) for key in KEYS]
    for text in TYPED:
        found += [_until_painted(app, lambda text=text: field.setText(text))]
    field.clear()
    return found


def _sorting(app: QApplication, window: MainWindow) -> list[float]:
    """By each column that is shown, and the other way round."""
    page = window.documents.page()
    assert isinstance(page, CheckpointPage)
    table = page.variables.table
    orders = (Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder)
    return [
        _until_painted(app, lambda column=column, order=order: table.sortByColumn(column, order))
        for column in table.shown_columns()
        for order in orders
    ]


def _until_painted(app: QApplication, change: Callable[[], object]) -> float:
    """Until nothing is left to do: where the rows stay, nothing needs painting."""
    _run(app, 0.1)
    start = time.perf_counter()
    change()
    for _ in range(TURNS):
        app.processEvents()
    return time.perf_counter() - start


def _run(app: QApplication, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        app.processEvents()


if __name__ == "__main__":
    main(sys.argv[1])
