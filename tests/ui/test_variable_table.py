import numpy as np
import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from ckpt_viewer.analysis.scan import summarize
from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.session.filters import Filter
from ckpt_viewer.ui.item_models.variable_columns import COLUMNS, TITLES
from ckpt_viewer.ui.item_models.variable_table import SUMMARY, VARIABLE, VariableTableModel
from tests.ui.value_parts import checkpoint, with_problem

DOWN, UP = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
ROLE = Qt.ItemDataRole


@pytest.fixture
def model(qapp):
    model = VariableTableModel()
    model.set_variables(checkpoint().variables)
    return model


def names(model):
    return [model.variable(row).name for row in range(model.rowCount())]


def cell(model, name, title, role=ROLE.DisplayRole):
    return model.data(model.index(model.row_of(name), TITLES[title]), role)


def scan(model):
    opened = checkpoint()
    model.add_found(
        {
            place: summarize(opened, variable)
            for place, variable in enumerate(opened.variables)
            if variable.dtype != "string"
        }
    )


def test_it_is_a_proper_table_model(model):
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.sort(TITLES["Params"], DOWN)
    model.show_only(Filter.parse("k"), None)
    scan(model)
    model.sort(TITLES["Mean"], UP)


def test_a_row_tells_name_shape_dtype_and_size(model):
    facts = [cell(model, "kernel", title) for title in ("Name", "Shape", "Dtype", "Params", "Bytes", "Role")]
    assert facts == ["kernel", "3×2×5×7", "float32", "210", "840 B", "weight"]


def test_names_are_shown_as_plain_text(model):
    assert cell(model, "<b>markup</b>\n", "Name") == "<b>markup</b>\\n"
    assert "&lt;b&gt;" in cell(model, "<b>markup</b>\n", "Name", ROLE.ToolTipRole)


@pytest.mark.parametrize("title", [column.title for column in COLUMNS])
@pytest.mark.parametrize("order", [DOWN, UP])
def test_every_column_sorts_by_its_values_with_the_unknown_last(model, title, order):
    scan(model)
    model.sort(TITLES[title], order)
    values = [
        COLUMNS[TITLES[title]].value(
            model.index(row, 0).data(VARIABLE),
            model.index(row, 0).data(SUMMARY),
        )
        for row in range(model.rowCount())
    ]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=order == DOWN)
    assert values[len(known) :] == [None] * (len(values) - len(known))


def test_sizes_sort_as_numbers_not_as_text(qapp):
    model = VariableTableModel()
    sizes = (9, 1000, 20, 2**61)
    model.set_variables([Variable(f"v{size}", "int8", (size,), size) for size in sizes])
    model.sort(TITLES["Bytes"], DOWN)
    assert names(model) == ["v2305843009213693952", "v1000", "v20", "v9"]


def test_sorting_by_no_column_gives_the_order_of_the_file_back(model):
    before = names(model)
    model.sort(TITLES["Params"], DOWN)
    assert names(model) != before
    model.sort(-1)
    assert names(model) == before


def test_a_filter_keeps_the_sorted_order(model):
    model.sort(TITLES["Params"], DOWN)
    model.show_only(Filter.parse("dtype:float32 size:>50"), None)
    assert names(model) == ["odd", "kernel", "constant", "nothing but nan"]


def test_a_role_and_a_filter_must_both_fit(model):
    model.show_only(Filter.parse("b"), "slot")
    assert names(model) == ["bias"]


def test_a_chosen_row_stays_chosen_when_the_order_changes(model):
    index = QPersistentModelIndex(model.index(model.row_of("kernel"), 0))
    model.sort(TITLES["Params"], UP)
    assert model.variable(index.row()).name == "kernel"


def test_statistics_are_empty_until_the_values_were_read(model):
    assert cell(model, "odd", "Min") == ""
    scan(model)
    odd = checkpoint().read("odd")
    finite = odd[np.isfinite(odd)]
    assert cell(model, "odd", "Min", ROLE.ToolTipRole) == f"<qt>{float(finite.min())}</qt>"
    assert cell(model, "odd", "NaN") == "2"
    assert cell(model, "odd", "±Inf") == "2"
    assert cell(model, "nothing but nan", "Max") == ""


def test_a_row_that_cannot_be_read_is_marked_and_says_why(qapp):
    model = VariableTableModel()
    model.set_variables(with_problem(checkpoint(), "kernel").variables)
    assert not cell(model, "kernel", "Name", ROLE.DecorationRole).isNull()
    assert "model.data-00001-of-00002 is not there." in cell(model, "kernel", "Name", ROLE.ToolTipRole)
    assert "is not there" in cell(model, "kernel", "Name", ROLE.AccessibleTextRole)
    assert cell(model, "bias", "Name", ROLE.DecorationRole) is None


def test_a_problem_met_while_scanning_marks_the_row_too(model):
    place = [variable.name for variable in model.variables].index("odd")
    model.add_found({place: Problem("truncated", "The shard ends early.")})
    assert "The shard ends early." in cell(model, "odd", "Name", ROLE.ToolTipRole)


def test_copied_rows_have_plain_numbers_under_their_titles(model):
    scan(model)
    columns = [TITLES[title] for title in ("Name", "Shape", "Params", "Bytes", "Mean")]
    text = "\n".join(model.lines(model.places([model.row_of("kernel")]), columns))
    header, row = (line.split("\t") for line in text.split("\n"))
    assert header == ["Name", "Shape", "Params", "Bytes", "Mean"]
    assert row[:4] == ["kernel", "3x2x5x7", "210", "840"]
    assert float(row[4]) == pytest.approx(
        float(checkpoint().read("kernel").astype(np.float64).mean()), rel=1e-12
    )


def test_what_a_scan_found_is_sorted_and_measured_without_a_variable_made_for_each(model):
    class Costly(list):
        def __getitem__(self, place):
            raise AssertionError

    scan(model)
    zeros = {place: summary.zeros for place, summary in model.summaries.items()}
    model.variables = Costly(model.variables)
    assert model.greatest(TITLES["Zeros"]) == max(zeros.values())
    model.sort(TITLES["Zeros"], DOWN)
    known = [zeros[place] for place in model.places() if place in zeros]
    assert known == sorted(zeros.values(), reverse=True)
