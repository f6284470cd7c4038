"""The longest gap of the event loop after each step with very many variables, as a table and as a tree."""

import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ckpt_viewer.ui.documents.checkpoint_page import CheckpointPage
from ckpt_viewer.ui.main_window import MainWindow
from tests.benchmarks.offscreen import gaps_of, print_longest_each, window

KEYS = "block_0042"


def steps(opened: MainWindow) -> Iterator[str]:
    page = opened.documents.page()
    assert isinstance(page, CheckpointPage)
    panel, field = page.variables, page.filter_field()
    assert field
    panel.table.selectAll()
    yield "copy: select all"
    QApplication.clipboard().clear()
    panel.table.copy_rows()
    while not QApplication.clipboard().text():
        yield "copy"
    panel._by_scope.click()
    while not panel.tree.tree.rowCount():
        yield "scope"
    panel.tree.expand(panel.tree.tree.index(0, 0))
    yield "scope: open one"
    for key in KEYS:
        QTest.keyClicks(field, key)
        yield f"scope: filter {field.text()}"
    field.clear()
    yield "scope: filter"


if __name__ == "__main__":
    with window(Path(sys.argv[1])) as opened:
        print_longest_each(gaps_of(opened, steps(opened)))
