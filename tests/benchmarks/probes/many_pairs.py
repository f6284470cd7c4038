"""The longest gap of the event loop after each step with two checkpoints of very many variables."""

import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ckpt_viewer.ui.documents.comparison_page import ComparisonPage
from ckpt_viewer.ui.item_models.pair_table import COLUMNS
from ckpt_viewer.ui.main_window import MainWindow
from tests.benchmarks.offscreen import gaps_of, print_longest_each, window

KEYS = "block_0042 dtype:f"
TYPED = ("*kernel", "/layer_0[37]/", "shape:8x8", "size:>1", "")


def steps(opened: MainWindow, a: Path, b: Path) -> Iterator[str]:
    opened.session.compare(a, b)
    yield "compare"
    page = opened.documents.page()
    assert isinstance(page, ComparisonPage)
    panel, field = page.comparison, page.comparison.head.filter
    for key in KEYS:
        QTest.keyClicks(field, key)
        yield f"filter {field.text()}"
    for text in TYPED:
        field.setText(text)
        yield f"filter {text}"
    for word in ("identical", "all", "different"):
        panel.head.counters.chosen.emit(word)
        yield f"show {word}"
    for number, column in enumerate(COLUMNS):
        panel.table.sortByColumn(number, Qt.SortOrder.AscendingOrder)
        yield f"show by {column.title}"
    panel.head.tolerance.changed.emit(0.01)
    yield "show what is within a tolerance"
    panel.table.selectAll()
    yield "copy: select all"
    panel.table.copy()
    yield "copy"


if __name__ == "__main__":
    with window() as opened:
        print_longest_each(gaps_of(opened, steps(opened, *map(Path, sys.argv[1:]))))
