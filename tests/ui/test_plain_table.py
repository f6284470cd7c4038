import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QTableView

from ckpt_viewer.resources import sample_run
from ckpt_viewer.session.state import ComparisonDocument
from ckpt_viewer.ui.item_models import pair_table, variable_columns
from tests.ui.conftest import settle


@pytest.fixture
def tables(open_quiet, qtbot):
    """The table of the variables, and that of a comparison of them, in one window."""
    window = open_quiet(sample_run() / "digits-2000")
    window.session.show(ComparisonDocument(sample_run() / "digits-1750", sample_run() / "digits-2000"))
    settle(qtbot, window)
    return [window.findChild(QTableView, name) for name in ("variableTable", "compareTable")]


def ink(image):
    """Columns from the left until something else than the ground is drawn."""
    ground = image.pixel(2, image.height() // 2)
    rows = range(3, image.height() - 3)
    return next(x for x in range(2, image.width()) if any(image.pixel(x, y) != ground for y in rows))


def test_cells_stand_under_their_titles(tables):
    for table, module in zip(tables, (variable_columns, pair_table), strict=True):
        column = [column.title for column in module.COLUMNS].index("Dtype")
        header, left, width = table.horizontalHeader(), table.columnViewportPosition(column), 60
        title = header.grab(QRect(left, 0, width, header.height())).toImage()
        cell = table.viewport().grab(QRect(left, table.rowViewportPosition(1), width, table.rowHeight(1)))
        assert abs(ink(title) - ink(cell.toImage())) <= 1


def test_both_tables_look_the_same(tables):
    assert tables[0].rowHeight(0) == tables[1].rowHeight(0)
    titles = [[column.title for column in module.COLUMNS] for module in (variable_columns, pair_table)]
    assert {"Name", "Shape", "Dtype"} <= set(titles[0]) & set(titles[1])


def test_the_title_that_rows_are_sorted_by_has_room_for_its_arrow(tables, qtbot):
    header = tables[1].horizontalHeader()
    for column in range(pair_table.MAX_ABS, len(pair_table.COLUMNS)):
        place = QPoint(header.sectionViewportPosition(column) + 20, 5)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert header.sortIndicatorSection() == column
        title = f"{pair_table.COLUMNS[column].title} ▾"
        assert header.fontMetrics().horizontalAdvance(title) + 16 <= header.sectionSize(column)
